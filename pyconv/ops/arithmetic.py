"""Elementwise sums, products and quotients, comparison and choice, with torch's broadcasting and promotion.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import Primitive, Traced, primitive
from pyconv.ops.cast import array_of, cast, conj
from pyconv.ops.shape import sum_to

Array = np.ndarray[Any, Any]


def promoted(*operands: Any) -> dtypes.dtype:
    """The dtype of an elementwise result: dimensioned operands outrank 0-d ones, and those outrank numbers.

    Args:
        operands: Tensors, ndarrays and Python numbers.
    """
    ranked = []
    for operand in operands:
        if isinstance(operand, (Traced, np.ndarray)):
            array = array_of(operand)
            ranked.append((dtypes.of(array), "array" if array.ndim else "zero_dim"))
        else:
            ranked.append((dtypes.of_number(operand), "number"))
    return dtypes.result_type(ranked)


def as_operand(operand: Any, dtype: np.dtype[Any]) -> Any:
    """A Tensor, an ndarray or a Python number in a dtype; a number that it cannot hold wraps or overflows."""
    if isinstance(operand, (Traced, np.ndarray)):
        return cast(operand, dtype)
    with np.errstate(all="ignore"):
        return np.asarray(operand).astype(dtype)


def refuse(stub: str, kind: dtypes.dtype, refused: tuple[dtypes.dtype, ...]) -> None:
    """Raise NotImplementedError where torch has no kernel `stub` for a dtype."""
    if kind in refused:
        raise NotImplementedError(f"\"{stub}\" not implemented for '{kind.scalar_name}'")


BAREBONES = (dtypes.uint16, dtypes.uint32, dtypes.uint64)
COMPLEX = (dtypes.complex64, dtypes.complex128)


def check_broadcast(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    """Check that two shapes broadcast.

    Raises:
        RuntimeError: they do not, with torch's text.
    """
    for i in range(1, min(len(a), len(b)) + 1):
        if a[-i] != b[-i] and 1 not in (a[-i], b[-i]):
            dimension = max(len(a), len(b)) - i
            raise RuntimeError(
                f"The size of tensor a ({a[-i]}) must match the size of tensor b ({b[-i]}) "
                f"at non-singleton dimension {dimension}"
            )


def binary(op: Primitive, a: Any, b: Any, kind: dtypes.dtype | None = None) -> Any:
    """`op` of two operands in their common dtype, or in `kind`."""
    dtype = (promoted(a, b) if kind is None else kind).numpy
    a, b = as_operand(a, dtype), as_operand(b, dtype)
    check_broadcast(array_of(a).shape, array_of(b).shape)
    return op(a, b)


@primitive("Add")
def _add(a: Array, b: Array) -> Array:
    return np.asarray(a + b)


_add.defvjp(0, lambda g, a, b: sum_to(g, a.shape))
_add.defvjp(1, lambda g, a, b: sum_to(g, b.shape))


@primitive("Sub")
def _sub(a: Array, b: Array) -> Array:
    return np.asarray(a - b)


_sub.defvjp(0, lambda g, a, b: sum_to(g, a.shape))
_sub.defvjp(1, lambda g, a, b: sum_to(neg(g), b.shape))


@primitive("Mul")
def _mul(a: Array, b: Array) -> Array:
    return np.asarray(a * b)


_mul.defvjp(0, lambda g, a, b: sum_to(mul(g, conj(b)), a.shape), saves=(1,))
_mul.defvjp(1, lambda g, a, b: sum_to(mul(g, conj(a)), b.shape), saves=(0,))


@primitive("Div")
def _div(a: Array, b: Array) -> Array:
    return np.asarray(a / b)


_div.defvjp(0, lambda g, a, b: sum_to(div(g, conj(b)), a.shape), saves=(1,))
_div.defvjp(1, lambda g, a, b: sum_to(neg(mul(g, conj(div(div(a, b), b)))), b.shape), saves=(0, 1))


@primitive("Where")
def _where(condition: Array, a: Array, b: Array) -> Array:
    return np.where(condition, a, b)


_where.defvjp(1, lambda g, c, a, b: sum_to(where(c, g, 0), a.shape), saves=(0,))
_where.defvjp(2, lambda g, c, a, b: sum_to(where(c, 0, g), b.shape), saves=(0,))


_rsub = _sub.alias("Rsub", variant=1)


def add(a: Any, b: Any, alpha: Any = 1) -> Any:
    """The sum a + alpha·b.

    Raises:
        RuntimeError: `alpha` does not suit the dtype of the result.
    """
    kind = promoted(a, b)
    refuse("add_stub", kind, BAREBONES)
    return binary(_add, a, _scaled(b, alpha, kind))


def sub(a: Any, b: Any, alpha: Any = 1) -> Any:
    """The difference a - alpha·b.

    Raises:
        RuntimeError: one is bool, or `alpha` does not suit the dtype of the result.
    """
    _check_sub(a, b)
    kind = promoted(a, b)
    refuse("add_stub", kind, BAREBONES)
    op = _sub if isinstance(a, (Traced, np.ndarray)) else _rsub
    return binary(op, a, _scaled(b, alpha, kind))


def _check_sub(a: Any, b: Any) -> None:
    count = sum(isinstance(x, bool) or (hasattr(x, "dtype") and array_of(x).dtype == np.bool_) for x in (a, b))
    if count == 2:
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. "
            "Use the `^` or `logical_xor()` operator instead."
        )
    if count:
        raise RuntimeError(
            "Subtraction, the `-` operator, with a bool tensor is not supported. "
            "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
        )


def _scaled(b: Any, alpha: Any, kind: dtypes.dtype) -> Any:
    if isinstance(alpha, int) and not isinstance(alpha, bool) and alpha == 1:
        return b
    if isinstance(alpha, bool) and kind is not dtypes.bool_:
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if dtypes.category(kind) < 2 and not isinstance(alpha, int):
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")
    if isinstance(alpha, complex) and not kind.is_complex:
        raise RuntimeError("For non-complex input tensors, argument alpha must not be a complex number.")
    return mul(as_operand(b, kind.numpy), as_operand(alpha, kind.numpy))


def mul(a: Any, b: Any) -> Any:
    """A · b."""
    return binary(_mul, a, b)


def div(a: Any, b: Any) -> Any:
    """A / b; integers give the default floating-point type."""
    kind = promoted(a, b)
    if not (kind.is_floating_point or kind.is_complex):
        kind = dtypes.get_default_dtype()
    return binary(_div, a, b, kind)


@primitive("Neg")
def _neg(x: Array) -> Array:
    return np.negative(x)


_neg.defvjp(0, lambda g, x: neg(g))


def neg(x: Any) -> Any:
    """The negative.

    Raises:
        RuntimeError: `x` is bool.
    """
    kind = dtypes.of(array_of(x))
    if kind is dtypes.bool_:
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. "
            "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
        )
    refuse("neg_cpu", kind, BAREBONES)
    return _neg(x)


def compare(name: str, a: Any, b: Any) -> Array:
    """A comparison, as a bool ndarray, with torch's promotion and broadcasting.

    Args:
        name: one of 'eq', 'ne', 'lt', 'le', 'gt', 'ge'.
        a: a Tensor, an ndarray or a number.
        b: likewise.

    Raises:
        NotImplementedError: an order is asked for of a dtype that has none.
    """
    kind = promoted(a, b)
    if name not in ("eq", "ne"):
        refuse(f"{name}_cpu", kind, (*COMPLEX, *BAREBONES))
    left, right = array_of(as_operand(a, kind.numpy)), array_of(as_operand(b, kind.numpy))
    check_broadcast(left.shape, right.shape)
    return np.asarray(_COMPARISONS[name](left, right))


_COMPARISONS: dict[str, np.ufunc] = {
    "eq": np.equal,
    "ne": np.not_equal,
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
}


def where(condition: Any, a: Any, b: Any) -> Any:
    """A where the condition holds, b elsewhere."""
    dtype = promoted(a, b).numpy
    return _where(condition, as_operand(a, dtype), as_operand(b, dtype))
