"""The gradients of the convolutions as functions."""

import numpy as np
import pytest

import pyconv
from pyconv.nn import functional as F
from pyconv.nn import grad
from tests.oracle import input_gradient, weight_gradient


def whole_numbers(shape, seed, dtype=np.float64):
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(dtype)


@pytest.mark.parametrize("ndim", [1, 2, 3])
def test_gradients_are_the_oracles(ndim):
    x, w = whole_numbers((2, 4) + (7,) * ndim, 0), whole_numbers((6, 2) + (3,) * ndim, 1)
    options = {"stride": 2, "padding": 1, "dilation": 2, "groups": 2}
    gy = whole_numbers(getattr(F, f"conv{ndim}d")(x, w, **options).shape, 2)
    pairs = {"stride": (2,) * ndim, "padding": ((1, 1),) * ndim, "dilation": (2,) * ndim, "groups": 2}
    gx = getattr(grad, f"conv{ndim}d_input")(x.shape, w, gy, **options)
    np.testing.assert_array_equal(gx, input_gradient(gy, w, x.shape, **pairs))
    gw = getattr(grad, f"conv{ndim}d_weight")(x, w.shape, gy, **options)
    np.testing.assert_array_equal(gw, weight_gradient(x, gy, w.shape, **pairs))


def test_complex_gradients_are_those_of_autograd():
    x, w = (whole_numbers(s, i) + 1j * whole_numbers(s, i + 5) for i, s in enumerate([(1, 2, 4, 4), (3, 2, 2, 2)]))
    a, b = (pyconv.from_numpy(v).requires_grad_() for v in (x, w))
    y = F.conv2d(a, b)
    gy = pyconv.from_numpy(whole_numbers(tuple(y.shape), 9) + 1j)
    gx, gw = pyconv.autograd.grad(y, [a, b], gy)
    assert pyconv.equal(gx, grad.conv2d_input(a.shape, b.detach(), gy))
    assert pyconv.equal(gw, grad.conv2d_weight(a.detach(), b.shape, gy))


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda z: grad.conv2d_input((1, 4, 5, 5), z(4, 4, 3, 3), z(1, 4, 9, 9)),
            "Expected a tensor of dimension 4 and tensor.size[2] == 3 but got: dimension 4 and tensor.size[2] = 9",
        ),
        (
            lambda z: grad.conv2d_weight(z(1, 4, 5), (4, 4, 3, 3), z(1, 4, 3, 3)),
            "Expected 4-dimensional input for 4-dimensional weight [4, 4, 3, 3], but got 3-dimensional input of size "
            "[1, 4, 5] instead",
        ),
        (
            lambda z: grad.conv2d_input((1, 4, 5, 5), z(4, 4, 3, 3), z(1, 4, 3, 3).double()),
            "expected scalar type Double but found Float",
        ),
    ],
)
def test_refusals(call, text):
    with pytest.raises(RuntimeError) as raised:
        call(pyconv.zeros)
    assert str(raised.value) == text
