"""Data as ndarrays: shapes, inferred dtypes, numbers in a dtype, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import pyconv
from pyconv import dtypes, warned
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
    assert as_array([[np.float64(1), 2], range(2)], None).dtype == np.float64


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


SLOW = {
    "a list": [np.array([1, 2]), np.array([3, 4])],
    "a list of lists": [[np.array([1])]],
    "beside numbers": [1, np.array(2)],
}


@pytest.mark.parametrize("kind", SLOW)
def test_arrays_in_lists_are_warned_of(kind, monkeypatch):
    monkeypatch.setattr(warned, "_given", set())
    with pytest.warns(UserWarning, match="from a list of numpy.ndarrays is extremely slow"):
        found = pyconv.tensor(SLOW[kind])
    assert found.tolist() == np.array(SLOW[kind]).tolist()


def test_an_array_without_length_does_not_begin_a_sequence():
    with pytest.raises(TypeError, match=r"len\(\) of unsized object"):
        pyconv.tensor([np.array(1)])


class Numbers:
    """A sequence by its methods alone."""

    def __init__(self, *items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


def test_anything_with_items_and_a_length_is_a_sequence():
    assert pyconv.tensor(Numbers(1.0, 2.0)).tolist() == [1.0, 2.0]
    assert pyconv.tensor(Numbers(Numbers(1), [2])).tolist() == [[1], [2]]
    with pytest.raises(RuntimeError, match="Could not infer dtype of dict"):
        pyconv.tensor({0: 1})


def test_sequences_without_a_shape():
    class Broken(Numbers):
        def __getitem__(self, i):
            raise TypeError

    with pytest.raises(ValueError, match="could not determine the shape of object type 'Broken'"):
        pyconv.tensor(Broken(1.0))
    itself = [0]
    itself.append(itself)
    for data in (itself, [[1, 2], itself]):
        with pytest.raises(TypeError, match="self-referential lists are incompatible"):
            pyconv.tensor(data)
