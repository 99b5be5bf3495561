"""F.pad: its modes beside NumPy's own padding, and its gradient beside the adjoint identity."""

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F

NUMPY_MODES = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@pytest.mark.parametrize("mode", NUMPY_MODES)
def test_modes_are_those_of_numpy(mode):
    x = np.arange(24.0).reshape(1, 2, 3, 4)
    expected = np.pad(x, ((0, 0), (0, 0), (1, 2), (3, 0)), mode=NUMPY_MODES[mode])
    assert np.array_equal(F.pad(x, (3, 0, 1, 2), mode=mode), expected)


def test_a_value_and_a_crop():
    assert F.pad(np.arange(4.0), (2, -1), value=7.0).tolist() == [7, 7, 0, 1, 2]


@pytest.mark.parametrize("mode", NUMPY_MODES)
def test_the_gradient_is_the_adjoint(mode):
    x = pyconv.arange(8.0).reshape(1, 2, 4).requires_grad_()
    y = F.pad(x, (2, 1), mode=mode)
    g = pyconv.arange(float(y.numel())).reshape(y.shape)
    (gx,) = pyconv.autograd.grad(y, [x], g)
    assert (g * y).sum().item() == (gx * x).sum().item()


def test_a_value_needs_the_constant_mode():
    with pytest.raises(RuntimeError, match='Padding mode "reflect" doesn\'t take in value argument'):
        F.pad(pyconv.ones(1, 1, 4), (1, 1), mode="reflect", value=1.0)
