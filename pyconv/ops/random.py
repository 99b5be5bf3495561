"""Random numbers whose parameters are tensors; their gradients are zero.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.random`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.random.distributions import fill_poisson
from pyconv.random.generator import Generator

Array = np.ndarray[Any, Any]


@primitive("Zeros")
def _zeros(g: Array, *, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    return np.zeros(shape, dtype)


def _no_gradient(op: Primitive, *positions: int) -> None:
    for position in positions:
        op.defvjp(
            position,
            lambda g, *operands, _at=position, **static: _zeros(
                g, shape=operands[_at].shape, dtype=operands[_at].dtype
            ),
        )


@primitive("Bernoulli")
def bernoulli(p: Array, *, source: Generator) -> Array:
    """Ones with probability `p`, zeros else."""
    return source.fill_bernoulli(np.empty(p.shape, p.dtype), p)


@primitive("NotImplemented", variant=None)
def bernoulli_number(x: Array, *, p: float, source: Generator) -> Array:
    """Ones with one probability, of the shape and dtype of `x`."""
    return source.fill_bernoulli(np.empty(x.shape, x.dtype), p)


@primitive("Poisson")
def poisson(rates: Array, *, source: Generator) -> Array:
    """Numbers from Poisson distributions."""
    return fill_poisson(source, np.empty(rates.shape, rates.dtype), rates)


@primitive("Normal", variant=1)
def normal_mean(mean: Array, *, std: float, source: Generator) -> Array:
    """Normal deviates of one standard deviation, each of a mean of its own."""
    noise = source.fill_normal(np.empty(mean.shape, mean.dtype), 0, std)
    return noise + mean


@primitive("Normal", variant=2)
def normal_std(std: Array, *, mean: float, source: Generator) -> Array:
    """Normal deviates of one mean, each of a standard deviation of its own."""
    noise = source.fill_normal(np.empty(std.shape, std.dtype))
    return noise * std + np.asarray(mean).astype(std.dtype)


@primitive("Normal", variant=3)
def normal(mean: Array, std: Array, *, source: Generator) -> Array:
    """Normal deviates, each of a mean and a standard deviation of its own, in the dtype of the means."""
    noise = source.normal(np.broadcast_shapes(mean.shape, std.shape), dtype=mean.dtype)
    scaled = np.multiply(noise, std, dtype=_common(mean, std)).astype(mean.dtype)
    return scaled + mean


def _common(mean: Array, std: Array) -> np.dtype[Any]:
    wide = dtypes.accumulation(mean.dtype)
    return np.result_type(wide, std.dtype) if std.dtype.kind == "f" else wide


_no_gradient(bernoulli, 0)
_no_gradient(bernoulli_number, 0)
_no_gradient(poisson, 0)
_no_gradient(normal_mean, 0)
_no_gradient(normal_std, 0)
_no_gradient(normal, 0, 1)
