"""Sizes, dimensions and indices made plain, and what is refused of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import pyconv
from pyconv.functions.dims import as_index, dimension, dimensions, new_shape, resolve_shape, sizes


def test_sizes():
    assert sizes((2, 3)) == sizes(((2, 3),)) == sizes(([2, 3],)) == sizes((np.int64(2), pyconv.tensor(3))) == (2, 3)
    with pytest.raises(TypeError):
        sizes((2.5,))


@given(st.lists(st.integers(1, 4), max_size=4), st.data())
def test_one_size_can_be_worked_out(shape, data):
    count = math.prod(shape)
    assert resolve_shape(tuple(shape), count) == tuple(shape)
    if shape:
        at = data.draw(st.integers(0, len(shape) - 1))
        assert resolve_shape((*shape[:at], -1, *shape[at + 1 :]), count) == tuple(shape)


@pytest.mark.parametrize(
    ("shape", "count", "text"),
    [
        ((5, 5), 24, r"shape '\[5, 5\]' is invalid for input of size 24"),
        ((-1, 5), 24, r"shape '\[-1, 5\]' is invalid for input of size 24"),
        ((-1, -1), 24, "only one dimension can be inferred"),
        ((-2, 12), 24, r"invalid shape dimension -2 at index 0 of shape \[-2, 12\]"),
        ((-1, 0), 0, "the unspecified dimension size -1 can be any value and is ambiguous"),
        ((-1, 0), 3, r"shape '\[-1, 0\]' is invalid for input of size 3"),
    ],
)
def test_shapes_that_do_not_fit(shape, count, text):
    with pytest.raises(RuntimeError, match=text):
        resolve_shape(shape, count)


def test_new_shapes():
    assert new_shape("ones", (2, 3)) == new_shape("ones", ((2, 3),)) == (2, 3)
    assert new_shape("ones", ((),)) == ()
    with pytest.raises(TypeError, match=r"ones\(\) takes 1 positional argument but 2 were given"):
        new_shape("ones", ((2,), 3))
    with pytest.raises(TypeError, match="found element of type list at pos 0"):
        new_shape("ones", ([[2]],))
    with pytest.raises(TypeError, match="must be tuple of ints, not bool"):
        new_shape("ones", (True,))


@given(st.integers(0, 4), st.integers(-6, 6))
def test_dimensions_count_from_either_end(ndim, dim):
    limit = max(ndim, 1)
    if -limit <= dim < limit:
        assert dimension(dim, ndim) == list(range(limit))[dim]
    else:
        with pytest.raises(IndexError, match=rf"expected to be in range of \[{-limit}, {limit - 1}\], but got {dim}\)"):
            dimension(dim, ndim)


def test_several_dimensions():
    assert dimensions((0, -1), 3) == (0, 2)
    assert dimensions(1, 3) == (1,)
    assert dimensions([], 3) == (0, 1, 2)
    assert dimensions(0, 0) == ()
    with pytest.raises(RuntimeError, match="dim 2 appears multiple times in the list of dims"):
        dimensions((2, -1), 3)


@given(st.data())
def test_what_numpy_takes_is_taken(data):
    shape = (2, 3, 4)
    key = data.draw(st.one_of(arrays.basic_indices(shape, allow_newaxis=True), arrays.integer_array_indices(shape)))
    parts = key if isinstance(key, tuple) else (key,)
    if any(isinstance(part, slice) and part.step is not None and part.step < 0 for part in parts):
        return
    x = np.arange(24).reshape(shape)
    np.testing.assert_array_equal(x[as_index(key, shape)], x[key])


REFUSED = [
    (2, IndexError, "index 2 is out of bounds for dimension 0 with size 2"),
    ((0, -4), IndexError, "index -4 is out of bounds for dimension 1 with size 3"),
    ((0, 0, 0, 0), IndexError, "too many indices for tensor of dimension 3"),
    (1.5, IndexError, "None and long or byte Variables are valid indices (got float)"),
    ("a", TypeError, "new(): invalid data type 'str'"),
    (slice(None, None, -1), ValueError, "step must be greater than zero"),
    (slice(None, None, 0), ValueError, "slice step cannot be zero"),
    ([5], IndexError, "index 5 is out of bounds for dimension 0 with size 2"),
    ((0, [5]), IndexError, "index 5 is out of bounds for dimension 0 with size 3"),
    (([0, 1], [0, 9]), IndexError, "index 9 is out of bounds for dimension 1 with size 3"),
    (([0, 5], [9, 0]), IndexError, "index 9 is out of bounds for dimension 1 with size 3"),
    (([0, 1], [0, 1, 2]), IndexError, "indexing tensors could not be broadcast together with shapes [2], [3]"),
    ([True, False, True], IndexError, "The shape of the mask [3] at index 0 does not match the shape of the indexed"),
    ((0, np.ones((3, 3), bool)), IndexError, "The shape of the mask [3, 3] at index 1 does not match the shape of the"),
    (pyconv.tensor([1.0]), IndexError, "tensors used as indices must be long, int, byte or bool tensors"),
]


@pytest.mark.parametrize(("key", "kind", "text"), REFUSED)
def test_refused_indices(key, kind, text):
    with pytest.raises(kind) as caught:
        as_index(key, (2, 3, 4))
    assert text in str(caught.value)


def test_nothing_to_index():
    with pytest.raises(IndexError, match=r"invalid index of a 0-dim tensor. Use `tensor.item\(\)` in Python"):
        as_index(0, ())
    assert as_index((), ()) == ()
    assert as_index(None, ()) == (None,)
    assert as_index([], (3,))[0].dtype == np.int64


LISTS = {
    "arrays side by side": ([[0, 1], [1, 0]], ([0, 1], [1, 0])),
    "a slice": ([slice(None), [0, 1]], (slice(None), [0, 1])),
    "None": ([None, 0], (None, 0)),
    "an ellipsis": ([..., 0], (..., 0)),
    "a tensor": ([pyconv.tensor([0, 1]), 2], ([0, 1], 2)),
    "one list": ([[0, 1]], ([0, 1],)),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_short_list_of_more_than_numbers_is_several_indices(name):
    given, expected = LISTS[name]
    x = pyconv.arange(24.0).reshape(4, 3, 2)
    with pytest.warns(UserWarning, match="Using a non-tuple sequence for multidimensional indexing is deprecated"):
        found = x[given]
    np.testing.assert_array_equal(found.numpy(), x.numpy()[expected])
    y = x.clone()
    with pytest.warns(UserWarning, match=r"use x\[tuple\(seq\)\] instead of x\[seq\]"):
        y[given] = -1
    np.testing.assert_array_equal(y.numpy(), np.where(np.isin(x.numpy(), found.numpy()), -1, x.numpy()))


def test_a_list_of_numbers_and_a_long_one_are_one_index():
    x = pyconv.arange(4.0)
    assert x[[2, 0]].tolist() == [2.0, 0.0]
    assert x[[[1]] * 32].shape == (32, 1)
    assert x[(1, 2),].tolist() == [1.0, 2.0]


def test_a_byte_without_dimensions_is_a_truth_value():
    x = pyconv.tensor([3.0, 4.0])
    yes, no = pyconv.tensor([1, 0], dtype=pyconv.uint8).unbind()
    assert x[yes].tolist() == [[3.0, 4.0]]
    assert x[no].shape == (0, 2)
    assert x[0][yes].tolist() == [3.0]


def test_what_is_assigned_to_truth_values_may_have_dimensions_of_one_in_front():
    x = pyconv.zeros(())
    x[True] = pyconv.ones(1, 1)
    assert x.tolist() == 1.0
    y = pyconv.zeros(2, 2)
    y[y == 0] = pyconv.ones(1, 1, 4)
    assert y.tolist() == [[1.0, 1.0], [1.0, 1.0]]
    with pytest.raises(RuntimeError, match=r"value tensor of shape \[2, 2\] cannot be broadcast to .* shape \[4\]"):
        y[y == 1] = pyconv.ones(2, 2)


def test_refusals_of_indices():
    x = pyconv.arange(4)
    with pytest.raises(RuntimeError, match=r"^shape mismatch: value tensor of shape \[3\] cannot .* shape \[4\]$"):
        x[x > -1] = pyconv.ones(3)
    with pytest.raises(TypeError, match=r"^Tensor does not support deleting items$"):
        del x[0]
    with pytest.raises(IndexError, match=r"^index is out of bounds for dimension with size 0$"):
        pyconv.zeros(3, 0)[:, [0, 1]]
