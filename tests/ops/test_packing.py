"""The order of packed elements, and that spreading is the inverse of packing."""

import numpy as np

from pyconv.ops.packing import pack, spread, steps


def test_elements_come_in_the_order_of_time():
    time, sequence = steps(np.array([3, 1, 1]))
    assert list(zip(time, sequence, strict=True)) == [(0, 0), (0, 1), (0, 2), (1, 0), (2, 0)]


def test_spreading_is_undone_by_packing():
    at = steps(np.array([2, 1]))
    data = np.arange(6.0).reshape(3, 2)
    out = spread(data, at=at, size=(2, 2), value=9)
    assert out[1, 1].tolist() == [9, 9]
    np.testing.assert_array_equal(pack(out, at=at), data)
