"""A convolution and its activation as one call: the same bits, and hooks, gradients and subclasses as ever."""

import numpy as np
import pytest

import pyconv
from pyconv import nn
from pyconv.nn.modules.joined import joined

CONVOLUTIONS = {
    "pointwise": (lambda: nn.Conv2d(8, 40, 1), (2, 8, 9, 9)),
    "grouped": (lambda: nn.Conv2d(8, 8, 3, padding=1, groups=8, bias=False), (2, 8, 9, 9)),
    "line": (lambda: nn.Conv1d(3, 4, 3), (1, 3, 12)),
    "volume": (lambda: nn.Conv3d(2, 4, 3, stride=2), (1, 2, 7, 7, 7)),
    "same": (lambda: nn.Conv2d(2, 4, 3, padding="same"), (1, 2, 7, 7)),
    "circular": (lambda: nn.Conv2d(2, 4, 3, padding=1, padding_mode="circular"), (1, 2, 7, 7)),
    "unbatched": (lambda: nn.Conv2d(2, 4, 3), (2, 7, 7)),
    "double": (lambda: nn.Conv2d(2, 4, 3, dtype=pyconv.float64), (1, 2, 7, 7)),
    "half": (lambda: nn.Conv2d(2, 4, 3, dtype=pyconv.bfloat16), (1, 2, 7, 7)),
}


@pytest.mark.parametrize("activation", [nn.ReLU, nn.ReLU6, lambda inplace: nn.Hardtanh(-0.1, 0.2, inplace=inplace)])
@pytest.mark.parametrize("inplace", [False, True])
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_the_bits_are_those_of_two_calls(name, inplace, activation):
    make, shape = CONVOLUTIONS[name]
    pyconv.manual_seed(1)
    conv, act = make(), activation(inplace=inplace)
    x = pyconv.randn(*shape).to(conv.weight.dtype)
    before = x.clone()
    with pyconv.no_grad():
        expected = act(conv(x))
        found = nn.Sequential(conv, act)(x)
    assert found.dtype == expected.dtype
    assert found.shape == expected.shape
    assert pyconv.equal(found, expected)
    assert pyconv.equal(x, before)
    assert not found.requires_grad


def test_what_is_joined():
    conv, relu, norm = nn.Conv2d(1, 1, 1), nn.ReLU(), nn.BatchNorm2d(1)

    class Own(nn.Conv2d):
        pass

    assert len(list(joined([conv, relu, conv, conv, relu, relu]))) == 4
    for modules in ([conv], [relu, conv], [conv, norm, relu], [Own(1, 1, 1), relu], [conv, nn.GELU()]):
        assert list(joined(modules)) == modules


def test_hooks_are_called():
    net = nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU())
    seen = []
    handle = net[0].register_forward_hook(lambda module, args, out: seen.append(out.min().item() < 0))
    x = pyconv.tensor([[[[-1.0, 1.0]]]])
    with pyconv.no_grad():
        net(x)
        handle.remove()
        net[1].register_forward_pre_hook(lambda module, args: seen.append("before"))
        net(x)
    assert seen == [True, "before"]


def test_autocast_keeps_its_rule():
    net = nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU())
    with pyconv.no_grad(), pyconv.autocast("cpu", dtype=pyconv.bfloat16):
        assert net(pyconv.ones(1, 1, 2, 2)).dtype == pyconv.bfloat16


def test_a_gradient_goes_through_both():
    net = nn.Sequential(nn.Conv2d(1, 1, 1), nn.ReLU())
    net(pyconv.ones(1, 1, 2, 2)).sum().backward()
    assert net[0].weight.grad is not None


def test_ndarrays_give_ndarrays():
    net = nn.Sequential(nn.Conv2d(1, 2, 1), nn.ReLU())
    assert isinstance(net(np.ones((1, 1, 3, 3), np.float32)), np.ndarray)
