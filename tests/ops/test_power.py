"""Powers: of and to tensors and numbers, of integers, at zero."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyconv
from pyconv.autograd import grad, gradcheck, gradgradcheck
from pyconv.ops.power import power


def tensor(*values, dtype=pyconv.float64):
    return pyconv.tensor(list(values), dtype=dtype, requires_grad=True)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 4, -1, -2, 0.5, -0.5, 2.5, True])
def test_to_a_number(exponent):
    x = np.array([0.25, 1.0, 3.0])
    np.testing.assert_allclose(power(x, exponent), x ** float(exponent), rtol=1e-14)
    assert gradcheck(lambda x: power(x, exponent), tensor(0.25, 1.0, 3.0))
    assert gradgradcheck(lambda x: power(x, exponent), tensor(0.25, 1.0, 3.0))


def test_to_a_tensor_and_of_a_number():
    a, b = tensor(0.25, 1.5), tensor(2.0, -1.5)
    assert gradcheck(power, (a, b))
    assert gradgradcheck(power, (a, b))
    assert gradcheck(lambda b: power(2.5, b), b)
    z = tensor(0.5 + 1j, 1 - 0.5j, dtype=pyconv.complex128)
    w = tensor(0.25 - 0.5j, 1.5 + 1j, dtype=pyconv.complex128)
    assert gradcheck(power, (z, w))
    assert gradgradcheck(power, (z, w))
    assert gradgradcheck(lambda z: power(z, 2.5), z)


def test_small_exponents_are_products_bit_for_bit():
    x = np.random.default_rng(0).uniform(0.1, 9, 200).astype(np.float32)
    for exponent, expected in ((2, x * x), (3, x * x * x), (-1, 1 / x), (0.5, np.sqrt(x))):
        np.testing.assert_array_equal(power(x, exponent), expected)


def test_a_cube_of_half_precision_is_rounded_once():
    x = np.random.default_rng(0).uniform(0.1, 9, 200).astype(np.float16)
    np.testing.assert_array_equal(power(x, 3), (x.astype(np.float32) ** 3).astype(np.float16))


@given(base=st.integers(-5, 5), exponent=st.integers(-4, 8), dtype=st.sampled_from([np.int64, np.int8, np.uint8]))
def test_integers(base, exponent, dtype):
    a, b = np.array([base]).astype(dtype), np.array([exponent]).astype(dtype)
    found = power(a, b)
    expected = int(a[0]) ** abs(int(b[0]))
    if b[0] < 0:
        expected = int(1 / expected) if expected else 0
    assert found.dtype == dtype
    assert found[0] == np.array(expected % 2 ** (8 * a.itemsize), dtype=np.uint64).astype(dtype)


def test_where_the_base_or_the_exponent_is_zero():
    x = tensor(0.0, 2.0)
    assert grad(power(x, 0).sum(), x)[0].tolist() == [0.0, 0.0]
    assert not grad(power(x, 0).sum(), x, create_graph=True)[0].requires_grad
    (first,) = grad(power(x, 1).sum(), x, create_graph=True)
    assert first.tolist() == [1.0, 1.0]
    a, b = tensor(0.0, 0.0, -1.0), tensor(0.0, 2.0, 0.0)
    base, exponent = grad(power(a, b).sum(), (a, b))
    assert base.tolist() == [0.0, 0.0, 0.0]
    assert exponent.tolist()[:2] == [0.0, 0.0]
    assert np.isnan(exponent.tolist()[2])


def test_a_zero_at_one_with_an_exponent_of_one_has_no_curvature():
    x = tensor(0.0)
    (first,) = grad(power(x, 1.0), x, create_graph=True)
    assert not first.requires_grad or grad(first, x)[0].tolist() == [0.0]


def test_bools():
    x = np.array([False, True])
    assert power(x, True).tolist() == [False, True]
    assert power(x, False).tolist() == [True, True]
    assert power(x, 2).dtype == np.int64
    with pytest.raises(NotImplementedError, match="\"pow\" not implemented for 'Bool'"):
        power(x, x)


def test_refusals():
    with pytest.raises(RuntimeError, match="Integers to negative integer powers are not allowed"):
        power(np.array([2]), -1)
    with pytest.raises(RuntimeError, match="value cannot be converted to type int8_t without overflow"):
        power(np.array([2], np.int8), 200)
    with pytest.raises(RuntimeError, match="must match the size of tensor b"):
        power(np.ones(2), np.ones(3))


def test_names_in_the_graph():
    x = tensor(2.0)
    assert [y.grad_fn.name() for y in (x**2, x**x, 2**x)] == ["PowBackward0", "PowBackward1", "PowBackward2"]


def test_powers_of_a_complex_zero():
    """Recorded from torch 2.13: NaN to a tensor of zeros, 1 to the number 0, infinite to a negative exponent."""
    z = pyconv.zeros(1, dtype=pyconv.complex64)
    assert np.isnan([(z**z).item(), (0**z).item(), (z ** pyconv.zeros(1)).item()]).all()
    assert (z**0).item() == 1
    assert (z ** pyconv.tensor([2.0])).item() == 0
    inverse = (z ** pyconv.tensor([-1.0])).item()
    assert str((inverse.real, inverse.imag)) == "(inf, nan)"


def test_one_below_an_exponent_of_zero_bytes_is_255():
    x = pyconv.tensor([0.0, 1.0, 2.0], requires_grad=True)
    (g,) = pyconv.autograd.grad((x ** pyconv.zeros(3, dtype=pyconv.uint8)).sum(), x, create_graph=True)
    assert g.tolist() == [0, 0, 0]
    (h,) = pyconv.autograd.grad(g.sum(), x)
    assert h[:2].tolist() == [0, 0]
    assert h[2].isnan()
