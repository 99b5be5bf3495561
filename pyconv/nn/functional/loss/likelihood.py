"""Divergence and negative log-likelihood of distributions: Kullback-Leibler, Poisson, Gaussian.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from pyconv import dtypes, functions
from pyconv.autograd import no_grad
from pyconv.nn.functional.kind import array_of_like
from pyconv.nn.functional.loss.pointwise import REDUCED
from pyconv.nn.functional.loss.reduction import chosen, legacy, reduced
from pyconv.ops.cast import array_of, cast
from pyconv.signatures.autocast import autocast
from pyconv.signatures.check import checker

_fit_kl_div = checker("kl_div", (f"(Tensor input, Tensor target, {REDUCED}, *, bool log_target = False)",))
_fit_poisson = checker(
    "poisson_nll_loss", ("(Tensor input, Tensor target, bool log_input, bool full, float eps, int reduction)",)
)


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
