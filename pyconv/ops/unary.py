"""Elementary functions of one operand: absolute values and signs, exponentials, logarithms, roots, trigonometry.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.autograd.traced import Traced
from pyconv.kernels.bounds import at_least
from pyconv.kernels.pieces import blockwise
from pyconv.kernels.select import kept
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, add, div, mul, neg, refuse, sub, where
from pyconv.ops.cast import array_of, conj
from pyconv.ops.elementwise import flat, kind_of, rounded_once, unary, widened

Array = np.ndarray[Any, Any]
_SLOPE = OUTPUT, 0


def _along(g: Any, slope: Any) -> Any:
    """The cotangent of a holomorphic function with this derivative."""
    return mul(g, conj(slope))


exp = unary("Exp", rounded_once(np.exp), lambda g, y, x: _along(g, y), (OUTPUT,))
exp2 = unary("Exp2", rounded_once(np.exp2), lambda g, y, x: mul(_along(g, y), math.log(2)), (OUTPUT,))
expm1 = unary("Expm1", rounded_once(np.expm1), lambda g, y, x: _along(g, add(y, 1)), (OUTPUT,))
log = unary("Log", rounded_once(np.log), lambda g, x: div(g, conj(x)), (0,))


def _by_base(ufunc: np.ufunc, base: int) -> Callable[[Array], Array]:
    """A logarithm, of complex numbers the natural one over that of the base, as torch divides it."""
    real = rounded_once(ufunc)

    def run(x: Array) -> Array:
        if x.dtype.kind != "c":
            return real(x)
        found = np.asarray(np.log(x))
        found.real /= math.log(base)
        found.imag /= math.log(base)
        return found

    return run


_log1p = rounded_once(np.log1p)


def _complex_log1p(x: Array) -> Array:
    """log(1 + x); torch corrects a complex one for what 1 + x rounds off, and gets NaN where x is infinite, too."""
    found = _log1p(x)
    if x.dtype.kind != "c":
        return found
    lost = ~np.isfinite(x) & ((x + 1) - 1 != x)
    return np.where(lost, found.dtype.type(complex(math.nan, math.nan)), found)


log10 = unary("Log10", _by_base(np.log10, 10), lambda g, x: div(g, conj(mul(x, math.log(10)))), (0,))
log1p = unary("Log1P", _complex_log1p, lambda g, x: div(g, conj(add(x, 1))), (0,))
log2 = unary("Log2", _by_base(np.log2, 2), lambda g, x: div(g, conj(mul(x, math.log(2)))), (0,))
sqrt = unary("Sqrt", np.sqrt, lambda g, y, x: div(g, conj(mul(y, 2))), (OUTPUT,))
_cubed = widened(lambda x: x * x * x)


@primitive("Pow")
def _cube(x: Array) -> Array:
    """x³, rounded once in float16 and twice in bfloat16, as torch does."""
    return _cubed(x) if x.dtype == np.float16 else x * x * x


_cube.defvjp(0, lambda g, x: _along(g, mul(mul(x, x), 3)), saves=(0,))
rsqrt = unary("Rsqrt", lambda x: 1 / np.sqrt(x), lambda g, y, x: _along(mul(g, -0.5), _cube(y)), (OUTPUT,))
reciprocal = unary("Reciprocal", np.reciprocal, lambda g, y, x: neg(_along(g, mul(y, y))), (OUTPUT,))


def _cos_slope(g: Any, x: Any) -> Any:
    return neg(_along(g, sin(x)))


sin = unary("Sin", np.sin, lambda g, x: _along(g, cos(x)), (0,))
cos: Callable[..., Any] = unary("Cos", np.cos, _cos_slope, (0,))
tan = unary("Tan", rounded_once(np.tan), lambda g, y, x: _along(g, add(mul(y, y), 1)), (OUTPUT,))
sinh = unary("Sinh", rounded_once(np.sinh), lambda g, x: _along(g, cosh(x)), (0,))
cosh: Callable[..., Any] = unary("Cosh", rounded_once(np.cosh), lambda g, x: _along(g, sinh(x)), (0,))


@blockwise
def _tanh_back_kernel(g: Array, y: Array) -> Array:
    if y.dtype == np.float32:
        return g * (1 - np.square(y, dtype=np.float64)).astype(np.float32)
    return g * np.conj(1 - y * y)


_tanh_back = Primitive(widened(_tanh_back_kernel), "TanhBackward", False)
_tanh_back.defvjp(0, lambda h, g, y: conj(_tanh_back(conj(h), y)), saves=(1,))
_tanh_back.defvjp(1, lambda h, g, y: mul(mul(conj(h), g), conj(mul(y, -2))), saves=(0, 1))
tanh = unary("Tanh", rounded_once(np.tanh), lambda g, y, x: _tanh_back(g, y), (OUTPUT,))


def _over_root(g: Any, radicand: Any) -> Any:
    """The cotangent of a function whose derivative is one over a square root."""
    return _along(g, rsqrt(radicand))


asin = unary("Asin", rounded_once(np.arcsin), lambda g, x: _over_root(g, sub(1, mul(x, x))), (0,))
acos = unary("Acos", rounded_once(np.arccos), lambda g, x: neg(_over_root(g, sub(1, mul(x, x)))), (0,))
atan = unary("Atan", rounded_once(np.arctan), lambda g, x: div(g, conj(add(mul(x, x), 1))), (0,))
asinh = unary("Asinh", np.arcsinh, lambda g, x: _over_root(g, add(mul(x, x), 1)), (0,))


def _acosh_slope(g: Any, x: Any) -> Any:
    """Real numbers below -1, where there is no value, have the slope of the formula all the same."""
    if array_of(x).dtype.kind == "c":
        return _along(g, mul(rsqrt(sub(x, 1)), rsqrt(add(x, 1))))
    return _over_root(g, sub(mul(x, x), 1))


acosh = unary("Acosh", np.arccosh, _acosh_slope, (0,))
atanh = unary("Atanh", np.arctanh, lambda g, x: div(g, conj(sub(1, mul(x, x)))), (0,))


_exp = rounded_once(np.exp)


@blockwise
def _sigmoid(x: Array) -> Array:
    return 1 / (1 + _exp(-x))


_sigmoid_back_widened = widened(blockwise(lambda g, y: g * (1 - y) * y))


def _sigmoid_back_kernel(g: Array, y: Array) -> Array:
    """Of float16 in steps, each rounded, as torch takes them."""
    if y.dtype.kind == "c":
        return g * np.conj((1 - y) * y)
    return g * (1 - y) * y if y.dtype == np.float16 else _sigmoid_back_widened(g, y)


_sigmoid_back = Primitive(_sigmoid_back_kernel, "SigmoidBackward", False)
_sigmoid_back.defvjp(0, lambda h, g, y: conj(_sigmoid_back(conj(h), y)), saves=(1,))
_sigmoid_back.defvjp(1, lambda h, g, y: mul(mul(conj(h), g), conj(sub(1, mul(y, 2)))), saves=(0, 1))
sigmoid = unary("Sigmoid", _sigmoid, lambda g, y, x: _sigmoid_back(g, y), (OUTPUT,))


def _sinc(x: Array) -> Array:
    turned = x.dtype.type(math.pi) * x
    return np.where(x == 0, x.dtype.type(1), np.sin(turned) / np.where(x == 0, 1, turned).astype(x.dtype))


def _sinc_slope(g: Any, x: Any) -> Any:
    turned = mul(x, math.pi)
    slope = div(sub(mul(turned, cos(turned)), sin(turned)), mul(turned, x))
    return where(array_of(x) == 0, 0, _along(g, slope))


sinc = unary("Sinc", _sinc, _sinc_slope, (0,))


_TURN = math.pi / 180
deg2rad = unary("Deg2Rad", lambda x: x * x.dtype.type(_TURN), lambda g, x: mul(g, _TURN))
rad2deg = unary("Rad2Deg", lambda x: x * x.dtype.type(1 / _TURN), lambda g, x: mul(g, 1 / _TURN))


@blockwise
def _sign_of_floats(x: Array) -> Array:
    return kept((x > 0) | (x < 0), np.copysign(x.dtype.type(1), x))


@primitive("Sgn")
def _sgn(x: Array) -> Array:
    if x.dtype == np.bool_:
        return x.copy()
    if x.dtype.kind == "c":
        with np.errstate(all="ignore"):
            return np.where(x == 0, 0, x / np.abs(x)).astype(x.dtype)
    if x.dtype.kind == "f":
        return _sign_of_floats(x)
    # bfloat16's own sign of -0 would be -0
    return np.where(np.isnan(x) | (x == 0), 0, np.sign(x)).astype(x.dtype)


def _sgn_vjp(g: Any, y: Any, x: Any) -> Any:
    if array_of(x).dtype.kind != "c":
        return flat(g)
    across = div(sub(g, mul(mul(conj(g), y), y)), mul(absolute(x), 2))
    return where(array_of(x) == 0, 0, across)


_sgn.defvjp(0, _sgn_vjp, saves=_SLOPE)
_sign = primitive("Sign")(_sgn.kernel)
_sign.defvjp(0, lambda g, x: flat(g))


def sgn(x: Any) -> Any:
    """The sign, for complex numbers the direction: x / |x|, and 0 at 0."""
    refuse("sign_cpu", kind_of(x), BAREBONES)
    return _sgn(x)


def sign(x: Any) -> Any:
    """The sign of real numbers.

    Raises:
        NotImplementedError: `x` is complex.
    """
    if kind_of(x).is_complex:
        raise NotImplementedError(
            "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead."
        )
    refuse("sign_cpu", kind_of(x), BAREBONES)
    return _sign(x)


@primitive("Abs")
def _abs(x: Array) -> Array:
    return np.absolute(x)


_abs.defvjp(0, lambda g, x: mul(g, _sgn(x)), saves=(0,))


def absolute(x: Any) -> Any:
    """The absolute value, real for complex `x`.

    Raises:
        NotImplementedError: `x` is bool.
    """
    refuse("abs_cpu", kind_of(x), (dtypes.bool_, *BAREBONES))
    return _abs(x)


def _angle(x: Array) -> Array:
    if x.dtype.kind == "c":
        return np.angle(x)
    return np.where(np.isnan(x), x, np.where(x < 0, x.dtype.type(math.pi), x.dtype.type(0)))


def _angle_vjp(g: Any, x: Any) -> Any:
    if array_of(x).dtype.kind != "c":
        return flat(g)
    around = div(mul(x, g), mul(square_of_absolute(x), -1j))
    return where(array_of(x) == 0, 0, around)


def square_of_absolute(x: Any) -> Any:
    """|x|²."""
    return mul(absolute(x), absolute(x))


angle = unary("Angle", _angle, _angle_vjp, (0,))


@primitive("Relu")
def _relu(x: Array) -> Array:
    return at_least(x, np.zeros((), x.dtype))


@primitive("ThresholdBackward")
def _gate(g: Array, y: Array) -> Array:
    return kept(~(y <= 0), g)


_gate.defvjp(0, lambda h, g, y: _gate(h, y), saves=(1,))
_gate.defvjp(1, lambda h, g, y: flat(h))
_relu.defvjp(0, lambda g, y, x: _gate(g, y), saves=(OUTPUT,))


def record_relu(result: Traced, x: Traced) -> None:
    """Put `result`, which has the values of max(x, 0), into the graph."""
    _relu.record(result, (x,), {})


def relu(x: Any) -> Any:
    """max(x, 0).

    Raises:
        RuntimeError: `x` is bool.
        NotImplementedError: `x` is complex.
    """
    kind = kind_of(x)
    if kind is dtypes.bool_:
        raise RuntimeError("Boolean inputs not supported for relu")
    if kind in COMPLEX:
        raise NotImplementedError("clamp is not supported for complex types")
    refuse("clamp_min_scalar_cpu", kind, BAREBONES)
    return _relu(x)
