"""Tensors taken apart: against NumPy's, with gradients."""

import pytest

import pyconv
from pyconv.autograd import gradcheck


def grid():
    return pyconv.arange(30.0, dtype=pyconv.float64).reshape(5, 6)


@pytest.mark.parametrize("size", [1, 2, 5, 6, 9])
def test_parts_of_a_size_put_together_are_the_whole(size):
    parts = grid().split(size, 1)
    assert all(part.shape[1] == size for part in parts[:-1])
    assert pyconv.cat(parts, 1).equal(grid())
    assert pyconv.cat(pyconv.unsafe_split(grid(), size, 1), 1).equal(grid())


def test_chunks_and_slices():
    assert [part.shape[0] for part in grid().chunk(3)] == [2, 2, 1]
    assert [part.shape[0] for part in pyconv.ones(0, 2).chunk(3)] == [0, 0, 0]
    assert [row.tolist() for row in grid().unbind()] == grid().tolist()
    assert [part.shape for part in grid().hsplit(3)] == [(5, 2)] * 3
    assert [part.shape for part in grid().split([2, 3])] == [(2, 6), (3, 6)]


def test_gradients():
    def weighted(x):
        first, second = x.split([2, 3])
        return first.unbind(1)[2] * second.chunk(2, 1)[1].sum()

    assert gradcheck(weighted, (grid().requires_grad_(),))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda x: x.split([1, 1]), RuntimeError, "to sum exactly to 5"),
        (lambda x: x.split(0), RuntimeError, "split_size can only be 0"),
        (lambda x: x.chunk(0), RuntimeError, "greater than 0, got: 0"),
        (lambda x: x.hsplit(4), RuntimeError, "not divisible by the split_size 4!"),
        (lambda x: x[0, 0].unbind(), IndexError, "tensor has no dimensions"),
        (lambda x: x.tensor_split(pyconv.tensor([1.0])), RuntimeError, "dtype of long, but got Float"),
    ],
)
def test_refusals(call, error, text):
    with pytest.raises(error, match=text):
        call(grid())
