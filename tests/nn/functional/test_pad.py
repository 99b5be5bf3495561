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


def test_constant_pad_nd_is_pad_with_a_constant():
    x = pyconv.arange(6.0).reshape(2, 3).requires_grad_()
    y = pyconv.constant_pad_nd(x, (1, -1, 0, 2), 2.5)
    assert y.tolist() == F.pad(x, (1, -1, 0, 2), value=2.5).tolist()
    assert y.grad_fn.name() == "ConstantPadNdBackward0"
    assert pyconv.constant_pad_nd(pyconv.zeros(1).long(), (1, 0), 2.5).tolist() == [2, 0]


@pytest.mark.parametrize(
    ("pad", "value", "error", "text"),
    [
        ((1,), 0, RuntimeError, "Length of pad must be even but instead it equals 1"),
        ((1,) * 4, 0, RuntimeError, "Pad length is 4while the input has 1dimensions."),
        ((-3, 0), 0, RuntimeError, r"narrow\(\): length must be non-negative."),
        ((1, 1), 1j, RuntimeError, "value cannot be converted to type float without overflow"),
        (2, 0, TypeError, r"argument 'pad' \(position 2\) must be tuple of ints, not int"),
        ((1, 1), "a", TypeError, r"argument 'value' \(position 3\) must be Number, not str"),
    ],
)
def test_what_constant_pad_nd_refuses(pad, value, error, text):
    with pytest.raises(error, match=text):
        pyconv.constant_pad_nd(pyconv.zeros(2), pad, value)
