"""Losses of the difference of an input and a target, element by element.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes, functions
from pyconv.nn.functional.loss.reduction import chosen, legacy, reduced, warn_of_sizes
from pyconv.ops import loss as ops
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, check_broadcast, promoted, refuse
from pyconv.ops.cast import array_of, cast
from pyconv.ops.undifferentiated import undifferentiated
from pyconv.signatures import function
from pyconv.signatures.autocast import autocast
from pyconv.signatures.check import checker

REDUCED = "int reduction = at::Reduction::Mean"
_fit_smooth_l1 = checker("smooth_l1_loss", (f"(Tensor input, Tensor target, {REDUCED}, float beta = 1.0)",))
_fit_huber = checker("huber_loss", (f"(Tensor input, Tensor target, {REDUCED}, float delta = 1.0)",))

NOT_FLOATING = (
    dtypes.bool_,
    dtypes.uint8,
    dtypes.int8,
    dtypes.int16,
    dtypes.int32,
    dtypes.int64,
    *BAREBONES,
    *COMPLEX,
)


def together(input: Any, target: Any, stub: str) -> tuple[Any, Any]:
    """Two tensors in their common dtype, for which torch has a kernel."""
    kind = promoted(input, target)
    refuse(stub, kind, NOT_FLOATING)
    check_broadcast(array_of(input).shape, array_of(target).shape)
    return cast(input, kind.numpy), cast(target, kind.numpy)


@autocast
def l1_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Any = None,
) -> Any:
    """|input - target|.

    Args:
        input: any shape.
        target: a shape that broadcasts with it.
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.
        weight: of each element.

    Example:
        >>> import pyconv
        >>> l1_loss(pyconv.zeros(2), pyconv.tensor([1.0, 3.0]))
        tensor(2.)
    """
    warn_of_sizes(input, target)
    if size_average is not None or reduce is not None:
        reduction = legacy(size_average, reduce)
    check_broadcast(array_of(input).shape, array_of(target).shape)
    if weight is None:
        return reduced(functions.abs(input - target), chosen(reduction))
    _check_weight(weight, input)
    return _by_weights(functions.abs(input - target) * weight, weight, reduction)


def _check_weight(weight: Any, input: Any) -> None:
    if tuple(weight.shape) != tuple(input.shape):
        raise ValueError("Weights and input must have the same size.")


def _by_weights(loss: Any, weight: Any, reduction: str) -> Any:
    """A weighted loss reduced, its mean being that over the weights."""
    _check_mode(reduction)
    return functions.sum(loss) / functions.sum(weight) if reduction == "mean" else reduced(loss, reduction)


def _check_mode(reduction: str) -> None:
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(f"Invalid reduction mode: {reduction}. Expected one of 'none', 'mean', 'sum'.")


def mse_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    weight: Any = None,
) -> Any:
    """(input - target)².

    Args:
        input: any shape.
        target: a shape that broadcasts with it.
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.
        weight: of each element.

    Example:
        >>> import pyconv
        >>> mse_loss(pyconv.zeros(2), pyconv.tensor([1.0, 3.0]))
        tensor(5.)
    """
    warn_of_sizes(input, target)
    if size_average is not None or reduce is not None:
        reduction = legacy(size_average, reduce)
    check_broadcast(array_of(input).shape, array_of(target).shape)
    if weight is None:
        return _mse_loss(input, target, chosen(reduction))
    _check_weight(weight, input)
    return _by_weights(functions.pow(input - target, 2) * weight, weight, reduction)


@function("(Tensor input, Tensor target, str reduction = mean)")
def _mse_loss(input: Any, target: Any, reduction: str) -> Any:
    return ops.mse(*together(input, target, "mse_cpu"), reduction=reduction)


@autocast
def smooth_l1_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Any:
    """|input - target|, rounded off to a parabola within `beta` of 0 (R. Girshick, "Fast R-CNN", arXiv:1504.08083).

    Raises:
        RuntimeError: `beta` is negative.

    Example:
        >>> import pyconv
        >>> smooth_l1_loss(pyconv.zeros(2), pyconv.tensor([1.0, 3.0]))
        tensor(1.5000)
    """
    warn_of_sizes(input, target)
    if size_average is not None or reduce is not None:
        reduction = legacy(size_average, reduce)
    check_broadcast(array_of(input).shape, array_of(target).shape)
    reduction = chosen(reduction)
    _fit_smooth_l1((input, target, 0, beta), {})
    if not beta >= 0:
        raise RuntimeError("smooth_l1_loss does not support negative values for beta.")
    if not beta:
        return l1_loss(input, target, reduction=reduction)
    return ops.smooth_l1(*together(input, target, "smooth_l1_cpu"), reduction=reduction, beta=float(beta))


@autocast
def huber_loss(input: Any, target: Any, reduction: str = "mean", delta: float = 1.0, weight: Any = None) -> Any:
    """Half the square of the difference, and linear beyond `delta` (P. J. Huber, 1964).

    Raises:
        RuntimeError: `delta` is not positive.

    Example:
        >>> import pyconv
        >>> huber_loss(pyconv.zeros(2), pyconv.tensor([1.0, 3.0]))
        tensor(1.5000)
    """
    warn_of_sizes(input, target)
    check_broadcast(array_of(input).shape, array_of(target).shape)
    if weight is None:
        return _huber_loss(input, target, chosen(reduction), delta)
    _check_weight(weight, input)
    found = _huber_loss(input, target, "none", delta) * weight
    _check_mode(reduction)
    return reduced(found, reduction)


def _huber_loss(input: Any, target: Any, reduction: str, delta: float) -> Any:
    _fit_huber((input, target, 0, delta), {})
    if not delta > 0:
        raise RuntimeError("huber_loss does not support non-positive values for delta.")
    pair = together(input, target, "huber_cpu")
    kinds = dtypes.of(array_of(input)), dtypes.of(array_of(target))
    if dtypes.category(kinds[0]) < 2:
        names = kinds[1].scalar_name, kinds[0].scalar_name
        raise RuntimeError(f"result type {names[0]} can't be cast to the desired output type {names[1]}")
    if kinds[0] is not kinds[1]:
        pair = _refused(pair[0], *kinds), _refused(pair[1], *reversed(kinds))
    return ops.huber(*pair, reduction=reduction, delta=float(delta))


def _refused(value: Any, own: dtypes.dtype, other: dtypes.dtype) -> Any:
    """An operand that torch does not differentiate beside one of another dtype."""
    return undifferentiated(value, reason=f"Found dtype {other.scalar_name} but expected {own.scalar_name}")


def soft_margin_loss(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """log(1 + exp(-target · input)), for targets of 1 and -1.

    Example:
        >>> import pyconv
        >>> soft_margin_loss(pyconv.zeros(2), pyconv.tensor([1.0, -1.0]))
        tensor(0.6931)
    """
    return _soft_margin_loss(input, target, chosen(reduction, size_average, reduce))


@function("(Tensor input, Tensor target, str reduction = mean)")
def _soft_margin_loss(input: Any, target: Any, reduction: str) -> Any:
    check_broadcast(array_of(input).shape, array_of(target).shape)
    own, kind = dtypes.of(array_of(input)), promoted(input, target)
    found = kind if dtypes.category(kind) > 1 else dtypes.get_default_dtype()
    if dtypes.category(found) > max(dtypes.category(own), 1) or dtypes.category(own) < 2:
        names = found.scalar_name, own.scalar_name
        raise RuntimeError(f"result type {names[0]} can't be cast to the desired output type {names[1]}")
    pair = together(input, target, "log1p")
    check_fits_into(array_of(input).shape, array_of(target).shape)
    return ops.soft_margin(*(cast(value, own.numpy) for value in pair), reduction=reduction)


def check_fits_into(size: tuple[int, ...], other: tuple[int, ...]) -> None:
    """Raise RuntimeError unless the second shape broadcasts to the first, where torch computes in place."""
    check_broadcast(size, other)
    whole = np.broadcast_shapes(size, other)
    if whole != size:
        raise RuntimeError(f"output with shape {list(size)} doesn't match the broadcast shape {list(whole)}")
