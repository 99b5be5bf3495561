"""Elementwise arithmetic with torch's broadcasting and promotion.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import OUTPUT, Primitive, Traced, primitive
from pyconv.ops.cast import cast, conj
from pyconv.ops.shape import sum_to

Array = np.ndarray[Any, Any]


def _array(x: Any) -> Array:
    array: Array = x._array if isinstance(x, Traced) else x
    return array


def promoted(*operands: Any) -> dtypes.dtype:
    """The dtype of an elementwise result: dimensioned operands outrank 0-d ones, and those outrank numbers.

    Args:
        operands: Tensors, ndarrays and Python numbers.
    """
    ranked = []
    for operand in operands:
        if isinstance(operand, (Traced, np.ndarray)):
            array = _array(operand)
            ranked.append((dtypes.of(array), "array" if array.ndim else "zero_dim"))
        else:
            ranked.append((dtypes.of_number(operand), "number"))
    return dtypes.result_type(ranked)


def _as(operand: Any, dtype: np.dtype[Any]) -> Any:
    if isinstance(operand, (Traced, np.ndarray)):
        return cast(operand, dtype)
    return np.asarray(operand).astype(dtype)


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


def _binary(op: Primitive, a: Any, b: Any, kind: dtypes.dtype | None = None) -> Any:
    dtype = (promoted(a, b) if kind is None else kind).numpy
    a, b = _as(a, dtype), _as(b, dtype)
    check_broadcast(_array(a).shape, _array(b).shape)
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


@primitive("Pow")
def _pow(a: Array, b: Array) -> Array:
    return np.asarray(a**b)


def _pow_base(g: Any, a: Any, b: Any) -> Any:
    slope = mul(b, power(a, sub(b, 1)))
    return sum_to(mul(g, conj(where(_array(b) == 0, mul(slope, 0), slope))), a.shape)


def _pow_exponent(g: Any, out: Any, a: Any, b: Any) -> Any:
    flat = (_array(a) == 0) & (_array(b).real >= 0)
    return sum_to(mul(g, conj(mul(out, log(where(flat, add(mul(a, 0), 1), a))))), b.shape)


_pow.defvjp(0, _pow_base, saves=(0, 1))
_pow.defvjp(1, _pow_exponent, saves=(OUTPUT, 0, 1))


@primitive("Where")
def _where(condition: Array, a: Array, b: Array) -> Array:
    return np.where(condition, a, b)


_where.defvjp(1, lambda g, c, a, b: sum_to(where(c, g, mul(g, 0)), a.shape), saves=(0,))
_where.defvjp(2, lambda g, c, a, b: sum_to(where(c, mul(g, 0), g), b.shape), saves=(0,))


def add(a: Any, b: Any, alpha: Any = 1) -> Any:
    """A + alpha·b."""
    return _binary(_add, a, b if _is_one(alpha) else mul(b, alpha))


def sub(a: Any, b: Any, alpha: Any = 1) -> Any:
    """A - alpha·b.

    Raises:
        RuntimeError: both are bool.
    """
    if promoted(a, b) is dtypes.bool_:
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. "
            "Use the `^` or `logical_xor()` operator instead."
        )
    return _binary(_sub, a, b if _is_one(alpha) else mul(b, alpha))


def _is_one(alpha: Any) -> bool:
    return isinstance(alpha, int) and alpha == 1


def mul(a: Any, b: Any) -> Any:
    """A · b."""
    return _binary(_mul, a, b)


def div(a: Any, b: Any) -> Any:
    """A / b; integers give the default floating-point type."""
    kind = promoted(a, b)
    if not (kind.is_floating_point or kind.is_complex):
        kind = dtypes.get_default_dtype()
    return _binary(_div, a, b, kind)


def power(a: Any, b: Any) -> Any:
    """A to the power b.

    Raises:
        RuntimeError: an integer tensor to a negative integer power.
    """
    kind = promoted(a, b)
    if isinstance(b, int) and b < 0 and not (kind.is_floating_point or kind.is_complex):
        raise RuntimeError("Integers to negative integer powers are not allowed.")
    return _binary(_pow, a, b, kind)


def compare(ufunc: np.ufunc, a: Any, b: Any) -> Array:
    """A comparison, as a bool ndarray, with torch's promotion and broadcasting."""
    dtype = promoted(a, b).numpy
    left, right = _array(_as(a, dtype)), _array(_as(b, dtype))
    check_broadcast(left.shape, right.shape)
    return np.asarray(ufunc(left, right))


def where(condition: Any, a: Any, b: Any) -> Any:
    """A where the condition holds, b elsewhere."""
    dtype = promoted(a, b).numpy
    return _where(condition, _as(a, dtype), _as(b, dtype))


def _unary(name: str, kernel: Callable[[Array], Any], vjp: Callable[..., Any], saves: tuple[int, ...]) -> Any:
    """An elementwise op of one operand; integers are cast to the default floating-point type first."""

    def run(x: Array) -> Array:
        out = kernel(x.astype(dtypes.accumulation(x.dtype), copy=False))
        return np.asarray(out).astype(x.dtype, copy=False)

    op = Primitive(run, name, False)
    op.defvjp(0, vjp, saves)

    def apply(x: Any) -> Any:
        kind = dtypes.of(_array(x))
        floating = kind.is_floating_point or kind.is_complex
        return op(x if floating else cast(x, dtypes.get_default_dtype().numpy))

    apply.__doc__ = f"torch.{name.lower()}, elementwise."
    return apply


exp = _unary("Exp", np.exp, lambda g, y, x: mul(g, conj(y)), (OUTPUT,))
log = _unary("Log", np.log, lambda g, x: div(g, conj(x)), (0,))
sqrt = _unary("Sqrt", np.sqrt, lambda g, y, x: div(g, conj(mul(y, 2))), (OUTPUT,))
sin = _unary("Sin", np.sin, lambda g, x: mul(g, conj(cos(x))), (0,))
cos: Callable[[Any], Any] = _unary("Cos", np.cos, lambda g, x: neg(mul(g, conj(sin(x)))), (0,))
tanh = _unary("Tanh", np.tanh, lambda g, y, x: mul(g, conj(sub(1, mul(y, y)))), (OUTPUT,))


@primitive("Neg")
def _neg(x: Array) -> Array:
    return np.negative(x)


_neg.defvjp(0, lambda g, x: neg(g))


def neg(x: Any) -> Any:
    """The negative.

    Raises:
        RuntimeError: `x` is bool.
    """
    if _array(x).dtype == np.bool_:
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. "
            "If you are trying to invert a mask, use the `~` or `logical_not()` operator instead."
        )
    return _neg(x)


@primitive("Abs")
def absolute(x: Array) -> Array:
    """The absolute value, real for complex `x`."""
    return np.absolute(x)


def _abs_vjp(g: Any, x: Any) -> Any:
    values = _array(x)
    size = np.absolute(values)
    if values.dtype.kind != "c":
        return mul(g, np.sign(values).astype(values.dtype))
    return mul(g, div(x, where(size == 0, np.ones_like(size), absolute(x))))


absolute.defvjp(0, _abs_vjp, saves=(0,))


@primitive("Relu")
def relu(x: Array) -> Array:
    """max(x, 0)."""
    return np.maximum(x, np.zeros((), x.dtype))


relu.defvjp(0, lambda g, y, x: mul(g, (_array(y) > 0).astype(_array(y).dtype)), saves=(OUTPUT,))
