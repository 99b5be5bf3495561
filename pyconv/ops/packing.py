"""Sequences of several lengths: side by side and padded, or packed step by step.

May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive

Array = np.ndarray[Any, Any]


def steps(lengths: Array) -> tuple[Array, Array]:
    """The (time, sequence) of every element in the order of time, of sequences that get shorter.

    Example:
        >>> steps(np.array([2, 1]))
        (array([0, 0, 1]), array([0, 1, 0]))
    """
    inside = np.arange(lengths.max(initial=0))[:, None] < lengths
    time, sequence = np.nonzero(inside)
    return time, sequence


@primitive("PackPaddedSequence")
def pack(x: Array, *, at: tuple[Array, Array]) -> Array:
    """The elements of (T, B, ...) at the given times and sequences, one after the other."""
    return x[at]


@primitive("torch::autograd::CopySlices", variant=None)
def spread(data: Array, *, at: tuple[Array, Array], size: tuple[int, int], value: float) -> Array:
    """(T, B, ...) with the elements at the given times and sequences, and `value` elsewhere."""
    out = np.full((*size, *data.shape[1:]), value, data.dtype)
    out[at] = data
    return out


def _pack_vjp(g: Any, x: Any, *, at: tuple[Array, Array]) -> Any:
    return spread(g, at=at, size=x.shape[:2], value=0)


pack.defvjp(0, _pack_vjp)
spread.defvjp(0, lambda g, data, *, at, size, value: pack(g, at=at))
