"""The bytes under tensors."""

import copy

import numpy as np
import pytest

import pyconv
from pyconv.tensor.storage import UntypedStorage


def test_bytes_are_shared_with_the_tensors_over_them():
    x = pyconv.arange(3, dtype=pyconv.int16)
    storage = x[1:].untyped_storage()
    assert storage.data_ptr() == x.data_ptr()
    assert (len(storage), storage.size(), storage.nbytes(), storage.element_size()) == (6, 6, 6, 1)
    storage[2] = 7
    assert x.tolist() == [0, 7, 2]
    storage[0:2] = 1
    assert x[0] == 257
    assert storage.fill_(0) is storage
    assert x.tolist() == [0, 0, 0]
    assert storage.copy_(pyconv.tensor([5, 6, 7], dtype=pyconv.int16).untyped_storage()).tolist() == [5, 0, 6, 0, 7, 0]
    assert x.tolist() == [5, 6, 7]
    with pytest.raises(RuntimeError, match="size does not match, self was 6 bytes but src was 1 bytes"):
        storage.copy_(UntypedStorage(1))


def test_places_in_a_storage():
    storage = UntypedStorage([1, 2, 3])
    assert [storage[0], storage[-1], *storage] == [1, 3, 1, 2, 3]
    part = storage[1:]
    assert (part.tolist(), part.data_ptr() - storage.data_ptr()) == ([2, 3], 1)
    part[0] = 9
    assert storage.tolist() == [1, 9, 3]
    with pytest.raises(IndexError, match="index 3 out of range for storage of size 3"):
        storage[3]
    with pytest.raises(RuntimeError, match=r"can't index a .*UntypedStorage'> with <class 'str'>"):
        storage["a"]


def test_copies_have_memory_of_their_own():
    storage = UntypedStorage([1, 2])
    for other in (storage.clone(), copy.copy(storage), copy.deepcopy(storage)):
        other[0] = 5
        assert storage[0] == 1
    shared = copy.deepcopy([storage, storage])
    assert shared[0] is shared[1]
    assert storage.cpu() is storage.untyped() is storage
    assert storage.new().nbytes() == 0


def test_what_a_storage_says_of_itself():
    storage = UntypedStorage([1, 2])
    assert repr(storage) == " 1\n 2\n[torch.storage.UntypedStorage(device=cpu) of size 2]"
    assert str(storage.device) == "cpu"
    assert not any((storage.is_cuda, storage.is_shared(), storage.is_pinned()))
    assert pyconv.is_storage(storage)
    assert pyconv.storage.UntypedStorage is pyconv.UntypedStorage is UntypedStorage
    x = pyconv.ones(2)
    assert x.untyped_storage().resizable()
    looking = x.numpy()
    assert not x.untyped_storage().resizable()
    assert np.may_share_memory(looking, x._array)
