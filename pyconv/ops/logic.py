"""Truth values: comparisons, logical and bitwise operations, and what kind of number something is. No gradients.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.autograd.traced import Traced
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, binary, check_broadcast, compare, promoted, refuse
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import Kinds, kind_of

Array = np.ndarray[Any, Any]
FLOATS = (dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64)


@primitive("Comparison")
def _compared(a: Array, b: Array, *, name: str) -> Array:
    return compare(name, a, b)


def compared(name: str, a: Any, b: Any) -> Any:
    """A comparison of torch's name, of what `compare` takes; a Tensor where one is a Tensor."""
    return _compared(a, b, name=name)


def _test(kernel: Any) -> Any:
    """A truth value of each element; integers are as floats without NaN and infinities."""
    return Primitive(kernel, "Test", False)


def _wide(x: Array) -> Array:
    return x.astype(np.float32) if dtypes.of(x) is dtypes.bfloat16 else x


isnan = _test(lambda x: np.isnan(_wide(x)))
isinf = _test(lambda x: np.isinf(_wide(x)))
isfinite = _test(lambda x: np.isfinite(_wide(x)))
_isposinf = _test(lambda x: np.asarray(_wide(x) == np.inf))
_isneginf = _test(lambda x: np.asarray(_wide(x) == -np.inf))
_signbit = _test(lambda x: x < 0 if x.dtype.kind in "iub" else np.signbit(_wide(x)))
isreal = _test(lambda x: x.imag == 0 if x.dtype.kind == "c" else np.ones(x.shape, np.bool_))


def isposinf(x: Any) -> Any:
    """Where `x` is positive infinity.

    Raises:
        RuntimeError: `x` is complex.
    """
    if kind_of(x).is_complex:
        raise RuntimeError("isposinf does not support complex inputs.")
    return _isposinf(x)


def isneginf(x: Any) -> Any:
    """Where `x` is negative infinity.

    Raises:
        RuntimeError: `x` is complex.
    """
    if kind_of(x).is_complex:
        raise RuntimeError("isneginf does not support complex inputs.")
    return _isneginf(x)


def signbit(x: Any) -> Any:
    """Where the sign bit is set: negative numbers, and the zero -0.

    Raises:
        NotImplementedError: `x` is complex.
    """
    if kind_of(x).is_complex:
        raise NotImplementedError("signbit is not implemented for complex tensors.")
    return _signbit(x)


def _truth(name: str, kernel: np.ufunc) -> Any:
    """A logical operation of two operands, each taken for true where it is not zero."""
    op = Primitive(lambda a, b: np.asarray(kernel(a != 0, b != 0)), name, False)

    def apply(a: Any, b: Any) -> Any:
        kind = promoted(a, b)
        refuse(f"{name}_cpu", kind, (dtypes.complex32, *BAREBONES))
        return binary(op, a, b, kind)

    apply.__doc__ = f"torch.{name}, elementwise."
    return apply


logical_and = _truth("logical_and", np.logical_and)
logical_or = _truth("logical_or", np.logical_or)
logical_xor = _truth("logical_xor", np.logical_xor)


@primitive("LogicalNot")
def _logical_not(x: Array) -> Array:
    return np.asarray(x == 0)


def logical_not(x: Any) -> Any:
    """Where `x` is zero."""
    refuse("logical_not_cpu", kind_of(x), BAREBONES)
    return _logical_not(x)


def _bits(stub: str, kernel: Any, refused: Kinds) -> Any:
    op = Primitive(lambda a, b: np.asarray(kernel(a, b)), stub, False)

    def apply(a: Any, b: Any) -> Any:
        kind = promoted(a, b)
        check_broadcast(np.shape(array_of(a)), np.shape(array_of(b)))
        refuse(stub, kind, refused)
        return binary(op, a, b, kind)

    apply.__doc__ = f"torch's {stub}, elementwise."
    return apply


def _shifted(kernel: np.ufunc) -> Any:
    """A shift; one by a negative number or by as many bits as there are shifts everything out, as torch's does."""

    def shift(a: Array, b: Array) -> Array:
        bits = a.dtype.itemsize * 8
        signed = a.dtype.kind == "i"
        out = (b < 0) | (b >= bits)
        if kernel is np.left_shift:
            return np.where(out, a.dtype.type(0), np.left_shift(a, np.where(out, 0, b)))
        return np.right_shift(a, np.where(out, bits - 1 if signed else 0, b)) * (1 if signed else ~out)

    return shift


_NOT_INTEGERS = (*FLOATS, *COMPLEX)
_NO_SHIFT = (dtypes.bool_, *_NOT_INTEGERS, *BAREBONES)
bitwise_and = _bits("bitwise_and_cpu", np.bitwise_and, _NOT_INTEGERS)
bitwise_or = _bits("bitwise_or_cpu", np.bitwise_or, _NOT_INTEGERS)
bitwise_xor = _bits("bitwise_xor_cpu", np.bitwise_xor, _NOT_INTEGERS)
left_shift = _bits("lshift_cpu", _shifted(np.left_shift), _NO_SHIFT)
right_shift = _bits("rshift_cpu", _shifted(np.right_shift), _NO_SHIFT)
gcd = _bits("gcd_cpu", np.gcd, _NO_SHIFT)
lcm = _bits("lcm_cpu", np.lcm, _NO_SHIFT)


@primitive("BitwiseNot")
def _bitwise_not(x: Array) -> Array:
    return np.invert(x)


def bitwise_not(x: Any) -> Any:
    """The bits flipped; of bool, the other truth value.

    Raises:
        NotImplementedError: `x` is no integer and no bool.
    """
    refuse("bitwise_not_cpu", kind_of(x), (*_NOT_INTEGERS, *BAREBONES))
    return _bitwise_not(x)


@primitive("IsClose")
def _isclose(a: Array, b: Array, *, rtol: float, atol: float, equal_nan: bool) -> Array:
    close = np.asarray(a == b)
    if equal_nan and a.dtype.kind not in "iub":
        close = close | (np.isnan(a) & np.isnan(b))
    if rtol == 0 and atol == 0:
        return close
    x, y = (v.astype(dtypes.get_default_dtype().numpy) if v.dtype.kind in "iub" else v for v in (a, b))
    x, y = (v.astype(np.float32) if v.dtype.itemsize == 2 else v for v in (x, y))
    allowed = atol + np.abs(rtol * y)
    error = np.abs(x - y)
    return close | (np.isfinite(error) & (error <= allowed))


def isclose(a: Any, b: Any, rtol: float, atol: float, equal_nan: bool) -> Any:
    """Where |a - b| <= atol + rtol·|b|, or both are equal.

    Raises:
        RuntimeError: the dtypes differ, a tolerance is negative, or the shapes do not broadcast.
    """
    kinds = kind_of(a), kind_of(b)
    if kinds[0] is not kinds[1]:
        raise RuntimeError(f"{kinds[0].scalar_name} did not match {kinds[1].scalar_name}")
    for name, value in (("rtol", rtol), ("atol", atol)):
        if value < 0:
            raise RuntimeError(f"{name} must be greater than or equal to zero, but got {value:g}")
    check_broadcast(array_of(a).shape, array_of(b).shape)
    return _isclose(a, b, rtol=float(rtol), atol=float(atol), equal_nan=equal_nan)


def is_tensor_like(x: Any) -> bool:
    """Whether `x` is a Tensor or an ndarray, and no number."""
    return isinstance(x, (Traced, np.ndarray))
