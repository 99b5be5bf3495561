"""Tensors put together and moved about: against NumPy's, with gradients."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck


def grid(*shape):
    return pyconv.arange(float(np.prod(shape)), dtype=pyconv.float64).reshape(shape)


NUMPYS = [
    (lambda a, b: pyconv.cat([a, b]), lambda a, b: np.concatenate([a, b])),
    (lambda a, b: pyconv.stack([a, b], -1), lambda a, b: np.stack([a, b], -1)),
    (lambda a, b: pyconv.hstack([a, b]), lambda a, b: np.hstack([a, b])),
    (lambda a, b: pyconv.vstack([a, b]), lambda a, b: np.vstack([a, b])),
    (lambda a, b: pyconv.dstack([a, b]), lambda a, b: np.dstack([a, b])),
    (lambda a, b: pyconv.column_stack([a, b]), lambda a, b: np.column_stack([a, b])),
    (lambda a, b: a.flip(0) + b.flip(0, 1), lambda a, b: a[::-1] + b[::-1, ::-1]),
    (lambda a, b: a.roll((1, -2), (0, 1)) + b.roll(5), lambda a, b: np.roll(a, (1, -2), (0, 1)) + np.roll(b, 5)),
    (lambda a, b: a.rot90() * b.rot90(-1), lambda a, b: np.rot90(a) * np.rot90(b, -1)),
    (lambda a, b: a.repeat(2, 1, 3), lambda a, b: np.tile(a, (2, 1, 3))),
    (lambda a, b: b.tile((2,)), lambda a, b: np.tile(b, (1, 2))),
    (lambda a, b: a.repeat_interleave(2, 1), lambda a, b: np.repeat(a, 2, 1)),
    (lambda a, b: a.repeat_interleave(pyconv.tensor([2, 0, 1]), 0), lambda a, b: np.repeat(a, [2, 0, 1], 0)),
    (lambda a, b: a.tril(1) + b.triu(-1), lambda a, b: np.tril(a, 1) + np.triu(b, -1)),
    (lambda a, b: a[0].diag(1) * 2, lambda a, b: np.diag(a[0], 1) * 2),
    (lambda a, b: b.diag(-1), lambda a, b: np.diag(b, -1)),
    (lambda a, b: a.diagflat(), lambda a, b: np.diagflat(a)),
]


@pytest.mark.parametrize(("call", "numpys"), NUMPYS)
def test_against_numpy(call, numpys):
    a, b = grid(3, 4), grid(3, 4) * 0.5 - 2
    np.testing.assert_array_equal(call(a, b)._array, numpys(a._array, b._array))
    inputs = (a.requires_grad_(), b.requires_grad_())
    assert gradcheck(call, inputs)
    assert gradgradcheck(lambda a, b: call(a, b) ** 2, inputs)


def test_dtypes_are_promoted_and_empty_vectors_passed_over():
    assert pyconv.cat([pyconv.ones(2), pyconv.ones(1).int()]).dtype is pyconv.float32
    assert pyconv.cat([pyconv.ones(0), pyconv.ones(2, 3)]).shape == (2, 3)
    assert pyconv.stack([pyconv.ones(1).half(), pyconv.ones(1).bfloat16()]).dtype is pyconv.float32


def test_blocks():
    found = pyconv.block_diag(pyconv.ones(2), pyconv.tensor(3.0), pyconv.ones(1, 1))
    assert found.tolist() == [[1, 1, 0, 0], [0, 0, 3, 0], [0, 0, 0, 1]]


def test_no_block_is_a_row_without_columns():
    found = pyconv.block_diag()
    assert isinstance(found, pyconv.Tensor)
    assert found.shape == (1, 0)
    assert found.dtype is pyconv.float32
    assert pyconv.block_diag(pyconv.empty(0)).shape == (1, 0)
    assert isinstance(pyconv.block_diag(np.ones(2)), np.ndarray)


def test_matrices_of_diagonals():
    found = pyconv.diag_embed(grid(2, 3), 1, 0, 2)
    assert found.shape == (4, 2, 4)
    assert found.diagonal(1, 0, 2).equal(grid(2, 3))


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda x: pyconv.cat([]), ValueError, "expected a non-empty list of Tensors"),
        (lambda x: pyconv.cat([x, x[:, :1]]), RuntimeError, "Expected size 4 but got size 1 for tensor number 1"),
        (lambda x: pyconv.cat([x, x[0]]), RuntimeError, "same number of dimensions: got 2 and 1"),
        (lambda x: pyconv.cat([x, 1]), TypeError, "expected Tensor as element 1 in argument 0, but got int"),
        (lambda x: pyconv.cat(x), TypeError, "must be tuple of Tensors, not Tensor"),
        (lambda x: pyconv.stack([x, x[0]]), RuntimeError, "expects each tensor to be equal size"),
        (lambda x: x.roll((1, 2)), RuntimeError, "shifts and dimensions must align"),
        (lambda x: x.repeat(2), RuntimeError, "can not be smaller than number of dimensions"),
        (lambda x: x[0].tril(), RuntimeError, "at least 2 dimensions"),
        (lambda x: x.repeat_interleave(-1), RuntimeError, "Repeats must be non-negative"),
    ],
)
def test_refusals(call, error, text):
    with pytest.raises(error, match=text):
        call(grid(3, 4))


def test_vectors_without_elements_are_joined_along_any_dimension():
    nothing = pyconv.zeros(0)
    assert pyconv.cat([nothing, nothing], 1).shape == pyconv.cat([nothing], -3).shape == (0,)
    assert pyconv.cat([nothing, pyconv.zeros(2, 3)], 1).shape == (2, 3)


def test_the_sizes_of_repeats_are_told_of_the_dimension_as_it_was_given():
    with pytest.raises(RuntimeError, match=r"repeats.size\(0\) = 0 and input.size\(-1\) = 1$"):
        pyconv.ones(1).repeat_interleave(pyconv.ones(0, dtype=pyconv.int64), -1)
