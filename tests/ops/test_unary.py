"""Elementwise functions: values, gradients of two orders, what happens at kinks and poles, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import pyconv
from pyconv.autograd import grad, gradcheck, gradgradcheck
from pyconv.ops import unary

SMOOTH = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "reciprocal": np.reciprocal,
}


def tensor(*values, dtype=pyconv.float64):
    return pyconv.tensor(list(values), dtype=dtype, requires_grad=True)


@pytest.mark.parametrize("name", SMOOTH)
@given(x=arrays.arrays(np.float64, st.integers(0, 4), elements=st.floats(0.125, 4)))
def test_values(name, x):
    np.testing.assert_allclose(getattr(unary, name)(x), SMOOTH[name](x), rtol=1e-15)
    half = getattr(unary, name)(x.astype(np.float16))
    assert half.dtype == np.float16
    wide = SMOOTH[name](x.astype(np.float16).astype(np.float32))
    np.testing.assert_array_equal(half, wide.astype(np.float16))


@pytest.mark.parametrize("name", SMOOTH)
def test_gradients(name):
    f = getattr(unary, name)
    for x in (tensor(0.3, 1.7, 2.5), tensor(0.5 + 1j, -1.5 + 0.25j, dtype=pyconv.complex128)):
        assert gradcheck(f, x)
        assert gradgradcheck(f, x)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.bool_])
def test_integers_become_floats(name, dtype):
    found = getattr(unary, name)(np.array([1, 1], dtype))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, SMOOTH[name](np.ones(2)), rtol=1e-6)


def test_absolute_values():
    x = tensor(-2.0, 0.0, 3.0)
    y = unary.absolute(x)
    assert y.tolist() == [2.0, 0.0, 3.0]
    assert grad(y.sum(), x, create_graph=True)[0].tolist() == [-1.0, 0.0, 1.0]
    z = tensor(3 + 4j, 0j, -1j, dtype=pyconv.complex128)
    size = unary.absolute(z)
    assert (size.dtype, size.tolist()) == (pyconv.float64, [5.0, 0.0, 1.0])
    np.testing.assert_allclose(grad(size.sum(), z)[0]._array, [0.6 + 0.8j, 0, -1j])
    (slope,) = grad(unary.absolute(z).sum(), z, create_graph=True)
    assert grad(slope, z, pyconv.ones_like(z))[0].tolist()[1] == 0
    away = tensor(3 + 4j, -1j, dtype=pyconv.complex128)
    assert gradcheck(unary.absolute, away)
    assert gradgradcheck(unary.absolute, away)


def test_an_undefined_value_has_no_slope():
    x = tensor(float("nan"), -1.0)
    assert grad(unary.absolute(x).sum(), x)[0].tolist() == [0.0, -1.0]


def test_rectified_values():
    x = tensor(-2.0, 0.0, 3.0)
    y = unary.relu(x)
    assert y.tolist() == [0.0, 0.0, 3.0]
    (g,) = grad(y.sum() * x.sum(), x, create_graph=True)
    assert g.tolist() == [3.0, 3.0, 4.0]
    assert grad(g.sum(), x)[0].tolist() == [1.0, 1.0, 4.0]
    assert gradcheck(unary.relu, tensor(-2.0, 3.0))
    assert gradgradcheck(unary.relu, tensor(-2.0, 3.0))


@pytest.mark.parametrize("f", [unary.relu, unary.absolute])
def test_flat_parts_have_second_derivatives_of_zero_not_none(f):
    x = tensor(-2.0, 0.0, 3.0)
    (g,) = grad(f(x).sum(), x, create_graph=True)
    assert g.requires_grad
    assert grad(g.sum(), x)[0].tolist() == [0.0, 0.0, 0.0]


def test_what_a_rectifier_lets_through():
    x = tensor(-1.0, float("nan"), float("inf"))
    unary.relu(x).backward(pyconv.tensor([float("inf"), 2.0, 3.0], dtype=pyconv.float64))
    assert x.grad.tolist() == [0.0, 2.0, 3.0]


def test_integers_keep_their_dtype_where_they_can():
    x = np.array([-3, 0, 4], np.int8)
    assert unary.relu(x).tolist() == [0, 0, 4]
    assert unary.absolute(x).tolist() == [3, 0, 4]
    assert unary.relu(x).dtype == unary.absolute(x).dtype == np.int8
    assert unary.absolute(np.array([-128], np.int8)).tolist() == [-128]


REFUSED = [
    (unary.relu, np.bool_, RuntimeError, "Boolean inputs not supported for relu"),
    (unary.relu, np.complex64, NotImplementedError, "clamp is not supported for complex types"),
    (unary.relu, np.uint16, NotImplementedError, "\"clamp_min_scalar_cpu\" not implemented for 'UInt16'"),
    (unary.absolute, np.bool_, NotImplementedError, "\"abs_cpu\" not implemented for 'Bool'"),
]


@pytest.mark.parametrize(("f", "dtype", "kind", "text"), REFUSED)
def test_refusals(f, dtype, kind, text):
    with pytest.raises(kind, match=text):
        f(np.ones(2, dtype))


def test_poles_and_undefined_values_warn_of_nothing():
    x = np.array([0.0, -1.0, np.inf, np.nan])
    assert unary.log(x).tolist()[0] == -np.inf
    assert np.isnan(unary.sqrt(x)[[1, 3]]).all()
    assert unary.reciprocal(x).tolist()[:3] == [np.inf, -1.0, 0.0]


def test_the_slope_of_acosh_is_its_formulas_also_below_minus_one():
    x = pyconv.tensor([2.0, -2.0, 0.5], requires_grad=True)
    pyconv.acosh(x).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [3**-0.5, 3**-0.5, np.nan], rtol=1e-6)


def test_complex_logarithms_of_infinite_numbers():
    """Recorded from torch: log1p of (0.2 - inf·i) is NaN, of (-inf·i) it is not."""
    x = pyconv.tensor([complex(0, -np.inf)], dtype=pyconv.complex128)
    assert (x.log2().imag.item(), x.log2().real.item()) == (-2.266180070913597, np.inf)
    assert pyconv.log10(pyconv.tensor(100 + 0j)).item() == 2
    assert x.log1p().imag.item() == -np.pi / 2
    assert np.isnan((x + 0.2).log1p().numpy()).all()


def test_the_direction_of_an_infinite_complex_number_is_none():
    x = pyconv.tensor([complex(np.inf, 1), 3 - 4j, 0j], dtype=pyconv.complex64)
    got = x.sgn().numpy()
    assert np.isnan(got[0])
    np.testing.assert_allclose(got[1:], [0.6 - 0.8j, 0])
