"""Module as a whole: its modes, gradients, text, copies. The texts are torch 2.13's."""

import copy
import pickle

import pytest

import pyconv
from pyconv.nn.modules.conv import Conv2d
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter


class Block(Module):
    def __init__(self, text="", children=1):
        super().__init__()
        self.text = text
        for i in range(children):
            self.add_module(f"conv{i}", Conv2d(1, 2, 3))

    def extra_repr(self):
        return self.text

    def forward(self, x):
        return self.conv0(x)


class Net(Module):
    def __init__(self):
        super().__init__()
        self.block = Block()
        self.scale = Parameter(pyconv.ones(1))
        self.tied = self.scale
        self.register_buffer("mean", pyconv.zeros(2))


def shift_input(module, args):
    return (args[0] + 1,)


@pytest.mark.parametrize(
    ("args", "kwargs", "text"),
    [
        ((3,), {}, "Module.__init__() takes 1 positional argument but 2 were given"),
        ((3, 4), {"x": 1}, "Module.__init__() got an unexpected keyword argument 'x'"),
    ],
)
def test_init_takes_no_arguments(args, kwargs, text):
    with pytest.raises(TypeError) as raised:
        Module(*args, **kwargs)
    assert str(raised.value) == text


def test_init_can_pass_arguments_on():
    class Base:
        def __init__(self, value, *, other):
            self.values = value, other

    class Both(Module, Base):
        call_super_init = True

        def __init__(self):
            super().__init__(3, other=4)

    assert Both().values == (3, 4)


def test_the_error_names_the_class_that_was_made():
    class Plain(Module):
        pass

    with pytest.raises(TypeError, match=r"Plain.__init__\(\) takes 1 positional"):
        Plain(1)


def test_training_mode_reaches_all():
    net = Net()
    assert net.training
    assert net.eval() is net
    assert [module.training for module in net.modules()] == [False] * 3
    net.block.train()
    assert [module.training for module in net.modules()] == [False, True, True]
    with pytest.raises(ValueError, match="training mode is expected to be boolean"):
        net.train(1)


def test_apply_visits_children_first():
    seen = []
    net = Net()
    assert net.apply(lambda module: seen.append(type(module).__name__)) is net
    assert seen == ["Conv2d", "Block", "Net"]


def test_requires_grad():
    net = Net()
    assert net.requires_grad_(False) is net
    assert not any(p.requires_grad for p in net.parameters())
    net.block.requires_grad_()
    assert [p.requires_grad for p in net.parameters()] == [False, True, True]


@pytest.mark.parametrize("set_to_none", [True, False])
def test_zero_grad(set_to_none):
    net = Net()
    net.block(pyconv.ones(1, 1, 3, 3)).sum().backward()
    weight = net.block.conv0.weight
    grad = weight.grad
    assert grad.abs().sum() > 0
    net.zero_grad(set_to_none=set_to_none)
    assert weight.grad is (None if set_to_none else grad)
    assert net.scale.grad is None
    if not set_to_none:
        assert grad.abs().sum() == 0


def test_zero_grad_forgets_by_default():
    net = Net()
    net.scale.grad = pyconv.ones(1)
    net.zero_grad()
    assert net.scale.grad is None


def test_zero_grad_detaches_a_gradient_with_history():
    net = Net()
    net.scale.grad = pyconv.ones(1, requires_grad=True) * 2
    net.zero_grad(set_to_none=False)
    assert (net.scale.grad.tolist(), net.scale.grad.requires_grad) == ([0.0], False)


CONV = "Conv2d(1, 2, kernel_size=(3, 3), stride=(1, 1))"


@pytest.mark.parametrize(
    ("module", "text"),
    [
        (Module(), "Module()"),
        (Block("", 0), "Block()"),
        (Block("a=1", 0), "Block(a=1)"),
        (Block("a\nb", 0), "Block(\n  a\n  b\n)"),
        (Block("a\n\nb"), f"Block(\n  a\n  \n  b\n  (conv0): {CONV}\n)"),
        (Block("a", 2), f"Block(\n  a\n  (conv0): {CONV}\n  (conv1): {CONV}\n)"),
        (Net(), f"Net(\n  (block): Block(\n    (conv0): {CONV}\n  )\n)"),
    ],
    ids=["empty", "no text", "a line", "two lines", "a blank line", "a line and modules", "nested"],
)
def test_repr(module, text):
    assert repr(module) == text


def test_repr_of_a_missing_child_and_of_a_blank_line_inside():
    outer = Module()
    outer.add_module("none", None)
    outer.block = Block("a\n\nb", 0)
    assert repr(outer) == "Module(\n  (none): None\n  (block): Block(\n    a\n\n    b\n  )\n)"


def test_dir_lists_what_is_registered_but_no_numbers():
    net = Net()
    net.add_module("0", Module())
    assert {"block", "scale", "mean", "training", "forward", "zero_grad"} <= set(dir(net))
    assert dir(net) == sorted(dir(net))
    assert "0" not in dir(net)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))], ids=["deepcopy", "pickle"])
def test_a_copy_has_its_own_tensors_and_hooks(copied):
    net = Net().eval()
    net.block.register_forward_pre_hook(shift_input)
    other = copied(net)
    assert repr(other) == repr(net)
    assert not other.training
    assert other.scale is not net.scale
    other.scale.data.fill_(5)
    other.mean.fill_(5)
    assert (net.scale.tolist(), net.mean.tolist()) == ([1.0], [0.0, 0.0])
    x = pyconv.ones(1, 1, 3, 3)
    assert other.block(x).tolist() == net.block(x).tolist()
    other.block._forward_pre_hooks.clear()
    assert len(net.block._forward_pre_hooks) == 1


def test_a_deep_copy_keeps_what_is_shared():
    other = copy.deepcopy(Net())
    assert other.tied is other.scale


def test_a_shallow_copy_shares_the_tables():
    net = Net()
    other = copy.copy(net)
    other.new = Parameter()
    assert net.new is other.new
    other.plain = 3
    assert not hasattr(net, "plain")
