"""Which algorithm serves a convolution: one ordered table, a cost model, the cached choice.

The model has four constants and a pace for each algorithm; `python -m benchmarks fit` fits them to times.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry import Conv
from pyconv.kernels import precision
from pyconv.kernels.conv import (
    channels_last,
    column_sums,
    correlation,
    depthwise,
    dilated,
    dilated_weights,
    direct,
    fft,
    fft_weights,
    im2col,
    in_cache,
    interleaved,
    joined_images,
    kernel_rows,
    phase_columns,
    pointwise,
    row_sums,
    row_windows,
    runs,
    short,
    stacked_rows,
    strips,
    swapped,
    taps,
    toeplitz,
    turned,
    volumes,
    whole_rows,
    winograd,
    winograd_weights,
)
from pyconv.kernels.conv.algorithm import PASSES, Algorithm, Estimate

ALGORITHMS: tuple[Algorithm, ...] = (
    pointwise.ALGORITHM,
    winograd.ALGORITHM,
    winograd.WIDE,
    winograd.HIGH,
    winograd_weights.ALGORITHM,
    dilated.ALGORITHM,
    dilated.HIGH,
    dilated_weights.ALGORITHM,
    channels_last.ALGORITHM,
    depthwise.ALGORITHM,
    whole_rows.ALGORITHM,
    toeplitz.ALGORITHM,
    strips.ALGORITHM,
    stacked_rows.ALGORITHM,
    swapped.ALGORITHM,
    interleaved.ALGORITHM,
    short.ALGORITHM,
    runs.ALGORITHM,
    correlation.ALGORITHM,
    kernel_rows.ALGORITHM,
    row_sums.ALGORITHM,
    fft.ALGORITHM,
    fft_weights.ALGORITHM,
    in_cache.ALGORITHM,
    volumes.ALGORITHM,
    joined_images.ALGORITHM,
    turned.ALGORITHM,
    row_windows.ALGORITHM,
    row_windows.TURNED,
    phase_columns.ALGORITHM,
    column_sums.ALGORITHM,
    im2col.ALGORITHM,
    taps.ALGORITHM,
    direct.ALGORITHM,
)

PRODUCT_RATE = 96.0
"""Additions and multiplications a nanosecond in a large float32 product; only the ratios of the rates matter."""
INTEGER_RATE = 5.8
"""The same for dtypes that BLAS does not have."""
COPY_RATE = 17.0
"""Bytes a nanosecond that a gather or a scatter moves."""
CALL = 5700.0
"""Nanoseconds that a NumPy call on a small array takes."""

PACES = {
    "winograd": 0.97,
    "winograd-wide": 0.97,
    "winograd-weights": 1.45,
    "dilated": 1.03,
    "taps": 1.2,
    "channels-last": 1.1,
    "depthwise": 1.4,
    "whole-rows": 1.5,
    "toeplitz": 1.6,
    "stacked-rows": 1.08,
    "strips": 1.4,
    "swapped": 2.0,
    "interleaved": 1.2,
    "short": 1.1,
    "runs": 1.7,
    "correlation": 1.5,
    "turned": 0.95,
    "fft": 1.25,
    "direct": 3.0,
}
"""How many times as long as its estimate says an algorithm takes beside `im2col`, 1 where none is named: fitted, and
then moved a little where the choice between near-equals had gone wrong."""

_forced: ContextVar[str | None] = ContextVar("pyconv_conv_algorithm", default=None)
_preferred: ContextVar[str | None] = ContextVar("pyconv_preferred_conv_algorithm", default=None)


def cost(name: str, estimate: Estimate, dtype: np.dtype[Any]) -> float:
    """Nanoseconds by the cost model, for the algorithm of that name."""
    rate = PRODUCT_RATE * 4 / dtypes.accumulation(dtype).itemsize if dtype.kind in "fcV" else INTEGER_RATE
    work = estimate.flops / (rate * estimate.efficiency) + estimate.traffic / COPY_RATE + estimate.calls * CALL
    return PACES.get(name, 1.0) * work


@contextmanager
def use(name: str | None) -> Iterator[None]:
    """Force one algorithm inside a `with` block; None lets the planner choose again.

    Args:
        name: that of an algorithm of the table.

    Raises:
        ValueError: there is no algorithm of that name.

    Example:
        >>> import pyconv.kernels.conv as conv
        >>> with conv.use("direct"):
        ...     conv.forward(np.ones((1, 1, 3)), np.ones((1, 1, 3)), None, conv.Conv.of((1, 1, 3), (1, 1, 3)))
        array([[[3.]]])
    """
    if name is not None:
        find(name)
    token = _forced.set(name)
    try:
        yield
    finally:
        _forced.reset(token)


@contextmanager
def prefer(name: str) -> Iterator[None]:
    """Take one algorithm inside a `with` block wherever it supports the pass; elsewhere the planner chooses.

    Args:
        name: that of an algorithm of the table.

    Raises:
        ValueError: there is no algorithm of that name.

    Example:
        >>> with prefer("pointwise"):
        ...     choose(Conv.of((1, 1, 3), (1, 1, 3), None), np.dtype(np.float32), "forward").name != "pointwise"
        True
    """
    find(name)
    token = _preferred.set(name)
    try:
        yield
    finally:
        _preferred.reset(token)


def find(name: str) -> Algorithm:
    """The algorithm of that name.

    Raises:
        ValueError: there is none; the text lists those that there are.
    """
    for algorithm in ALGORITHMS:
        if algorithm.name == name:
            return algorithm
    names = ", ".join(repr(algorithm.name) for algorithm in ALGORITHMS)
    raise ValueError(f"no convolution algorithm named {name!r}; choose one of {names}")


def choose(conv: Conv, dtype: np.dtype[Any], name: str) -> Algorithm:
    """The algorithm that serves a pass: the forced one, or else the cheapest that supports the geometry.

    Raises:
        ValueError: the forced algorithm does not support the geometry, the dtype or the pass.
    """
    forced, preferred = _forced.get(), _preferred.get()
    if forced is None and preferred is not None:
        algorithm = find(preferred)
        if algorithm.has(name) and algorithm.supports(conv, dtype):
            return algorithm
    if forced is None:
        return _cheapest(conv, dtype, name, precision.is_loose())
    algorithm = find(forced)
    if not (algorithm.has(name) and algorithm.supports(conv, dtype)):
        raise ValueError(f"algorithm {forced!r} does not support {name} of {conv} in {dtype}")
    return algorithm


def candidates(conv: Conv, dtype: np.dtype[Any], name: str) -> list[Algorithm]:
    """The algorithms that may serve a pass at the present precision, in the order of the table."""
    return _allowed(conv, dtype, name, precision.is_loose())


def _able(conv: Conv, dtype: np.dtype[Any], name: str) -> list[Algorithm]:
    return [a for a in ALGORITHMS if a.has(name) and a.supports(conv, dtype)]


def _allowed(conv: Conv, dtype: np.dtype[Any], name: str, loose: bool) -> list[Algorithm]:
    """Those that support it; loose ones only where they are allowed, and only for float32."""
    loose = loose and dtype == np.float32
    return [a for a in _able(conv, dtype, name) if loose or not a.loose]


@lru_cache(maxsize=4096)
def _cheapest(conv: Conv, dtype: np.dtype[Any], name: str, loose: bool) -> Algorithm:
    return min(_allowed(conv, dtype, name, loose), key=lambda a: cost(a.name, a.estimate(conv, dtype, name), dtype))


def explain(conv: Conv, dtype: np.dtype[Any] | type = np.float32) -> str:
    """A table of what each algorithm would take for each pass, and which one is chosen.

    Args:
        conv: the geometry.
        dtype: the dtype of the operands.

    Returns:
        Text: for each pass and algorithm the GFLOP, the MiB gathered or scattered, the MiB of workspace beyond
        input, padded input and output, the relative cost, and a mark at the choice.

    Example:
        >>> print(explain(Conv.of((1, 64, 56, 56), (64, 64, 3, 3), None, padding=1)).splitlines()[0])
        x (1, 64, 56, 56) · w (64, 64, 3, 3) → y (1, 64, 56, 56), float32
    """
    dtype = np.dtype(dtype)
    lines = [f"x {conv.x_shape} · w {conv.w_shape} → y {conv.y_shape}, {dtype}"]
    lines.append(f"{'pass':<12}{'algorithm':<17}{'GFLOP':>9}{'moved MiB':>11}{'workspace MiB':>15}{'cost':>8}")
    for name in PASSES:
        chosen = choose(conv, dtype, name)
        found = {a.name: a.estimate(conv, dtype, name) for a in candidates(conv, dtype, name)}
        best = min(cost(algorithm, e, dtype) for algorithm, e in found.items())
        for algorithm, e in found.items():
            mark = "  ← chosen" if algorithm == chosen.name else ""
            lines.append(
                f"{name:<12}{algorithm:<17}{e.flops / 1e9:>9.4f}{e.traffic / 2**20:>11.2f}"
                f"{e.workspace / 2**20:>15.2f}{cost(algorithm, e, dtype) / best:>8.2f}{mark}"
            )
    return "\n".join(lines)
