"""Rounding to integers and to decimals, the parts of a number, and NaN replaced.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import is_grad_enabled
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.ops.arithmetic import COMPLEX, div, refuse, where
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import flat, kind_of, unary, widened

Array = np.ndarray[Any, Any]


def _rounding(name: str, kernel: Any) -> Any:
    """An op that gives integers as they are and whose gradient is zero."""
    op = Primitive(lambda x: x.copy() if x.dtype.kind in "iu" else widened(kernel)(x), name.title(), False)
    op.defvjp(0, lambda g, x: flat(g))

    def apply(x: Any) -> Any:
        kind = kind_of(x)
        if kind.is_complex:
            raise NotImplementedError(f"{name} is not supported for complex inputs")
        refuse(f"{name}_vml_cpu", kind, (dtypes.bool_,))
        return op(x)

    apply.__doc__ = f"torch.{name}, elementwise."
    return apply


ceil = _rounding("ceil", np.ceil)
floor = _rounding("floor", np.floor)
trunc = _rounding("trunc", np.trunc)


def _round_to(x: Array, *, decimals: int) -> Array:
    if x.dtype.kind in "iu" or not decimals:
        return x.copy() if x.dtype.kind in "iu" else np.rint(x)
    ten = x.dtype.type(10.0 ** abs(decimals))
    return np.rint(x * ten) / ten if decimals > 0 else np.rint(x / ten) * ten


_round = Primitive(widened(_round_to), "Round", False)
_round.defvjp(0, lambda g, x, *, decimals: flat(g))
_round_decimals = _round.alias("Round", variant=1)


def round_half_even(x: Any, decimals: int = 0) -> Any:
    """`x` rounded to a number of decimals, halves to even.

    Raises:
        NotImplementedError: `x` is bool or complex, or, where decimals are asked for, not of floating point.
    """
    kind = kind_of(x)
    if decimals and not kind.is_floating_point:
        refuse("round_cpu", kind, (kind,))
    refuse("round_vml_cpu", kind, (dtypes.bool_, *COMPLEX))
    return (_round_decimals if decimals else _round)(x, decimals=decimals)


def frac(x: Any) -> Any:
    """The part behind the point, with the sign of `x`.

    Raises:
        NotImplementedError: `x` is not of floating point.
    """
    kind = kind_of(x)
    if not kind.is_floating_point:
        refuse("frac_cpu", kind, (kind,))
    return _frac(x)


_frac = unary("Frac", lambda x: x - np.trunc(x), lambda g, x: g)


@primitive("Frexp")
def _mantissa(x: Array) -> Array:
    return np.frexp(x.astype(dtypes.accumulation(x.dtype)))[0].astype(x.dtype)


_mantissa.defvjp(0, lambda g, x: div(g, exponent_scale(x)), saves=(0,))


@primitive("Frexp")
def _exponent(x: Array) -> Array:
    return np.asarray(np.frexp(x.astype(dtypes.accumulation(x.dtype)))[1], np.int32)


@primitive("Exp2")
def _scale(exponent: Array, *, dtype: np.dtype[Any]) -> Array:
    return np.exp2(exponent.astype(np.float64)).astype(dtype)


def exponent_scale(x: Any) -> Any:
    """2 to the exponent of `x`, in the dtype of `x`."""
    return _scale(_exponent(x), dtype=array_of(x).dtype)


def frexp(x: Any) -> tuple[Any, Any]:
    """Mantissas and exponents: x = mantissa · 2**exponent, 0.5 <= |mantissa| < 1.

    Raises:
        RuntimeError: `x` is not of floating point.
    """
    if not kind_of(x).is_floating_point:
        raise RuntimeError("torch.frexp() only supports floating-point dtypes")
    return _mantissa(x), _exponent(x)


@primitive("NanToNum")
def _nan_to_num(x: Array, *, nan: float | None, posinf: float | None, neginf: float | None) -> Array:
    if x.dtype.kind == "c":
        parts = (_replaced(part, nan, posinf, neginf) for part in (x.real, x.imag))
        out = np.empty(x.shape, x.dtype)
        out.real, out.imag = parts
        return out
    return _replaced(x, nan, posinf, neginf) if dtypes.of(x).is_floating_point else x.copy()


def _replaced(x: Array, nan: float | None, posinf: float | None, neginf: float | None) -> Array:
    limits = _LIMITS[dtypes.of(x).name]
    high = limits if posinf is None else posinf
    low = -limits if neginf is None else neginf
    values = (np.asarray(value).astype(x.dtype) for value in (0.0 if nan is None else nan, high, low))
    return np.select([np.isnan(x), x == np.inf, x == -np.inf], list(values), x)


_LIMITS = {
    "float16": 65504.0,
    "bfloat16": 2.0**128 - 2.0**120,
    "float32": 2.0**128 - 2.0**104,
    "float64": float(np.finfo(np.float64).max),
}

_nan_to_num.defvjp(0, lambda g, x, **values: where(np.isfinite(array_of(x)), g, 0), saves=(0,))


def nan_to_num(x: Any, nan: float | None = None, posinf: float | None = None, neginf: float | None = None) -> Any:
    """`x` with NaN and the infinities replaced, by 0 and the largest numbers where nothing else is given.

    Raises:
        RuntimeError: `x` is complex, and a gradient would go through it.
    """
    if array_of(x).dtype.kind == "c" and is_grad_enabled() and getattr(x, "_requires_grad", False):
        raise RuntimeError("nan_to_num does not support automatic differentiation for outputs with complex dtype.")
    return _nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)
