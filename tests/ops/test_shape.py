"""Changes of shape: views, their gradients, and the sum that undoes an expansion."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import pyconv
from pyconv import dtypes
from pyconv.autograd import gradcheck
from pyconv.ops import shape as ops

SHAPES = arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3)


def tensor(shape):
    values = np.arange(1.0, 1.0 + math.prod(shape)).reshape(shape)
    return pyconv.from_numpy(values).requires_grad_()


def assert_adjoint(op, x):
    """⟨g, op(x)⟩ has the gradient that NumPy finds by carrying indices along."""
    y = op(x)
    g = np.arange(2.0, 2.0 + y._array.size).reshape(y.shape)
    (found,) = pyconv.autograd.grad(y, x, pyconv.from_numpy(g))
    where = op(np.arange(x._array.size).reshape(x._array.shape))
    expected = np.zeros(x._array.size)
    np.add.at(expected, where.reshape(-1), g.reshape(-1))
    np.testing.assert_array_equal(found._array, expected.reshape(x._array.shape))


@given(SHAPES)
def test_reshape(shape):
    x = tensor(shape)
    y = ops.reshape(x, shape=(x._array.size,))
    assert y.tolist() == x._array.reshape(-1).tolist()
    assert y._base is x or not x._array.size
    assert_adjoint(lambda x: ops.reshape(x, shape=(math.prod(shape), 1)), x)


@given(st.data())
def test_permute(data):
    x = tensor(data.draw(SHAPES))
    axes = tuple(data.draw(st.permutations(range(x._array.ndim))))
    assert ops.permute(x, axes=axes).shape == tuple(x._array.shape[i] for i in axes)
    assert_adjoint(lambda x: ops.permute(x, axes=axes), x)


@given(arrays.mutually_broadcastable_shapes(num_shapes=1, base_shape=(2, 3, 1), max_dims=4, max_side=3))
def test_expand(shapes):
    (narrow,), wide = shapes.input_shapes, shapes.result_shape
    x = tensor(narrow)
    found = ops.expand(x, shape=wide)
    np.testing.assert_array_equal(found._array, np.broadcast_to(x._array, wide))
    assert found._array.flags.writeable
    assert_adjoint(lambda x: ops.expand(x, shape=wide), x)
    back = ops.sum_to(found, narrow)
    np.testing.assert_allclose(back._array, x._array * (found._array.size // max(x._array.size, 1)))


def test_a_reshape_that_has_to_copy_is_no_view():
    x = tensor((2, 3))
    y = ops.reshape(ops.transpose(x, axes=(1, 0)), shape=(6,))
    assert y._base is None
    assert_adjoint(lambda x: ops.reshape(ops.transpose(x, axes=(1, 0)), shape=(6,)), x)


def test_sum_to_the_same_shape_is_the_value_itself():
    x = np.ones((2, 3))
    assert ops.sum_to(x, (2, 3)) is x


@pytest.mark.parametrize("to", [(), (1,), (3,), (1, 3), (2, 1), (1, 1)])
def test_sum_to(to):
    x = tensor((2, 3))
    found = ops.sum_to(x, to)
    assert found.shape == to
    assert float(found._array.sum()) == 21.0
    assert gradcheck(lambda x: ops.sum_to(x * x, to), x)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.complex64])
def test_a_sum_loses_no_bits_to_its_order(dtype):
    """One after the other, 1 and then many values below half its last place stay 1."""
    small = 2.0**-12 if dtype == np.float16 else 2.0**-26
    count = 2**12 if dtype == np.float16 else 2**15
    x = np.full((count, 2), small, dtype)
    x[0] = 1
    expected = dtype(1 + (count - 1) * small)
    assert ops.sum_to(x, (2,)).tolist() == [expected, expected]
    assert ops.sum_to(x, (1, 2)).dtype == dtype
    assert ops.add_up(x, (0,)).dtype.itemsize > x.dtype.itemsize


@pytest.mark.parametrize(
    ("have", "wanted", "text"),
    [
        ((2, 3), (3,), "expand(torch.FloatTensor{[2, 3]}, size=[3]): the number of sizes provided (1) must be greater"),
        ((3,), (-1, 3), "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension 0"),
        (
            (2, 3),
            (4, 2, 5),
            "(5) must match the existing size (3) at non-singleton dimension 2.  Target sizes: [4, 2, 5].",
        ),
    ],
)
def test_expansions_that_do_not_fit(have, wanted, text):
    with pytest.raises(RuntimeError) as caught:
        ops.check_expand(have, wanted, dtypes.float32)
    assert text in str(caught.value)


def test_expansions_that_fit():
    for have, wanted in (((1, 3), (2, 3)), ((3,), (2, 3)), ((2, 3), (-1, 3)), ((), (2,)), ((1,), (0,))):
        ops.check_expand(have, wanted, dtypes.float32)


@pytest.mark.parametrize(
    ("shape", "wanted", "strides"),
    [
        ((5,), (1, 1, 5), (5, 5, 1)),
        ((1, 3), (1, 1, 1, 3), (3, 3, 3, 1)),
        ((2, 1, 3), (1, 2, 4, 3), (6, 3, 0, 1)),
        ((5,), (1, 2, 1, 5), (0, 0, 5, 1)),
        ((), (1, 4, 1), (0, 0, 0)),
    ],
)
def test_strides_of_an_expansion(shape, wanted, strides):
    """Those that torch 2.13 has, of dimensions of one element too."""
    assert pyconv.ones(shape).expand(wanted).stride() == strides
