"""Backward hooks of modules."""

from typing import NamedTuple

import pytest

import pyconv
from pyconv import nn


class Two(nn.Module):
    """A product, a sum, and something that is no tensor."""

    def forward(self, a, b):
        return a * b, a + b, "text"


def scaled(factor):
    """A module that multiplies by a number."""
    module = nn.Linear(1, 1, bias=False)
    nn.init.constant_(module.weight, factor)
    return module


def test_a_hook_sees_the_gradients_of_inputs_and_outputs():
    module, seen = scaled(3.0), []
    module.register_full_backward_hook(lambda m, gi, go: seen.append((m, gi[0].item(), go[0].item())))
    x = pyconv.ones(1, 1, requires_grad=True)
    (module(x) * 2).sum().backward()
    assert seen == [(module, 6.0, 2.0)]
    assert x.grad.item() == 6


def test_a_hook_may_change_the_gradient_of_the_input():
    module = nn.Sequential(scaled(3.0), scaled(5.0))
    handle = module[1].register_full_backward_hook(lambda m, gi, go: (gi[0] * 10,))
    x = pyconv.ones(1, 1, requires_grad=True)
    module(x).sum().backward()
    assert x.grad.item() == 150
    assert module[1].weight.grad.item() == 3
    handle.remove()
    x.grad = None
    module(x).sum().backward()
    assert x.grad.item() == 15


def test_a_hook_before_may_change_the_gradient_of_the_output():
    module = scaled(3.0)
    seen = []
    module.register_full_backward_pre_hook(lambda m, go: (go[0] * 7,))
    module.register_full_backward_hook(lambda m, gi, go: seen.append(go[0].item()))
    x = pyconv.ones(1, 1, requires_grad=True)
    module(x).sum().backward()
    assert (x.grad.item(), module.weight.grad.item(), seen) == (21, 7, [7])


def test_what_is_no_tensor_or_has_no_gradient_is_none():
    module, seen = Two(), []
    module.register_full_backward_hook(lambda m, gi, go: seen.append([gi[0].item(), [g is None for g in go]]))
    x = pyconv.ones(1, requires_grad=True)
    product, _, text = module(x, pyconv.full((1,), 4.0))
    product.sum().backward()
    assert (text, x.grad.item(), seen[0][0]) == ("text", 4, 4)
    assert seen[0][1][0] is False
    assert seen[0][1][2] is True


def test_without_inputs_that_need_gradients_the_hook_fires_with_a_warning():
    module, seen = scaled(3.0), []
    module.register_full_backward_hook(lambda m, gi, go: seen.append((gi, go[0].item())))
    result = module(pyconv.ones(1, 1)).sum()
    with pytest.warns(UserWarning, match="Full backward hook is firing when gradients are computed with respect to"):
        result.backward()
    assert seen == [((None,), 1.0)]


def test_without_gradients_no_hook_is_called():
    module, seen = scaled(3.0), []
    module.register_full_backward_hook(lambda *args: seen.append(args))
    with pyconv.no_grad():
        assert module(pyconv.ones(1, 1)).grad_fn is None
    assert seen == []


def test_hooks_of_all_modules():
    seen = []
    handle = nn.modules.module.register_module_full_backward_hook(lambda m, gi, go: seen.append(type(m).__name__))
    x = pyconv.ones(1, 1, requires_grad=True)
    module = nn.Sequential(scaled(3.0), scaled(5.0))
    module(x).sum().backward()
    handle.remove()
    module(x).sum().backward()
    assert sorted(seen) == ["Linear", "Linear", "Sequential"]


@pytest.mark.parametrize(
    ("register", "text"),
    [
        (
            lambda m: m.register_full_backward_hook(lambda m, gi, go: (gi[0], 3)),
            "Backward hook returned an invalid number of grad_input, got 2, but expected 1",
        ),
        (
            lambda m: m.register_full_backward_pre_hook(lambda m, go: (go[0], 3)),
            "Backward pre hook returned an invalid number of grad_output, got 2, but expected 1",
        ),
    ],
)
def test_wrong_results_are_refused(register, text):
    module = scaled(3.0)
    register(module)
    with pytest.raises(RuntimeError, match=text):
        module(pyconv.ones(1, 1, requires_grad=True)).sum().backward()


def test_an_output_that_is_no_tensor_warns():
    class Named(nn.Module):
        def forward(self, x):
            return {"x": x * 2}

    module = Named()
    module.register_full_backward_hook(lambda m, gi, go: None)
    with pytest.warns(UserWarning, match="module output should be a Tensor or a tuple of Tensors but received"):
        module(pyconv.ones(1, requires_grad=True))


def test_a_named_tuple_stays_one():
    class Pair(NamedTuple):
        first: pyconv.Tensor
        second: pyconv.Tensor

    class Both(nn.Module):
        def forward(self, x):
            return Pair(x * 2, x * 3)

    module, seen = Both(), []
    module.register_full_backward_hook(lambda m, gi, go: seen.append([None if g is None else g.item() for g in go]))
    found = module(pyconv.tensor(1.0, requires_grad=True))
    assert type(found) is Pair
    found.second.backward()
    assert seen == [[None, 1.0]]
