"""Losses of classes by margins, and of several labels at a time.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes, functions
from pyconv.nn.functional.activation import logsigmoid
from pyconv.nn.functional.loss.classes import REDUCED, WHOLE
from pyconv.nn.functional.loss.reduction import chosen, legacy, reduced
from pyconv.ops import class_loss as ops
from pyconv.ops.arithmetic import COMPLEX, refuse
from pyconv.ops.cast import array_of
from pyconv.ops.shape import reshape
from pyconv.signatures.autocast import autocast
from pyconv.signatures.check import checker

_fit_multi_margin = checker(
    "multi_margin_loss",
    (f"(Tensor input, Tensor target, Number p = 1, Number margin = 1, Tensor weight = None, {REDUCED})",),
)
_fit_multilabel = checker("multilabel_margin_loss", (f"(Tensor input, Tensor target, {REDUCED})",))
_HALVES = (dtypes.float16, dtypes.bfloat16)


@autocast
def multi_margin_loss(
    input: Any,
    target: Any,
    p: int = 1,
    margin: float = 1.0,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """The mean over the other classes of max(0, margin - input[target] + input)^p.

    Args:
        input: (C,) or (N, C).
        target: classes, () or (N,).
        p: 1 or 2.
        margin: by which the target's class should win.
        weight: (C,), of each class.
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.

    Raises:
        ValueError: `p` is neither 1 nor 2, or the weight has other than one dimension.
        RuntimeError: sizes do not fit, or there is no such class.

    Example:
        >>> import pyconv
        >>> multi_margin_loss(pyconv.tensor([[0.0, 1.0]]), pyconv.tensor([0]))
        tensor(1.)
    """
    reduction = chosen(reduction, size_average, reduce)
    if p not in (1, 2):
        raise ValueError("only p == 1 and p == 2 supported")
    if weight is not None and weight.ndim != 1:
        raise ValueError("weight must be one-dimensional")
    _fit_multi_margin((input, target, p, margin, weight, 0), {})
    x, t = array_of(input), array_of(target)
    classes = x.shape[-1] if x.ndim else 1
    _check_matrix(x, classes)
    rows = x.shape[0] if x.ndim == 2 else 1
    if t.ndim > 1 or t.size != rows:
        raise RuntimeError(
            "multi_margin_loss: target tensor should be 1-D with size equal to the number of input samples (batch "
            f"size). Expected target size [{rows}], but got {list(t.shape)}. Input has shape {list(x.shape)}."
        )
    if weight is not None and weight.shape[0] != classes:
        raise RuntimeError(f"inconsistent weight size, expected {classes} but got {list(weight.shape)}")
    if t.dtype != np.int64:
        raise RuntimeError(f"expected scalar type Long but found {dtypes.of(t).scalar_name}")
    refuse("multi_margin_loss_cpu_kernel", dtypes.of(x), WHOLE)
    if weight is not None and array_of(weight).dtype != x.dtype:
        kinds = dtypes.of(x).scalar_name, dtypes.of(array_of(weight)).scalar_name
        raise RuntimeError(f"expected scalar type {kinds[0]} but found {kinds[1]}")
    if ((t < 0) | (t >= classes)).any():
        raise RuntimeError("target out of range")
    found = ops.multi_margin(
        input if x.ndim == 2 else reshape(input, shape=(1, classes)),
        target=t.reshape(rows),
        p=p,
        margin=float(margin),
        weight=None if weight is None else array_of(weight),
        reduction=reduction,
    )
    return reshape(found, shape=t.shape) if reduction == "none" and x.ndim < 2 else found


def _check_matrix(x: Any, classes: int) -> None:
    if x.ndim > 2 or not classes or (not x.size and x.ndim < 2):
        raise RuntimeError(
            f"Expected non-empty vector or matrix with optional 0-dim batch size, but got: {list(x.shape)}"
        )


@autocast
def multilabel_margin_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """The mean over classes of max(0, 1 - (input[target] - input)) for every target and every other class.

    Args:
        input: (C,) or (N, C).
        target: the same shape: classes, then -1.
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.

    Raises:
        RuntimeError: sizes do not fit, or there is no such class.

    Example:
        >>> import pyconv
        >>> multilabel_margin_loss(pyconv.tensor([0.1, 0.2, 0.4, 0.8]), pyconv.tensor([3, 0, -1, 1]))
        tensor(0.8500)
    """
    reduction = chosen(reduction, size_average, reduce)
    _fit_multilabel((input, target, 0), {})
    x, t = array_of(input), array_of(target)
    classes = x.shape[-1] if x.ndim else 1
    _check_matrix(x, classes)
    if x.shape != t.shape:
        raise RuntimeError(f"inconsistent target size: {list(t.shape)} for input of size: {list(x.shape)}")
    refuse("min_all", dtypes.of(t), COMPLEX)
    rows = t.reshape(-1, classes)
    if rows.size and (rows.min() < -1 or rows.max() >= classes):
        raise RuntimeError("argument #2 'target' is out of range")
    refuse("multilabel_margin_loss_forward_out_frame", dtypes.of(x), (*WHOLE, *_HALVES))
    if t.dtype != np.int64:
        raise RuntimeError(f"expected scalar type Long but found {dtypes.of(t).scalar_name}")
    ended = np.cumsum(rows < 0, axis=1) > 0
    times = np.zeros(rows.shape, np.int64)
    places = np.nonzero(~ended)
    np.add.at(times, (places[0], rows[places]), 1)
    flat = input if x.ndim == 2 else reshape(input, shape=rows.shape)
    found = ops.multilabel_margin(flat, times=times, reduction=reduction)
    return reshape(found, shape=()) if reduction == "none" and x.ndim < 2 else found


def multilabel_soft_margin_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """The mean over classes of the binary cross entropy of sigmoid(input).

    Args:
        input: (*, C).
        target: the same shape, 0 or 1.
        weight: (C,), of each class.
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.

    Example:
        >>> import pyconv
        >>> multilabel_soft_margin_loss(pyconv.zeros(1, 2), pyconv.ones(1, 2))
        tensor(0.6931)
    """
    if size_average is not None or reduce is not None:
        reduction = legacy(size_average, reduce)
    loss = -(target * logsigmoid(input) + (1 - target) * logsigmoid(-input))
    if weight is not None:
        loss = loss * weight
    if not input.ndim:
        raise IndexError("Dimension specified as -1 but tensor has no dimensions")
    loss = functions.sum(loss, input.ndim - 1) / input.shape[input.ndim - 1]
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(reduction + " is not valid")
    return reduced(loss, reduction)
