"""Indices: what they take, and where their transpose puts it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.ops import index

BASIC = arrays.basic_indices((2, 3, 4), min_dims=0, max_dims=5, allow_newaxis=True)
ARRAYS = arrays.integer_array_indices((2, 3, 4), result_shape=arrays.array_shapes(max_dims=2, max_side=3))


def tensor(dims=(2, 3, 4)):
    return pyconv.from_numpy(np.arange(1.0, 1.0 + np.prod(dims)).reshape(dims)).requires_grad_()


def as_tuple(key):
    return key if isinstance(key, tuple) else (key,)


def assert_takes(key):
    x = tensor()
    found = index.take(x, index=key)
    np.testing.assert_array_equal(found._array, x._array[key])
    g = np.arange(1.0, 1.0 + found._array.size).reshape(found.shape)
    (gx,) = pyconv.autograd.grad(found, x, pyconv.from_numpy(g))
    expected = np.zeros((2, 3, 4))
    np.add.at(expected, key, g)
    np.testing.assert_array_equal(gx._array, expected)
    return found


@given(BASIC)
def test_a_basic_index_gives_a_view(key):
    found = assert_takes(as_tuple(key))
    assert index.is_basic(as_tuple(key))
    assert found._base is not None or not found._array.size


@given(ARRAYS)
def test_arrays_give_a_copy_and_repeated_elements_add_up(key):
    found = assert_takes(as_tuple(key))
    assert not index.is_basic(as_tuple(key))
    assert found._base is None


def test_one_element_is_a_view_too():
    x = np.arange(3.0)
    found = index.take(x, index=(1,))
    found[...] = 7
    assert x.tolist() == [0.0, 7.0, 2.0]


@pytest.mark.parametrize("key", [(0,), (slice(1, None),), (np.array([1, 0, 1]),), (np.array([True, False]),)])
def test_second_gradients(key):
    x = tensor((2, 3))
    assert gradcheck(lambda x: index.take(x * x, index=key), x)
    assert gradgradcheck(lambda x: index.take(x * x * x, index=key), x)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ((0,), "Select"),
        ((slice(1, None),), "Slice"),
        ((slice(None),), "Slice"),
        ((0, slice(1, 3)), "Slice"),
        ((slice(1, 3), 0), "Select"),
        ((0, slice(None)), "Select"),
        ((None,), "Unsqueeze"),
        ((None, 0), "Select"),
        ((...,), "Alias"),
        ((), "Alias"),
    ],
)
def test_views_have_the_name_of_their_last_step(key, name):
    assert index.view_op(key).name == name


MIXED = {  # index: shape of what torch takes of (2, 3, 4, 5), and its first elements
    "integer before": ((0, slice(None), [0, 2]), (3, 2, 5), [0, 1, 2, 3, 4, 10]),
    "integer behind": (([0, 1], slice(None), 1), (2, 3, 5), [5, 6, 7, 8, 9, 25]),
    "integer between": (([0, 1], 0, [1, 2]), (2, 5), [5, 6, 7, 8, 9, 70]),
    "integers around": ((0, slice(None), [0, 2], 1), (3, 2), [1, 11, 21, 31, 41, 51]),
    "new dimension between": (([0, 1], None, [1, 2]), (2, 1, 4, 5), [20, 21, 22, 23, 24, 25]),
    "ellipsis between": ((0, ..., [0, 2]), (3, 4, 2), [0, 2, 5, 7, 10, 12]),
    "new dimension beside an integer": ((0, None, [0, 2]), (1, 2, 4, 5), [0, 1, 2, 3, 4, 5]),
    "a truth value": ((True, 0, slice(None), [0, 2]), (2, 3, 5), [0, 1, 2, 3, 4, 20]),
    "a mask": ((0, slice(None), [True, False, True, False]), (3, 2, 5), [0, 1, 2, 3, 4, 10]),
}


@pytest.mark.parametrize("name", MIXED)
def test_integers_and_new_dimensions_come_before_arrays(name):
    key, shape, first = MIXED[name]
    key = tuple(pyconv.tensor(part) if isinstance(part, list) else part for part in key)
    x = pyconv.arange(120.0).reshape(2, 3, 4, 5).requires_grad_()
    found = x[key]
    assert found.shape == shape
    assert found.flatten()[:6].tolist() == first
    weights = pyconv.arange(1.0, 1 + found.numel()).reshape(shape)
    (found * weights).sum().backward()
    places = found.detach().long().flatten()
    assert x.grad.flatten()[places].tolist() == weights.flatten().tolist()
    assert x.grad.count_nonzero() == found.numel()
    for y in (x.detach().clone(), x * 1):
        y[key] = -weights
        assert y[key].tolist() == (-weights).tolist()
        assert (y < 0).sum() == found.numel()


ROWS = np.array([0, 1])
LAID = {  # of (2, 3, 4, 4): index, the strides of what torch takes from a contiguous tensor and from channels last
    "second": ((slice(None), ROWS), (32, 16, 4, 1), (32, 16, 4, 1)),
    "third": ((slice(None), slice(None), ROWS), (24, 8, 4, 1), (24, 1, 3, 6)),
    "last": ((..., ROWS), (24, 8, 2, 1), (24, 2, 6, 1)),
    "two": ((slice(None), ROWS, ROWS), (8, 4, 1), (8, 4, 1)),
    "apart": ((ROWS, slice(None), ROWS), (12, 4, 1), (12, 1, 3)),
    "behind a part": ((slice(None), slice(1, None), ROWS), (16, 8, 4, 1), (16, 1, 2, 4)),
    "mask": ((slice(None), np.array([True, False, True])), (32, 16, 4, 1), (32, 16, 4, 1)),
    "table": ((slice(None), ROWS[:, None]), (32, 16, 16, 4, 1), (32, 16, 16, 4, 1)),
}


@pytest.mark.parametrize("name", LAID)
def test_what_arrays_take_lies_as_torch_lays_it(name):
    key, contiguous, channels_last = LAID[name]
    key = tuple(pyconv.from_numpy(part) if isinstance(part, np.ndarray) else part for part in key)
    x = pyconv.arange(96.0).reshape(2, 3, 4, 4)
    assert x[key].stride() == contiguous
    assert x[key].view(-1).tolist() == x._array[tuple(getattr(k, "_array", k) for k in key)].flatten().tolist()
    y = x.contiguous(memory_format=pyconv.channels_last)
    assert y[key].stride() == channels_last
    assert y[key].equal(x[key])


@pytest.mark.parametrize("dim", [0, 1, 2, 3])
def test_selected_slices_are_contiguous(dim):
    x = pyconv.arange(96.0).reshape(2, 4, 4, 3).permute(0, 3, 1, 2)
    found = x.index_select(dim, pyconv.tensor([1, 0]))
    assert found.is_contiguous()
    np.testing.assert_array_equal(found._array, x._array.take([1, 0], dim))
