"""Checkpoints: the gradients of the plain call, the same random numbers, errors and warnings."""

import pytest

import pyconv as torch
from pyconv import nn
from pyconv.utils.checkpoint import checkpoint, checkpoint_sequential, detach_variable


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(2, 3, 3), nn.Dropout(0.4), nn.Conv2d(3, 2, 1), nn.Dropout(0.2), nn.Conv2d(2, 1, 1))


def gradients(call):
    model, x = network(), torch.randn(2, 2, 5, 5, generator=torch.Generator().manual_seed(1), requires_grad=True)
    torch.manual_seed(2)
    y = call(model, x)
    (y * y).sum().backward()
    return [y.detach(), x.grad, *(p.grad for p in model.parameters()), torch.rand(1)]


@pytest.mark.parametrize("reentrant", [True, False])
@pytest.mark.parametrize("segments", [None, 1, 2, 5])
def test_gradients_are_those_of_the_plain_call(reentrant, segments):
    if segments is None:
        got = gradients(lambda model, x: checkpoint(model, x, use_reentrant=reentrant))
    else:
        got = gradients(lambda model, x: checkpoint_sequential(model, segments, x, use_reentrant=reentrant))
    assert all(torch.equal(a, b) for a, b in zip(got, gradients(lambda model, x: model(x))))


@pytest.mark.parametrize("reentrant", [True, False])
def test_other_random_numbers_if_wanted(reentrant):
    got = gradients(lambda model, x: checkpoint(model, x, use_reentrant=reentrant, preserve_rng_state=False))
    plain = gradients(lambda model, x: model(x))
    assert torch.equal(got[0], plain[0])
    assert not torch.equal(got[2], plain[2])


def test_the_function_is_called_again_in_the_backward_pass():
    calls = []
    x = torch.ones(2, requires_grad=True)
    y = checkpoint(lambda v: calls.append(1) or v.exp(), x, use_reentrant=False)
    assert len(calls) == 1
    y.sum().backward()
    assert len(calls) == 2


def test_nested_values_and_names():
    a = torch.ones(3, dtype=torch.float64, requires_grad=True)
    b = torch.full((3,), 2.0, dtype=torch.float64, requires_grad=True)

    def function(pair, *, scale, label):
        return {"product": pair[0] * pair[1] * scale, "label": label, "double": [pair[0] * 2]}

    found = checkpoint(function, (a, b), scale=3, label="x", use_reentrant=False)
    assert found["label"] == "x"
    (found["product"] * found["double"][0]).sum().backward()
    assert a.grad.tolist() == [24.0] * 3
    assert b.grad.tolist() == [6.0] * 3


def test_first_and_second_derivatives():
    x = torch.randn(4, dtype=torch.float64, requires_grad=True)
    run = lambda v: checkpoint(lambda u: u.exp() * u, v, use_reentrant=False)  # noqa: E731
    assert torch.autograd.gradcheck(run, (x,))
    assert torch.autograd.gradgradcheck(run, (x,))


def test_values_from_outside_have_gradients():
    x = torch.ones(2, requires_grad=True)
    outside, weight = x * 3, torch.full((2,), 5.0, requires_grad=True)
    y = checkpoint(lambda v: v * outside * weight, torch.ones(2, requires_grad=True), use_reentrant=False)
    assert [g.tolist() for g in torch.autograd.grad(y.sum(), [x, weight])] == [[15, 15], [3, 3]]


def test_without_gradients_nothing_is_recorded():
    with torch.no_grad():
        assert not checkpoint(lambda v: v * 2, torch.ones(2, requires_grad=True), use_reentrant=False).requires_grad


def test_errors_and_warnings_are_torchs():
    x = torch.ones(2, requires_grad=True)
    with pytest.warns(UserWarning, match=r"^torch.utils.checkpoint: the use_reentrant parameter should be passed"):
        checkpoint(lambda v: v * 2, x)
    with pytest.warns(UserWarning, match=r"^None of the inputs have requires_grad=True. Gradients will be None$"):
        checkpoint(lambda v: v * 2, torch.ones(2), use_reentrant=True)
    with pytest.raises(ValueError, match=r"^Unexpected keyword arguments: scale$"):
        checkpoint(lambda v: v, x, use_reentrant=True, scale=2)
    with pytest.raises(
        ValueError, match=r"^Passing `context_fn` or `debug` is only supported when use_reentrant=False"
    ):
        checkpoint(lambda v: v, x, use_reentrant=True, debug=True)
    with pytest.raises(RuntimeError, match=r"^none of output has requires_grad=True, this checkpoint"):
        checkpoint(lambda v: v.detach(), x, use_reentrant=True).sum().backward()
    with pytest.raises(RuntimeError, match=r"^Only tuple of tensors is supported. Got Unsupported input type: list$"):
        detach_variable([x])
