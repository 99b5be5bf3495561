"""Hooks of modules: where they are kept, how they go with a module, and the two kinds of backward hooks."""

import copy
import pickle

import pytest

import pyconv as torch
from pyconv import nn
from pyconv.nn.modules import module as modules
from pyconv.nn.modules.hooks import GLOBAL

x = torch.ones(2, 3)


def silent(*_):
    """A hook that changes nothing."""


@pytest.fixture(autouse=True)
def _none_of_all_modules():
    yield
    GLOBAL.is_full_backward = None
    assert not any(vars(GLOBAL).values())


def test_tables_hold_the_hooks_themselves_and_marks_beside_them():
    layer = nn.Linear(3, 2)
    before = layer.register_forward_pre_hook(silent, with_kwargs=True)
    after = layer.register_forward_hook(silent, with_kwargs=True, always_call=True)
    plain = layer.register_forward_hook(silent)
    assert dict(layer._forward_pre_hooks) == {before.id: silent}
    assert dict(layer._forward_hooks) == {after.id: silent, plain.id: silent}
    assert dict(layer._forward_pre_hooks_with_kwargs) == {before.id: True}
    assert dict(layer._forward_hooks_with_kwargs) == dict(layer._forward_hooks_always_called) == {after.id: True}
    for handle in (before, after, plain):
        handle.remove()
    for name in (
        "_forward_pre_hooks",
        "_forward_pre_hooks_with_kwargs",
        "_forward_hooks",
        "_forward_hooks_with_kwargs",
    ):
        assert not vars(layer)[name]
    assert not layer._forward_hooks_always_called


def test_hooks_go_with_a_copy():
    layer = nn.Linear(3, 2)
    layer.register_forward_hook(silent)
    layer._register_load_state_dict_pre_hook(silent)
    layer.register_load_state_dict_pre_hook(silent)
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert list(other._forward_hooks.values()) == [silent]
        plain, own = other._load_state_dict_pre_hooks.values()
        assert (plain.hook, plain.with_module, own.with_module) == (silent, False, True)
        assert own.module() is other
        other.load_state_dict(layer.state_dict())


def test_a_module_saved_before_there_were_hooks():
    layer = nn.Linear(3, 2)
    state = {name: value for name, value in vars(layer).items() if "hook" not in name}
    other = nn.Linear.__new__(nn.Linear)
    other.__setstate__(state)
    other.register_forward_hook(lambda m, args, output: output + 1)
    assert torch.equal(other(x), layer(x) + 1)


def test_a_hook_of_a_module_that_is_gone():
    layer = nn.Linear(3, 2)
    layer.register_load_state_dict_pre_hook(silent)
    (hook,) = layer._load_state_dict_pre_hooks.values()
    del layer
    with pytest.raises(RuntimeError, match="You are trying to call the hook of a dead Module!"):
        hook()
    with pytest.raises(RuntimeError, match="You are trying to revive the hook of a dead Module!"):
        pickle.loads(pickle.dumps(hook))


def test_state_dict_hooks_of_both_kinds():
    net = nn.Sequential(nn.Linear(3, 2))
    net[0]._register_state_dict_hook(lambda module, state, prefix, metadata: {"child": 1})
    assert list(net.state_dict()) == ["0.weight", "0.bias"]
    net._register_state_dict_hook(lambda module, state, prefix, metadata: {"own": prefix})
    assert net.state_dict() == {"own": ""}
    net.register_state_dict_post_hook(silent)
    with pytest.raises(RuntimeError, match="Cannot register the same function as the state dict post hook"):
        net._register_state_dict_hook(silent)


# Backward hooks that are not full


def test_a_regular_backward_hook_sees_the_last_node():
    seen = []
    layer = nn.Sigmoid()
    handle = layer.register_backward_hook(lambda module, gx, gy: seen.append((module, gx, gy)))
    given = torch.zeros(2, requires_grad=True).clone()
    layer(given).sum().backward()
    ((module, (gx,), (gy,)),) = seen
    assert module is layer
    assert (gx.tolist(), gy.tolist()) == ([0.25, 0.25], [1.0, 1.0])
    handle.remove()
    layer(given).sum().backward()
    assert len(seen) == 1


def test_a_regular_backward_hook_changes_the_gradient():
    layer = nn.Sigmoid()
    layer.register_backward_hook(lambda module, gx, gy: (gx[0] * 2,))
    given = torch.zeros(2, requires_grad=True).clone()
    given.retain_grad()
    layer(given).sum().backward()
    assert given.grad.tolist() == [0.5, 0.5]


def test_without_a_gradient_a_regular_backward_hook_is_not_hung():
    layer = nn.Sigmoid()
    layer.register_backward_hook(silent)
    assert layer(torch.zeros(2)).grad_fn is None


class Giving(nn.Module):
    """A module with a backward hook that gives what a function makes."""

    def __init__(self, function):
        super().__init__()
        self.function = function
        self.register_backward_hook(silent)

    def forward(self, *args):
        return self.function(*args)


WARNED = {
    "a list": (lambda a, b: [a + b], "does not return a single Tensor or a tuple of Tensors"),
    "a dict": (lambda a, b: {"n": 1, "y": (a + b)}, "does not return a single Tensor or a tuple of Tensors"),
    "two nodes": (lambda a, b: (a * 2, b * 2), "outputs are generated by different autograd Nodes"),
    "two steps": (lambda a, b: (a + b) * 2, "the forward contains multiple autograd Nodes"),
}


@pytest.mark.parametrize("name", WARNED)
def test_what_a_regular_backward_hook_misses_is_warned_of(name):
    function, text = WARNED[name]
    with pytest.warns(FutureWarning, match=text):
        Giving(function)(torch.ones(2, requires_grad=True) * 1, torch.ones(2, requires_grad=True) * 1)


def test_arguments_that_are_no_tensors_are_warned_of():
    with pytest.warns(FutureWarning, match="does not take as input a single Tensor or a tuple of Tensors"):
        Giving(lambda a, n: a * n)(torch.ones(2, requires_grad=True), 3)


def test_one_module_has_one_kind_of_backward_hooks():
    text = "Cannot use both regular backward hooks and full backward hooks on a single Module. Please use only one"
    regular, full = nn.Sigmoid(), nn.Sigmoid()
    regular.register_backward_hook(silent)
    full.register_full_backward_hook(silent)
    with pytest.raises(RuntimeError, match=text):
        regular.register_full_backward_hook(silent)
    with pytest.raises(RuntimeError, match=text):
        full.register_backward_hook(silent)


# Hooks of all modules


def test_all_modules_have_one_kind_of_backward_hooks():
    text = "Cannot use both regular backward hooks and full backward hooks as a global Module hook"
    seen = []
    with modules.register_module_backward_hook(lambda module, gx, gy: seen.append((module, gy[0].tolist()))):
        layer = nn.Sigmoid()
        layer(torch.zeros(1, requires_grad=True).clone()).backward()
        with pytest.raises(RuntimeError, match=text):
            modules.register_module_full_backward_hook(silent)
    assert seen == [(layer, [1.0])]
    GLOBAL.is_full_backward = True
    with pytest.raises(RuntimeError, match=text):
        modules.register_module_backward_hook(silent)


def test_forward_hooks_of_all_modules_with_their_marks():
    class Broken(nn.Module):
        def forward(self, x, k=1):
            raise ValueError("broken")

    seen = []

    def note(*given):
        seen.append(given[1:])

    def fail(*_):
        raise KeyError("hook")

    with (
        modules.register_module_forward_hook(note, with_kwargs=True, always_call=True),
        modules.register_module_forward_hook(fail, always_call=True),
        pytest.warns(UserWarning, match="global module forward hook with ``always_call=True`` raised"),
        pytest.raises(ValueError, match="broken"),
    ):
        Broken()(2, k=3)
    assert seen == [((2,), {"k": 3}, None)]


# Hooks on what is registered


REGISTERED = {
    "buffer": (modules.register_module_buffer_registration_hook, lambda m: m.register_buffer("a", torch.ones(1))),
    "a buffer anew": (modules.register_module_buffer_registration_hook, lambda m: setattr(m, "b", torch.ones(1))),
    "parameter": (
        modules.register_module_parameter_registration_hook,
        lambda m: setattr(m, "a", nn.Parameter(torch.ones(1))),
    ),
    "module": (modules.register_module_module_registration_hook, lambda m: m.add_module("a", nn.ReLU())),
    "a child": (modules.register_module_module_registration_hook, lambda m: setattr(m, "a", nn.ReLU())),
}


@pytest.mark.parametrize("name", REGISTERED)
def test_hooks_see_what_is_registered(name):
    register, assign = REGISTERED[name]
    module, seen = nn.Module(), []
    module.register_buffer("b", None)
    with register(lambda *given: seen.append(given)):
        assign(module)
    ((owner, key, value),) = seen
    assert owner is module
    assert getattr(module, key) is value


def test_a_hook_puts_another_in_place_of_what_is_registered():
    other = nn.Tanh()
    with modules.register_module_module_registration_hook(lambda module, name, child: other):
        net = nn.Sequential(nn.ReLU())
    assert net[0] is other
