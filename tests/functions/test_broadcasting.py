"""Shapes that several tensors broadcast to."""

import pytest

import pyconv


def test_broadcasting():
    assert pyconv.broadcast_shapes((2, 1), 3, ()) == (2, 3)
    a, b = pyconv.broadcast_tensors(pyconv.zeros(2, 1), pyconv.zeros(3))
    assert a.stride() == (1, 0)
    assert b.stride() == (0, 1)
    with pytest.raises(RuntimeError, match="Attempting to broadcast a dimension of length 3 at -1!"):
        pyconv.broadcast_shapes((2,), (3,))


def test_shapes_with_a_negative_size():
    with pytest.raises(ValueError, match=r"^Attempting to broadcast a dimension with negative length!$"):
        pyconv.broadcast_shapes((1,), (-12,))
    with pytest.raises(RuntimeError, match=r"^Attempting to broadcast a dimension of length -1 at -1!"):
        pyconv.broadcast_shapes((1, 2), (3, -1))
    with pytest.raises(RuntimeError, match=r"Input shapes should be of type ints, a tuple of ints, or .*, got 2\.5"):
        pyconv.broadcast_shapes(1, 2.5)
