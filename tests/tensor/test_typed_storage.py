"""Storages of numbers, and their old names."""

import copy

import numpy as np
import pytest

import pyconv
from pyconv import warned

pytestmark = pytest.mark.filterwarnings("ignore:TypedStorage is deprecated")


def test_numbers_are_shared_with_the_tensors_over_them():
    x = pyconv.arange(6.0).view(2, 3)
    storage = x[1].storage()
    assert (storage.data_ptr(), storage.dtype, storage.nbytes(), storage.element_size()) == (
        x.data_ptr(),
        pyconv.float32,
        24,
        4,
    )
    assert storage.tolist() == list(storage) == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
    assert (len(storage), storage[4], storage[-1]) == (6, 4.0, 5.0)
    storage[0] = 9
    assert x[0, 0] == 9
    storage[4:] = 0
    assert x[1].tolist() == [3.0, 0.0, 0.0]
    assert storage.fill_(2) is storage
    assert x.tolist() == [[2.0] * 3] * 2
    storage.copy_(pyconv.arange(6).storage())
    assert x[1].tolist() == [3.0, 4.0, 5.0]
    assert storage.untyped().nbytes() == 24


def test_what_is_no_place():
    storage = pyconv.ones(2).storage()
    with pytest.raises(RuntimeError, match=r"slices are only supported in UntypedStorage\.__getitem__"):
        storage[:1]
    with pytest.raises(IndexError, match="index 2 out of range for storage of size 2"):
        storage[2]
    with pytest.raises(RuntimeError, match=r"can't index a <class 'torch\.storage\.TypedStorage'> with <class 'str'>"):
        storage["a"] = 1


def test_copies_and_other_dtypes():
    storage = pyconv.tensor([1.5, 2.5]).storage()
    for other in (storage.clone(), copy.copy(storage), copy.deepcopy(storage)):
        other[0] = 5
        assert storage[0] == 1.5
    assert storage.int().tolist() == [1, 2]
    assert storage.int().dtype is pyconv.int32
    assert storage.float() is storage.cpu() is storage
    assert storage == pyconv.FloatStorage(wrap_storage=storage.untyped())
    assert storage != storage.clone()
    with pytest.raises(AttributeError, match="'TypedStorage' object has no attribute 'nothing'"):
        _ = storage.nothing


OLD = ["Double", "Float", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool", "ComplexFloat"]


@pytest.mark.parametrize("name", OLD)
def test_old_names(name):
    kind = getattr(pyconv, f"{name}Storage")
    storage = kind([1, 0])
    assert type(storage) is pyconv.TypedStorage
    assert isinstance(storage, kind)
    assert not isinstance(pyconv.empty(0, dtype=pyconv.float8_e5m2).storage(), kind)
    assert (storage.type(), storage.pickle_storage_type()) == (f"torch.{name}Storage", f"{name}Storage")
    assert pyconv.empty(0).set_(storage).tolist() == [1.0, 0.0] if name == "Float" else storage.tolist() == [1, 0]
    assert pyconv.tensor([0], dtype=kind.dtype).storage_type() is kind
    assert (len(kind(3)), len(kind()), len(kind(np.int64(2)))) == (3, 0, 2)
    assert repr(kind) == f"<class 'torch.{name}Storage'>"
    with pytest.raises(RuntimeError, match="Too many positional arguments"):
        kind(1, 2)


def test_tensors_over_storages():
    x = pyconv.arange(6.0)
    storage = x.storage()
    assert pyconv.empty(0).set_(storage, 1, (2,), (2,)).tolist() == [1.0, 3.0]
    assert pyconv.FloatTensor(storage).data_ptr() == x.data_ptr()
    with pytest.raises(RuntimeError, match="Expected a Storage of type int or an UntypedStorage, but got type Float"):
        pyconv.empty(0, dtype=pyconv.int32).set_(storage)


def test_tensors_of_what_is_in_storages():
    x = pyconv.tensor([1.5, 2.5], dtype=pyconv.float16)
    for storage in (x.storage(), x.untyped_storage()):
        found = pyconv.tensor(storage, dtype=pyconv.float16)
        assert found.tolist() == [1.5, 2.5]
        assert found.data_ptr() != x.data_ptr()
    assert pyconv.tensor(x.storage()).dtype is pyconv.float16
    with pytest.raises(RuntimeError, match="Expected a Storage of type Int or an UntypedStorage, but got Half"):
        pyconv.tensor(x.storage(), dtype=pyconv.int32)


def test_it_is_deprecated(monkeypatch):
    monkeypatch.setattr(warned, "_given", set())
    with pytest.warns(UserWarning, match="TypedStorage is deprecated. It will be removed in the future"):
        pyconv.ones(1).storage()
    assert "size 1]" in repr(pyconv.ones(1).storage())
    assert pyconv.is_storage(pyconv.ones(1).storage())
