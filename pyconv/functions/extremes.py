"""The larger and the smaller of two tensors, and values kept between bounds.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.functions.alias import alias
from pyconv.functions.operands import tensor
from pyconv.ops import extremes
from pyconv.signatures import function

__all__ = [
    "clamp",
    "clamp_max",
    "clamp_min",
    "clip",
    "fmax",
    "fmin",
    "maximum",
    "minimum",
]


def _bounds(low: Any, high: Any) -> tuple[Any, Any]:
    """The bounds, both tensors or both numbers, for which tensors without dimensions count."""
    given = [bound for bound in (low, high) if bound is not None]
    tensors = [isinstance(bound, (Traced, np.ndarray)) for bound in given]
    if any(tensors) and not all(tensors) and any(getattr(bound, "ndim", 0) for bound in given):
        raise TypeError("expected two tensors or two numbers")
    return low, high


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def maximum(input: Any, other: Any) -> Any:
    """The larger of two; NaN where one is NaN.

    Raises:
        RuntimeError: one is complex, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.maximum(torch.tensor([1.0, float("nan")]), torch.tensor([2.0, 0.0]))
        tensor([2., nan])
    """
    return extremes.maximum(input, other)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def minimum(input: Any, other: Any) -> Any:
    """The smaller of two; NaN where one is NaN.

    Raises:
        RuntimeError: one is complex, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.minimum(torch.tensor([1.0, float("nan")]), torch.tensor([2.0, 0.0]))
        tensor([1., nan])
    """
    return extremes.minimum(input, other)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def fmax(input: Any, other: Any) -> Any:
    """The larger of two; the other where one is NaN.

    Raises:
        RuntimeError: one is complex, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.fmax(torch.tensor([1.0, float("nan")]), torch.tensor([2.0, 0.0]))
        tensor([2., 0.])
    """
    return extremes.fmax(input, other)


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def fmin(input: Any, other: Any) -> Any:
    """The smaller of two; the other where one is NaN.

    Raises:
        RuntimeError: one is complex, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.fmin(torch.tensor([1.0, float("nan")]), torch.tensor([2.0, 0.0]))
        tensor([1., 0.])
    """
    return extremes.fmin(input, other)


@function(
    "(Tensor input, Tensor min = None, Tensor max = None, *, Tensor out = None)",
    "(Tensor input, Number min = None, Number max = None, *, Tensor out = None)",
)
def clamp(input: Any, min: Any = None, max: Any = None) -> Any:
    """`input` raised to `min` where it is below and lowered to `max` where it is above.

    Raises:
        RuntimeError: both bounds are None, one is complex, or the shapes do not broadcast.

    Example:
        >>> import pyconv as torch
        >>> torch.clamp(torch.tensor([-2.0, 0.5, 3.0]), min=-1, max=1)
        tensor([-1.0000,  0.5000,  1.0000])
    """
    return extremes.clamp(input, *_bounds(min, max))


@function(
    "(Tensor input, Tensor min, *, Tensor out = None)",
    "(Tensor input, Number min, *, Tensor out = None)",
)
def clamp_min(input: Any, min: Any) -> Any:
    """`input` raised to `min` where it is below.

    Raises:
        NotImplementedError: one is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.clamp_min(torch.tensor([-2.0, 3.0]), 0)
        tensor([0., 3.])
    """
    return extremes.clamp_min(tensor(input), min)


@function(
    "(Tensor input, Tensor max, *, Tensor out = None)",
    "(Tensor input, Number max, *, Tensor out = None)",
)
def clamp_max(input: Any, max: Any) -> Any:
    """`input` lowered to `max` where it is above.

    Raises:
        NotImplementedError: one is complex.

    Example:
        >>> import pyconv as torch
        >>> torch.clamp_max(torch.tensor([-2.0, 3.0]), 0)
        tensor([-2.,  0.])
    """
    return extremes.clamp_max(tensor(input), max)


clip = alias("clip", clamp)
