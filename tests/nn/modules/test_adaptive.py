"""AdaptiveLogSoftmaxWithLoss: a distribution, its targets, gradients, predictions, torch's errors."""

import numpy as np
import pytest

import pyconv as torch
from pyconv import nn


def layer(**options):
    torch.manual_seed(0)
    return nn.AdaptiveLogSoftmaxWithLoss(8, 10, [4, 7], div_value=2.0, dtype=torch.float64, **options)


def x_of(*size):
    return torch.tensor(np.random.default_rng(1).normal(size=size))


def test_log_probabilities_are_of_a_distribution():
    found = layer(head_bias=True).log_prob(x_of(6, 8))
    assert found.shape == (6, 10)
    np.testing.assert_allclose(found.exp().sum(1).detach().numpy(), 1, rtol=1e-12)


def test_targets_are_picked_out_of_them():
    module, x = layer(), x_of(5, 8).requires_grad_()
    target = torch.tensor([0, 9, 4, 6, 3])
    output, loss = module(x, target)
    expected = module.log_prob(x).gather(1, target[:, None])[:, 0]
    np.testing.assert_allclose(output.detach().numpy(), expected.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(loss.item(), -expected.mean().item(), rtol=1e-12)
    for found, wanted in zip(
        torch.autograd.grad(loss, [x, *module.parameters()]),
        torch.autograd.grad(-expected.mean(), [x, *module.parameters()]),
        strict=True,
    ):
        np.testing.assert_allclose(found.numpy(), wanted.numpy(), atol=1e-12)
    single = module(x[1], torch.tensor(9))
    assert single.output.shape == ()
    assert single.output.item() == pytest.approx(expected[1].item())


def test_predictions_are_the_most_probable():
    module, x = layer(), x_of(40, 8) * 5
    assert torch.equal(module.predict(x), module.log_prob(x).argmax(1))


def test_reset_parameters_draws_again():
    module = layer()
    before = [p.clone() for p in module.parameters()]
    module.reset_parameters()
    assert not any(torch.equal(a, b) for a, b in zip(before, module.parameters(), strict=True))


TEXT = "cutoffs should be a sequence of unique, positive integers sorted in an increasing order"
ERRORS = [
    (
        lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 10, []),
        ValueError,
        "cutoffs should be a sequence of length",
    ),
    (lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3, 2]), ValueError, TEXT),
    (lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [0, 2]), ValueError, TEXT),
    (lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [10]), ValueError, TEXT),
    (
        lambda: layer()(x_of(2, 8), torch.tensor([1, 10])),
        RuntimeError,
        "Target values should be in [0, 9], but values in range [1, 10] were found. ",
    ),
    (
        lambda: layer()(x_of(2, 8), torch.tensor([1])),
        RuntimeError,
        "Input and target should have the same size in the batch dimension.",
    ),
    (
        lambda: layer()(x_of(2, 8), torch.tensor([[1]])),
        RuntimeError,
        "0D or 1D target tensor expected, multi-target not supported",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), ERRORS)
def test_errors(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value).startswith(text)
