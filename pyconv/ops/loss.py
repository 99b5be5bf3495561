"""Losses as ops of two tensors, element by element, each reduced to its mean or sum, or not.

A derivative is written with ops, so that derivatives of any order come free. May import: NumPy, `pyconv.dtypes`,
`pyconv.kernels`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.kernels.pieces import blockwise
from pyconv.kernels.select import chosen
from pyconv.ops.activation import log_sigmoid
from pyconv.ops.arithmetic import add, div, mul, neg, sub, where
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import widened
from pyconv.ops.shape import add_up, expand, sum_to
from pyconv.ops.unary import exp, log, log1p, sigmoid

Array = np.ndarray[Any, Any]
Function = Callable[..., Any]


def reduced(value: Array, reduction: str) -> Array:
    """The mean or the sum of each element's loss, or as they are."""
    if reduction == "none":
        return value
    total = add_up(value, tuple(range(value.ndim)))
    return total / value.size if reduction == "mean" else total


def spread(g: Any, shape: tuple[int, ...], reduction: str) -> Any:
    """The cotangent of each element from that of the reduced loss."""
    if reduction == "none":
        return g
    whole = expand(g, shape=shape)
    count = int(np.prod(shape))
    return div(whole, count) if reduction == "mean" else whole


def pairwise_loss(name: str, value: Function, slopes: Function, *, wide: bool = True) -> Primitive:
    """The op of a loss of an input and a target.

    Args:
        name: torch's, of the node.
        value: two ndarrays → ndarray.
        slopes: (input, target, position) → the derivative by that operand, of ops.
        wide: whether 16-bit floats are computed in single precision and rounded once.
    """

    def run(x: Array, t: Array, *, reduction: str, **static: Any) -> Array:
        found = np.asarray(reduced(value(x, t, **static), reduction))
        return found.astype(dtypes.accumulation(x.dtype) if wide else x.dtype, copy=False)

    op = Primitive(widened(run) if wide else run, name, False)

    def vjp(position: int) -> Function:
        def pull(g: Any, x: Any, t: Any, *, reduction: str, **static: Any) -> Any:
            shapes = array_of(x).shape, array_of(t).shape
            whole = spread(g, np.broadcast_shapes(*shapes), reduction)
            return sum_to(mul(whole, slopes(x, t, position, **static)), shapes[position])

        return pull

    op.defvjp(0, vjp(0), saves=(0, 1))
    op.defvjp(1, vjp(1), saves=(0, 1))
    return op


def _difference(slope: Function) -> Function:
    """The derivatives of a function of the difference."""

    def slopes(x: Any, t: Any, position: int, **static: Any) -> Any:
        found = slope(sub(x, t), **static)
        return neg(found) if position else found

    return slopes


@blockwise
def _smooth_value(x: Array, t: Array, *, beta: float) -> Array:
    z = np.abs(x - t)
    return chosen(z < beta, 0.5 * z * z / beta, z - 0.5 * beta) if beta else z


@primitive("SmoothL1LossBackward")
@widened
@blockwise
def _smooth_slope(d: Array, *, beta: float) -> Array:
    return np.clip(d / beta, -1, 1) if beta else np.sign(d)


@blockwise
def _huber_value(x: Array, t: Array, *, delta: float) -> Array:
    z = np.abs(x - t)
    return chosen(z < delta, 0.5 * z * z, delta * (z - 0.5 * delta))


@primitive("HuberLossBackward")
@widened
@blockwise
def _huber_slope(d: Array, *, delta: float) -> Array:
    return np.clip(d, -delta, delta)


_smooth_slope.defvjp(
    0, lambda h, d, *, beta: where(np.abs(array_of(d)) < beta, div(h, beta) if beta else h, 0), saves=(0,)
)
_huber_slope.defvjp(0, lambda h, d, *, delta: where(np.abs(array_of(d)) < delta, h, 0), saves=(0,))


@primitive("SoftMarginLossBackward")
def _soft_margin_slope(x: Array, t: Array) -> Array:
    # in this order it overflows where torch's does
    z = np.exp(-t * x)
    return -t * z / (z + 1)


def _soft_margin_bend(x: Any, t: Any) -> Any:
    z = exp(mul(neg(t), x))
    rest = add(z, 1)
    return div(mul(mul(t, t), z), mul(rest, rest))


def _soft_margin_mixed(x: Any, t: Any) -> Any:
    z = exp(mul(neg(t), x))
    rest = add(z, 1)
    return div(mul(z, sub(mul(mul(t, x), div(1, rest)), 1)), rest)


_soft_margin_slope.defvjp(0, lambda g, x, t: sum_to(mul(g, _soft_margin_bend(x, t)), array_of(x).shape), saves=(0, 1))
_soft_margin_slope.defvjp(1, lambda g, x, t: sum_to(mul(g, _soft_margin_mixed(x, t)), array_of(t).shape), saves=(0, 1))


def _soft_margin_slopes(x: Any, t: Any, position: int) -> Any:
    return _soft_margin_slope(t, x) if position else _soft_margin_slope(x, t)


mse = pairwise_loss("MseLoss", lambda x, t: (x - t) ** 2, _difference(lambda d: mul(d, 2)))
smooth_l1 = pairwise_loss("SmoothL1Loss", _smooth_value, _difference(_smooth_slope))
huber = pairwise_loss("HuberLoss", _huber_value, _difference(_huber_slope))
soft_margin = pairwise_loss("SoftMarginLoss", lambda x, t: np.log1p(np.exp(-x * t)), _soft_margin_slopes, wide=False)

_LOWEST_LOG = -100.0
_LEAST = 1e-12


def _cross_entropy_value(x: Array, t: Array, *, weight: Array | None) -> Array:
    found = (t - 1) * np.maximum(np.log1p(-x), _LOWEST_LOG) - t * np.maximum(np.log(x), _LOWEST_LOG)
    return found if weight is None else found * weight


def _cross_entropy_slopes(x: Any, t: Any, position: int, *, weight: Array | None) -> Any:
    if position:
        found = sub(_above(log1p(neg(x)), _LOWEST_LOG), _above(log(x), _LOWEST_LOG))
    else:
        found = div(sub(x, t), _above(mul(sub(1, x), x), _LEAST))
    return found if weight is None else mul(found, weight)


def _above(x: Any, least: float) -> Any:
    return where(array_of(x) < least, least, x)


@primitive("BinaryCrossEntropyBackward")
def _cross_entropy_back(g: Array, x: Array, t: Array) -> Array:
    return g * ((x - t) / np.maximum((1 - x) * x, x.dtype.type(_LEAST)))


def _steep(x: Any) -> Any:
    """X (1 - x), kept from zero as torch keeps it in second derivatives."""
    return mul(add(x, _LEAST), add(sub(1, x), _LEAST))


def _cross_entropy_bend(x: Any, t: Any) -> Any:
    return div(add(sub(mul(x, x), mul(mul(x, t), 2)), t), mul(_steep(x), _steep(x)))


_cross_entropy_back.defvjp(0, lambda h, g, x, t: div(mul(h, sub(x, t)), _steep(x)), saves=(1, 2))
_cross_entropy_back.defvjp(1, lambda h, g, x, t: mul(mul(h, g), _cross_entropy_bend(x, t)), saves=(0, 1, 2))
_cross_entropy_back.defvjp(2, lambda h, g, x, t: neg(div(mul(h, g), _above(mul(sub(1, x), x), _LEAST))), saves=(0, 1))


def _cross_entropy_vjp(g: Any, x: Any, t: Any, *, reduction: str, weight: Array | None) -> Any:
    whole = spread(g, array_of(x).shape, reduction)
    return _cross_entropy_back(whole if weight is None else mul(whole, weight), x, t)


binary_cross_entropy = pairwise_loss("BinaryCrossEntropy", _cross_entropy_value, _cross_entropy_slopes)
binary_cross_entropy.defvjp(0, _cross_entropy_vjp, saves=(0, 1))


def _with_logits_value(
    x: Array,
    t: Array,
    *,
    weight: Array | None,
    pos_weight: Array | None,
    surplus: Array | None,
    step: np.dtype[Any] | None,
) -> Array:
    """The loss, for `surplus` = `pos_weight` - 1; its logarithms are rounded to the dtype `step`, if not None."""
    log = _through(np.log1p(np.exp(-np.abs(x))) + np.maximum(-x, 0), step)
    if surplus is not None:
        log = _through((surplus * t + 1) * log, step)
    found = (1 - t) * x + log
    return found if weight is None else found * weight


def _through(value: Array, step: np.dtype[Any] | None) -> Array:
    """An array rounded to another dtype, in its own."""
    return value if step is None else value.astype(step).astype(value.dtype)


def _with_logits_slopes(
    x: Any,
    t: Any,
    position: int,
    *,
    weight: Array | None,
    pos_weight: Array | None,
    surplus: Array | None,
    step: np.dtype[Any] | None,
) -> Any:
    if position:
        found = neg(x) if pos_weight is None else sub(log_sigmoid(neg(x)), mul(log_sigmoid(x), pos_weight))
    elif pos_weight is None:
        found = sub(sigmoid(x), t)
    else:
        weighted = mul(t, pos_weight)
        found = sub(mul(sub(add(weighted, 1), t), sigmoid(x)), weighted)
    return found if weight is None else mul(found, weight)


binary_cross_entropy_with_logits = pairwise_loss(
    "BinaryCrossEntropyWithLogits", _with_logits_value, _with_logits_slopes
)
