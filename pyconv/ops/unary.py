"""Elementwise functions of one operand.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import OUTPUT, Primitive, primitive
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, div, mul, neg, refuse, sub, where
from pyconv.ops.cast import array_of, cast, conj

Array = np.ndarray[Any, Any]


def _unary(name: str, kernel: Callable[[Array], Any], vjp: Callable[..., Any], saves: tuple[int, ...]) -> Any:
    """An elementwise op of one operand; integers are cast to the default floating-point type first."""

    def run(x: Array) -> Array:
        out = kernel(x.astype(dtypes.accumulation(x.dtype), copy=False))
        return np.asarray(out).astype(x.dtype, copy=False)

    op = Primitive(run, name, False)
    op.defvjp(0, vjp, saves)

    def apply(x: Any) -> Any:
        floating = dtypes.category(dtypes.of(array_of(x))) > 1
        return op(x if floating else cast(x, dtypes.get_default_dtype().numpy))

    apply.__doc__ = f"torch.{name.lower()}, elementwise."
    return apply


exp = _unary("Exp", np.exp, lambda g, y, x: mul(g, conj(y)), (OUTPUT,))
log = _unary("Log", np.log, lambda g, x: div(g, conj(x)), (0,))
sqrt = _unary("Sqrt", np.sqrt, lambda g, y, x: div(g, conj(mul(y, 2))), (OUTPUT,))
sin = _unary("Sin", np.sin, lambda g, x: mul(g, conj(cos(x))), (0,))
cos: Callable[[Any], Any] = _unary("Cos", np.cos, lambda g, x: neg(mul(g, conj(sin(x)))), (0,))
tanh = _unary("Tanh", np.tanh, lambda g, y, x: mul(g, conj(sub(1, mul(y, y)))), (OUTPUT,))


reciprocal = _unary("Reciprocal", np.reciprocal, lambda g, y, x: neg(mul(g, conj(mul(y, y)))), (OUTPUT,))


@primitive("Sgn")
def _sign(x: Array) -> Array:
    return np.where(np.isnan(x), 0, np.sign(x)).astype(x.dtype)


def _sign_vjp(g: Any, y: Any, x: Any) -> Any:
    if array_of(x).dtype.kind != "c":
        return _flat(g)
    across = div(sub(g, mul(mul(conj(g), y), y)), mul(absolute(x), 2))
    return where(array_of(x) == 0, 0, across)


_sign.defvjp(0, _sign_vjp, saves=(OUTPUT, 0))


@primitive("Zeros")
def _flat(g: Array) -> Array:
    return np.zeros_like(g)


_flat.defvjp(0, lambda h, g: _flat(h))


@primitive("Abs")
def _abs(x: Array) -> Array:
    return np.absolute(x)


_abs.defvjp(0, lambda g, x: mul(g, _sign(x)), saves=(0,))


def absolute(x: Any) -> Any:
    """The absolute value, real for complex `x`.

    Raises:
        NotImplementedError: `x` is bool.
    """
    refuse("abs_cpu", dtypes.of(array_of(x)), (dtypes.bool_, *BAREBONES))
    return _abs(x)


@primitive("Relu")
def _relu(x: Array) -> Array:
    return np.maximum(x, np.zeros((), x.dtype))


@primitive("ThresholdBackward")
def _gate(g: Array, y: Array) -> Array:
    return np.where(y <= 0, np.zeros((), g.dtype), g)


_gate.defvjp(0, lambda h, g, y: _gate(h, y), saves=(1,))
_gate.defvjp(1, lambda h, g, y: _flat(h))
_relu.defvjp(0, lambda g, y, x: _gate(g, y), saves=(OUTPUT,))


def relu(x: Any) -> Any:
    """max(x, 0).

    Raises:
        RuntimeError: `x` is bool.
        NotImplementedError: `x` is complex.
    """
    kind = dtypes.of(array_of(x))
    if kind is dtypes.bool_:
        raise RuntimeError("Boolean inputs not supported for relu")
    if kind in COMPLEX:
        raise NotImplementedError("clamp is not supported for complex types")
    refuse("clamp_min_scalar_cpu", kind, BAREBONES)
    return _relu(x)
