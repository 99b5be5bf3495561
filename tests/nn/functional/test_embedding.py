"""embedding and one_hot: rows, gradients by hand, the row without gradient, norms, torch's errors."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.nn import functional as F
from pyconv.ops.embedding import sum_rows

INDICES = torch.tensor([[1, 0], [1, 3]])


def table():
    return torch.tensor(np.random.default_rng(6).normal(size=(4, 3)), requires_grad=True)


@pytest.mark.parametrize("by_frequency", [False, True])
@pytest.mark.parametrize("padding", [None, 1, -1])
def test_rows_and_derivatives(padding, by_frequency):
    w = table()
    found = F.embedding(INDICES, w, padding, scale_grad_by_freq=by_frequency)
    assert np.array_equal(found.detach().numpy(), w.detach().numpy()[INDICES.numpy()])
    found.sum().backward()
    expected = np.bincount(INDICES.numpy().ravel(), minlength=4).astype(float)
    if by_frequency:
        expected = np.minimum(expected, 1)
    if padding is not None:
        expected[padding] = 0
    assert np.array_equal(w.grad.numpy(), np.repeat(expected[:, None], 3, axis=1))


def test_second_derivatives():
    assert gradcheck(lambda w: F.embedding(INDICES, w) ** 2, (table(),))
    assert gradgradcheck(lambda w: F.embedding(INDICES, w) ** 2, (table(),))


def test_no_indices():
    assert F.embedding(torch.tensor([], dtype=torch.int64), table()).shape == (0, 3)


def test_max_norm_changes_the_rows_that_are_looked_up():
    w = torch.tensor([[3.0, 4.0], [3.0, 4.0]])
    found = F.embedding(torch.tensor([1]), w, max_norm=1.0)
    np.testing.assert_allclose(found.numpy(), [[0.6, 0.8]], rtol=1e-6)
    assert w[0].tolist() == [3.0, 4.0]
    assert w._version == 1


def test_many_additions_in_half_precision_are_rounded_once():
    w = torch.zeros(2, 1, dtype=torch.float16, requires_grad=True)
    F.embedding(torch.ones(5000, dtype=torch.int64), w).sum(dtype=torch.float32).backward()
    assert w.grad.tolist() == [[0.0], [5000.0]]


ERRORS = [
    (lambda: F.embedding(torch.tensor([4]), table()), IndexError, "index out of range in self"),
    (
        lambda: F.embedding(torch.tensor([1.0]), table()),
        RuntimeError,
        "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
        "torch.FloatTensor instead (while checking arguments for embedding)",
    ),
    (
        lambda: F.embedding(torch.tensor([True]), table()),
        RuntimeError,
        "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
        "CPUBoolType instead (while checking arguments for embedding)",
    ),
    (
        lambda: F.embedding(INDICES, table().detach().to(torch.complex64).requires_grad_()),
        RuntimeError,
        "embedding does not support automatic differentiation for outputs with complex dtype.",
    ),
    (
        lambda: F.embedding(INDICES, torch.tensor(1.0), 1),
        IndexError,
        "Dimension specified as 0 but tensor has no dimensions",
    ),
    (lambda: F.embedding(INDICES, table(), 4), AssertionError, "Padding_idx must be within num_embeddings"),
    (
        lambda: F.embedding(INDICES, table(), True),
        TypeError,
        "embedding(): argument 'padding_idx' (position 3) must be int, not bool",
    ),
    (lambda: F.one_hot(torch.tensor([1, -2]), 2), RuntimeError, "Class values must be non-negative."),
    (lambda: F.one_hot(torch.tensor([1, 2]), 2), RuntimeError, "Class values must be smaller than num_classes."),
    (
        lambda: F.one_hot(torch.tensor([1.0])),
        RuntimeError,
        "one_hot is only applicable to index tensor of type LongTensor.",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), ERRORS)
def test_errors_are_torchs(call, error, text):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value) == text


def test_one_hot():
    assert F.one_hot(torch.tensor([0, 2]), 4).tolist() == [[1, 0, 0, 0], [0, 0, 1, 0]]
    assert F.one_hot(torch.tensor([], dtype=torch.int64), 3).shape == (0, 3)


@pytest.mark.parametrize("rows", [1, 7, 90, 3000])
def test_many_rows_are_added_up_in_order(rows):
    """Each in double precision, whether few or many of them fall on one place."""
    rng = np.random.default_rng(0)
    at, values = rng.integers(0, rows, 3000), rng.standard_normal((3000, 4), np.float32)
    wanted = np.zeros((rows, 4))
    np.add.at(wanted, at, values)
    np.testing.assert_array_equal(sum_rows(values, at, rows), wanted.astype(np.float32))
