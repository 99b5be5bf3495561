"""Changes of dtype, numbers in a dtype, copies and conjugates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyconv
from pyconv.autograd import gradcheck
from pyconv.ops.cast import array_of, as_like, cast, clone, conj, fits, from_number

REAL = (np.float16, np.float32, np.float64)


def tensor(*values, dtype=pyconv.float64):
    return pyconv.tensor(list(values), dtype=dtype, requires_grad=True)


def test_a_cast_to_the_same_dtype_is_the_value_itself():
    x = np.ones(2)
    assert cast(x, x.dtype) is x
    y = tensor(1.0)
    assert cast(y, np.dtype(np.float64)) is y


def test_gradients_come_back_in_the_dtype_of_the_operand():
    x = tensor(1.5, 2.0, dtype=pyconv.float32)
    y = cast(x, np.dtype(np.float64))
    y.backward(pyconv.tensor([1.0, 1 + 2.0**-40], dtype=pyconv.float64))
    assert (x.grad.dtype, x.grad.tolist()) == (pyconv.float32, [1.0, 1.0])
    assert gradcheck(lambda x: cast(x, np.dtype(np.complex128)), tensor(1.5, 2.0))


@pytest.mark.parametrize("dtype", [np.int64, np.int8, np.bool_])
def test_integers_have_no_gradient(dtype):
    y = cast(tensor(1.5, -2.5), np.dtype(dtype))
    assert not y.requires_grad
    assert y.tolist() == np.array([1.5, -2.5]).astype(dtype).tolist()


def test_a_complex_value_loses_its_imaginary_part():
    z = tensor(1 + 2j, -3j, dtype=pyconv.complex128)
    y = cast(z, np.dtype(np.float64))
    assert y.tolist() == [1.0, 0.0]
    y.sum().backward()
    assert z.grad.tolist() == [1 + 0j, 1 + 0j]


def test_a_copy():
    x = np.arange(6.0).reshape(2, 3).T
    found = clone(x)
    np.testing.assert_array_equal(found, x)
    assert found.flags.c_contiguous
    assert not np.shares_memory(found, x)
    assert gradcheck(clone, tensor(1.0, 2.0))


def test_a_conjugate():
    x = np.array([1.0])
    assert conj(x) is x
    assert conj(np.array([1 + 2j])).tolist() == [1 - 2j]
    assert gradcheck(conj, tensor(1 + 2j, -1j, dtype=pyconv.complex128))


def test_array_of():
    x = tensor(1.0)
    assert array_of(x) is x._array
    assert array_of(x._array) is x._array


@given(st.integers(-(2**64), 2**64), st.sampled_from([np.int8, np.int16, np.int32, np.int64]))
def test_signed_integers_hold_their_range(value, dtype):
    limits = np.iinfo(dtype)
    inside = int(limits.min) <= value <= int(limits.max)
    assert fits(value, pyconv.dtypes.of(np.dtype(dtype))) is inside
    if inside:
        assert from_number(value, np.dtype(dtype)) == value


@given(st.integers(-300, 300))
def test_unsigned_integers_take_negative_numbers_of_their_size(value):
    if -255 <= value <= 255:
        assert from_number(value, np.dtype(np.uint8)) == value % 256
    else:
        with pytest.raises(RuntimeError, match="value cannot be converted to type uint8_t without overflow"):
            from_number(value, np.dtype(np.uint8))


@pytest.mark.parametrize(
    ("value", "dtype", "name"),
    [
        (2**31, np.int32, "int"),
        (float("nan"), np.int64, "int64_t"),
        (float("inf"), np.int16, "int16_t"),
        (1j, np.int8, "int8_t"),
        (1j, np.float32, "float"),
        (1e39, np.float32, "float"),
        (-1e39, np.float32, "float"),
        (65505.0, np.float16, "c10::Half"),
        (1e39j, np.complex64, "c10::complex<float>"),
    ],
)
def test_numbers_that_do_not_fit(value, dtype, name):
    with pytest.raises(RuntimeError) as caught:
        from_number(value, np.dtype(dtype))
    assert str(caught.value) == f"value cannot be converted to type {name} without overflow"


@pytest.mark.parametrize(
    ("value", "dtype", "expected"),
    [
        (2.7, np.int64, 2),
        (-2.7, np.int8, -2),
        (1 + 0j, np.float32, 1.0),
        (1j, np.bool_, True),
        (0.0, np.bool_, False),
        (float("inf"), np.float16, np.inf),
        (65504, np.float16, 65504.0),
        (1e300, np.float64, 1e300),
        (1 + 2j, np.complex64, 1 + 2j),
        (True, np.float32, 1.0),
    ],
)
def test_numbers_that_fit(value, dtype, expected):
    found = from_number(value, np.dtype(dtype))
    assert (found.shape, found.dtype) == ((), dtype)
    assert found == expected


def test_as_like():
    x = tensor(1.0)
    assert as_like(3, x).dtype == np.float64
    assert as_like(np.ones(2, np.int8), x).dtype == np.float64
    y = tensor(1.0, dtype=pyconv.float32)
    assert as_like(y, x).grad_fn.name() == "ToCopyBackward0"
