"""Views in another shape or order: memory, strides, gradients and refusals."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.ops.shape import view_strides

VIEWS = [
    lambda x: x.reshape(6, 4),
    lambda x: x.flatten(1),
    lambda x: x.unflatten(-1, (2, 2)),
    lambda x: x.ravel(),
    lambda x: x.permute(2, 0, 1),
    lambda x: x.movedim((0, 1), (1, 2)),
    lambda x: x.swapdims(0, 2),
    lambda x: x.mT,
    lambda x: x[:1].squeeze(0),
    lambda x: x.unsqueeze(1),
    lambda x: x[:1].expand(3, -1, 4),
    lambda x: pyconv.atleast_3d(x[0]),
]


def grid():
    return pyconv.arange(24.0, dtype=pyconv.float64).reshape(2, 3, 4)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_shares_memory_and_its_gradients_are_right(view):
    x = grid()
    assert np.shares_memory(view(x)._array, x._array)
    assert view(x)._base is not None
    inputs = (grid().requires_grad_(),)
    assert gradcheck(view, inputs)
    assert gradgradcheck(lambda x: view(x) ** 2, inputs)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda x: x.unflatten(1, 3), TypeError, "unflatten(): argument 'sizes' (position 2) must be tuple of ints"),
        (lambda x: x.unflatten("a", sizes=(3,)), TypeError, "unflatten(): argument 'dim' (position 1) must be int"),
        (lambda x: pyconv.unflatten(x, 1, 3), TypeError, "unflatten(): argument 'sizes' (position 3) must be tuple of"),
        (lambda x: x.unflatten(1, None), RuntimeError, "unflatten: sizes must be non-empty"),
        (lambda x: x.unflatten(1), TypeError, "Tensor.unflatten() missing 1 required positional argument: 'sizes'"),
    ],
)
def test_arguments_of_unflatten(call, error, text):
    with pytest.raises(error) as raised:
        call(grid())
    assert str(raised.value).startswith(text)


def test_a_change_of_a_view_changes_its_base():
    x = grid()
    x.mT[0, 0, 1] = 7.0
    assert x[0, 1, 0] == 7.0
    assert x._version == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 0, 2)])
@pytest.mark.parametrize("shape", [(24,), (6, 4), (4, 6), (2, 12), (2, 1, 3, 4, 1), (3, 8)])
def test_the_rule_for_views_is_right(order, shape):
    array = grid()._array.transpose(order)
    strides = view_strides(array.shape, array.strides, shape)
    expected = array.reshape(shape)
    if strides is None:
        assert not np.shares_memory(expected, array)
        with pytest.raises(RuntimeError, match="view size is not compatible"):
            pyconv.Tensor._wrap(array).view(shape)
    else:
        np.testing.assert_array_equal(np.lib.stride_tricks.as_strided(array, shape, strides), expected)


def test_a_view_of_another_dtype_shares_the_version():
    x = pyconv.ones(2)
    y = x.view(pyconv.int32)
    y.zero_()
    assert x.tolist() == [0.0, 0.0]
    assert x._version == y._version == 1


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda x: x.permute(0, 0, 1), "duplicate dims"),
        (lambda x: x.movedim((0,), (0, 1)), "Invalid source or destination dims"),
        (lambda x: x.t(), "t\\(\\) expects a tensor with <= 2 dimensions, but self is 3D"),
        (lambda x: x.flatten(2, 1), "start_dim cannot come after end_dim"),
        (lambda x: x.unflatten(0, (3,)), "don't multiply up to the size of dim 0"),
        (lambda x: x.H, "only supported on matrices"),
    ],
)
def test_refusals(call, text):
    with pytest.raises(RuntimeError, match=text):
        call(grid())


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: pyconv.zeros(2, 3).select(-1, 7), IndexError, "for tensor of size \\[2, 3\\] at dimension 1"),
        (lambda: pyconv.zeros(()).unbind(-1), IndexError, "Dimension specified as 0 but tensor has no dimensions"),
        (lambda: pyconv.zeros(()).unbind(1), IndexError, "expected to be in range of \\[-1, 0\\], but got 1"),
        (lambda: pyconv.zeros(1).bfloat16().expand(()), RuntimeError, "expand\\(CPUBFloat16Type\\{\\[1\\]\\}, size"),
        (lambda: pyconv.zeros(1).bool().expand(()), RuntimeError, "expand\\(CPUBoolType\\{\\[1\\]\\}, size"),
        (lambda: pyconv.zeros(2, 0).amin(-1), IndexError, "Expected reduction dim -1 to have non-zero size"),
        (lambda: pyconv.zeros(2, 0).norm(np.inf, -1), RuntimeError, "the inf norm on the dimension -1because"),
        (lambda: pyconv.zeros(2).norm("word"), RuntimeError, "linalg.matrix_norm: Order word not supported"),
        (
            lambda: pyconv.zeros(()).repeat_interleave(pyconv.tensor(2), -1),
            IndexError,
            "Dimension specified as -1 but tensor has no dimensions",
        ),
        (
            lambda: pyconv.baddbmm(pyconv.zeros(()), pyconv.zeros(1), pyconv.zeros(())),
            IndexError,
            "expected to be in range of \\[-1, 0\\], but got 1",
        ),
        (
            lambda: pyconv.baddbmm(*[pyconv.zeros(1, 1, 1)] * 2, pyconv.zeros(1, 1, 1, dtype=pyconv.int32)),
            RuntimeError,
            "expected scalar type Float but found Int",
        ),
    ],
)
def test_words_of_errors(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_a_size_can_be_a_number_of_numpys():
    assert pyconv.ones(2, 3).sum(np.int64(1)).tolist() == [3, 3]
    assert [len(part) for part in pyconv.ones(3).split(pyconv.tensor(2))] == [2, 1]
