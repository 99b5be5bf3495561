"""Elements picked, put and combined by index and mask: against loops, with gradients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck

INDEX = pyconv.tensor([[0, 2, 2], [1, 0, 2]])


def grid(*shape):
    return pyconv.arange(float(np.prod(shape)), dtype=pyconv.float64).reshape(shape) / 4 + 1


@given(st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=1, max_size=5))
def test_gather_and_scatter_against_loops(rows):
    index, x = pyconv.tensor(rows), grid(4, 3)
    source = grid(len(rows), 3)
    put, total = x.tolist(), x.tolist()
    for i, row in enumerate(rows):
        for j, at in enumerate(row):
            put[at][j] = source[i, j].item()
            total[at][j] += source[i, j].item()
    assert x.gather(0, index).tolist() == [[x[at, j].item() for j, at in enumerate(row)] for row in rows]
    assert x.scatter(0, index, source).tolist() == put
    assert x.scatter_add(0, index, source).tolist() == total


REDUCED = {"sum": np.sum, "prod": np.prod, "mean": np.mean, "amax": np.max, "amin": np.min}


@pytest.mark.parametrize("include_self", [True, False])
@pytest.mark.parametrize("reduce", REDUCED)
def test_what_comes_to_a_place_is_combined(reduce, include_self):
    x, source = grid(2, 3), grid(2, 3) * 3
    found = x.scatter_reduce(1, INDEX, source, reduce, include_self=include_self)
    for row in range(2):
        for at in range(3):
            values = [source[row, j].item() for j in range(3) if INDEX[row, j] == at]
            values += [x[row, at].item()] if include_self or not values else []
            assert found[row, at].item() == pytest.approx(REDUCED[reduce](values))
    inputs = (x.requires_grad_(), source.requires_grad_())
    assert gradcheck(lambda x, s: x.scatter_reduce(1, INDEX, s, reduce, include_self=include_self), inputs)


MASK = pyconv.tensor([[True, False, True], [False, False, True]])
ROWS = pyconv.tensor([1, 0, 1])
DIFFERENTIABLE = [
    lambda x, y: x.gather(1, INDEX) * y,
    lambda x, y: x.scatter(1, pyconv.tensor([[2, 0, 1], [0, 1, 2]]), y),
    lambda x, y: x.scatter_add(1, INDEX, y),
    lambda x, y: x.index_select(0, ROWS),
    lambda x, y: x.index_add(1, pyconv.tensor([2, 2, 0]), y, alpha=2),
    lambda x, y: x.index_copy(1, pyconv.tensor([2, 0]), y[:, :2]),
    lambda x, y: x.index_fill(1, pyconv.tensor([2, 2]), y[0, 0]),
    lambda x, y: x.index_put((ROWS, ROWS), y[0], accumulate=True),
    lambda x, y: x.masked_fill(MASK, y[0, 0]),
    lambda x, y: x.masked_select(MASK) * y.masked_select(MASK),
    lambda x, y: x.masked_scatter(MASK, y),
    lambda x, y: x.take(INDEX) * y,
    lambda x, y: x.put(pyconv.tensor([5, -6]), y[0, :2]),
    lambda x, y: x.put(INDEX, y, accumulate=True),
    lambda x, y: x.take_along_dim(INDEX[:1], 1),
    lambda x, y: x[ROWS, ROWS] * y[[0]],
]


@pytest.mark.parametrize("call", DIFFERENTIABLE)
def test_gradients(call):
    inputs = (grid(2, 3).requires_grad_(), (grid(2, 3) * 2).requires_grad_())
    assert gradcheck(call, inputs)
    assert gradgradcheck(lambda x, y: call(x, y) ** 2, inputs)


def test_in_place():
    x = pyconv.zeros(2, 3)
    assert x.scatter_(1, INDEX, 1.0) is x
    x.index_fill_(0, pyconv.tensor([1]), 5).masked_fill_(MASK, 7).index_add_(1, pyconv.tensor([0]), pyconv.ones(2, 1))
    assert x.tolist() == [[8.0, 0.0, 7.0], [6.0, 5.0, 7.0]]
    assert x._version == 4


def test_half_sums_are_rounded_once():
    ones = pyconv.ones(4096, dtype=pyconv.float16)
    index = pyconv.zeros(4096, dtype=pyconv.int64)
    assert pyconv.zeros(1, dtype=pyconv.float16).scatter_add(0, index, ones).item() == 4096
    assert pyconv.zeros(1, dtype=pyconv.float16).index_add(0, index, ones).item() == 4096


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda x: x.gather(0, pyconv.tensor([0])), RuntimeError, "same number of dimensions as input"),
        (lambda x: x.gather(1, INDEX * 5), RuntimeError, "index 10 is out of bounds for dimension 1 with size 3"),
        (lambda x: x.gather(1, INDEX.float()), RuntimeError, "Expected dtype int32/int64 for index"),
        (lambda x: x.scatter(1, INDEX, x.float()), RuntimeError, "Expected self.dtype to be equal to src.dtype"),
        (lambda x: x.scatter_reduce(1, INDEX, x, "median"), RuntimeError, "got median"),
        (lambda x: x.index_select(0, pyconv.tensor([2])), IndexError, "index out of range in self"),
        (lambda x: x.index_copy(0, ROWS, x), IndexError, "Number of indices"),
        (lambda x: x.take(pyconv.tensor([6])), IndexError, "tried to access index 6 on a tensor of 6 elements"),
        (lambda x: x.masked_fill(MASK.float(), 1), RuntimeError, "only supports boolean masks"),
        (lambda x: x.int().masked_fill(MASK, 1j), RuntimeError, "without overflow"),
        (lambda x: x.scatter(1, INDEX, "a"), TypeError, "received an invalid combination of arguments"),
    ],
)
def test_refusals(call, error, text):
    with pytest.raises(error, match=text):
        call(grid(2, 3))


@pytest.mark.parametrize("reduce", ["sum", "prod", "mean", "amax", "amin"])
def test_an_empty_index_changes_nothing(reduce):
    nowhere = pyconv.empty(0, dtype=pyconv.int64)
    x = pyconv.ones(2, requires_grad=True)
    found = x.scatter_reduce(0, nowhere, pyconv.ones(0), reduce)
    found.sum().backward()
    assert found.tolist() == x.grad.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("name", ["scatter", "scatter_add"])
def test_values_that_the_index_leaves_out_get_no_gradient(name):
    def source_gradient(count, size):
        src = pyconv.ones(size, requires_grad=True)
        getattr(pyconv.zeros(3), name)(0, pyconv.zeros(count, dtype=pyconv.int64), src).sum().backward()
        return src.grad.tolist()

    assert source_gradient(0, 1) == [0]
    with pytest.raises(RuntimeError, match=r"Backward0 returned an invalid gradient at index 1 - got \[1\] but expect"):
        source_gradient(1, 2)
    with pytest.raises(RuntimeError, match=r"got \[0\] but expected shape compatible with \[2\]"):
        source_gradient(0, 2)


def test_a_tensor_without_dimensions_is_no_number():
    with pytest.raises(RuntimeError, match="Index tensor must have the same number of dimensions as src tensor"):
        pyconv.zeros(3, 5).scatter(0, pyconv.zeros(3, 3, dtype=pyconv.int64), pyconv.tensor(1.0))
    assert pyconv.zeros(2).scatter(0, pyconv.tensor([1]), value=pyconv.tensor(2.0)).tolist() == [0, 2]


def test_an_empty_index_of_any_shape_puts_a_number_nowhere():
    nowhere = pyconv.empty(1, 2, 0, dtype=pyconv.int64)
    assert pyconv.ones(1, 1).scatter(0, nowhere, 5).tolist() == [[1.0]]
