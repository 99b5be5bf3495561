"""Slices that an index names along a dimension: what does not fit. Texts recorded from torch 2.13."""

import pytest

import pyconv


@pytest.mark.parametrize(
    ("shape", "index", "source", "dim", "error", "text"),
    [
        ((3,), (1,), (2,), 0, RuntimeError, r"Number of indices \(1\) should be equal to source.size\(dim\): \(2\)"),
        ((3, 1, 4), (0,), (), 1, RuntimeError, "Indexing dim 1 is out of bounds of the source tensor with dim 0"),
        ((), (2,), (), 0, IndexError, "Dimension specified as 0 but tensor has no dimensions"),
        ((3,), (1,), (), 0, RuntimeError, r"Got self.shape = \[3\] source.shape = \[\]"),
        ((3, 2), (1,), (1, 3), 0, RuntimeError, r"Got self.shape = \[3, 2\] source.shape = \[1, 3\]"),
    ],
)
def test_slices_that_do_not_fit(shape, index, source, dim, error, text):
    with pytest.raises(error, match=text):
        pyconv.zeros(shape).index_add(dim, pyconv.zeros(index, dtype=pyconv.int64), pyconv.zeros(source))


def test_an_index_outside_is_told_by_the_number_of_dimensions():
    index = pyconv.tensor([8])
    with pytest.raises(IndexError, match="index out of range in self"):
        pyconv.zeros(3).index_add(0, index, pyconv.zeros(1))
    with pytest.raises(RuntimeError, match="index 8 is out of bounds for dimension 0 with size 3"):
        pyconv.zeros(3, 2).index_add(0, index, pyconv.zeros(1, 2))
