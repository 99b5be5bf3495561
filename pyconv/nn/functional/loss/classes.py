"""Losses of classes by their likelihood: cross entropy and negative log-likelihood.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes, functions
from pyconv.nn.functional.kind import array_of_like
from pyconv.nn.functional.loss.reduction import chosen
from pyconv.ops import class_loss as ops
from pyconv.ops.arithmetic import COMPLEX, refuse
from pyconv.ops.cast import array_of
from pyconv.ops.layout import is_dense
from pyconv.ops.shape import reshape
from pyconv.ops.undifferentiated import undifferentiated
from pyconv.signatures import function
from pyconv.signatures.check import checker

REDUCED = "int reduction = at::Reduction::Mean"
_fit_nll = checker(
    "nll_loss_nd", (f"(Tensor input, Tensor target, Tensor weight = None, {REDUCED}, int ignore_index = -100)",)
)
WHOLE = (dtypes.bool_, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64, dtypes.uint8)


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """The cross entropy of classes with the softmax of the input.

    Args:
        input: (C,), (N, C) or (N, C, d1, …), unnormalised.
        target: classes, (), (N,) or (N, d1, …), or probabilities of the input's shape.
        weight: (C,), of each class.
        size_average: deprecated, see `reduction`.
        ignore_index: the class that does not count.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', over the weights of what counts, 'sum' or 'none'.
        label_smoothing: how much of the target is spread over all classes, from 0 to 1.

    Raises:
        ValueError: the batches differ.
        RuntimeError: other sizes or dtypes do not fit.
        IndexError: there is no such class.

    Example:
        >>> import pyconv
        >>> cross_entropy(pyconv.zeros(2, 4), pyconv.tensor([1, 3]))
        tensor(1.3863)
    """
    return cross_entropy_loss(
        input, target, weight, chosen(reduction, size_average, reduce), ignore_index, label_smoothing
    )


@function(
    "(Tensor input, Tensor target, Tensor weight = None, str reduction = mean, int ignore_index = -100, "
    "float label_smoothing = 0.0)"
)
def cross_entropy_loss(
    input: Any, target: Any, weight: Any, reduction: str, ignore_index: int, label_smoothing: float
) -> Any:
    """`cross_entropy` with its arguments plain."""
    class_dim = 0 if input.ndim == 1 else 1
    if input.ndim == 1 and array_of(target).ndim == 1 and tuple(input.shape) != tuple(target.shape):
        _check_class_dtype(array_of(target))
    if tuple(input.shape) == tuple(target.shape):
        kind = dtypes.of(array_of(target))
        if not kind.is_floating_point:
            raise RuntimeError(
                f"Expected floating point type for target with class probabilities, got {kind.scalar_name}"
            )
        if ignore_index >= 0:
            raise RuntimeError("ignore_index is not supported for floating point target")
        if label_smoothing > 0:
            _check_smoothing(label_smoothing)
        return _of_probabilities(input, target, weight, reduction, label_smoothing, class_dim)
    if label_smoothing > 0:
        _check_smoothing(label_smoothing)
        return _smoothed(input, target, weight, reduction, ignore_index, label_smoothing, class_dim)
    return _nll(functions.log_softmax(input, class_dim), target, weight, reduction, ignore_index)


def _check_smoothing(label_smoothing: float) -> None:
    if label_smoothing > 1 or label_smoothing < 0:
        raise RuntimeError(f"label_smoothing must be between 0.0 and 1.0. Got: {label_smoothing:g}")


def _along_classes(weight: Any, input: Any, class_dim: int) -> Any:
    """The weights of the classes in a shape that broadcasts to the input's."""
    shape = tuple(weight.shape[0] if i == class_dim else 1 for i in range(input.ndim))
    if math.prod(shape) != array_of(weight).size:
        raise RuntimeError(f"shape '{list(shape)}' is invalid for input of size {array_of(weight).size}")
    return reshape(weight, shape=shape)


def _check_class_weight(weight: Any, classes: int) -> None:
    if array_of(weight).ndim != 1 or array_of(weight).size != classes:
        raise RuntimeError(
            f"cross_entropy: weight tensor should be defined either for all {classes} classes or no classes but got "
            f"weight tensor of shape: {list(weight.shape)}"
        )


def _of_probabilities(
    input: Any, target: Any, weight: Any, reduction: str, label_smoothing: float, class_dim: int
) -> Any:
    classes = input.shape[class_dim]
    if label_smoothing > 0:
        target = target * (1 - label_smoothing) + label_smoothing / classes
    found = functions.log_softmax(input, class_dim) * target
    if weight is not None:
        _check_class_weight(weight, classes)
        found = found * _along_classes(weight, input, class_dim)
    if reduction == "none":
        return functions.neg(functions.sum(found, class_dim))
    total = functions.neg(functions.sum(found))
    if reduction == "sum":
        return total
    count = array_of(input).size
    return functions.div(total, count // classes) if count else functions.mul(total, math.nan)


def _smoothed(
    input: Any, target: Any, weight: Any, reduction: str, ignore_index: int, label_smoothing: float, class_dim: int
) -> Any:
    logs = functions.log_softmax(input, class_dim)
    lost = _nll(logs, target, weight, reduction, ignore_index)
    classes = input.shape[class_dim]
    weighted = logs if weight is None else logs * _along_classes(weight, input, class_dim)
    if input.ndim == 1 and array_of(target).ndim == 1:
        raise RuntimeError("output with shape [] doesn't match the broadcast shape [1]")
    ignored = array_of(target) == ignore_index
    smooth = functions.where(array_of_like(ignored, target), 0.0, -functions.sum(weighted, class_dim))
    if reduction != "none":
        total = functions.sum(smooth)
        if reduction == "mean":
            if weight is not None and weight.ndim > 1 and ignored.size:
                raise RuntimeError("Index tensor must have the same number of dimensions as input tensor")
            kept = array_of(target)[~ignored]
            total = functions.div(total, kept.size if weight is None else float(array_of(weight)[kept].sum()))
        smooth = total
    share = functions.mul(smooth, label_smoothing / classes)
    return functions.add(functions.mul(lost, 1 - label_smoothing), share)


def nll_loss(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    ignore_index: int = -100,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """The negative of the input at the target's class.

    Args:
        input: (C,), (N, C) or (N, C, d1, …), logarithms of probabilities.
        target: classes, (), (N,) or (N, d1, …).
        weight: (C,), of each class.
        size_average: deprecated, see `reduction`.
        ignore_index: the class that does not count.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', over the weights of what counts, 'sum' or 'none'.

    Raises:
        ValueError: the batches differ.
        RuntimeError: other sizes or dtypes do not fit.
        IndexError: there is no such class.

    Example:
        >>> import pyconv
        >>> nll_loss(pyconv.tensor([[-1.0, -2.0]]), pyconv.tensor([1]))
        tensor(2.)
    """
    reduction = chosen(reduction, size_average, reduce)
    _fit_nll((input, target, weight, 0, ignore_index), {})
    x = array_of(input)
    if x.ndim == 4 and is_dense(x) and not x.flags.c_contiguous:
        input = undifferentiated(input, reason="grad_input must be contiguous")
    return _nll(input, target, weight, reduction, ignore_index)


def _nll(input: Any, target: Any, weight: Any, reduction: str, ignore_index: int) -> Any:
    x, t = array_of(input), array_of(target)
    _check_batches(x, t)
    stub = "nll_loss_out_frame" if x.ndim < 3 else "nll_loss2d_forward_out_frame"
    refuse(stub, dtypes.of(x), (*WHOLE, *COMPLEX))
    _check_class_dtype(t)
    w = None if weight is None else array_of(weight)
    classes = x.shape[0] if x.ndim == 1 else x.shape[1]
    if w is not None:
        _check_weight(w, x, classes)
    if x.ndim not in (1, 2, 4) and t.size and not x.size:
        shapes = [*x.shape[:2], 0, 0], [len(t), 1, t.size // len(t)]
        raise RuntimeError(f"size mismatch (got input: {shapes[0]} , target: {shapes[1]}")
    if x.ndim > 2 and t.dtype == np.uint8 and (t.size or reduction == "none"):
        raise RuntimeError("expected scalar type Long but found Byte")
    _check_classes(t, classes, ignore_index)
    flat = None if w is None else w.reshape(-1)
    static = {"target": t.reshape(1) if x.ndim == 1 else t, "weight": flat, "ignore": ignore_index}
    batch = reshape(input, shape=(1, classes)) if x.ndim == 1 else input
    op = ops.nll if x.ndim < 3 else ops.nll_2d
    found = op(batch, reduction=reduction, **static)
    return reshape(found, shape=t.shape) if x.ndim == 1 and reduction == "none" and not t.ndim else found


def _check_class_dtype(t: Any) -> None:
    if t.dtype not in (np.int64, np.uint8):
        raise RuntimeError(f"expected target dtype to be Long or Byte, but got {dtypes.of(t).scalar_name}")


def _check_batches(x: Any, t: Any) -> None:
    if x.ndim < 1:
        raise ValueError(f"Expected 1 or more dimensions (got {x.ndim})")
    if x.ndim == 1 and t.ndim == 1 and t.size != 1:
        raise ValueError(f"For 1D input, 1D target must have size 1, but got target size: {t.size}")
    if x.ndim != 1 and (not t.ndim or x.shape[0] != t.shape[0]):
        raise ValueError(
            f"Expected input batch_size ({x.shape[0]}) to match target batch_size ({t.shape[0] if t.ndim else 0})."
        )
    if x.ndim <= 2:
        if t.ndim > 1:
            raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
    elif x.ndim == 4:
        if t.ndim != 3:
            raise RuntimeError(
                f"only batches of spatial targets supported (3D tensors) but got targets of dimension: {t.ndim}"
            )
        if x.shape[2:] != t.shape[1:]:
            raise RuntimeError(f"size mismatch (got input: {list(x.shape)} , target: {list(t.shape)}")
    elif t.shape[1:] != x.shape[2:]:
        expected = [x.shape[0], *x.shape[2:]]
        raise RuntimeError(f"Expected target size {expected}, got {list(t.shape)}")


def _check_weight(w: Any, x: Any, classes: int) -> None:
    if w.size != classes or (x.ndim <= 2 and w.ndim != 1):
        if x.ndim > 2:
            raise RuntimeError("weight tensor should be defined either for all or no classes")
        raise RuntimeError(
            f"weight tensor should be defined either for all {classes} classes or no classes but got weight tensor of "
            f"shape: {list(w.shape)}"
        )
    if w.dtype != x.dtype:
        raise RuntimeError(f"expected scalar type {dtypes.of(x).scalar_name} but found {dtypes.of(w).scalar_name}")


def _check_classes(t: Any, classes: int, ignore_index: int) -> None:
    wrong = (t != ignore_index) & ((t < 0) | (t >= classes))
    if wrong.any():
        raise IndexError(f"Target {t[wrong].flat[0]} is out of bounds.")
