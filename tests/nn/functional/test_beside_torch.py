"""Calls that were once answered otherwise than by torch; the answers and the texts are those of torch 2.13."""

from __future__ import annotations

import numpy as np
import pytest

import pyconv
from pyconv.nn import functional as F

X = pyconv.ones(2, 3)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (
            lambda: F.dropout(X, training=[]),
            TypeError,
            "dropout(): argument 'train' (position 3) must be bool, not list",
        ),
        (lambda: F.glu(pyconv.ones(2), True), TypeError, "glu(): argument 'dim' (position 2) must be int, not bool"),
        (
            lambda: F.hinge_embedding_loss(X, X, margin="w"),
            TypeError,
            "hinge_embedding_loss(): argument 'margin' (position 3) must be float, not str",
        ),
        (
            lambda: F.kl_div(X, X, log_target=[], reduction="sum"),
            TypeError,
            "kl_div(): argument 'log_target' must be bool, not list",
        ),
        (
            lambda: F.poisson_nll_loss(X, X, reduction=1),
            TypeError,
            "unsupported operand type(s) for +: 'int' and 'str'",
        ),
        (
            lambda: F.soft_margin_loss(pyconv.ones(3), pyconv.ones(2, 3)),
            RuntimeError,
            "output with shape [3] doesn't match the broadcast shape [2, 3]",
        ),
        (lambda: F.rrelu(X, lower=float("nan")), RuntimeError, "rrelu: lower bound must be finite, got nan"),
        (
            lambda: F.threshold(pyconv.ones(1).byte(), 0, -1.5),
            RuntimeError,
            "value cannot be converted to type uint8_t without overflow",
        ),
        (
            lambda: F.ctc_loss(pyconv.zeros(4, 2, 3), pyconv.ones(3).long(), (4, 4), (1, 1)),
            RuntimeError,
            "Expected tensor to have size 2 at dimension 0, but got size 3 for argument #2 'targets' (while checking "
            "arguments for ctc_loss_allocate_outputs)",
        ),
        (
            lambda: F.adaptive_avg_pool2d(pyconv.ones(1, 1, 2, 2, requires_grad=True), 0).sum().backward(),
            RuntimeError,
            "adaptive_avg_pool2d_backward(): Expected grad_output to have non-zero size for non-batch dimensions, but "
            "grad_output has sizes [1, 1, 0, 0] with dimension 2 being empty",
        ),
    ],
)
def test_errors_are_torchs(call, kind, text):
    with pytest.raises(kind) as raised:
        call()
    assert str(raised.value) == text


def test_the_second_derivative_of_elu_at_zero_is_that_from_the_right():
    for op in (F.elu, F.selu, F.celu):
        x = pyconv.zeros(1, requires_grad=True)
        (first,) = pyconv.autograd.grad(op(x).sum(), x, create_graph=True)
        (second,) = pyconv.autograd.grad(first.sum(), x)
        assert second.item() == 0


def test_the_gradient_passes_where_a_cosine_clamps_its_norms():
    x = pyconv.tensor([[0.25]], requires_grad=True)
    F.cosine_similarity(x, pyconv.tensor([[2.0]]), eps=0.5).sum().backward()
    assert x.grad.item() == 1.0


def test_an_integer_hinge_loss_has_a_margin_of_its_dtype():
    found = F.hinge_embedding_loss(pyconv.tensor([1, -2]), pyconv.tensor([-1, -1]), margin=1.5, reduction="none")
    assert found.dtype is pyconv.int64
    assert found.tolist() == [0, 3]


def test_unshuffled_pixels_without_elements_keep_their_shape():
    assert F.pixel_unshuffle(pyconv.ones(0, 3, 3), 3).shape == (0, 3, 3)


def test_gumbel_noise_is_drawn_in_the_order_of_the_indices():
    logits = np.arange(6.0).reshape(2, 3)
    pyconv.manual_seed(0)
    expected = F.gumbel_softmax(pyconv.tensor(logits))
    pyconv.manual_seed(0)
    assert F.gumbel_softmax(pyconv.from_numpy(np.asfortranarray(logits))).tolist() == expected.tolist()


def test_a_blank_among_the_targets_of_ctc_counts_as_torch_counts_it():
    """Recorded from torch: arange(12) / 8 as (4, 1, 3), the labels 1 and 0, where 0 is the blank."""
    logs = (pyconv.arange(12.0).reshape(4, 1, 3) / 8).requires_grad_()
    lost = F.ctc_loss(logs, pyconv.tensor([[1, 0]]), (4,), (2,), reduction="sum")
    lost.backward()
    np.testing.assert_allclose(lost.item(), -5.136061191558838, rtol=1e-6)
    expected = [2.4047584533691406, 3.490342855453491, 3.9550766944885254]
    np.testing.assert_allclose(logs.grad[3, 0].tolist(), expected, rtol=1e-5)
