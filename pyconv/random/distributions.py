"""Distributions drawn element by element from float64 uniforms, as `torch.Tensor.exponential_` and its kin are.

Each takes a Generator and an array, overwrites the array in the order of its memory, and returns it. The logarithm,
the tangent and the exponential are the C library's, as in torch, and their last bit is that library's.

May import: NumPy, the standard library, `pyconv.dtypes` and the lower files of `pyconv.random`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from pyconv import dtypes
from pyconv.random import checks, draw
from pyconv.random.generator import Generator

if TYPE_CHECKING:
    pass

Array = np.ndarray[Any, Any]

_FLOAT64 = np.dtype(np.float64)


def fill_exponential(generator: Generator, array: Array, lambd: float = 1.0) -> Array:
    """Draw from the density `lambd * exp(-lambd * x)`.

    Raises:
        RuntimeError: `lambd` is not positive, or the dtype is no float.

    Example:
        >>> fill_exponential(Generator().manual_seed(0), np.empty(2))
        array([3.50832619, 1.23038476])
    """
    if array.size:
        checks.check_continuous("Exponential", array, dtypes.of(array).scalar_name)
    checks.check_positive("exponential_", "lambda", lambd)
    scale = -1 / lambd
    return _fill(generator, array, lambda u: scale * math.log1p(-u))


def fill_geometric(generator: Generator, array: Array, p: float) -> Array:
    """Draw the number of trials up to the first success, each of probability `p`.

    Raises:
        RuntimeError: `p` is not inside (0, 1).
        NotImplementedError: the dtype is bool or complex.

    Example:
        >>> fill_geometric(Generator().manual_seed(0), np.empty(3), 0.3)
        array([1., 1., 3.])
    """
    if not 0 < p < 1:
        raise RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={p:g}")
    checks.check_drawn("geometric_cpu", array, integers=True)
    scale = math.log1p(-p)
    return _fill(generator, array, lambda u: math.ceil(_log(u) / scale))


def fill_cauchy(generator: Generator, array: Array, median: float = 0.0, sigma: float = 1.0) -> Array:
    """Draw from the Cauchy distribution.

    Raises:
        RuntimeError: `sigma` is not positive, or the dtype is no float.

    Example:
        >>> fill_cauchy(Generator().manual_seed(0), np.empty(2))
        array([10.59772933,  0.76476726])
    """
    checks.check_continuous("Cauchy", array, dtypes.of(array).cpp_name)
    checks.check_positive("cauchy_", "sigma", sigma)
    return _fill(generator, array, lambda u: median + sigma * math.tan(math.pi * (u - 0.5)))


def fill_log_normal(generator: Generator, array: Array, mean: float = 1.0, std: float = 2.0) -> Array:
    """Draw numbers whose logarithms are normal.

    Raises:
        RuntimeError: `std` is not positive.
        NotImplementedError: the dtype is no float.

    Example:
        >>> fill_log_normal(Generator().manual_seed(0), np.empty(2), 0.0, 1.0)
        array([4.66923902, 0.74570224])
    """
    checks.check_positive("log_normal_", "std", std)
    checks.check_drawn("log_normal_cpu", array, integers=False)
    normals = draw.normal_in_pairs(generator.engine, array.size, mean, std)
    return _write(array, [_exp(value) for value in normals.tolist()])


def fill_poisson(generator: Generator, array: Array, rates: Array) -> Array:
    """Draw from Poisson distributions: by products of uniforms for a rate below 10, else by rejection.

    W. Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance: Mathematics
    and Economics 12(1), 1993.

    Args:
        generator: what to draw from.
        array: what to overwrite; of a float dtype.
        rates: the rate of each element, of the same shape.

    Raises:
        RuntimeError: a rate is negative or NaN.
        NotImplementedError: the dtype is no float.

    Example:
        >>> fill_poisson(Generator().manual_seed(0), np.empty(3), np.array([0.5, 4.0, 100.0]))
        array([ 2.,  5., 94.])
    """
    checks.check_drawn("poisson_cpu", array, integers=False)
    engine = generator.engine

    def uniform() -> float:
        return float(engine.unit(1, _FLOAT64)[0])

    order = draw.memory_order(array)
    drawn = [_poisson(rate, uniform) for rate in rates.transpose(order).astype(np.float64).ravel().tolist()]
    return _write(array, drawn)


def fill_full_range(generator: Generator, array: Array) -> Array:
    """Draw what `torch.Tensor.random_()` without bounds draws: from 0 to the largest integer of the dtype.

    For a float dtype that is the largest up to which it holds every integer.

    Raises:
        NotImplementedError: a complex or a wide unsigned dtype.

    Example:
        >>> fill_full_range(Generator().manual_seed(0), np.empty(3, np.int8))
        array([ 44,  47, 117], dtype=int8)
    """
    most = checks.largest_drawn(array)
    words = generator.engine.random64 if most >= 1 << 32 else generator.engine.random32
    drawn = words(array.size).astype(np.uint64) % np.uint64(most + 1)
    return _write(array, drawn)


def fill_upwards(generator: Generator, array: Array, low: int) -> Array:
    """Draw what `torch.Tensor.random_(low, None)` draws: from `low` to the largest integer of the dtype.

    Raises:
        RuntimeError: the dtype has no such range.
        NotImplementedError: a wide unsigned dtype.

    Example:
        >>> fill_upwards(Generator().manual_seed(0), np.empty(3, np.int8), 100)
        array([104, 103, 121], dtype=int8)
    """
    if low == -(2**63):
        checks.check_all_words(array)
        return _write(array, generator.engine.random64(array.size).view(np.int64))
    checks.check_integer_range(array.dtype, low, low + 1)
    most = np.iinfo(array.dtype).max if array.dtype.name in ("uint16", "uint32") else checks.largest_drawn(array)
    draw.integers(generator.engine, array, low, int(most) + 1)
    return array


def _fill(generator: Generator, array: Array, function: Callable[[float], float]) -> Array:
    uniforms = generator.engine.unit(array.size, _FLOAT64)
    return _write(array, [function(u) for u in uniforms.tolist()])


def _write(array: Array, values: Any) -> Array:
    """Put `values` into `array` in the order of its memory, rounded as C++ does."""
    ordered = array.transpose(draw.memory_order(array))
    whole = np.asarray(values, np.float64 if isinstance(values, list) else None)
    ordered[...] = draw.narrow(whole, array.dtype).reshape(ordered.shape)
    return array


def _log(u: float) -> float:
    return math.log(u) if u else -math.inf


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def _poisson(rate: float, uniform: Callable[[], float]) -> int:
    if not rate >= 0:
        raise RuntimeError("invalid Poisson rate, expected rate to be non-negative")
    if rate >= 10:
        return _poisson_by_rejection(rate, uniform)
    count, product, limit = 0, 1.0, math.exp(-rate)
    while rate:
        product *= uniform()
        if product <= limit:
            break
        count += 1
    return count


def _poisson_by_rejection(rate: float, uniform: Callable[[], float]) -> int:
    root, log_rate = math.sqrt(rate), math.log(rate)
    b = 0.931 + 2.53 * root
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    quick = 0.9277 - 3.6224 / (b - 2)
    while True:
        u, v = uniform() - 0.5, uniform()
        room = 0.5 - abs(u)
        k = math.floor((2 * a / room + b) * u + rate + 0.43)
        if room >= 0.07 and v <= quick:
            return k
        if k < 0 or (room < 0.013 and v > room):
            continue
        accepted = _log(v) + math.log(inverse_alpha) - math.log(a / (room * room) + b)
        if accepted <= -rate + k * log_rate - math.lgamma(k + 1):
            return k
