"""Running sums, products, extremes and log-sums, beside NumPy's."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck

X = np.random.default_rng(0).normal(size=(3, 5))


@pytest.mark.parametrize("dim", [0, 1, -2])
@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("cumsum", np.cumsum),
        ("cumprod", np.cumprod),
        ("logcumsumexp", lambda x, axis: np.log(np.cumsum(np.exp(x), axis))),
    ],
)
def test_values_and_derivatives(name, reference, dim):
    x = pyconv.tensor(X, requires_grad=True)
    np.testing.assert_allclose(getattr(x, name)(dim).detach().numpy(), reference(X, dim), rtol=1e-14)
    assert gradcheck(lambda x: getattr(x, name)(dim), x)
    assert gradgradcheck(lambda x: getattr(x, name)(dim), x)


@pytest.mark.parametrize(("dtype", "wide"), [("f2", "f4"), ("f4", "f8"), ("i4", "i8"), ("c8", "c16")])
@pytest.mark.parametrize("dim", [0, 1, 3])
@pytest.mark.parametrize("turn", [lambda x: x, lambda x: x[:, ::-1], lambda x: x.swapaxes(0, 1), lambda x: x[:, :0]])
@pytest.mark.parametrize("name", ["cumsum", "cumprod"])
def test_long_slices_have_the_bits_of_short_ones(name, turn, dim, dtype, wide):
    x = turn(np.random.default_rng(1).normal(size=(3, 4, 16, 17)).astype(dtype))
    expected = getattr(np, name)(x, axis=dim, dtype=wide)
    found = getattr(pyconv.ops.cumulative, name)(x, dim)
    np.testing.assert_array_equal(found, expected.astype(found.dtype))


@pytest.mark.parametrize("zeros", [(), (1,), (1, 3), (0, 1, 2)])
@pytest.mark.parametrize("call", [lambda x: x.cumprod(0), lambda x: x.prod(), lambda x: x.prod(0)])
def test_products_have_both_derivatives_at_zeros(call, zeros):
    x = X[0].copy()
    x[list(zeros)] = 0
    leaf = pyconv.tensor(x, requires_grad=True)
    assert gradcheck(call, leaf)
    assert gradgradcheck(call, leaf)


def test_the_gradient_at_zeros_is_the_same_without_a_graph():
    x = pyconv.tensor([2.0, 0.0, 3.0, 0.0, 5.0], requires_grad=True)
    x.cumprod(0).sum().backward()
    assert x.grad.tolist() == [1, 8, 0, 0, 0]


def test_running_extremes_take_the_last_of_equals():
    values, indices = pyconv.tensor([1, 3, 2, 3]).cummax(0)
    assert (values.tolist(), indices.tolist()) == ([1, 3, 3, 3], [0, 1, 1, 3])
    assert pyconv.cummin(pyconv.tensor([2, 2, 1]), 0).indices.tolist() == [0, 1, 2]


def test_in_place_and_dtype():
    x = pyconv.tensor([1.0, 2.0, 3.0])
    version = x._version
    assert x.cumsum_(0) is x
    assert (x.tolist(), x._version) == ([1, 3, 6], version + 1)
    assert pyconv.tensor([True, True]).cumsum(0).dtype is pyconv.int64
    assert x.cumprod(0, dtype=pyconv.float64).dtype is pyconv.float64


@pytest.mark.parametrize("name", ["cumsum", "cumprod", "cummax", "cummin", "logcumsumexp"])
def test_empty_and_0d(name):
    for shape in ((), (0,), (0, 2)):
        got = getattr(pyconv.zeros(shape), name)(0)
        assert (got[0] if isinstance(got, tuple) else got).shape == shape


def test_errors():
    with pytest.raises(TypeError, match=r"cumsum\(\) missing 1 required positional arguments: \"dim\""):
        pyconv.zeros(2).cumsum()
    with pytest.raises(NotImplementedError, match="\"cumsum_out_cpu\" not implemented for 'Bool'"):
        pyconv.zeros(2).cumsum(0, dtype=pyconv.bool)
    with pytest.raises(NotImplementedError, match="\"logcumsumexp_out_cpu\" not implemented for 'Long'"):
        pyconv.zeros(2, dtype=pyconv.int64).logcumsumexp(0)


@pytest.mark.parametrize("create_graph", [False, True])
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([np.inf], [3]),
        ([np.nan], [3]),
        ([np.inf, 1], [np.nan, np.inf]),
        ([1, np.inf], [np.inf, np.nan]),
        ([0, np.inf], [np.inf, 0]),
        ([0, 2, 0, 5], [9, 0, 0, 0]),
    ],
)
def test_gradients_of_running_products_beside_zeros_and_infinities(values, expected, create_graph):
    """Recorded from torch: torch.autograd.grad(x.cumprod(0), x, 3·ones)."""
    x = pyconv.tensor(values, dtype=pyconv.float32, requires_grad=True)
    (g,) = pyconv.autograd.grad(x.cumprod(0), x, pyconv.full((len(values),), 3.0), create_graph=create_graph)
    np.testing.assert_array_equal(g.detach().numpy(), np.array(expected, np.float32))


def test_a_running_product_that_was_cast_has_the_gradient_of_what_was_not():
    x = pyconv.tensor([1 + 1j, 2 + 1j], dtype=pyconv.complex128, requires_grad=True)
    y = x.cumprod(0, dtype=pyconv.float64)
    assert y.tolist() == [1, 2]
    (g,) = pyconv.autograd.grad(y, x, pyconv.ones(2, dtype=pyconv.float64))
    np.testing.assert_allclose(g.numpy(), np.array([3, 2]) / np.conj(np.array([1 + 1j, 2 + 1j])))


def test_the_cotangent_of_a_running_sum_is_added_up_in_the_operands_dtype():
    x = pyconv.zeros(3, dtype=pyconv.float64, requires_grad=True)
    cotangent = pyconv.tensor([1.0, 2.0**-30, 2.0**-30])
    (g,) = pyconv.autograd.grad(x.cumsum(0, dtype=pyconv.float32), x, cotangent)
    assert g.tolist() == [1 + 2.0**-29, 2.0**-29, 2.0**-30]


def test_the_logarithm_of_one_exponential_passes_its_cotangent_on():
    x = pyconv.tensor(-9.0, requires_grad=True)
    assert pyconv.autograd.grad(x.logcumsumexp(0), x, pyconv.tensor(3.0))[0].item() == 3


@pytest.mark.parametrize("dtype", [pyconv.float16, pyconv.bfloat16, pyconv.float32, pyconv.float64])
def test_the_second_derivative_of_a_logarithm_of_sums_is_finite_where_its_cotangent_has_one_sign(dtype):
    """Recorded from torch 2.13: ones by the cotangent, in every dtype."""
    x = pyconv.tensor([0.5, -1.0, 2.0], dtype=dtype, requires_grad=True)
    cotangent = pyconv.tensor([1.5, 1.0, 0.25], dtype=dtype, requires_grad=True)
    (g,) = pyconv.autograd.grad(x.logcumsumexp(0), x, cotangent, create_graph=True)
    (h,) = pyconv.autograd.grad(g.sum(), cotangent)
    np.testing.assert_allclose(h.double().numpy(), [1, 1, 1], atol=0.02)


def test_the_logarithm_of_complex_exponentials_that_are_infinite_or_as_large_as_one_another():
    """Recorded from torch 2.13."""
    cases = {
        (-1 + 2j, -1 - 2j): -1.1835699 - 3.1415927j,
        (complex(-np.inf, 2), complex(-np.inf, 3)): complex(-np.inf, 0),
        (complex(np.inf, 0), complex(np.inf, 0)): complex(np.inf, 0),
        (complex(np.inf, 1.5), 2 + 1j): complex(np.inf, 1.5),
        (1 + 1j, complex(np.nan, 0)): complex(np.nan, np.nan),
        (complex(0, np.nan), 1 + 0j): complex(np.nan, np.nan),
    }
    for given, expected in cases.items():
        found = pyconv.tensor(given, dtype=pyconv.complex64).logcumsumexp(0)[1].item()
        np.testing.assert_allclose([found.real, found.imag], [expected.real, expected.imag], rtol=1e-6)


@pytest.mark.parametrize("name", ["sum", "prod", "nansum", "cumsum", "cumprod"])
def test_no_gradient_goes_through_integers(name):
    x = pyconv.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="Autograd not support dtype: Long"):
        getattr(x, name)(0, dtype=pyconv.int64)
    with pyconv.no_grad():
        assert getattr(x, name)(0, dtype=pyconv.int64).dtype is pyconv.int64
