"""The truncated normal distribution, by rejection.

May import: NumPy, the standard library, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.random` and
`pyconv.tensor`.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes, random
from pyconv.autograd import no_grad
from pyconv.random import Generator
from pyconv.tensor import Tensor

Array = np.ndarray[Any, Any]


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    generator: Generator | None = None,
) -> Tensor:
    """Fill with numbers from the normal distribution, drawn again until all lie in [a, b].

    Where less than 30 % of the distribution lies in the interval, uniform numbers are drawn instead and kept
    with the probability that the density gives. Those few comparisons involve a logarithm: where it differs
    from torch's in the last bit, one candidate in some ten million is judged otherwise.

    Args:
        tensor: any shape, real and floating-point; overwritten and returned.
        mean: mean of the distribution before it is cut.
        std: standard deviation before it is cut.
        a: smallest value.
        b: largest value.
        generator: source of the numbers; the default generator if not given.

    Example:
        >>> trunc_normal_(Tensor(4), a=-0.5, b=0.5, generator=Generator().manual_seed(0)).abs().max() <= 0.5
        tensor(True)
    """
    if mean < a - 2 * std or mean > b + 2 * std:
        warnings.warn(
            "mean is more than 2 std from [a, b] in nn.init.trunc_normal_. "
            "The distribution of values may be incorrect.",
            stacklevel=2,
        )
    source = random.default_generator if generator is None else generator
    if tensor.is_meta:
        return tensor
    with no_grad():
        if _normal_cdf((b - mean) / std) - _normal_cdf((a - mean) / std) > 0.3:
            tensor.normal_(mean, std, generator=generator)
            _redraw_outside(tensor._array, mean, std, a, b, source)
        else:
            tensor.uniform_(a, b, generator=generator)
            _redraw_rejected(tensor._array, mean, std, a, b, source)
    return tensor


def _normal_cdf(x: float) -> float:
    return (1.0 + math.erf(x / math.sqrt(2.0))) / 2.0


def _redraw_outside(array: Array, mean: float, std: float, a: float, b: float, source: Generator) -> None:
    """Replace what lies outside [a, b]; every round draws a whole array."""
    _refuse_complex(array, "lt_cpu")
    lowest, highest = _rounded(array, a), _rounded(array, b)
    current = array
    while (outside := (current < lowest) | (current > highest)).any():
        drawn = source.fill_normal(np.empty_like(array), mean, std)
        current = np.where(outside, drawn, current)
    array[...] = current


def _redraw_rejected(array: Array, mean: float, std: float, a: float, b: float, source: Generator) -> None:
    """Replace candidates until the logarithm of a uniform number is below each one's relative log-density."""
    _refuse_complex(array, "gt_cpu")
    mode = max(a, min(mean, b))
    log_peak = -0.5 * ((mode - mean) / std) ** 2

    def rejected(candidates: Array) -> Array:
        threshold = source.fill_uniform(np.empty_like(array))
        with np.errstate(divide="ignore"):
            return _in_steps(threshold, np.log) > _log_density(candidates, mean, std, log_peak)

    pending = rejected(array)
    while pending.any():
        candidates = source.fill_uniform(np.empty_like(array), a, b)
        np.copyto(array, candidates, where=pending)
        pending &= rejected(candidates)


def _log_density(values: Array, mean: float, std: float, log_peak: float) -> Array:
    """The logarithm of the density over its peak. What it subtracts torch rounds to the dtype first."""
    real = dtypes.accumulation(values.dtype).type
    centre, peak = (_rounded(values, number).astype(real) for number in (mean, log_peak))
    scaled = _in_steps(values, lambda v: v - centre, lambda v: v / real(std))
    return _in_steps(scaled, lambda v: v * v, lambda v: v * real(-0.5), lambda v: v - peak)


def _in_steps(values: Array, *steps: Callable[[Array], Array]) -> Array:
    """Apply each step in at least float32 and round its result to the dtype of `values`."""
    wide = dtypes.accumulation(values.dtype)
    for step in steps:
        values = step(values.astype(wide)).astype(values.dtype)
    return values


def _rounded(array: Array, number: float) -> Any:
    """`number` in the dtype of `array`, by way of float32 for a 16-bit one."""
    with np.errstate(over="ignore"):
        return dtypes.accumulation(array.dtype).type(number).astype(array.dtype)


def _refuse_complex(array: Array, operator: str) -> None:
    if array.dtype.kind == "c":
        name = dtypes.of(array).scalar_name
        raise NotImplementedError(f"\"{operator}\" not implemented for '{name}'")
