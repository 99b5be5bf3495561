"""Buffers that are used again."""

import threading

import numpy as np
import pytest

from pyconv.kernels import scratch as buffers
from pyconv.kernels.scratch import LIMIT, LINE, fresh_buffers, kept, scratch

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


def test_what_was_used_last_is_kept_and_the_rest_dropped(monkeypatch):
    monkeypatch.setattr(buffers, "KEPT", 4000)
    with fresh_buffers():
        first, second, third = (scratch(name, (300,), F4) for name in ("first", "second", "third"))
        scratch("first", (1,), F4)
        scratch("fourth", (300,), F4)
        assert np.shares_memory(first, scratch("first", (300,), F4))
        assert np.shares_memory(third, scratch("third", (300,), F4))
        assert not np.shares_memory(second, scratch("second", (300,), F4))


def test_a_large_one_drops_none_of_the_others():
    with fresh_buffers():
        small = scratch("small", (300,), F4)
        scratch("large", (buffers.KEPT // 4 + 1,), F4)
        assert np.shares_memory(small, scratch("small", (300,), F4))


def test_no_more_is_kept_than_is_allowed():
    with fresh_buffers():
        for i in range(40):
            scratch(f"buffer {i}", (LIMIT // 4 // (1 + i % 5),), F4)
            kept = buffers._local.buffers
            assert sum(buffer.size for buffer in kept.values()) <= buffers.KEPT
        assert len(kept) > 4


def test_a_dropped_buffer_is_not_handed_out_while_an_array_lies_over_it(monkeypatch):
    monkeypatch.setattr(buffers, "KEPT", 1000)
    with fresh_buffers():
        held = scratch("held", (200,), F4)
        held.fill(7)
        for name in ("other", "held", "third"):
            scratch(name, (200,), F4).fill(0)
        np.testing.assert_array_equal(held, np.full(200, 7, F4))


def test_threads_do_not_share():
    mine = scratch("mine", (4,), F4)
    theirs = []
    thread = threading.Thread(target=lambda: theirs.append(scratch("mine", (4,), F4)))
    thread.start()
    thread.join()
    assert not np.shares_memory(mine, theirs[0])


def test_what_was_made_of_buffers_is_kept_until_one_of_them_is_another():
    def make():
        return scratch("one", (4,), F4)[::2], scratch("two", (4,), F4)

    with fresh_buffers():
        made = kept("views", make)
        assert kept("views", make) is made
        assert kept("others", make) is not made
        scratch("one", (2,), F4)
        assert kept("views", make) is made
        scratch("two", (5,), F4)
        again = kept("views", make)
        assert np.shares_memory(again[0], made[0])
        assert not np.shares_memory(again[1], made[1])
        with fresh_buffers():
            assert not np.shares_memory(kept("views", make)[0], made[0])
        assert kept("views", make) is again


def test_few_results_are_kept(monkeypatch):
    monkeypatch.setattr(buffers, "MOST", 3)
    with fresh_buffers():
        for i in range(10):
            kept(i, lambda: scratch("one", (4,), F4))
            assert len(buffers._local.kept) <= 3


@pytest.mark.parametrize("size", [1, 1000, 1 << 20, LIMIT // 4 + 1])
def test_a_buffer_begins_a_cache_line(size):
    assert scratch(f"line of {size}", (size,), F4).ctypes.data % LINE == 0
