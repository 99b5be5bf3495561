"""Sums, products, quotients, comparison and choice: values, broadcasting, promotion, gradients, refusals."""

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import pyconv
from pyconv import dtypes
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.ops import arithmetic

PAIRS = arrays.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3)


def values(shape, seed, dtype=np.float64):
    """Values of both signs that stay away from zero."""
    generator = np.random.default_rng(seed)
    found = generator.uniform(0.5, 2, shape) * generator.choice([-1, 1], shape)
    if np.dtype(dtype).kind == "c":
        found = found + 1j * generator.normal(size=shape)
    return np.asarray(found).astype(dtype)


def tensor(array, requires_grad=True):
    return pyconv.from_numpy(np.asarray(array)).requires_grad_(requires_grad)


BINARY = {
    "add": (arithmetic.add, np.add),
    "sub": (arithmetic.sub, np.subtract),
    "mul": (arithmetic.mul, np.multiply),
    "div": (arithmetic.div, np.divide),
}


@pytest.mark.parametrize("name", BINARY)
@given(shapes=PAIRS, dtype=st.sampled_from([np.float64, np.complex128]))
def test_values_and_gradients_broadcast(name, shapes, dtype):
    ours, theirs = BINARY[name]
    a, b = (values(shape, seed, dtype) for seed, shape in enumerate(shapes.input_shapes))
    np.testing.assert_allclose(ours(a, b), theirs(a, b))
    x, y = tensor(a), tensor(b)
    g = values(shapes.result_shape, 2, dtype)
    gx, gy = pyconv.autograd.grad(ours(x, y), (x, y), tensor(g, requires_grad=False))
    slopes = {"add": (1, 1), "sub": (1, -1), "mul": (b, a), "div": (1 / b, -a / b**2)}[name]
    for found, operand, slope in zip((gx, gy), (a, b), slopes, strict=True):
        expected = g * np.conj(slope)
        lead = expected.ndim - operand.ndim
        axes = (*range(lead), *(lead + i for i, n in enumerate(operand.shape) if n == 1))
        np.testing.assert_allclose(found._array, expected.sum(axes).reshape(operand.shape), atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
@pytest.mark.parametrize("name", BINARY)
def test_second_gradients(name, dtype):
    x, y = tensor(values((2, 1), 0, dtype)), tensor(values((3,), 1, dtype))
    assert gradcheck(BINARY[name][0], (x, y))
    assert gradgradcheck(BINARY[name][0], (x, y))


def test_choice():
    condition = np.array([[True], [False]])
    a, b = tensor(values((2, 2), 0)), tensor(values((2,), 1))
    found = arithmetic.where(condition, a, b)
    np.testing.assert_array_equal(found._array, np.where(condition, a._array, b._array))
    assert gradcheck(lambda a, b: arithmetic.where(condition, a, b), (a, b))
    assert gradgradcheck(lambda a, b: arithmetic.where(condition, a * a, b), (a, b))


def test_a_choice_keeps_the_other_side_s_infinities_out():
    x = tensor(np.array([0.0, 4.0]))
    arithmetic.where(x._array > 0, 1 / x, 0).sum().backward()
    assert x.grad.tolist()[1] == -0.0625
    y = tensor(np.array([1.0, 1.0]))
    arithmetic.where(np.array([True, False]), y, 0).backward(tensor([1.0, np.inf], requires_grad=False))
    assert y.grad.tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    ("a", "b", "text"),
    [
        ((2, 3), (4,), "size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1"),
        ((2, 3), (3, 3), "size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0"),
        ((5, 1, 2), (3, 3), "size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 2"),
    ],
)
def test_shapes_that_do_not_broadcast(a, b, text):
    with pytest.raises(RuntimeError) as caught:
        arithmetic.add(np.ones(a), np.ones(b))
    assert text in str(caught.value)
    with pytest.raises(RuntimeError):
        arithmetic.compare("lt", np.ones(a), np.ones(b))


@given(shapes=PAIRS)
def test_what_broadcasts_is_let_through(shapes):
    arithmetic.check_broadcast(*shapes.input_shapes)


F16, F32, F64, I64 = np.float16, np.float32, np.float64, np.int64


@pytest.mark.parametrize(
    ("operands", "expected"),
    [
        ((np.ones(2, F32), np.ones(2, F64)), dtypes.float64),
        ((np.ones(2, F32), np.ones((), F64)), dtypes.float32),
        ((np.ones((), F32), np.ones((), F64)), dtypes.float64),
        ((np.ones(2, I64), np.ones((), F64)), dtypes.float64),
        ((np.ones(2, I64), 1.5), dtypes.float32),
        ((np.ones(2, np.int8), 300), dtypes.int8),
        ((np.ones(2, F16), 1.5), dtypes.float16),
        ((np.ones(2, F32), 1j), dtypes.complex64),
        ((np.ones(2, F64), 1j), dtypes.complex128),
        ((np.ones(2, np.bool_), True), dtypes.bool_),
        ((np.ones(2, np.bool_), 1), dtypes.int64),
        ((np.ones(2, I64), np.float32(2)), dtypes.float32),
        ((np.ones(2, F32), np.int64(2)), dtypes.float32),
        ((1, 2.5), dtypes.float32),
    ],
)
def test_promotion(operands, expected):
    assert arithmetic.promoted(*operands) is expected


def test_integers_wrap_and_divide_to_floats():
    byte = np.array([200, 7], np.uint8)
    assert arithmetic.mul(byte, 9).tolist() == [8, 63]
    assert arithmetic.add(byte, 100).tolist() == [44, 107]
    assert arithmetic.sub(byte, 201).tolist() == [255, 62]
    found = arithmetic.div(np.array([7, -7]), 2)
    assert (found.dtype, found.tolist()) == (np.float32, [3.5, -3.5])
    assert arithmetic.div(np.array([1, -1, 0]), 0).tolist()[:2] == [np.inf, -np.inf]


def test_alpha():
    x = np.array([1.0, 2.0])
    assert arithmetic.add(x, 10, 0.5).tolist() == [6.0, 7.0]
    assert arithmetic.sub(x, x, 3).tolist() == [-2.0, -4.0]
    assert arithmetic.add(x, 1.1, 2.3).tolist() == [1 + 1.1 * 2.3, 2 + 1.1 * 2.3]
    assert gradcheck(lambda a, b: arithmetic.sub(a, b, 2.5), (tensor(x), tensor(x + 1)))


def boolean(n=2):
    return np.ones(n, np.bool_)


REFUSED = {
    "two bools": (lambda: arithmetic.sub(boolean(), boolean()), RuntimeError, "with two bool tensors is not supported"),
    "a bool": (lambda: arithmetic.sub(np.ones(2), True), RuntimeError, "with a bool tensor is not supported"),
    "minus bool": (lambda: arithmetic.neg(boolean()), RuntimeError, "Negation, the `-` operator, on a bool tensor"),
    "bool alpha": (lambda: arithmetic.add(np.ones(2), 1, True), RuntimeError, "Boolean alpha only supported"),
    "real alpha": (
        lambda: arithmetic.add(np.ones(2, I64), 1, 0.5),
        RuntimeError,
        "For integral input tensors, argument",
    ),
    "complex alpha": (
        lambda: arithmetic.add(np.ones(2), 1, 1j),
        RuntimeError,
        "For non-complex input tensors, argument",
    ),
    "uint16": (lambda: arithmetic.add(np.ones(2, np.uint16), 1), NotImplementedError, "\"add_stub\" .* 'UInt16'"),
    "order": (lambda: arithmetic.compare("lt", np.ones(2), 1j), NotImplementedError, "\"lt_cpu\" .* 'ComplexDouble'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    f, kind, text = REFUSED[name]
    with pytest.raises(kind, match=text):
        f()


@given(
    a=arrays.arrays(np.float64, 4, elements=st.sampled_from([0.0, 1.0, -1.0, np.inf, np.nan])),
    b=st.sampled_from([0.0, 1.0, np.inf, np.nan]),
    name=st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]),
)
def test_comparison(a, b, name):
    found = arithmetic.compare(name, a, b)
    assert found.dtype == np.bool_
    np.testing.assert_array_equal(found, getattr(operator, name)(a, b))


def test_comparison_promotes():
    assert arithmetic.compare("eq", np.array([2**53], I64), float(2**53)).tolist() == [True]
    assert arithmetic.compare("eq", np.array([1 + 0j]), 1).tolist() == [True]


def test_names_in_the_graph():
    x = tensor(np.ones(2))
    found = [x + 1, x - 1, 1 - x, x * 2, x / 2, -x, arithmetic.where(np.ones(2, np.bool_), x, 0)]
    assert [y.grad_fn.name().removesuffix("Backward0") for y in found] == [
        "Add", "Sub", "RsubBackward1", "Mul", "Div", "Neg", "Where",
    ]  # fmt: skip
