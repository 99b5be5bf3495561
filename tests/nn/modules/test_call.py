"""Calling modules: forward, its hooks, and ndarrays in and out. The texts are torch 2.13's."""

from collections import OrderedDict
from typing import NamedTuple

import numpy as np
import pytest

import pyconv
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter
from pyconv.tensor import Tensor


class Scale(Module):
    def __init__(self):
        super().__init__()
        self.w = Parameter(pyconv.tensor([2.0, 3.0], dtype=pyconv.float64))

    def forward(self, x, shift=0):
        return x * self.w + shift


class Echo(Module):
    """A module that gives what it gets, and remembers the types."""

    def forward(self, *args, **kwargs):
        self.types = [type(value) for value in (*args, *kwargs.values())]
        return args[0] if len(args) == 1 else args


class Broken(Module):
    def forward(self, x):
        raise ValueError("broken")


def tensor(*values):
    return pyconv.tensor(values, dtype=pyconv.float64)


def test_a_call_is_forward():
    assert Scale()(tensor(1.0, 1.0), shift=1).tolist() == [3.0, 4.0]


def test_forward_is_missing():
    class Empty(Module):
        pass

    with pytest.raises(NotImplementedError) as raised:
        Empty()(3)
    assert str(raised.value) == 'Module [Empty] is missing the required "forward" function'


# Hooks


def test_a_pre_hook_sees_and_changes_the_arguments():
    seen = []
    module = Echo()
    module.register_forward_pre_hook(lambda m, args: seen.append((m, args)))
    module.register_forward_pre_hook(lambda m, args: args[0] + 1)
    assert module(1) == 2
    module.register_forward_pre_hook(lambda m, args: (args[0], "b"))
    assert module(1) == (2, "b")
    assert seen == [(module, (1,)), (module, (1,))]


def test_a_pre_hook_with_keyword_arguments():
    module = Scale()
    handle = module.register_forward_pre_hook(lambda m, args, kwargs: (args, {"shift": 10}), with_kwargs=True)
    assert module(tensor(1.0, 1.0), shift=1).tolist() == [12.0, 13.0]
    handle.remove()
    assert module(tensor(1.0, 1.0), shift=1).tolist() == [3.0, 4.0]


@pytest.mark.parametrize("result", [3, (1, 2, 3), [(), {}]])
def test_a_pre_hook_with_keyword_arguments_must_return_both(result):
    module = Echo()
    module.register_forward_pre_hook(lambda m, args, kwargs: result, with_kwargs=True)
    text = f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {result}."
    with pytest.raises(RuntimeError) as raised:
        module(1)
    assert str(raised.value) == text


def test_a_hook_sees_and_changes_the_output():
    seen = []
    module = Echo()
    module.register_forward_hook(lambda m, args, output: seen.append((args, output)))
    module.register_forward_hook(lambda m, args, output: output * 2)
    module.register_forward_hook(lambda m, args, kwargs, output: (output, kwargs), with_kwargs=True)
    assert module(4, k=1) == (8, {"k": 1})
    assert seen == [((4,), 4)]


def test_hooks_come_in_order_and_prepended_ones_first():
    order = []
    module = Echo()
    for name, prepend in (("b", False), ("c", False), ("a", True)):
        module.register_forward_pre_hook(lambda m, args, name=name: order.append(name), prepend=prepend)
        module.register_forward_hook(lambda m, args, out, name=name: order.append(name.upper()), prepend=prepend)
    module(1)
    assert "".join(order) == "abcABC"


def test_a_hook_can_remove_itself():
    module = Echo()
    handle = module.register_forward_pre_hook(lambda m, args: handle.remove())
    module.register_forward_pre_hook(lambda m, args: args[0] + 1)
    assert [module(1), module(1)] == [2, 2]
    assert len(module._forward_pre_hooks) == 1


def test_hooks_that_are_always_called():
    seen = []
    module = Broken()
    module.register_forward_hook(lambda m, args, output: seen.append("never"))
    module.register_forward_hook(lambda m, args, output: "first", always_call=True)
    module.register_forward_hook(
        lambda m, args, kwargs, output: seen.append((args, kwargs, output)), always_call=True, with_kwargs=True
    )
    with pytest.raises(ValueError, match="broken"):
        module(1)
    assert seen == [((1,), {}, "first")]


def test_a_hook_that_is_always_called_is_called_once():
    seen = []

    def fail(module, args, output):
        raise ValueError("hook")

    module = Echo()
    module.register_forward_hook(lambda m, args, output: seen.append("before"), always_call=True)
    module.register_forward_hook(fail, always_call=True)
    module.register_forward_hook(lambda m, args, output: seen.append(output), always_call=True)
    with pytest.raises(ValueError, match="hook"):
        module(1)
    assert seen == ["before", 1]


def test_an_error_of_a_hook_after_an_error_is_a_warning():
    def fail(module, args, output):
        raise KeyError("hook")

    module = Broken()
    module.register_forward_hook(fail, always_call=True)
    with (
        pytest.warns(UserWarning, match="silenced as another error was raised in forward: 'hook'"),
        pytest.raises(ValueError, match="broken"),
    ):
        module(1)


# ndarrays


def test_ndarrays_in_ndarrays_out_without_gradient():
    module = Scale()
    result = module(np.ones(2), shift=np.ones(2))
    assert type(result) is np.ndarray
    assert result.dtype == np.float64
    assert result.tolist() == [3.0, 4.0]
    assert pyconv.is_grad_enabled()


def test_a_tensor_makes_it_a_call_of_tensors():
    result = Scale()(tensor(1.0, 1.0), shift=pyconv.ones(2))
    assert type(result) is Tensor
    assert result.requires_grad


def test_numbers_are_passed_on():
    module = Echo()
    assert module(1) == 1
    assert module("a", 2) == ("a", 2)


@pytest.mark.parametrize(
    "arguments", [(np.ones(1), 3), ([np.ones(1)], 3), ((np.ones(1), 2), "a"), ({"x": np.ones(1)}, None)]
)
def test_nested_ndarrays_are_wrapped_and_unwrapped(arguments):
    module = Echo()
    seen = []
    module.register_forward_pre_hook(lambda m, args: seen.append(args))
    assert repr(module(*arguments)) == repr(arguments)
    assert "tensor([1.], dtype=torch.float64)" in repr(seen)


def test_a_tensor_in_a_list_counts():
    module = Echo()
    values, array = module([tensor(1.0)], np.ones(1))
    assert type(values[0]) is Tensor
    assert type(array) is np.ndarray


class Pair(NamedTuple):
    first: object
    second: object


class Wide(Module):
    def forward(self, x):
        return Pair(x, [x + 1]), OrderedDict(a=x * 2, b="text"), (None, x.sum())


def test_what_is_returned_keeps_its_containers():
    pair, named, (nothing, total) = Wide()(np.ones(2))
    assert type(pair) is Pair
    assert type(pair.first) is type(pair.second[0]) is type(total) is np.ndarray
    assert type(named) is OrderedDict
    assert (type(named["a"]), named["b"], nothing) == (np.ndarray, "text", None)
    assert total.item() == 2.0


def test_inner_modules_see_tensors():
    outer = Module()
    outer.echo = Echo()
    outer.forward = lambda x: outer.echo(x) * 2
    assert outer(np.ones(2)).tolist() == [2.0, 2.0]
    assert outer.echo.types == [Tensor]


def test_a_parameter_that_is_returned_is_unwrapped():
    module = Scale()
    module.forward = lambda x: module.w
    assert type(module(np.ones(1))) is np.ndarray


def test_any_strides_will_do():
    assert Scale()(np.arange(2.0)[::-1]).tolist() == [2.0, 0.0]


def test_a_dtype_that_torch_does_not_have():
    with pytest.raises(TypeError, match=r"can't convert np.ndarray of type numpy\.object_"):
        Echo()(np.array([None, 1]))
