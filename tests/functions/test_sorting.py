"""Sorting, the largest few, unique values and places in sequences, beside NumPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck

INTEGERS = st.lists(st.integers(-4, 4), max_size=12)


@given(INTEGERS, st.booleans())
def test_a_sort_keeps_the_order_of_equals(values, descending):
    x = np.array(values, np.int64)
    expected = sorted(range(len(values)), key=lambda i: -values[i] if descending else values[i])
    got = pyconv.tensor(x).sort(descending=descending)
    assert got.indices.tolist() == expected
    assert got.values.tolist() == x[expected].tolist()
    assert pyconv.tensor(x).argsort(descending=descending, stable=True).tolist() == expected


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float64"])
def test_nan_is_the_largest(kind):
    x = pyconv.tensor([2.0, np.nan, -1.0, np.inf]).to(getattr(pyconv, kind))
    assert x.argsort().tolist() == [2, 0, 3, 1]
    assert x.topk(2).indices.tolist() == [1, 3]


def test_topk():
    x = pyconv.tensor([[1, 5, 3], [9, 2, 4]])
    assert x.topk(2).values.tolist() == [[5, 3], [9, 4]]
    assert x.topk(1, 0, largest=False).indices.tolist() == [[0, 1, 0]]
    assert x.topk(0).values.shape == (2, 0)
    assert pyconv.tensor(3.0).topk(1).values.shape == ()


@pytest.mark.parametrize("call", [lambda x: x.sort(0)[0], lambda x: x.topk(2)[0], lambda x: x.msort()])
def test_derivatives(call):
    x = pyconv.tensor(np.random.default_rng(0).normal(size=(3, 4)), requires_grad=True)
    assert gradcheck(call, x)
    assert gradgradcheck(lambda x: call(x) ** 2, x)


@given(INTEGERS)
def test_unique(values):
    x = np.array(values, np.int64)
    got = pyconv.unique(pyconv.tensor(x), return_inverse=True, return_counts=True)
    for ours, theirs in zip(got, np.unique(x, return_inverse=True, return_counts=True), strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs)


def test_unique_slices_and_consecutive():
    x = np.array([[1, 0, 1], [2, 2, 2], [1, 0, 1]])
    for dim in (0, 1):
        got = pyconv.tensor(x).unique(dim=dim, return_inverse=True, return_counts=True)
        expected = np.unique(x, axis=dim, return_inverse=True, return_counts=True)
        for ours, theirs in zip(got, expected, strict=True):
            np.testing.assert_array_equal(ours.numpy(), theirs.reshape(ours.shape))
    values, inverse, counts = pyconv.unique_consecutive(pyconv.tensor([1, 1, 2, 1]), True, True)
    assert (values.tolist(), inverse.tolist(), counts.tolist()) == ([1, 2, 1], [0, 0, 1, 2], [2, 1, 1])
    assert pyconv.tensor([np.nan, np.nan]).unique().shape == (2,)


def test_unique_has_no_derivative():
    x = pyconv.rand(3, requires_grad=True)
    with pytest.raises(NotImplementedError, match="the derivative for '_unique2' is not implemented"):
        x.unique().sum().backward()


@given(INTEGERS, INTEGERS, st.booleans())
def test_searchsorted_and_bucketize(sequence, values, right):
    sequence, values = np.sort(np.array(sequence, np.int64)), np.array(values, np.int64)
    expected = np.searchsorted(sequence, values, "right" if right else "left")
    ours = pyconv.tensor(sequence), pyconv.tensor(values)
    np.testing.assert_array_equal(pyconv.searchsorted(*ours, right=right).numpy(), expected)
    np.testing.assert_array_equal(pyconv.bucketize(ours[1], ours[0], right=right).numpy(), expected)


def test_rows_numbers_sorters_and_nan():
    rows = pyconv.tensor([[1, 3, 5], [2, 4, 6]])
    assert pyconv.searchsorted(rows, pyconv.tensor([[3, 9], [3, 0]])).tolist() == [[1, 3], [1, 0]]
    assert pyconv.searchsorted(rows[0], 4, out_int32=True).dtype is pyconv.int32
    assert pyconv.searchsorted(pyconv.tensor([5, 1, 3]), 4, sorter=pyconv.tensor([1, 2, 0])).item() == 2
    assert pyconv.searchsorted(pyconv.tensor([1.0, np.nan]), pyconv.tensor([np.nan, 2.0])).tolist() == [2, 2]


def test_isin():
    x = pyconv.tensor([[1, 2], [3, 4]])
    assert pyconv.isin(x, pyconv.tensor([2.0, 3.0])).tolist() == [[False, True], [True, False]]
    assert pyconv.isin(x, 4, invert=True).tolist() == [[True, True], [True, False]]
    assert not pyconv.isin(7, x).item()


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda x: (x + 1j).sort(), RuntimeError, "^ Sort does not support complex dtypes on CPU"),
        (lambda x: x.topk(7), RuntimeError, "selected index k out of range"),
        (lambda x: x.bool().topk(1), RuntimeError, "topk does not support bool dtypes on CPU"),
        (lambda x: pyconv.unique(x, dim=5), IndexError, "but got 5"),
        (lambda x: pyconv.unique(pyconv.tensor(2), dim=0), IndexError, "Dimension specified as 0 but tensor has no"),
        (
            lambda x: pyconv.searchsorted(x, 3, side="foo"),
            RuntimeError,
            "side can only be 'left' or 'right' but got foo",
        ),
        (lambda x: pyconv.searchsorted(x, 3, side="left", right=True), RuntimeError, "can't be set to opposites"),
        (lambda x: pyconv.bucketize(x, pyconv.ones(2, 2)), RuntimeError, r"must be 1 dimension, but got dim\(2\)"),
        (lambda x: pyconv.isin(x.bool(), x), RuntimeError, r"Unsupported input type encountered for isin\(\): Bool"),
    ],
)
def test_errors(call, kind, text):
    with pytest.raises(kind, match=text):
        call(pyconv.tensor([1.0, 2.0]))
