"""Buffers that are used again."""

import threading

import numpy as np
import pytest

from pyconv.kernels.scratch import LIMIT, LINE, scratch

F4 = np.dtype(np.float32)


def test_a_name_is_one_buffer_and_two_names_are_two():
    a, b = scratch("one", (4,), F4), scratch("other", (4,), F4)
    a[...], b[...] = 1, 2
    np.testing.assert_array_equal(scratch("one", (2, 2), F4), np.ones((2, 2)))
    assert not np.shares_memory(a, b)


def test_it_grows_and_large_ones_are_not_kept():
    assert scratch("grows", (3,), F4).shape == (3,)
    assert scratch("grows", (300,), F4).shape == (300,)
    large = scratch("large", (LIMIT // 4 + 1,), F4)
    assert not np.shares_memory(large, scratch("large", (4,), F4))


def test_threads_do_not_share():
    mine = scratch("mine", (4,), F4)
    theirs = []
    thread = threading.Thread(target=lambda: theirs.append(scratch("mine", (4,), F4)))
    thread.start()
    thread.join()
    assert not np.shares_memory(mine, theirs[0])


@pytest.mark.parametrize("size", [1, 1000, 1 << 20, LIMIT // 4 + 1])
def test_a_buffer_begins_a_cache_line(size):
    assert scratch(f"line of {size}", (size,), F4).ctypes.data % LINE == 0
