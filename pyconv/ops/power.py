"""Powers, with the gradients that torch gives where a base or an exponent is zero.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.autograd.traced import Traced
from pyconv.ops.arithmetic import BAREBONES, binary, mul, promoted, refuse, sub, where
from pyconv.ops.cast import array_of, cast, conj, from_number
from pyconv.ops.elementwise import rounded_once
from pyconv.ops.shape import sum_to
from pyconv.ops.unary import log

Array = np.ndarray[Any, Any]


def _integer_power(a: Array, b: Array) -> Array:
    """The power, where a negative b gives the reciprocal cut off to an integer, 0 for that of 0."""
    found = np.power(a, np.maximum(b, 0))
    inverse = np.where(a == 1, 1, np.where(a == -1, 1 - 2 * (b % 2), 0)).astype(found.dtype)
    return np.where(b < 0, inverse, found)


def _power(a: Array, b: Array) -> Array:
    if a.dtype.kind == "c":
        return _complex_power(a, b)
    return _integer_power(a, b) if a.dtype.kind in "iu" else _float_power(a, b)


def _complex_power(a: Array, b: Array) -> Array:
    """The power, where that of 0 comes by way of its logarithm: to the exponent 0 it is NaN."""
    found = np.power(a, b)
    return found if a.all() else np.asarray(np.where(a == 0, np.exp(np.log(a) * b), found))


_float_power = rounded_once(np.power)


@primitive("Pow")
def _to_number(a: Array, *, exponent: complex) -> Array:
    if exponent == 0:
        return np.ones_like(a)
    if exponent == 1:
        return a.copy(order="K")
    if a.dtype.kind in "iub" or exponent not in _SHORTCUTS:
        return _power(a, from_number(exponent, a.dtype))
    wide = a.astype(np.float32) if a.dtype == np.float16 else a
    return np.asarray(_SHORTCUTS[exponent](wide)).astype(a.dtype, copy=False)


_SHORTCUTS: dict[complex, Any] = {
    0.5: np.sqrt,
    2: lambda a: a * a,
    3: lambda a: a * a * a,
    -0.5: lambda a: 1 / np.sqrt(a),
    -1: lambda a: 1 / a,
    -2: lambda a: 1 / (a * a),
}
"""The exponents that torch does not leave to the general power, which rounds differently."""


@primitive("Zeros")
def _no_slope(g: Array) -> Array:
    return np.zeros_like(g)


def _to_number_vjp(g: Any, a: Any, *, exponent: complex) -> Any:
    if exponent == 0:
        return _no_slope(g)
    return mul(g, conj(mul(power(a, exponent - 1), exponent)))


_to_number.defvjp(0, _to_number_vjp, saves=(0,))


@primitive("Pow", variant=1)
def _pow(a: Array, b: Array) -> Array:
    return _power(a, b)


def _base_vjp(g: Any, a: Any, b: Any) -> Any:
    return _base_cotangent(g, a, b, sub(b, 1))


def _base_cotangent(g: Any, a: Any, b: Any, below: Any) -> Any:
    slope = mul(b, power(a, below))
    return sum_to(where(array_of(b) == 0, 0, mul(g, conj(slope))), array_of(a).shape)


def _exponent_vjp(g: Any, y: Any, a: Any, b: Any) -> Any:
    flat = (array_of(a) == 0) & (array_of(b).real >= 0)
    return sum_to(mul(g, where(flat, 0, conj(mul(y, log(a))))), array_of(b).shape)


_pow.defvjp(0, _base_vjp, saves=(0, 1))
_pow.defvjp(1, _exponent_vjp, saves=(OUTPUT, 0, 1))
_of_number = _pow.alias("Pow", variant=2)
_to_bools = Primitive(_pow.kernel, "Pow", False, 1)
_to_bools.defvjp(1, _exponent_vjp, saves=(OUTPUT, 0, 1))
_to_bools.defvjp(0, lambda g, a, b: sub(cast(b, np.dtype(np.bool_)), 1), saves=(0, 1))
"""The power to a tensor of bools, the cotangent of whose base torch refuses: it takes 1 from the exponent."""
_to_bytes = Primitive(_pow.kernel, "Pow", False, 1)
_to_bytes.defvjp(1, _exponent_vjp, saves=(OUTPUT, 0, 1))
_to_bytes.defvjp(0, lambda g, a, b: _base_cotangent(g, a, b, where(array_of(b) == 0, 255, sub(b, 1))), saves=(0, 1))
"""The power to a tensor of uint8, in which 1 below 0 is 255."""
_BY_EXPONENT = {np.dtype(np.bool_): _to_bools, np.dtype(np.uint8): _to_bytes}


def power(a: Any, b: Any) -> Any:
    """The power of `a` to the exponent `b`.

    Args:
        a: a Tensor, an ndarray or a number.
        b: likewise.

    Raises:
        RuntimeError: an integer tensor to a negative integer number.
        NotImplementedError: two bools.

    Example:
        >>> power(np.array([2, 3]), 2)
        array([4, 9])
    """
    kind = promoted(a, b)
    if isinstance(b, (Traced, np.ndarray)):
        refuse("pow", kind, (dtypes.bool_, *BAREBONES))
        op = _BY_EXPONENT.get(array_of(b).dtype, _pow)
        return binary(op if isinstance(a, (Traced, np.ndarray)) else _of_number, a, b, kind)
    if dtypes.category(kind) < 2 and b < 0:
        raise RuntimeError("Integers to negative integer powers are not allowed.")
    if b not in (0, 1):
        refuse("pow", kind, (dtypes.bool_, *BAREBONES))
    return _to_number(cast(a, kind.numpy), exponent=b)


def float_power(a: Any, b: Any) -> Any:
    """The power in double precision, complex where an operand is.

    Example:
        >>> float_power(np.array([2, 3]), -1)
        array([0.5       , 0.33333333])
    """
    kind = dtypes.complex128 if promoted(a, b).is_complex else dtypes.float64
    wide = kind.numpy
    a, b = (cast(x, wide) if isinstance(x, (Traced, np.ndarray)) else x for x in (a, b))
    return power(a, b)
