"""Counts of values: bincount, histc, histogram.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.ops import histogram as ops
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, refuse
from pyconv.ops.cast import array_of
from pyconv.ops.shape import reshape
from pyconv.return_types import named
from pyconv.signatures import function

__all__ = ["bincount", "histc", "histogram", "histogramdd"]

Array = np.ndarray[Any, Any]
_Histogram, _Histogramdd = named("histogram", "hist", "bin_edges"), named("histogramdd", "hist", "bin_edges")
_WHOLE = (dtypes.uint8, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64)


@function("(Tensor input, Tensor weights = None, int minlength = 0)")
def bincount(input: Any, weights: Any = None, minlength: int = 0) -> Any:
    """How often each number from 0 up is there.

    Args:
        input: `(n)`, of integers from 0 up.
        weights: `(n)`, what each counts; 1 if None.
        minlength: the least length of the result.

    Returns:
        int64; of weights float32 or float64.

    Raises:
        RuntimeError: an argument is another.
        NotImplementedError: `input` is not of integers.

    Example:
        >>> import pyconv
        >>> bincount(pyconv.tensor([1, 2, 2]))
        tensor([0, 1, 2])
    """
    array = array_of(input)
    kind = dtypes.of(array)
    refuse("bincount_cpu", kind, () if kind in _WHOLE else (kind,))
    if minlength < 0:
        raise RuntimeError("minlength should be >= 0")
    if array.ndim != 1 or (array.size and array.min() < 0):
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    if weights is None:
        return ops.bincount(input, minlength=minlength)
    if array_of(weights).shape != array.shape:
        raise RuntimeError("weights should be 1-d and have the same length as input")
    return ops.weighted_bincount(input, weights, minlength=minlength)


@function("(Tensor input, int bins = 100, Number min = 0, Number max = 0, *, Tensor out = None)")
def histc(input: Any, bins: int = 100, min: Any = 0, max: Any = 0) -> Any:
    """How many elements are in each of equal bins, as floats.

    Args:
        input: of any shape, of floats.
        bins: how many.
        min: where the first begins; with `max` equal to it, the range is that of the elements.
        max: where the last ends.

    Raises:
        RuntimeError: there are no bins, or the range is none.

    Example:
        >>> import pyconv
        >>> histc(pyconv.tensor([1.0, 2.0, 2.0]), bins=2, min=0, max=4)
        tensor([1., 2.])
    """
    array = array_of(input)
    kind = dtypes.of(array)
    if bins <= 0:
        raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {bins} for dimension 0")
    if min == max:
        refuse("aminmax_cpu", kind, (*COMPLEX, *BAREBONES))
    if kind is dtypes.bool_:
        refuse("linspace_cpu", kind, (kind,))
    refuse("histogram_cpu", kind, (kind,) if dtypes.category(kind) != 2 else ())
    low, high = float(min), float(max)
    if low == high and array.size:
        low, high = float(array.min()), float(array.max())
    if low == high:
        low, high = low - 1, high + 1
    if not (np.isfinite(low) and np.isfinite(high)):
        raise RuntimeError(f"torch.histc: range of [{low:g}, {high:g}] is not finite")
    if not low < high:
        raise RuntimeError("torch.histc: max must be larger than min")
    return ops.histc(input, low=low, high=high, bins=bins)


@function(
    "(Tensor input, Tensor bins, *, Tensor weight = None, bool density = False, tuple of Tensors out = None)",
    "(Tensor input, int bins = 100, *, tuple of floats range = None, Tensor weight = None, bool density = False, "
    "tuple of Tensors out = None)",
)
def histogram(
    input: Any, bins: Any = 100, *, range: Sequence[float] | None = None, weight: Any = None, density: bool = False
) -> Any:
    """How many elements, or what weight of them, each bin has.

    Args:
        input: of any shape, float32 or float64.
        bins: how many equal ones, or a tensor of their edges.
        range: where the first begins and the last ends; those of the elements if None.
        weight: like `input`, what each element counts.
        density: divide by the sum and by the widths.

    Returns:
        The named tuple (hist, bin_edges).

    Raises:
        RuntimeError: an argument does not fit.

    Example:
        >>> import pyconv
        >>> histogram(pyconv.tensor([1.0, 2.0, 2.0]), 2, range=(0.0, 4.0)).hist
        tensor([1., 2.])
    """
    flat = array_of(input).reshape(-1, 1)
    edges = bins if isinstance(bins, (Traced, np.ndarray)) else int(bins)
    if isinstance(edges, int) and edges <= 0:
        raise RuntimeError(f"torch.histogram(): bins must be > 0, but got {edges} for dimension 0")
    shares = None if weight is None else array_of(weight).reshape(-1)
    hist, found = _counted(input, flat, [edges], range, shares, density)
    return _Histogram(hist, found[0])


@function(
    "(Tensor input, int bins, tuple of floats range = None, Tensor weight = None, bool density = False)",
    "(Tensor input, tuple of ints! bins, tuple of floats range = None, Tensor weight = None, bool density = False)",
    "(Tensor input, tuple of Tensors bins, tuple of floats range = None, Tensor weight = None, bool density = False)",
)
def histogramdd(
    input: Any, bins: Any, range: Sequence[float] | None = None, weight: Any = None, density: bool = False
) -> Any:
    """How many points, or what weight of them, each box of bins has.

    Args:
        input: `(*, d)`, points in d dimensions, float32 or float64.
        bins: how many equal ones in every dimension, in each, or a tensor of edges for each.
        range: where the bins begin and end, two numbers for each dimension; those of the points if None.
        weight: `(*)`, what each point counts.
        density: divide by the sum and by the sizes.

    Returns:
        The named tuple (hist, bin_edges).

    Raises:
        RuntimeError: an argument does not fit.

    Example:
        >>> import pyconv
        >>> histogramdd(pyconv.tensor([[0.0, 1.0], [1.0, 0.0]]), 2).hist
        tensor([[0., 1.],
                [1., 0.]])
    """
    array = array_of(input)
    if array.ndim < 2:
        raise RuntimeError("torch.histogramdd: input tensor should have at least 2 dimensions")
    size = array.shape[-1]
    given = [bins] * size if isinstance(bins, (int, np.integer)) else list(bins)
    if len(given) != size:
        raise RuntimeError("histogramdd: The size of bins must be equal to the innermost dimension of the input.")
    points = array.reshape(-1, size)
    if weight is not None and array_of(weight).shape != array.shape[:-1]:
        _misfit(array.shape, array_of(weight).shape)
    shares = None if weight is None else array_of(weight).reshape(-1)
    return _Histogramdd(*_counted(input, points, given, range, shares, density))


def _misfit(shape: tuple[int, ...], weight: tuple[int, ...]) -> None:
    raise RuntimeError(
        "torch.histogramdd: if weight tensor is provided it should have the same shape as the input tensor excluding "
        f"its innermost dimension, but got input with shape {list(shape)} and weight with shape {list(weight)}"
    )


def _counted(
    input: Any, points: Array, bins: list[Any], range: Any, weight: Array | None, density: bool
) -> tuple[Any, tuple[Any, ...]]:
    kind = dtypes.of(points)
    _check_edges(points, bins)
    if weight is not None:
        if weight.shape != points.shape[:1]:
            _misfit(points.shape, weight.shape)
        if weight.dtype != points.dtype:
            raise RuntimeError(
                "torch.histogramdd: if weight tensor is provided, input tensor and weight tensor should have the same "
                f"dtype, but got input({_cpp(kind)}), and weight({_cpp(dtypes.of(weight))})"
            )
    refuse("histogramdd", kind, (kind,) if kind not in (dtypes.float32, dtypes.float64) else ())
    ranges = [None] * len(bins) if isinstance(bins[0], (Traced, np.ndarray)) else _ranges(points, range)
    bounds = tuple(
        array_of(edges) if limits is None else ops.edges(*limits, int(edges), points.dtype)
        for edges, limits in zip(bins, ranges, strict=True)
    )
    flat = reshape(input, shape=points.shape)
    hist = ops.histogram(flat, bounds=bounds, weight=weight, density=density)
    return hist, tuple(
        edges if isinstance(edges, (Traced, np.ndarray)) else ops.bin_edges(input, value=bound)
        for edges, bound in zip(bins, bounds, strict=True)
    )


def _cpp(kind: dtypes.dtype) -> str:
    return kind.cpp_name


def _check_edges(points: Array, bins: list[Any]) -> None:
    for dim, edges in enumerate(bins):
        if not isinstance(edges, (Traced, np.ndarray)):
            continue
        array = array_of(edges)
        if array.dtype != points.dtype:
            raise RuntimeError(
                "torch.histogramdd: input tensor and bins tensors should have the same dtype, but got input with "
                f"dtype {_cpp(dtypes.of(points))} and bins for dimension {dim} with dtype {_cpp(dtypes.of(array))}"
            )
        if array.ndim != 1:
            raise RuntimeError(
                f"torch.histogramdd: bins tensor should have one dimension, but got {array.ndim} dimensions in the "
                f"bins tensor for dimension {dim}"
            )


def _ranges(points: Array, range: Any) -> list[tuple[Any, Any]]:
    """Where the bins of each dimension begin and end."""
    size = points.shape[1]
    if range is not None:
        if len(range) != 2 * size:
            raise RuntimeError(
                f"torch.histogramdd: for a {size}-dimensional histogram range should have {2 * size} elements, but "
                f"got {len(range)}"
            )
        found = [
            (points.dtype.type(low), points.dtype.type(high)) for low, high in zip(range[::2], range[1::2], strict=True)
        ]
    elif not len(points):
        found = [(points.dtype.type(0), points.dtype.type(1))] * size
    else:
        found = list(zip(points.min(axis=0), points.max(axis=0), strict=True))
    for dim, (low, high) in enumerate(found):
        if not (np.isfinite(low) and np.isfinite(high)):
            raise RuntimeError(f"torch.histogramdd: dimension {dim}'s range [{low:g}, {high:g}] is not finite")
        if low > high:
            raise RuntimeError(
                f"torch.histogramdd: min should not exceed max, but got min {low:g} max {high:g} for dimension {dim}"
            )
    half = points.dtype.type(0.5)
    return [(low - half, high + half) if low == high else (low, high) for low, high in found]
