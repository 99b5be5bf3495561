"""Normalization by statistics of the input or by given ones, over any axes: batch, group and layer norm in one.

The operands keep their own shapes; a Layout says how they are viewed. The statistics come in as arrays: that they
depend on the input is built into the backward formulas, in one kernel for the first derivative and in primitives
for the later ones. May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

import math
import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.autograd.traced import Traced
from pyconv.kernels import norm as kernels
from pyconv.kernels.memory_order import channels_last, is_laid_channels_last, ordered_as
from pyconv.kernels.norm import Sums
from pyconv.meta import Meta, zeros
from pyconv.ops.arithmetic import add, div, mul, neg
from pyconv.ops.cast import array_of, cast
from pyconv.ops.elementwise import flat
from pyconv.ops.reduce import mean as average
from pyconv.ops.reduce import total
from pyconv.ops.shape import expand, reshape

Array = np.ndarray[Any, Any]
Axes = tuple[int, ...]


@dataclass(frozen=True)
class Layout:
    """How operands are viewed.

    Attributes:
        name: torch's, of the operation: 'NativeBatchNorm', 'NativeGroupNorm' or 'NativeLayerNorm'.
        view: the shape of the input.
        axes: those that the statistics are taken over.
        affine: those that the parameters do not depend on.
        fixed: whether the statistics are given, and do not depend on the input.
    """

    name: str
    view: tuple[int, ...]
    axes: Axes
    affine: Axes
    fixed: bool = False

    @property
    def params(self) -> tuple[int, ...]:
        """The shape of the weight and the bias."""
        return tuple(1 if i in self.affine else n for i, n in enumerate(self.view))

    @property
    def count(self) -> int:
        """How many elements a statistic is made of."""
        return math.prod(self.view[i] for i in self.axes)

    def wide(self, w: Array | None) -> Array | None:
        """A parameter in double precision, in its place."""
        return None if w is None else w.astype(np.float64).reshape(self.params)


class Shared:
    """The sums that the cotangents of the input, weight and bias are made of, kept for the last cotangent seen."""

    __slots__ = ("_cotangent", "_count", "_sums")

    def __init__(self) -> None:
        self._cotangent: weakref.ref[Traced] | None = None
        self._count = 0
        self._sums: Sums | None = None

    def keep(self, g: Traced, found: Sums) -> None:
        """Keep the sums for a cotangent as it is now."""
        self._cotangent, self._count, self._sums = weakref.ref(g), g._counter.count, found

    def recall(self, g: Traced) -> Sums | None:
        """The sums for a cotangent, if they were kept and it was not changed."""
        known = self._cotangent is not None and self._cotangent() is g and self._count == g._counter.count
        return self._sums if known else None


def statistics(x: Any, layout: Layout) -> tuple[Array, Array]:
    """The mean and the biased variance of an input, float64, with 1 along the axes they are taken over."""
    wide = array_of(x).reshape(layout.view)
    if isinstance(wide, Meta):
        wide = np.zeros([1 if i in layout.axes else n for i, n in enumerate(layout.view)])
    return kernels.moments(wide, layout.axes)


def normalize(x: Any, w: Any, b: Any, layout: Layout, mean: Array, rstd: Array) -> Any:
    """(x - mean)·rstd·w + b, of the shape and dtype of `x`.

    Args:
        x: a Tensor or an ndarray.
        w: the weight, or None for 1.
        b: the bias, or None for 0.
        layout: how they are viewed.
        mean: float64, in the view.
        rstd: one over the standard deviation, likewise.
    """
    return _FORWARD[layout.name](x, w, b, layout=layout, mean=mean, rstd=rstd, shared=Shared())


@primitive("NativeBatchNorm")
def _normalize(
    x: Array, w: Array | None, b: Array | None, *, layout: Layout, mean: Array, rstd: Array, shared: Shared
) -> Array:
    out = kernels.normalize(x.reshape(layout.view), mean, rstd, layout.wide(w), layout.wide(b))
    return _ordered(out.reshape(x.shape), x, layout)


def _ordered(values: Array, x: Array, layout: Layout) -> Array:
    """Values of the shape of `x`, with channels last where torch lays them so."""
    if layout.name == "NativeBatchNorm":
        return channels_last(values) if is_laid_channels_last(x) else values
    return values if layout.name == "NativeLayerNorm" else ordered_as(values, x)


def _sums(g: Array, x: Array, w: Array | None, layout: Layout, mean: Array, rstd: Array) -> Sums:
    """The sums that gradients are made of; a weight that is constant where a statistic is has no part in them."""
    view, wide = layout.view, None if layout.axes == layout.affine else layout.wide(zeros(w))
    g, x = zeros(g), zeros(x)
    return kernels.sums(g.reshape(view), x.reshape(view), mean, rstd, wide, layout.axes, layout.affine)


def _check_weight(w: Any, layout: Layout) -> None:
    """Raise torch's RuntimeError, of the backward pass alone, for a weight that is no vector."""
    if layout.name == "NativeBatchNorm" and w is not None and len(w.shape) != 1:
        raise RuntimeError(f"TensorAccessor expected 1 dims but tensor has {len(w.shape)}")


def _check_bias(b: Any, layout: Layout) -> None:
    """Raise torch's RuntimeError for a bias that the gradient, a vector, cannot be expanded from."""
    if layout.name == "NativeBatchNorm" and len(b.shape) > 1:
        raise RuntimeError(
            f"Function NativeBatchNormBackward0 returned an invalid gradient at index 2 - got [{layout.view[1]}] but "
            f"expected shape compatible with {list(b.shape)}"
        )


def _input_vjp(g: Any, x: Any, w: Any, b: Any, *, layout: Layout, mean: Array, rstd: Array, shared: Shared) -> Any:
    _check_weight(w, layout)
    sums = None
    if not layout.fixed:
        sums = _sums(array_of(g), array_of(x), None if w is None else array_of(w), layout, mean, rstd)
        shared.keep(g, sums)
    return _BACKWARD[layout.name](g, x, w, layout=layout, mean=mean, rstd=rstd, sums=sums)


def _weight_vjp(g: Any, x: Any, w: Any, b: Any, *, layout: Layout, mean: Array, rstd: Array, shared: Shared) -> Any:
    _check_weight(w, layout)
    sums = shared.recall(g)
    if sums is None:
        sums = _sums(array_of(g), array_of(x), None, layout, mean, rstd)
        shared.keep(g, sums)
    found = _weight_gradient(g, x, layout=layout, mean=mean, rstd=rstd, sums=sums, shape=w.shape)
    return cast(found, array_of(w).dtype if isinstance(w, Traced) else w.dtype)


def _bias_vjp(g: Any, x: Any, w: Any, b: Any, *, layout: Layout, mean: Array, rstd: Array, shared: Shared) -> Any:
    _check_weight(w, layout)
    _check_bias(b, layout)
    sums = shared.recall(g)
    found = _bias_gradient(g, layout=layout, known=None if sums is None else sums.b, shape=b.shape)
    return cast(found, b.dtype)


_normalize.defvjp(0, _input_vjp, saves=(0, 1))
_normalize.defvjp(1, _weight_vjp, saves=(0,))
_normalize.defvjp(2, _bias_vjp)


@primitive("NativeBatchNormBackward")
def _input_gradient(
    g: Array, x: Array, w: Array | None, *, layout: Layout, mean: Array, rstd: Array, sums: Sums | None
) -> Array:
    view = layout.view
    if layout.fixed:
        slope = (rstd if w is None else rstd * layout.wide(w)).astype(dtypes.accumulation(g.dtype))
        return _ordered((g.reshape(view) * slope).astype(g.dtype, copy=False).reshape(g.shape), x, layout)
    sums = _sums(g, x, w, layout, mean, rstd) if sums is None else sums
    inner, outer = layout.wide(w), None
    if layout.axes == layout.affine:
        # A weight that is constant where a statistic is can wait: v is then g itself.
        inner, outer, sums = None, inner, sums._replace(v=sums.b, vx=sums.w)
    found = kernels.input_gradient(g.reshape(view), x.reshape(view), mean, rstd, inner, outer, sums, layout.count)
    return _ordered(found.reshape(g.shape), x, layout)


def _pull(h: Any, x: Any, layout: Layout, mean: Array, rstd: Array) -> Any:
    """P(h), the cotangent of x through x̂; P is linear in h, and its own adjoint."""
    return _BACKWARD[layout.name](h, x, None, layout=layout, mean=mean, rstd=rstd, sums=None)


def _viewed(value: Any, shape: tuple[int, ...]) -> Any:
    """An operand in its place in the view, in at least single precision."""
    return None if value is None else cast(reshape(value, shape=shape), dtypes.accumulation(array_of(value).dtype))


def _gradient_g_vjp(h: Any, g: Any, x: Any, w: Any, *, layout: Layout, mean: Array, rstd: Array, sums: Any) -> Any:
    pulled = _pull(h, x, layout, mean, rstd)
    if w is None:
        return pulled
    scaled = mul(_viewed(pulled, layout.view), _viewed(w, layout.params))
    return cast(reshape(scaled, shape=g.shape), g.dtype if not isinstance(g, Traced) else array_of(g).dtype)


def _gradient_w_vjp(h: Any, g: Any, x: Any, w: Any, *, layout: Layout, mean: Array, rstd: Array, sums: Any) -> Any:
    products = mul(_viewed(g, layout.view), _viewed(_pull(h, x, layout, mean, rstd), layout.view))
    return cast(reshape(total(products, layout.affine), shape=w.shape), _dtype_of(w))


def _gradient_x_vjp(h: Any, g: Any, x: Any, w: Any, *, layout: Layout, mean: Array, rstd: Array, sums: Any) -> Any:
    """The derivative of ⟨h, P(g·w)⟩, which is r·(Σhv - n·m(h)·m(v) - n·m(hx̂)·m(vx̂)) for every statistic."""
    if layout.fixed:
        return flat(_like(h, x))
    view, axes = layout.view, layout.axes
    h, v, wide = _viewed(h, view), _viewed(g, view), _viewed(x, view)
    v = v if w is None else mul(v, _viewed(w, layout.params))
    h, v = (cast(value, array_of(wide).dtype) for value in (h, v))
    hat = _FORWARD[layout.name](wide, None, None, layout=layout, mean=mean, rstd=rstd, shared=Shared())
    r = _rstd(wide, layout=layout, mean=mean, rstd=rstd)
    through_hat = add(
        mul(h, average(mul(v, hat), axes, keepdim=True)), mul(v, average(mul(h, hat), axes, keepdim=True))
    )
    value = average(mul(h, _pull(v, wide, layout, mean, rstd)), axes, keepdim=True)
    found = add(_pull(mul(through_hat, r), wide, layout, mean, rstd), mul(mul(hat, r), value))
    return cast(reshape(neg(found), shape=x.shape), array_of(x).dtype)


def _like(h: Any, x: Any) -> Any:
    return cast(reshape(h, shape=x.shape), _dtype_of(x))


def _dtype_of(value: Any) -> np.dtype[Any]:
    found: np.dtype[Any] = array_of(value).dtype if isinstance(value, (Traced, np.ndarray)) else value.dtype
    return found


_input_gradient.defvjp(0, _gradient_g_vjp, saves=(1, 2))
_input_gradient.defvjp(1, _gradient_x_vjp, saves=(0, 1, 2))
_input_gradient.defvjp(2, _gradient_w_vjp, saves=(0, 1))


@primitive("NativeGroupNorm")
def _rstd(x: Array, *, layout: Layout, mean: Array, rstd: Array) -> Array:
    return rstd.astype(x.dtype)


def _rstd_vjp(h: Any, x: Any, *, layout: Layout, mean: Array, rstd: Array) -> Any:
    r = _rstd(x, layout=layout, mean=mean, rstd=rstd)
    hat = _FORWARD[layout.name](x, None, None, layout=layout, mean=mean, rstd=rstd, shared=Shared())
    return neg(mul(hat, div(mul(h, mul(r, r)), layout.count)))


_rstd.defvjp(0, _rstd_vjp, saves=(0,))


@primitive("NativeGroupNorm")
def _mean(x: Array, *, layout: Layout, mean: Array) -> Array:
    return mean.astype(x.dtype)


_mean.defvjp(0, lambda h, x, *, layout, mean: expand(div(h, layout.count), shape=layout.view))


def recorded(x: Any, layout: Layout, mean: Array, rstd: Array) -> tuple[Any, Any]:
    """The statistics of `x`, in the view, as results that gradients go through."""
    wide = _viewed(x, layout.view)
    return _mean(wide, layout=layout, mean=mean), _rstd(wide, layout=layout, mean=mean, rstd=rstd)


@primitive("NativeBatchNormBackward")
def _weight_gradient(
    g: Array, x: Array, *, layout: Layout, mean: Array, rstd: Array, sums: Sums | None, shape: tuple[int, ...]
) -> Array:
    """Σ g·x̂ over what the weight does not depend on, in the weight's shape, in at least single precision."""
    sums = _sums(g, x, None, layout, mean, rstd) if sums is None else sums
    return sums.w.reshape(shape).astype(dtypes.accumulation(g.dtype))


def _weight_g_vjp(
    h: Any, g: Any, x: Any, *, layout: Layout, mean: Array, rstd: Array, sums: Any, shape: tuple[int, ...]
) -> Any:
    return cast(normalize(x, h, None, layout, mean, rstd), _dtype_of(g))


def _weight_x_vjp(
    h: Any, g: Any, x: Any, *, layout: Layout, mean: Array, rstd: Array, sums: Any, shape: tuple[int, ...]
) -> Any:
    found = _BACKWARD[layout.name](g, x, h, layout=layout, mean=mean, rstd=rstd, sums=None)
    return cast(found, _dtype_of(x))


_weight_gradient.defvjp(0, _weight_g_vjp, saves=(1,))
_weight_gradient.defvjp(1, _weight_x_vjp, saves=(0, 1))


@primitive("NativeBatchNormBackward")
def _bias_gradient(g: Array, *, layout: Layout, known: Array | None, shape: tuple[int, ...]) -> Array:
    """Σ g over what the bias does not depend on, in the bias's shape, in at least single precision."""
    if known is None:
        known = g.reshape(layout.view).sum(axis=layout.affine, dtype=np.float64, keepdims=True)
    return known.reshape(shape).astype(dtypes.accumulation(g.dtype))


def _bias_g_vjp(h: Any, g: Any, *, layout: Layout, known: Any, shape: tuple[int, ...]) -> Any:
    spread = expand(reshape(h, shape=layout.params), shape=layout.view)
    return cast(reshape(spread, shape=g.shape), g.dtype)


_bias_gradient.defvjp(0, _bias_g_vjp)

_NAMES = "NativeBatchNorm", "NativeGroupNorm", "NativeLayerNorm"
_FORWARD: dict[str, Primitive] = {name: _normalize.alias(name) for name in _NAMES}
_BACKWARD: dict[str, Primitive] = {name: _input_gradient.alias(f"{name}Backward") for name in _NAMES}


def batch_layout(shape: tuple[int, ...], fixed: bool = False) -> Layout:
    """The layout of (N, C, ...): statistics and parameters for every channel."""
    view = (shape[0], shape[1], math.prod(shape[2:]))
    return Layout("NativeBatchNorm", view, (0, 2), (0, 2), fixed)


def group_layout(shape: tuple[int, ...], groups: int) -> Layout:
    """The layout of (N, C, ...): statistics for every sample and group of channels, parameters for every channel."""
    view = (shape[0], groups, shape[1] // groups, math.prod(shape[2:]))
    return Layout("NativeGroupNorm", view, (2, 3), (0, 3))


def layer_layout(shape: tuple[int, ...], ndim: int) -> Layout:
    """The layout of (..., *normalized): statistics for every leading index, parameters for every last one."""
    lead = len(shape) - ndim
    return Layout("NativeLayerNorm", (math.prod(shape[:lead]), math.prod(shape[lead:])), (1,), (0,))
