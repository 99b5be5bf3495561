"""Losses of classes as ops: the negative logarithm at a class, and margins between classes.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.ops.elementwise import flat
from pyconv.ops.loss import reduced, spread
from pyconv.ops.shape import add_up

Array = np.ndarray[Any, Any]
Function = Callable[..., Any]


def _weights(x: Array, target: Array, weight: Array | None, ignore: int) -> tuple[Array, Array]:
    """The index of each place's class, 0 where it is ignored, and its weight, 0 there."""
    kept = target != ignore
    index = np.where(kept, target, 0)
    each = np.ones(index.shape, x.dtype) if weight is None else weight[index]
    return index, np.where(kept, each, each.dtype.type(0))


def _scale(each: Array, reduction: str) -> Any:
    with np.errstate(all="ignore"):
        return each / np.sum(each, dtype=np.float64) if reduction == "mean" else each


@primitive("NllLoss")
def nll(x: Array, *, target: Array, weight: Array | None, ignore: int, reduction: str) -> Array:
    """The negative of x at the target's class, weighted.

    Args:
        x: (N, C, …), logarithms of probabilities.
        target: (N, …), classes.
        weight: (C,), or None.
        ignore: the class that does not count.
        reduction: 'mean' over the weights of what counts, 'sum' or 'none'.
    """
    index, each = _weights(x, target, weight, ignore)
    picked = np.take_along_axis(x, index[:, None], 1)[:, 0] if x.shape[1] else np.zeros(index.shape, x.dtype)
    lost = np.where(each == 0, np.zeros((), x.dtype), -picked * each)
    if reduction == "none":
        return lost.astype(x.dtype, copy=False)
    total = add_up(lost, tuple(range(lost.ndim)))
    if reduction == "mean":
        total = total / add_up(each, tuple(range(each.ndim)))
    return np.asarray(total).astype(x.dtype)


@primitive("NllLossBackward")
def _nll_back(g: Array, x: Array, *, target: Array, weight: Array | None, ignore: int, reduction: str) -> Array:
    out = np.zeros(x.shape, g.dtype)
    if not x.shape[1]:
        return out
    index, each = _weights(out, target, weight, ignore)
    values = np.broadcast_to(-(g * _scale(each, reduction)), index.shape).astype(g.dtype)
    np.put_along_axis(out, index[:, None], np.where(each == 0, np.zeros((), g.dtype), values)[:, None], 1)
    return out


nll.defvjp(0, lambda g, x, **static: _nll_back(g, x, **static), saves=(0,))


_nll_back.defvjp(0, lambda h, g, x, **static: nll(h, **static))


_nll_back.defvjp(1, lambda h, g, x, **static: flat(h))


nll_2d = nll.alias("NllLoss2D")


@primitive("MultiMarginLoss")
def multi_margin(x: Array, *, target: Array, p: int, margin: float, weight: Array | None, reduction: str) -> Array:
    """The mean over the other classes of max(0, margin - x[target] + x)^p; x is (N, C)."""
    gap = _gaps(x, target, margin)
    each = gap**p if weight is None else gap**p * weight[target][:, None]
    return np.asarray(reduced(add_up(each, (1,)) / x.shape[1], reduction)).astype(x.dtype)


def _gaps(x: Array, target: Array, margin: float) -> Array:
    gap = np.maximum(margin - np.take_along_axis(x, target[:, None], 1) + x, 0)
    np.put_along_axis(gap, target[:, None], 0, 1)
    return gap


@primitive("torch::autograd::NotImplemented", variant=None)
def _multi_margin_back(
    g: Array, x: Array, *, target: Array, p: int, margin: float, weight: Array | None, reduction: str
) -> Array:
    gap = _gaps(x, target, margin)
    slope = (gap > 0) * (1.0 if p == 1 else 2 * gap) / x.shape[1]
    if weight is not None:
        slope = slope * weight[target][:, None]
    np.put_along_axis(slope, target[:, None], -slope.sum(1, keepdims=True), 1)
    return _by_rows(g, slope.astype(x.dtype), reduction)


def _by_rows(g: Array, slope: Array, reduction: str) -> Array:
    """The derivatives of each row's loss by its cotangent."""
    rows: Array = spread(g, slope.shape[:1], reduction)
    return rows[..., None] * slope


def _refused(name: str) -> Function:
    """Stands for the derivative of torch's function of this name, which has none."""

    def vjp(h: Any, position: int, *operands: Any, **static: Any) -> Any:
        raise RuntimeError(f"derivative for aten::{name} is not implemented")

    return vjp


multi_margin.defvjp(0, lambda g, x, **static: _multi_margin_back(g, x, **static), saves=(0,))


_multi_margin_back.defvjp_any(_refused("multi_margin_loss_backward"))


@primitive("MultilabelMarginLoss")
def multilabel_margin(x: Array, *, times: Array, reduction: str) -> Array:
    """The mean over classes of max(0, 1 - (x[target] - x)) for each target and each other class.

    Args:
        x: (N, C).
        times: (N, C), how often each class is a target.
        reduction: 'mean', 'sum' or 'none'.
    """
    each = np.maximum(_label_gaps(x, times), 0) * times[:, :, None]
    return np.asarray(reduced(add_up(each, (1, 2)) / x.shape[1], reduction)).astype(x.dtype)


def _label_gaps(x: Array, times: Array) -> Array:
    """1 - x[target] + x[other], (N, targets, others), 0 for pairs that do not count."""
    counts = (times[:, :, None] > 0) & (times[:, None, :] == 0)
    return np.where(counts, 1 - x[:, :, None] + x[:, None, :], 0)


@primitive("torch::autograd::NotImplemented", variant=None)
def _multilabel_back(g: Array, x: Array, *, times: Array, reduction: str) -> Array:
    active = (_label_gaps(x, times) > 0) * times[:, :, None]
    slope = (active.sum(1) - active.sum(2)) / x.shape[1]
    return _by_rows(g, slope.astype(x.dtype), reduction)


multilabel_margin.defvjp(0, lambda g, x, **static: _multilabel_back(g, x, **static), saves=(0,))


_multilabel_back.defvjp_any(_refused("multilabel_margin_loss_backward"))
