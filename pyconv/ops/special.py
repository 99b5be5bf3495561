"""Special functions: the error and gamma functions, Bessel functions, and logarithms that allow zero.

They are computed in double precision and rounded once. May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`,
`pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.node import OUTPUT
from pyconv.autograd.primitive import Primitive
from pyconv.autograd.traced import Traced
from pyconv.kernels.special import bessel, error, gamma, incomplete_gamma, inverse_error
from pyconv.ops.arithmetic import COMPLEX, add, binary, div, mul, neg, promoted, refuse, sub, where
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import Kinds, floating, in_double, kind_of, rounded_once, widened
from pyconv.ops.shape import sum_to
from pyconv.ops.unary import exp, log, sgn

Array = np.ndarray[Any, Any]
HALVES = (dtypes.float16, dtypes.bfloat16)


def _special(
    name: str,
    kernel: Callable[..., Any],
    vjp: Callable[..., Any],
    saves: tuple[int, ...],
    stub: str,
    refused: Kinds = COMPLEX,
    precision: Callable[..., Any] = in_double,
) -> Any:
    """An elementwise function computed in double precision, or in another; integers are cast to the default dtype."""
    op = Primitive(precision(kernel), name, False)
    op.is_pointwise = True
    op.defvjp(0, vjp, saves)

    def apply(x: Any, **static: Any) -> Any:
        refuse(stub, kind_of(x), refused)
        return op(floating(x), **static)

    apply.__doc__ = f"torch.{name.lower()}, elementwise."
    return apply


def _gaussian(x: Any, factor: float) -> Any:
    """factor·exp(-x²)."""
    return mul(exp(neg(mul(x, x))), factor)


_TWO_OVER_ROOT_PI = 2 / math.sqrt(math.pi)
erf = _special("Erf", error.erf, lambda g, x: mul(g, _gaussian(x, _TWO_OVER_ROOT_PI)), (0,), "erf_vml_cpu")
erfc = _special("Erfc", error.erfc, lambda g, x: mul(g, _gaussian(x, -_TWO_OVER_ROOT_PI)), (0,), "erfc_vml_cpu")
erfinv = _special(
    "Erfinv",
    inverse_error.erfinv,
    lambda g, y, x: mul(g, mul(exp(mul(y, y)), 1 / _TWO_OVER_ROOT_PI)),
    (OUTPUT,),
    "erfinv_vml_cpu",
    precision=lambda kernel: kernel,
)
erfcx = _special(
    "SpecialErfcx",
    error.erfcx,
    lambda g, y, x: mul(g, sub(mul(mul(x, y), 2), _TWO_OVER_ROOT_PI)),
    (OUTPUT, 0),
    "erfcx_cpu",
    (*COMPLEX, *HALVES),
)


def _ndtri(p: Array) -> Array:
    near = np.minimum(p, 1 - p)
    size = math.sqrt(2) * error.erfcinv(2 * np.clip(near, 0, 0.5))
    return np.where((p < 0) | (p > 1) | np.isnan(p), np.nan, np.where(p < 0.5, -size, size))


ndtri = _special(
    "SpecialNdtri",
    _ndtri,
    lambda g, y, x: mul(g, mul(exp(div(mul(y, y), 2)), math.sqrt(2 * math.pi))),
    (OUTPUT,),
    "ndtri_cpu",
    (*COMPLEX, *HALVES),
)


def _log_ndtr(x: Array) -> Array:
    scaled = x * math.sqrt(0.5)
    left = np.log(error.erfcx(np.maximum(-scaled, 0.5)) / 2) - scaled * scaled
    return np.where(x < -1, left, np.log1p(-error.erfc(np.maximum(scaled, -1.0)) / 2))


log_ndtr = _special(
    "SpecialLogNdtr",
    _log_ndtr,
    lambda g, y, x: mul(div(g, math.sqrt(2 * math.pi)), exp(neg(add(y, div(mul(x, x), 2))))),
    (OUTPUT, 0),
    "log_ndtr_cpu",
    (*COMPLEX, *HALVES),
)


def ndtr(x: Any) -> Any:
    """The share of the normal distribution below `x`.

    Raises:
        NotImplementedError: `x` is complex.
    """
    refuse("erf_vml_cpu", kind_of(x), COMPLEX)
    return mul(add(erf(mul(floating(x), math.sqrt(0.5))), 1), 0.5)


lgamma = _special("Lgamma", gamma.lgamma, lambda g, x: mul(g, digamma(x)), (0,), "lgamma_vml_cpu")
digamma: Callable[..., Any] = _special("Digamma", gamma.digamma, lambda g, x: mul(g, polygamma(1, x)), (0,), "digamma")


def _polygamma_kernel(x: Array, *, n: int) -> Array:
    """The order 1 in the precision of `x`, as torch has it; the others in double."""
    return gamma.polygamma(x if n == 1 else x.astype(np.float64), n=n).astype(x.dtype)


_polygamma = _special(
    "Polygamma",
    _polygamma_kernel,
    lambda g, x, *, n: mul(g, polygamma(n + 1, x)),
    (0,),
    "polygamma",
    COMPLEX,
    widened,
)


def polygamma(n: int, x: Any) -> Any:
    """The derivative of order `n` of digamma.

    Raises:
        RuntimeError: `n` is negative.
    """
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    return _polygamma(x, n=n)


i0 = _special("I0", bessel.i0, lambda g, x: mul(g, i1(x)), (0,), "i0_vml_cpu", COMPLEX, widened)
i0e = _special(
    "SpecialI0E",
    bessel.i0e,
    lambda g, y, x: mul(g, sub(i1e(x), mul(sgn(x), y))),
    (OUTPUT, 0),
    "i0e_cpu",
    COMPLEX,
    widened,
)


def _over(y: Any, x: Any) -> Any:
    """Y / x, and 1/2 at 0, where y is I₁, scaled or not."""
    zero = array_of(x) == 0
    return where(zero, 0.5, div(y, where(zero, 1, x)))


i1: Callable[..., Any] = _special(
    "SpecialI1", bessel.i1, lambda g, y, x: mul(g, sub(i0(x), _over(y, x))), (OUTPUT, 0), "i1_cpu", COMPLEX, widened
)
i1e: Callable[..., Any] = _special(
    "SpecialI1E",
    bessel.i1e,
    lambda g, y, x: mul(g, sub(i0e(x), add(mul(y, sgn(x)), _over(y, x)))),
    (OUTPUT, 0),
    "i1e_cpu",
    COMPLEX,
    widened,
)


def _entr(x: Array) -> Array:
    return np.select([np.isnan(x), x > 0, x == 0], [x, -x * np.log(np.where(x > 0, x, 1)), 0.0], -np.inf)


entr = _special("SpecialEntr", _entr, lambda g, x: neg(mul(g, add(log(x), 1))), (0,), "entr_cpu")


_log_of = widened(rounded_once(np.log))


def _logit(x: Array, *, eps: float | None) -> Array:
    if eps is not None:
        low = x.dtype.type(eps)
        x = np.minimum(np.maximum(x, low), x.dtype.type(1) - low)
    return _log_of(x / (1 - x))


def _logit_vjp(g: Any, x: Any, *, eps: float | None) -> Any:
    slope = div(g, mul(x, sub(1, x)))
    values = array_of(x)
    if eps is None:
        return where((values < 0) | (values > 1), math.nan, slope)
    return where((values < eps) | (values > 1 - eps), 0, slope)


logit = _special("Logit", _logit, _logit_vjp, (0,), "logit_cpu", precision=lambda kernel: kernel)


def _first_times(a: Array, b: Array, logarithm: np.ufunc) -> Array:
    return np.where(np.isnan(b), b, np.where(a == 0, 0.0, a * logarithm(b)))


def _pair(name: str, kernel: Any, stub: str, variants: bool = False) -> tuple[list[Primitive], Any]:
    """An op of two operands, computed in double; its variants 1 and 2 have a number first and second."""
    ops = [Primitive(in_double(kernel), name, False, i) for i in (range(3) if variants else (0,))]

    def apply(a: Any, b: Any) -> Any:
        kind = promoted(a, b)
        refuse(stub, kind, COMPLEX)
        if dtypes.category(kind) < 2:
            kind = dtypes.get_default_dtype()
        arrays = [isinstance(x, (Traced, np.ndarray)) for x in (a, b)]
        op = ops[0] if all(arrays) else ops[1 if arrays[1] else 2]
        return binary(op, a, b, kind)

    apply.__doc__ = f"torch.{name.lower()}, elementwise."
    return ops, apply


_xlogy, xlogy = _pair("Xlogy", lambda a, b: _first_times(a, b, np.log), "xlogy_cpu", True)
_xlog1py, xlog1py = _pair("SpecialXlog1Py", lambda a, b: _first_times(a, b, np.log1p), "xlog1py_cpu", True)


def _first_vjp(g: Any, a: Any, b: Any, function: Any, lowest: float) -> Any:
    nothing = (array_of(a) == 0) & (array_of(b) <= lowest)
    return sum_to(where(nothing, 0, function(g, b)), array_of(a).shape)


for _op in _xlogy:
    _op.defvjp(0, lambda g, a, b: _first_vjp(g, a, b, xlogy, 0.0), saves=(0, 1))
    _op.defvjp(1, lambda g, a, b: sum_to(div(mul(g, a), b), array_of(b).shape), saves=(0, 1))
for _op in _xlog1py:
    _op.defvjp(0, lambda g, a, b: _first_vjp(g, a, b, xlog1py, -1.0), saves=(0, 1))
    _op.defvjp(1, lambda g, a, b: sum_to(div(mul(g, a), add(b, 1)), array_of(b).shape), saves=(0, 1))


def _not_implemented(name: str) -> Any:
    def vjp(g: Any, a: Any, b: Any) -> Any:
        raise RuntimeError(f"The derivative for '{name}' is not implemented.")

    return vjp


_zeta, zeta = _pair("SpecialZeta", gamma.zeta, "zeta_cpu", True)
for _op in _zeta:
    _op.defvjp(0, _not_implemented("zeta"))
    _op.defvjp(1, lambda g, a, b: sum_to(mul(g, neg(mul(a, zeta(add(a, 1), b)))), array_of(b).shape), saves=(0, 1))


def _igamma_slope(g: Any, a: Any, x: Any) -> Any:
    return mul(g, exp(sub(sub(mul(sub(a, 1), log(x)), x), lgamma(a))))


_igamma = Primitive(in_double(incomplete_gamma.lower), "Igamma", False)
_igammac = Primitive(in_double(incomplete_gamma.upper), "Igammac", False)
_igamma.defvjp(0, _not_implemented("igamma: input"))
_igammac.defvjp(0, _not_implemented("igammac: input"))
_igamma.defvjp(1, lambda g, a, x: sum_to(_igamma_slope(g, a, x), array_of(x).shape), saves=(0, 1))
_igammac.defvjp(1, lambda g, a, x: sum_to(neg(_igamma_slope(g, a, x)), array_of(x).shape), saves=(0, 1))


def _incomplete(stub: str, op: Primitive) -> Any:
    def apply(a: Any, x: Any) -> Any:
        kind = promoted(a, x)
        if not kind.is_floating_point:
            refuse(stub, kind, (kind,))
        return binary(op, a, x, kind)

    apply.__doc__ = f"torch's {stub.removesuffix('_cpu')}, elementwise."
    return apply


igamma, igammac = _incomplete("igamma_cpu", _igamma), _incomplete("igammac_cpu", _igammac)


def mvlgamma(x: Any, p: int) -> Any:
    """The logarithm of the multivariate gamma function with dimension `p`, but for its constant.

    Raises:
        RuntimeError: `p` is not positive.
        NotImplementedError: `x` is bool or complex.
    """
    if p < 1:
        raise RuntimeError("p has to be greater than or equal to 1")
    refuse("mvlgamma", kind_of(x), COMPLEX)
    return _mvlgamma(floating(x), p=p)


def _mvlgamma_kernel(x: Array, *, p: int) -> Array:
    found = np.full_like(x, p * (p - 1) / 4 * math.log(math.pi))
    for j in range(p):
        found = found + gamma.lgamma(x - j / 2)
    return found


def _mvlgamma_vjp(g: Any, x: Any, *, p: int) -> Any:
    slope = digamma(x)
    for j in range(1, p):
        slope = add(slope, digamma(sub(x, j / 2)))
    return mul(g, slope)


_mvlgamma = Primitive(in_double(_mvlgamma_kernel), "Mvlgamma", False)
_mvlgamma.defvjp(0, _mvlgamma_vjp, saves=(0,))
