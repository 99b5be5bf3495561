"""Where elements are."""

import pytest

import pyconv


def test_where_elements_are_not_zero():
    x = pyconv.tensor([[0, 3], [4, 0]])
    assert x.nonzero().tolist() == pyconv.argwhere(x).tolist() == [[0, 1], [1, 0]]
    assert [part.tolist() for part in x.nonzero(as_tuple=True)] == [[0, 1], [1, 0]]
    assert pyconv.nonzero_static(x, size=3).tolist() == [[0, 1], [1, 0], [-1, -1]]
    assert [part.item() for part in pyconv.unravel_index(pyconv.tensor(5), (2, 3))] == [1, 2]
    assert pyconv.tensor(3).nonzero().shape == (1, 0)
    with pytest.raises(RuntimeError, match="nonzero does not support the out kwarg when as_tuple is True"):
        pyconv.nonzero(x, as_tuple=True, out=pyconv.empty(2, 2, dtype=pyconv.int64))
