"""Losses of an input and a target element by element.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from pyconv import dtypes, functions
from pyconv.autograd import no_grad
from pyconv.nn.functional.kind import array_of_like, size_of
from pyconv.nn.functional.loss.reduction import chosen, legacy, reduced, warn_of_sizes
from pyconv.ops import loss as ops
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, check_broadcast, promoted, refuse
from pyconv.ops.cast import array_of, cast
from pyconv.ops.undifferentiated import undifferentiated
from pyconv.signatures import function
from pyconv.signatures.autocast import autocast
from pyconv.signatures.check import checker
from pyconv.size import Size

_REDUCED = "int reduction = at::Reduction::Mean"
_fit_smooth_l1 = checker("smooth_l1_loss", (f"(Tensor input, Tensor target, {_REDUCED}, float beta = 1.0)",))
_fit_huber = checker("huber_loss", (f"(Tensor input, Tensor target, {_REDUCED}, float delta = 1.0)",))
_fit_kl_div = checker("kl_div", (f"(Tensor input, Tensor target, {_REDUCED}, *, bool log_target = False)",))
_fit_poisson = checker(
    "poisson_nll_loss", ("(Tensor input, Tensor target, bool log_input, bool full, float eps, int reduction)",)
)
_NOT_FLOATING = (
    dtypes.bool_,
    dtypes.uint8,
    dtypes.int8,
    dtypes.int16,
    dtypes.int32,
    dtypes.int64,
    *BAREBONES,
    *COMPLEX,
)


def _together(input: Any, target: Any, stub: str) -> tuple[Any, Any]:
    """Two tensors in their common dtype, for which torch has a kernel."""
    kind = promoted(input, target)
    refuse(stub, kind, _NOT_FLOATING)
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
    return ops.mse(*_together(input, target, "mse_cpu"), reduction=reduction)


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
    return ops.smooth_l1(*_together(input, target, "smooth_l1_cpu"), reduction=reduction, beta=float(beta))


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
    pair = _together(input, target, "huber_cpu")
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
    pair = _together(input, target, "log1p")
    _check_fits_into(array_of(input).shape, array_of(target).shape)
    return ops.soft_margin(*(cast(value, own.numpy) for value in pair), reduction=reduction)


def _check_fits_into(size: tuple[int, ...], other: tuple[int, ...]) -> None:
    """Raise RuntimeError unless the second shape broadcasts to the first, where torch computes in place."""
    check_broadcast(size, other)
    whole = np.broadcast_shapes(size, other)
    if whole != size:
        raise RuntimeError(f"output with shape {list(size)} doesn't match the broadcast shape {list(whole)}")


@autocast
def binary_cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """-(target · log(input) + (1 - target) · log(1 - input)), logarithms not below -100.

    Args:
        input: probabilities, any shape.
        target: the same shape.
        weight: of each element, a shape that broadcasts.
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.

    Raises:
        ValueError: the sizes differ.
        RuntimeError: a value of the input is no probability, or the dtypes differ.

    Example:
        >>> import pyconv
        >>> binary_cross_entropy(pyconv.tensor([0.5, 0.25]), pyconv.tensor([1.0, 0.0]))
        tensor(0.4904)
    """
    reduction = chosen(reduction, size_average, reduce)
    if size_of(target) != size_of(input):
        raise ValueError(
            f"Using a target size (torch.Size({list(target.shape)})) that is different to the input size "
            f"(torch.Size({list(input.shape)})) is deprecated. Please ensure they have the same size."
        )
    x, t = array_of(input), array_of(target)
    if weight is not None:
        whole = tuple(functions.broadcast_shapes(Size(target.shape), Size(weight.shape)))
        weight = functions.broadcast_to(weight, whole)
        _check_fits_into(x.shape, whole)
    if x.dtype != t.dtype:
        names = dtypes.of(t).scalar_name, dtypes.of(x).scalar_name
        raise RuntimeError(f"Found dtype {names[0]} but expected {names[1]}")
    refuse("binary_cross_entropy", dtypes.of(x), _NOT_FLOATING)
    if x.size and not ((x >= 0) & (x <= 1)).all():
        raise RuntimeError("all elements of input should be between 0 and 1")
    scale = None if weight is None else array_of(weight)
    return ops.binary_cross_entropy(input, target, reduction=reduction, weight=scale)


@autocast
def binary_cross_entropy_with_logits(
    input: Any,
    target: Any,
    weight: Any = None,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    pos_weight: Any = None,
) -> Any:
    """The binary cross entropy of sigmoid(input), computed without overflow.

    Args:
        input: any shape.
        target: the same shape, probabilities.
        weight: of each element, a shape that broadcasts.
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.
        pos_weight: of the positive part, a shape that broadcasts.

    Raises:
        ValueError: the sizes differ.

    Example:
        >>> import pyconv
        >>> binary_cross_entropy_with_logits(pyconv.zeros(2), pyconv.tensor([1.0, 0.0]))
        tensor(0.6931)
    """
    reduction = chosen(reduction, size_average, reduce)
    if size_of(target) != size_of(input):
        raise ValueError(
            f"Target size (torch.Size({list(target.shape)})) must be the same as input size "
            f"(torch.Size({list(input.shape)}))"
        )
    refuse("log_sigmoid_cpu", dtypes.of(array_of(input)), _NOT_FLOATING)
    _check_steps(*(value if value is None else array_of(value) for value in (input, target, weight, pos_weight)))
    kind = promoted(*(value for value in (input, target, weight, pos_weight) if value is not None))
    scales = [None if w is None else array_of(cast(w, kind.numpy)) for w in (weight, pos_weight)]
    pair = cast(input, kind.numpy), cast(target, kind.numpy)
    own = array_of(input).dtype
    step = own if own != kind.numpy else None
    surplus = None if pos_weight is None else np.asarray(array_of(pos_weight) - 1).astype(kind.numpy)
    found = ops.binary_cross_entropy_with_logits(
        *pair, reduction=reduction, weight=scales[0], pos_weight=scales[1], surplus=surplus, step=step
    )
    return cast(found, array_of(target).dtype)


def _check_steps(input: Any, target: Any, weight: Any, pos_weight: Any) -> None:
    """Refuse what torch's steps refuse: it puts a weighted logarithm into the input's place, a loss into the target's.

    Raises:
        RuntimeError: with the text of the first of these steps that fails.
    """
    if pos_weight is not None:
        if pos_weight.dtype == np.bool_:
            raise RuntimeError(
                "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a "
                "mask, use the `~` or `logical_not()` operator instead."
            )
        check_broadcast(pos_weight.shape, target.shape)
        size, kind = np.broadcast_shapes(pos_weight.shape, target.shape), promoted(pos_weight, target)
        _check_in_place(input, size, kind)
    if target.dtype == np.bool_:
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use the `^` or `logical_xor()` "
            "operator instead."
        )
    _check_in_place(target, input.shape, dtypes.of(input))
    if weight is not None:
        _check_in_place(target, weight.shape, dtypes.of(weight))


def _check_in_place(x: Any, size: tuple[int, ...], kind: dtypes.dtype) -> None:
    """Raise RuntimeError unless something of a size and dtype can be multiplied into an array."""
    own = dtypes.of(x)
    ranks = ((own, x.ndim), (kind, len(size)))
    found = dtypes.result_type([(each, "array" if ndim else "zero_dim") for each, ndim in ranks])
    if dtypes.category(found) > dtypes.category(own):
        raise RuntimeError(
            f"result type {found.scalar_name} can't be cast to the desired output type {own.scalar_name}"
        )
    _check_fits_into(x.shape, size)


def kl_div(
    input: Any,
    target: Any,
    size_average: bool | None = None,
    reduce: bool | None = None,
    reduction: str = "mean",
    log_target: bool = False,
) -> Any:
    """Target · (log(target) - input), the Kullback-Leibler divergence from log-probabilities.

    Args:
        input: log-probabilities, any shape.
        target: probabilities, or their logarithms, a shape that broadcasts.
        size_average: deprecated, see `reduction`.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'batchmean', 'sum' or 'none'.
        log_target: whether the target is given by its logarithms.

    Raises:
        RuntimeError: integers.

    Example:
        >>> import pyconv
        >>> kl_div(pyconv.zeros(2), pyconv.tensor([1.0, 0.5]), reduction="sum")
        tensor(-0.3466)
    """
    if size_average is not None or reduce is not None:
        reduction = legacy(size_average, reduce)
    elif reduction == "mean":
        warnings.warn(
            "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides "
            "only by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the "
            "same as 'batchmean' in the next major release.",
            stacklevel=2,
        )
    mode = "sum" if reduction == "batchmean" else chosen(reduction)
    _fit_kl_div((input, target, 0), {"log_target": log_target})
    found = _kl_div(input, target, mode, log_target)
    return functions.div(found, input.shape[0]) if reduction == "batchmean" and input.ndim else found


def _kl_div(input: Any, target: Any, reduction: str, log_target: bool) -> Any:
    kinds = [dtypes.of(array_of(value)) for value in (input, target)]
    if any(kind.is_complex for kind in kinds):
        raise RuntimeError("kl_div: Complex inputs not supported.")
    if any(dtypes.category(kind) < 2 for kind in kinds):
        raise RuntimeError("kl_div: Integral inputs not supported.")
    if log_target:
        return reduced(functions.exp(target) * (target - input), reduction)
    return reduced(functions.xlogy(target, target) - target * input, reduction)


@autocast
def poisson_nll_loss(
    input: Any,
    target: Any,
    log_input: bool = True,
    full: bool = False,
    size_average: bool | None = None,
    eps: float = 1e-8,
    reduce: bool | None = None,
    reduction: str = "mean",
) -> Any:
    """The negative log-likelihood of counts under a Poisson distribution.

    Args:
        input: the expected counts, or their logarithms.
        target: the counts.
        log_input: whether the input is given by logarithms.
        full: whether to add Stirling's approximation of log(target!).
        size_average: deprecated, see `reduction`.
        eps: keeps the logarithm from 0.
        reduce: deprecated, see `reduction`.
        reduction: 'mean', 'sum' or 'none'.

    Example:
        >>> import pyconv
        >>> poisson_nll_loss(pyconv.zeros(2), pyconv.ones(2))
        tensor(1.)
    """
    if size_average is not None or reduce is not None:
        reduction = legacy(size_average, reduce)
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(reduction + " is not a valid value for reduction")
    _fit_poisson((input, target, log_input, full, eps, 0), {})
    loss = functions.exp(input) - target * input if log_input else input - target * functions.log(input + eps)
    if full:
        stirling = target * functions.log(target) - target + 0.5 * functions.log(2 * math.pi * target)
        loss = cast(loss + functions.where(target <= 1, 0.0, stirling), array_of(loss).dtype)
    return reduced(loss, reduction)


def filled_like(input: Any, value: float) -> Any:
    """A value everywhere, in the shape, the dtype and the kind of the input."""
    return array_of_like(np.full_like(array_of(input), value), input)


def gaussian_nll_loss(
    input: Any,
    target: Any,
    var: Any,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Any:
    """The negative log-likelihood of the target under normal distributions.

    Args:
        input: the means.
        target: the values.
        var: the variances, of the input's shape, without the last of its sizes, or with 1 in place of one, or a number.
        full: whether to add the constant.
        eps: the least variance.
        reduction: 'mean', 'sum' or 'none'.

    Raises:
        ValueError: `var` is negative somewhere or of a wrong size, or the reduction is unknown.

    Example:
        >>> import pyconv
        >>> gaussian_nll_loss(pyconv.zeros(2), pyconv.ones(2), pyconv.ones(2))
        tensor(0.5000)
    """
    if isinstance(var, float):
        if var < 0:
            raise ValueError("var has negative entry/entries")
        var = functions.mul(filled_like(input, 1), var)
    elif bool((var < 0).any()):
        raise ValueError("var has negative entry/entries")
    if tuple(var.shape) != tuple(input.shape):
        if tuple(input.shape[:-1]) == tuple(var.shape):
            var = functions.unsqueeze(var, -1)
        elif input.ndim != var.ndim or sum(m for n, m in zip(input.shape, var.shape, strict=True) if n != m) != 1:
            raise ValueError("var is of incorrect size")
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(reduction + " is not valid")
    var = not_below(var, eps)
    loss = 0.5 * (functions.log(var) + (input - target) ** 2 / var)
    if full:
        loss = loss + 0.5 * math.log(2 * math.pi)
    return reduced(loss, reduction)


def not_below(value: Any, least: float) -> Any:
    """The values clamped, whose gradient passes where the clamp holds, as torch clamps without recording."""
    if isinstance(value, np.ndarray):
        return np.maximum(value, least).astype(value.dtype)
    value = functions.clone(value)
    with no_grad():
        value.clamp_(min=least)
    return value
