"""Sums, means and extremes: values, precision, gradients, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import pyconv
from pyconv.autograd import grad, gradcheck, gradgradcheck
from pyconv.ops import reduce


def tensor(values):
    return pyconv.from_numpy(np.array(values)).requires_grad_()


@given(st.data())
def test_sums_and_means(data):
    shape = data.draw(arrays.array_shapes(max_dims=3, max_side=3))
    x = np.random.default_rng(0).normal(size=shape)
    axes = tuple(sorted(data.draw(st.sets(st.integers(0, len(shape) - 1)))))
    keepdim = data.draw(st.booleans())
    np.testing.assert_allclose(reduce.total(x, axes, keepdim), x.sum(axes, keepdims=keepdim), atol=1e-15)
    np.testing.assert_allclose(reduce.mean(x, axes, keepdim), x.mean(axes, keepdims=keepdim), atol=1e-15)
    for f in (reduce.total, reduce.mean):
        assert gradcheck(lambda x, f=f: f(x, axes, keepdim), tensor(x))


def test_second_gradients_and_complex_values():
    z = tensor([[1 + 2j, 0.5], [3j, -1.0]])
    for f in (reduce.total, reduce.mean):
        assert gradcheck(lambda z, f=f: f(z * z, (1,)), z)
        assert gradgradcheck(lambda z, f=f: f(z * z * z), z)


@pytest.mark.parametrize("dtype", [np.bool_, np.uint8, np.int8, np.int32])
def test_integers_are_added_up_in_64_bits(dtype):
    found = reduce.total(np.full(300, 1, dtype))
    assert (found.dtype, found) == (np.int64, 300)


def test_a_dtype_can_be_asked_for():
    x = np.array([1.5, 2.5], np.float32)
    assert reduce.total(x, dtype=np.dtype(np.int32)) == 3
    assert reduce.mean(np.array([1, 2]), dtype=np.dtype(np.float64)) == 1.5


def test_sums_are_rounded_once():
    x = np.full((2**15, 2), 2.0**-26, np.float32)
    x[0] = 1
    expected = np.float32(1 + (2**15 - 1) * 2.0**-26)
    assert reduce.total(x, (0,)).tolist() == [expected, expected]
    assert reduce.mean(x, (0,))[0] == np.float32((1 + (2**15 - 1) * 2.0**-26) / 2**15)


def test_a_mean_is_not_cut_off_where_its_sum_is():
    assert reduce.mean(np.full(100_000, 3.0, np.float16)) == 3.0
    assert reduce.total(np.full(100_000, 3.0, np.float16)) == np.inf


def test_nothing_to_add_up():
    empty = np.zeros((0, 3))
    assert reduce.total(empty).tolist() == 0.0
    assert np.isnan(reduce.mean(empty, (0,))).all()
    x = tensor(empty)
    reduce.mean(x).backward()
    assert x.grad.shape == (0, 3)


def test_extremes_share_their_gradient():
    x = tensor([2.0, 5.0, -1.0, 5.0, -1.0, -1.0])
    assert grad(reduce.largest(x), x)[0].tolist() == [0, 0.5, 0, 0.5, 0, 0]
    np.testing.assert_allclose(grad(reduce.smallest(x), x)[0]._array, [0, 0, 1 / 3, 0, 1 / 3, 1 / 3])
    assert gradcheck(reduce.largest, tensor([1.0, 3.0, 2.0]))
    assert gradgradcheck(lambda x: reduce.smallest(x * x), tensor([1.0, 3.0, 2.0]))


def test_undefined_values_are_extreme():
    x = tensor([1.0, np.nan, 2.0, np.nan])
    for f in (reduce.largest, reduce.smallest):
        assert np.isnan(f(x).item())
        assert grad(f(x), x)[0].tolist() == [0, 0.5, 0, 0.5]


@given(arrays.arrays(st.sampled_from([np.uint8, np.int8, np.int64, np.bool_]), st.integers(1, 5)))
def test_extremes_of_integers(x):
    assert reduce.largest(x) == x.max()
    assert reduce.smallest(x) == x.min()
    assert reduce.smallest(x).dtype == x.dtype


REFUSED = [
    (lambda: reduce.largest(np.zeros(0)), RuntimeError, r"max\(\): Expected reduction dim to be specified"),
    (lambda: reduce.smallest(np.zeros((0, 3))), RuntimeError, r"min\(\): Expected reduction dim to be specified"),
    (lambda: reduce.largest(np.ones(2, np.complex64)), NotImplementedError, "\"max_all\" .* 'ComplexFloat'"),
    (lambda: reduce.mean(np.ones(2, np.int64)), RuntimeError, r"mean\(\): could not infer .* Input dtype .* Got: Long"),
    (lambda: reduce.mean(np.ones(2), dtype=np.dtype(np.int32)), RuntimeError, "Optional dtype must be .* Got: Int"),
]


@pytest.mark.parametrize(("f", "kind", "text"), REFUSED)
def test_refusals(f, kind, text):
    with pytest.raises(kind, match=text):
        f()


def test_names_in_the_graph():
    x = tensor([[1.0, 2.0]])
    found = [x.sum(), x.sum(0), x.mean(), x.mean(0), x.max(), x.min()]
    assert [y.grad_fn.name() for y in found] == [
        "SumBackward0", "SumBackward1", "MeanBackward0", "MeanBackward1", "MaxBackward1", "MinBackward1",
    ]  # fmt: skip
