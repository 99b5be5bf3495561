"""Data as ndarrays: shapes, inferred dtypes, numbers in a dtype, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import pyconv
from pyconv import dtypes
from pyconv.tensor.data import as_array


@given(arrays.arrays(np.float64, arrays.array_shapes(max_dims=3, max_side=3), elements=st.floats(-10, 10)))
def test_nested_sequences(array):
    found = as_array(array.tolist(), dtypes.float64)
    np.testing.assert_array_equal(found, array)
    assert as_array(array.tolist(), None).dtype == np.float32


@given(st.lists(st.one_of(st.booleans(), st.integers(-100, 100)), min_size=1))
def test_integers_and_bools(data):
    found = as_array(data, None)
    assert found.dtype == (np.bool_ if all(isinstance(item, bool) for item in data) else np.int64)
    assert found.tolist() == data


def test_sequences_of_any_kind():
    for data in (range(3), (0, 1, 2), [0, 1, 2], np.arange(3), pyconv.Size((0, 1, 2))):
        assert as_array(data, None).tolist() == [0, 1, 2]
    assert as_array([range(2), (3, 4)], None).tolist() == [[0, 1], [3, 4]]
    assert as_array([np.ones(2), [1, 2]], None).dtype == np.float64


def test_tensors_inside():
    found = as_array([pyconv.tensor(1.5), pyconv.tensor([2], dtype=pyconv.float64)], None)
    assert (found.dtype, found.tolist()) == (np.float64, [1.5, 2.0])
    with pytest.raises(ValueError, match="only one element tensors can be converted to Python scalars"):
        as_array([pyconv.ones(2)], None)


def test_memory_is_shared_where_the_dtype_is_right():
    array = np.ones(2)
    assert as_array(array, None) is array
    assert as_array(array, dtypes.float64) is array
    assert as_array(pyconv.from_numpy(array), None) is array
    assert not np.shares_memory(as_array(array, dtypes.float32), array)


def test_empty_sequences():
    assert as_array([], None).shape == (0,)
    assert as_array([[], []], dtypes.int8).shape == (2, 0)
    assert as_array([[], [1]], None).shape == (2, 0)


@pytest.mark.parametrize(
    ("data", "dtype", "expected"),
    [
        ([2.7, -2.7], dtypes.int64, [2, -2]),
        ([-1, 255], dtypes.uint8, [255, 255]),
        ([2**64 - 1], dtypes.uint64, [2**64 - 1]),
        ([0, 0.5, 1j, float("nan")], dtypes.bool_, [False, True, True, True]),
        ([True, 2], dtypes.complex64, [1 + 0j, 2 + 0j]),
        ([70000.0], dtypes.float16, [np.inf]),
        ([2**70], dtypes.float64, [2.0**70]),
        ([1.0 + 2**-12], dtypes.float16, [1.0]),
    ],
)
def test_numbers_in_a_dtype(data, dtype, expected):
    found = as_array(data, dtype)
    assert (found.dtype, found.tolist()) == (dtype.numpy, expected)


REFUSED = [
    ("a", None, TypeError, "new(): invalid data type 'str'"),
    (b"a", None, TypeError, "new(): invalid data type 'bytes'"),
    (b"a", dtypes.float32, TypeError, "new(): invalid data type 'bytes'"),
    ([b"a"], None, TypeError, "new(): invalid data type 'bytes'"),
    (["a"], None, ValueError, "too many dimensions 'str'"),
    (None, None, RuntimeError, "Could not infer dtype of NoneType"),
    ({"a": 1}, None, RuntimeError, "Could not infer dtype of dict"),
    ([None], dtypes.float32, TypeError, "must be real number, not NoneType"),
    ([None], dtypes.int32, TypeError, "'NoneType' object cannot be interpreted as an integer"),
    (1j, dtypes.float32, TypeError, "must be real number, not complex"),
    (1j, dtypes.int64, TypeError, "'complex' object cannot be interpreted as an integer"),
    ([[1], [2, 3]], None, ValueError, "expected sequence of length 1 at dim 1 (got 2)"),
    ([[1], []], None, ValueError, "expected sequence of length 1 at dim 1 (got 0)"),
    ([[1], 2], None, TypeError, "not a sequence"),
    ([1, [2]], None, TypeError, "'list' object cannot be interpreted as an integer"),
    ([1.0, [2]], None, TypeError, "must be real number, not list"),
    (2**63, None, ValueError, "Overflow when unpacking long long"),
    ([300], dtypes.int8, RuntimeError, "value cannot be converted to type int8 without overflow"),
    (float("nan"), dtypes.int64, RuntimeError, "value cannot be converted to type int64 without overflow"),
]


@pytest.mark.parametrize(("data", "dtype", "kind", "text"), REFUSED)
def test_refusals(data, dtype, kind, text):
    with pytest.raises(kind) as caught:
        as_array(data, dtype)
    assert str(caught.value) == text
