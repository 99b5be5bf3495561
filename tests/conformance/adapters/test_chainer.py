"""The adapter to Chainer, with torch behind Chainer's names; `test_chainer_installed.py` has the real one."""

import sys
from types import ModuleType

import numpy as np
import pytest
import torch as real

from conformance.adapters.chainer import Chainer
from conformance.cases import draw
from conformance.checks import CHECKS
from conformance.runner import judge
from conformance.tokens import parse

F = real.nn.functional
MODES = {"edge": "replicate", "wrap": "circular"}


class Variable:
    """As much of a Chainer variable as the adapter needs."""

    def __init__(self, array):
        self.tensor = array if isinstance(array, real.Tensor) else real.from_numpy(np.array(array)).requires_grad_()

    shape = property(lambda self: tuple(self.tensor.shape))
    array = property(lambda self: self.tensor.detach().numpy())


def grad(outputs, inputs, grad_outputs, enable_double_backprop=False):
    tensors = [[variable.tensor for variable in variables] for variables in (outputs, inputs, grad_outputs)]
    found = real.autograd.grad(*tensors, create_graph=enable_double_backprop, allow_unused=True)
    return [None if gradient is None else Variable(gradient) for gradient in found]


def convolution(x, w, b=None, *, stride, pad, dilate, groups):
    function = getattr(F, f"conv{x.tensor.ndim - 2}d")
    return Variable(function(x.tensor, w.tensor, b and b.tensor, stride, pad, dilate, groups))


def deconvolution(x, w, b=None, *, stride, pad, dilate, groups, outsize=None):
    function = getattr(F, f"conv_transpose{x.tensor.ndim - 2}d")
    steps = zip(x.shape[2:], w.shape[2:], stride, pad, dilate)
    least = [(n - 1) * s - 2 * p + d * (k - 1) + 1 for n, k, s, p, d in steps]
    more = [wanted - size for wanted, size in zip(outsize or least, least)]
    return Variable(function(x.tensor, w.tensor, b and b.tensor, stride, pad, more, groups, dilate))


def im2col(x, *, ksize, stride, pad, dilate):
    columns = F.unfold(x.tensor, ksize, dilate, pad, stride)
    ends = zip(x.shape[2:], ksize, dilate, pad, stride)
    return Variable(
        columns.reshape(*columns.shape[:2], *((n + 2 * p - d * (k - 1) - 1) // s + 1 for n, k, d, p, s in ends))
    )


def pad(x, *, pad_width, mode, constant_values=0):
    if mode == "constant":
        return Variable(F.pad(x.tensor, [n for pair in pad_width[::-1] for n in pair], value=constant_values))
    axes = max(x.tensor.ndim - 2, 1)
    axes += any(map(any, pad_width[:-axes]))
    return Variable(F.pad(x.tensor, [n for pair in pad_width[: -axes - 1 : -1] for n in pair], MODES.get(mode, mode)))


@pytest.fixture
def adapter(monkeypatch):
    chainer, functions = ModuleType("chainer"), ModuleType("chainer.functions")
    for module in (chainer, functions, ModuleType("chainer._environment_check")):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    chainer.functions, chainer.Variable, chainer.grad = functions, Variable, grad
    for dimensions in ("2d", "nd"):
        setattr(functions, f"convolution_{dimensions}", convolution)
        setattr(functions, f"deconvolution_{dimensions}", deconvolution)
    functions.im2col, functions.pad = im2col, pad
    functions.reshape = lambda variable, shape: Variable(variable.tensor.reshape(shape))
    return Chainer()


def test_right_functions_pass(adapter, torch):
    verdicts = [judge(draw(3, number), torch, adapter, tuple(CHECKS)) for number in range(900)]
    asked = [verdict for verdict in verdicts if verdict.lacks is None]
    assert {verdict.tier for verdict in asked} == {"exact", "real", "error"}
    assert [(str(v.case), v.differences) for v in asked if v.differences] == []


def test_a_wrong_function_for_any_dimensions_is_caught(adapter, torch, monkeypatch):
    def without_groups(x, w, b=None, *, groups, **others):
        return convolution(x, Variable(w.tensor.repeat_interleave(groups, 1)), b, groups=1, **others)

    monkeypatch.setattr(adapter.chainer.functions, "convolution_nd", without_groups)
    found = judge(parse("conv2d n1 c2 o2 h3x3 k2 g2"), torch, adapter, ("value", "algorithms")).differences
    assert {difference.check for difference in found} == {"algorithms"}
    assert all(difference.got.startswith("by nd: ") for difference in found)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("fold n1 c4 h1 k2 os2", "no fold"),
        ("pad h5 p1,1 bf16", "no bfloat16"),
        ("pad h5 p1,1 i8", "no integers"),
        ("pad h5 p1,1 complex64", "no complex"),
        ("pad h5 p-1,1", "no cropping"),
        ("pad n1 c1 h5 p5,1 reflect", "a wider reflect"),
        ("conv1d n1 c1 o1 h5 k3 bf16", "no bfloat16"),
        ("conv1d n1 c1 o1 h5 k4 psame", "no unequal padding"),
        ("conv_transpose1d n1 c1 o1 h5 k3 d2 op1", "no longer outputs"),
        ("conv_transpose1d n1 c1 o1 h5 k3 s2 op-1", "shorter outputs"),
        ("conv_transpose1d n1 c1 o1 h5 k3 s2 os10 module", "shorter outputs"),
        ("conv1d n1 c1 o1 k3 input=1x1x5x5 weight=1x1x3x3", "any rank"),
        ("conv_transpose1d n1 c1 o1 h5 k3 s2 op1 g1 bias f16", None),
        ("unfold n1 c1 h5x5 k3", None),
    ],
)
def test_what_it_lacks(adapter, line, reason):
    assert adapter.lacks(parse(line)) == reason


@pytest.mark.parametrize(
    ("line", "call"),
    [
        (
            "conv2d n1 c2 o2 h5x5 k3 psame g2 bias",
            "convolution_2d(x, w, b, stride=(1, 1), pad=(1, 1), dilate=(1, 1), groups=2).array",
        ),
        (
            "conv_transpose1d n1 c2 o2 h5 k3 s2 op1",
            "deconvolution_nd(x, w, stride=(2,), pad=(0,), dilate=(1,), groups=1, outsize=(12,)).array",
        ),
        ("pad n1 c1 h5 p1,2 reflect", "pad(x, pad_width=((0, 0), (0, 0), (1, 2)), mode='reflect').array"),
        ("pad h5 p1,2 v1.5", "pad(x, pad_width=((1, 2),), mode='constant', constant_values=1.5).array"),
    ],
)
def test_the_code(adapter, line, call):
    assert adapter.code(parse(line))[-1] == f"y = chainer.functions.{call}"


def test_the_code_of_unfold_joins_the_windows(adapter):
    assert adapter.code(parse("unfold n1 c1 h5x5 k3"))[-1] == "y = y.reshape(*y.shape[:2], -1)"
