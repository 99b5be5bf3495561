"""Elementwise sums, products and quotients, comparison and choice, with torch's broadcasting and promotion.

A product with, or a quotient by, a number is formed in float32 for the 16-bit types, as torch does it: the number is
not rounded to 16 bits first.

May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.autograd.traced import Traced
from pyconv.kernels import select
from pyconv.kernels.memory_order import ordered_as
from pyconv.meta import Meta, asarray
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
        if isinstance(operand, (Traced, np.ndarray, Meta)):
            array = array_of(operand)
            ranked.append((dtypes.of(array), "array" if array.ndim else "zero_dim"))
        else:
            ranked.append((dtypes.of_number(operand), "number"))
    return dtypes.result_type(ranked)


def as_operand(operand: Any, dtype: np.dtype[Any]) -> Any:
    """A Tensor, an ndarray or a number in a dtype; a number that it cannot hold wraps or overflows.

    Raises:
        TypeError: it is none of these.
    """
    if isinstance(operand, (Traced, np.ndarray, Meta)):
        return cast(operand, dtype)
    if not isinstance(operand, (int, float, complex, np.generic)):
        raise TypeError(f"expected a tensor or a number, not {type(operand).__name__}")
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


def binary(op: Primitive, a: Any, b: Any, kind: dtypes.dtype | None = None, **static: Any) -> Any:
    """`op` of two operands in their common dtype, or in `kind`."""
    dtype = (promoted(a, b) if kind is None else kind).numpy
    a, b = as_operand(a, dtype), as_operand(b, dtype)
    check_broadcast(array_of(a).shape, array_of(b).shape)
    return op(a, b, **static)


def _by_scalar(op: Primitive, a: Any, b: Any, kind: dtypes.dtype) -> Any:
    """`binary`, where a second operand without dimensions keeps its bits beside a 16-bit first one."""
    if kind.itemsize == 2 and kind.is_floating_point:
        scalar = _plain_scalar(b)
        if scalar is not None:
            return op(as_operand(a, kind.numpy), scalar)
    return binary(op, a, b, kind)


def _plain_scalar(b: Any) -> float | None:
    """The value of a number, or of what has no dimensions and no gradient."""
    if isinstance(b, Traced):
        return None if b._requires_grad or b._array.ndim else float(b._array)
    if isinstance(b, np.ndarray):
        return None if b.ndim else float(b)
    return float(b)


def _with_scalar(ufunc: np.ufunc, a: Array, b: Any) -> Array:
    """A ufunc of an array and an array, or of a 16-bit array and a number in single precision."""
    if isinstance(b, float):
        return asarray(ufunc(a, np.float32(b), dtype=np.float32)).astype(a.dtype)
    return _ordered(asarray(ufunc(a, b)), a)


def _ordered(found: Array, a: Array) -> Array:
    """A result in the memory order of the first operand, which counts before the second's, unless it is broadcast."""
    return ordered_as(found, a) if found.shape == a.shape else found


def _conj(x: Any) -> Any:
    return x if isinstance(x, float) else conj(x)


def _fused(a: Array, b: Array, alpha: Any) -> Array:
    """A + alpha·b, rounded once for 16 and 32 bits, as torch's fused operation rounds it."""
    scale = np.asarray(alpha).astype(a.dtype)
    wide = _FUSED.get(a.dtype.itemsize) if dtypes.of(a).is_floating_point else None
    if wide is None:
        return np.asarray(a + scale * b)
    return np.asarray(a + scale.astype(wide) * b.astype(wide)).astype(a.dtype)


_FUSED: dict[int, np.dtype[Any]] = {2: np.dtype(np.float32), 4: np.dtype(np.float64)}


@primitive("Add")
def _add(a: Array, b: Array, *, alpha: Any = 1) -> Array:
    return _ordered(asarray(a + b) if _is_one(alpha) else _fused(a, b, alpha), a)


_add.defvjp(0, lambda g, a, b, alpha=1: sum_to(g, a.shape))
_add.defvjp(1, lambda g, a, b, alpha=1: sum_to(_times(g, alpha), b.shape))


@primitive("Sub")
def _sub(a: Array, b: Array, *, alpha: Any = 1) -> Array:
    return _ordered(asarray(a - b) if _is_one(alpha) else _fused(a, b, -alpha), a)


_sub.defvjp(0, lambda g, a, b, alpha=1: sum_to(g, a.shape))
_sub.defvjp(1, lambda g, a, b, alpha=1: sum_to(neg(_times(g, alpha)), b.shape))


def _is_one(alpha: Any) -> bool:
    return isinstance(alpha, int) and not isinstance(alpha, bool) and alpha == 1


def _times(g: Any, alpha: Any) -> Any:
    return g if _is_one(alpha) else mul(g, alpha.conjugate())


@primitive("Mul")
def _mul(a: Array, b: Any) -> Array:
    return _with_scalar(np.multiply, a, b)


_mul.defvjp(0, lambda g, a, b: sum_to(mul(g, _conj(b)), a.shape), saves=(1,))
_mul.defvjp(1, lambda g, a, b: sum_to(mul(g, _conj(a)), b.shape), saves=(0,))


@primitive("Div")
def _div(a: Array, b: Any) -> Array:
    return _with_scalar(np.divide, a, b)


_div.defvjp(0, lambda g, a, b: sum_to(div(g, _conj(b)), a.shape), saves=(1,))
_div.defvjp(1, lambda g, a, b: sum_to(neg(mul(g, conj(div(div(a, b), b)))), b.shape), saves=(0, 1))


@primitive("Where")
def _where(condition: Array, a: Array, b: Array) -> Array:
    return select.where(condition, a, b)


_where.defvjp(1, lambda g, c, a, b: sum_to(where(c, g, 0), a.shape), saves=(0,))
_where.defvjp(2, lambda g, c, a, b: sum_to(where(c, 0, g), b.shape), saves=(0,))


_rsub = _sub.alias("Rsub", variant=1)
_rsub_tensor = _sub.alias("Rsub")


def add(a: Any, b: Any, alpha: Any = 1) -> Any:
    """The sum a + alpha·b.

    Raises:
        RuntimeError: `alpha` does not suit the dtype of the result.
    """
    kind = promoted(a, b)
    refuse("add_stub", kind, BAREBONES)
    _check_alpha(alpha, kind)
    return binary(_add, a, b, kind) if _is_one(alpha) else binary(_add, a, b, kind, alpha=alpha)


def sub(a: Any, b: Any, alpha: Any = 1) -> Any:
    """The difference a - alpha·b.

    Raises:
        RuntimeError: one is bool, or `alpha` does not suit the dtype of the result.
    """
    _check_sub(a, b)
    kind = promoted(a, b)
    refuse("add_stub", kind, BAREBONES)
    _check_alpha(alpha, kind)
    op = _sub if isinstance(a, (Traced, np.ndarray)) else _rsub
    return binary(op, a, b, kind) if _is_one(alpha) else binary(op, a, b, kind, alpha=alpha)


def rsub(a: Any, b: Any, alpha: Any = 1) -> Any:
    """The difference b - alpha·a.

    Raises:
        RuntimeError: one is bool, or `alpha` does not suit the dtype of the result.
    """
    if not isinstance(b, (Traced, np.ndarray)):
        return sub(b, a, alpha)
    _check_sub(b, a)
    kind = promoted(a, b)
    refuse("add_stub", kind, BAREBONES)
    _check_alpha(alpha, kind)
    return binary(_rsub_tensor, b, a, kind) if _is_one(alpha) else binary(_rsub_tensor, b, a, kind, alpha=alpha)


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


def _check_alpha(alpha: Any, kind: dtypes.dtype) -> None:
    if isinstance(alpha, bool) and kind is not dtypes.bool_:
        raise RuntimeError("Boolean alpha only supported for Boolean results.")
    if dtypes.category(kind) < 2 and not isinstance(alpha, int):
        raise RuntimeError("For integral input tensors, argument alpha must not be a floating point number.")
    if isinstance(alpha, complex) and not kind.is_complex:
        raise RuntimeError("For non-complex input tensors, argument alpha must not be a complex number.")


def mul(a: Any, b: Any) -> Any:
    """A · b."""
    return _by_scalar(_mul, a, b, promoted(a, b))


def div(a: Any, b: Any) -> Any:
    """A / b; integers give the default floating-point type."""
    kind = promoted(a, b)
    if not (kind.is_floating_point or kind.is_complex):
        kind = dtypes.get_default_dtype()
    return _by_scalar(_div, a, b, kind)


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
    left, right = _comparable(a, kind), _comparable(b, kind)
    check_broadcast(left.shape, right.shape)
    return asarray(_COMPARISONS[name](left, right))


def _comparable(x: Any, kind: dtypes.dtype) -> Array:
    """An operand in a dtype; in complex32, which NumPy lacks, as complex64 with its parts rounded to half precision."""
    if kind is not dtypes.complex32:
        return array_of(as_operand(x, kind.numpy))
    found = array_of(as_operand(x, np.dtype(np.complex64))).copy()
    found.real, found.imag = found.real.astype(np.float16), found.imag.astype(np.float16)
    return found


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


def choose(condition: Any, a: Any, b: Any) -> Any:
    """`where`, with torch's checks of the condition and the shapes.

    Raises:
        RuntimeError: the condition is not bool, or the shapes do not broadcast.
    """
    kind = dtypes.of(array_of(condition))
    if kind is dtypes.uint8:
        warnings.warn(
            "where received a uint8 condition tensor. This behavior is deprecated and will be removed in a future "
            "version of PyTorch. Use a boolean condition instead.",
            UserWarning,
            stacklevel=4,
        )
        condition = cast(condition, np.dtype(np.bool_))
    elif kind is not dtypes.bool_:
        raise RuntimeError(
            f"where expected condition to be a boolean tensor, but got a tensor with dtype {kind.scalar_name}"
        )
    shape = array_of(condition).shape
    for operand in (a, b):
        if isinstance(operand, (Traced, np.ndarray)):
            check_broadcast(shape, array_of(operand).shape)
            shape = np.broadcast_shapes(shape, array_of(operand).shape)
    return where(condition, a, b)
