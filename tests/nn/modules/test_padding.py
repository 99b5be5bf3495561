"""The padding modules beside the function, and what they print."""

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F
from pyconv import nn

MODES = {"Circular": "circular", "Reflection": "reflect", "Replication": "replicate", "Zero": "constant"}
AMOUNTS = (1, 2, 0, 1, 1, -1)


@pytest.mark.parametrize("ndim", [1, 2, 3])
@pytest.mark.parametrize("family", MODES)
def test_they_call_the_function(family, ndim):
    x = np.random.default_rng(0).normal(size=(2, 2, 4, 3, 5)[: ndim + 2])
    amounts = AMOUNTS[: 2 * ndim]
    module = getattr(nn, f"{family}Pad{ndim}d")(amounts)
    assert np.array_equal(module(x), F.pad(x, amounts, MODES[family]))
    assert np.array_equal(module(x[0]), module(x)[0])
    assert repr(module) == f"{family}Pad{ndim}d({amounts})"
    assert module.__class__(1).padding == (1,) * (2 * ndim)


@pytest.mark.parametrize("ndim", [1, 2, 3])
def test_a_constant(ndim):
    x = np.ones((2, 3, 3, 3)[: ndim + 1])
    module = getattr(nn, f"ConstantPad{ndim}d")(1, 2.5)
    assert np.array_equal(module(x), F.pad(x, (1,) * (2 * ndim), value=2.5))
    assert repr(module) == f"ConstantPad{ndim}d(padding={(1,) * (2 * ndim)}, value=2.5)"


def test_going_round_asks_for_its_number_of_dimensions():
    with pytest.raises(ValueError, match=r"expected 3D or 4D input \(got 2D input\)"):
        nn.CircularPad2d(1)(pyconv.zeros(3, 3))


def test_zeros_are_a_constant():
    assert isinstance(nn.ZeroPad2d(1), nn.ConstantPad2d)
    assert nn.ZeroPad2d(1).value == 0
    assert nn.ZeroPad2d.__constants__ == ["padding", "value"]
