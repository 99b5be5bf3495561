"""The adapter to MyGrad, with torch behind MyGrad's names; `test_mygrad_installed.py` has the real one."""

import sys
from types import ModuleType

import numpy as np
import pytest
import torch as real

from conformance.adapters.mygrad import MyGrad
from conformance.cases import draw
from conformance.checks import CHECKS
from conformance.runner import judge
from conformance.tokens import parse


class Tensor:
    """As much of a MyGrad tensor as the adapter needs."""

    def __init__(self, tensor):
        self.tensor = tensor

    def reshape(self, *shape):
        return Tensor(self.tensor.reshape(*shape))

    def __add__(self, other):
        return Tensor(self.tensor + other.tensor)

    def backward(self, cotangent):
        self.tensor.backward(real.from_numpy(cotangent.copy()))

    shape = property(lambda self: tuple(self.tensor.shape))
    data = property(lambda self: self.tensor.detach().numpy())
    grad = property(lambda self: self.tensor.grad.numpy())


def astensor(array):
    tensor = real.from_numpy(np.array(array))
    return Tensor(tensor.requires_grad_() if tensor.is_floating_point() else tensor)


def conv_nd(x, w, *, stride, padding=0, dilation=1):
    function = getattr(real.nn.functional, f"conv{x.tensor.ndim - 2}d")
    return Tensor(function(x.tensor, w.tensor, None, stride, padding, dilation))


@pytest.fixture
def adapter(monkeypatch):
    modules = {name: ModuleType(name) for name in ("mygrad", "mygrad.nnet", "mygrad.nnet.layers")}
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    modules["mygrad"].astensor, modules["mygrad"].nnet = astensor, modules["mygrad.nnet"]
    modules["mygrad.nnet"].layers, modules["mygrad.nnet.layers"].conv_nd = modules["mygrad.nnet.layers"], conv_nd
    return MyGrad()


def test_a_right_convolution_passes(adapter, torch):
    verdicts = [judge(draw(3, n, ["conv1d", "conv2d", "conv3d"]), torch, adapter, tuple(CHECKS)) for n in range(600)]
    asked = [verdict for verdict in verdicts if verdict.lacks is None]
    assert {verdict.tier for verdict in asked} == {"exact", "real", "error"}
    assert [verdict.case for verdict in asked if verdict.differences] == []


def test_a_wrong_convolution_is_caught(adapter, torch, monkeypatch):
    def without_dilation(x, w, *, stride, padding=0, dilation=1):
        return conv_nd(x, w, stride=stride, padding=padding)

    monkeypatch.setattr(adapter.mygrad.nnet.layers, "conv_nd", without_dilation)
    found = judge(parse("conv1d n1 c1 o1 h5 k2 d2"), torch, adapter).differences
    assert "shape" in {difference.check for difference in found}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("conv_transpose1d n1 c1 o1 h5 k3", "no transposed"),
        ("pad h5 p1,1", "no pad"),
        ("conv1d n1 c1 o1 h5 k3 bf16", "no bfloat16"),
        ("conv1d n1 c2 o2 h5 k3 g2", "no groups"),
        ("conv1d n1 c1 o2 h5 k3 bias=1", "no bias of its own"),
        ("conv1d n1 c1 o1 h6 k3 s2", "no remainders"),
        ("conv1d n1 c1 o1 h5 k4 psame", "no unequal padding"),
        ("conv1d n1 c1 o1 h5 k3 d2 i32", "no integers"),
        ("conv1d n1 c1 o1 h5 k3 module i32", "no integers"),
        ("conv1d n1 c1 o1 k3 input=1x1x5x5 weight=1x1x3x3", "any rank"),
        ("conv1d n1 c1 o1 h5 k3 i32", None),
        ("conv2d n1 c1 o1 h5x7 k3 s2 psame", "no same padding"),
        ("conv2d n1 c1 o1 h5x7 k3 s2 p1 d1,2 bias g1", None),
    ],
)
def test_what_it_lacks(adapter, line, reason):
    assert adapter.lacks(parse(line)) == reason


def test_the_code(adapter):
    assert adapter.code(parse("conv2d n1 c1 o1 h5x7 k3 s2 p1,0 bias")) == [
        "from mygrad.nnet.layers import conv_nd",
        "y = conv_nd(x, w, stride=(2, 2), padding=(1, 0), dilation=(1, 1)).data",
        "y = y + b.reshape(1, -1, 1, 1)",
    ]
