"""Quotients rounded to integers, and the remainders that go with them.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive
from pyconv.autograd.traced import Traced
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, binary, div, mul, neg, promoted, refuse
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import flat, widened
from pyconv.ops.shape import sum_to

Array = np.ndarray[Any, Any]
_REFUSED = (dtypes.bool_, *COMPLEX, *BAREBONES)


def _check_divisor(b: Array) -> None:
    if b.dtype.kind in "iu" and not b.all():
        raise RuntimeError("ZeroDivisionError")


def _floor(a: Array, b: Array) -> Array:
    _check_divisor(b)
    return np.floor_divide(a, b)


def _trunc(a: Array, b: Array) -> Array:
    _check_divisor(b)
    if a.dtype.kind == "u":
        return np.floor_divide(a, b)
    if a.dtype.kind == "i":
        down = np.floor_divide(a, b)
        return down + ((np.fmod(a, b) != 0) & ((a < 0) != (b < 0))).astype(a.dtype)
    return np.trunc(a / b)


def _fmod(a: Array, b: Array) -> Array:
    _check_divisor(b)
    return np.fmod(a, b)


def _remainder(a: Array, b: Array) -> Array:
    _check_divisor(b)
    if a.dtype.kind in "iu":
        return np.remainder(a, b)
    rest = np.fmod(a, b)
    return np.where((rest != 0) & ((b < 0) != (rest < 0)), rest + b, rest)


def _constant(name: str, kernel: Any, variant: int) -> Primitive:
    """An op with whole results: its gradient is zero."""
    op = Primitive(widened(kernel), name, False, variant)
    op.defvjp(0, lambda g, a, b: sum_to(flat(g), a.shape))
    op.defvjp(1, lambda g, a, b: sum_to(flat(g), b.shape))
    return op


_div_floor, _div_trunc = _constant("Div", _floor, 2), _constant("Div", _trunc, 2)
_floor_divide = Primitive(widened(_floor), "torch::autograd::NotImplemented", False, None)


def _no_derivative(name: str) -> Any:
    def vjp(g: Any, a: Any, b: Any) -> Any:
        raise NotImplementedError(f"derivative for {name} is not implemented")

    return vjp


_floor_divide.defvjp(0, _no_derivative("aten::floor_divide"))
_floor_divide.defvjp(1, _no_derivative("aten::floor_divide"))


def _is_array(x: Any) -> bool:
    return isinstance(x, (Traced, np.ndarray))


def divide(a: Any, b: Any, rounding_mode: str | None) -> Any:
    """A / b, rounded where `rounding_mode` says so.

    Args:
        a: a Tensor, an ndarray or a number.
        b: likewise.
        rounding_mode: None, 'floor' or 'trunc'.

    Raises:
        RuntimeError: `rounding_mode` is something else, or an integer is divided by zero.
        NotImplementedError: the dtype has no order.
    """
    if rounding_mode is None:
        return div(a, b)
    if rounding_mode not in ("floor", "trunc"):
        raise RuntimeError(
            f"div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '{rounding_mode}'"
        )
    kind = promoted(a, b)
    refuse(f"div_{rounding_mode}_cpu", kind, _REFUSED)
    return binary(_div_floor if rounding_mode == "floor" else _div_trunc, a, b, kind)


def floor_divide(a: Any, b: Any) -> Any:
    """The largest integer not above a / b.

    Raises:
        RuntimeError: an integer is divided by zero.
        NotImplementedError: the dtype has no order.
    """
    kind = promoted(a, b)
    refuse("div_floor_cpu", kind, _REFUSED)
    return binary(_floor_divide, a, b, kind)


_fmod_scalar, _fmod_tensor = (Primitive(widened(_fmod), "Fmod", False, variant) for variant in (0, 1))
_remainder_scalar, _remainder_tensor = (Primitive(widened(_remainder), "Remainder", False, i) for i in (0, 1))
_remainder_of_number = Primitive(widened(_remainder), "torch::autograd::NotImplemented", False, None)
_remainder_of_number.defvjp(1, _no_derivative("aten::remainder"))

for _op in (_fmod_scalar, _fmod_tensor, _remainder_scalar, _remainder_tensor):
    _op.defvjp(0, lambda g, a, b: sum_to(g, a.shape))
_fmod_tensor.defvjp(1, lambda g, a, b: sum_to(neg(mul(g, divide(a, b, "trunc"))), b.shape), saves=(0, 1))
_remainder_tensor.defvjp(1, lambda g, a, b: sum_to(neg(mul(g, divide(a, b, "floor"))), b.shape), saves=(0, 1))


def fmod(a: Any, b: Any) -> Any:
    """The remainder of a / b with the sign of `a`.

    Raises:
        RuntimeError: an integer is divided by zero.
        NotImplementedError: the dtype has no order.
    """
    kind = promoted(a, b)
    refuse("fmod_cpu", kind, _REFUSED)
    return binary(_fmod_tensor if _is_array(b) else _fmod_scalar, a, b, kind)


def remainder(a: Any, b: Any) -> Any:
    """The remainder of a / b with the sign of `b`.

    Raises:
        RuntimeError: an integer is divided by zero.
        NotImplementedError: the dtype has no order.
    """
    kind = promoted(a, b)
    refuse("remainder_cpu", kind, _REFUSED)
    if not _is_array(a) and not array_of(b).ndim:
        return binary(_remainder_tensor, a, b, kind)
    op = _remainder_of_number if not _is_array(a) else _remainder_tensor if _is_array(b) else _remainder_scalar
    return binary(op, a, b, kind)
