"""Sequences packed step by step: in which order a direction walks through the steps, and where each row comes from.

The rows of the first step stand first, then those of the second, and so on. A step has as many rows as there are
sequences that are long enough, the first ones of the batch; all have as many where no sequence is padded. May import:
NumPy, `pyconv.dtypes`, `pyconv.kernels`.

Legend: R rows, N sequences, I input size, H hidden size, P size of what is handed on, G sizes of all gates together.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes

Array = np.ndarray[Any, Any]
Counts = tuple[int, ...]
"""How many rows each step has; they never grow."""

_SMALL = 4096
"""Up to so many elements, double precision costs no more than the calls of the products."""


def in_order(counts: Counts, reverse: bool) -> list[slice]:
    """The rows of each step, in the order in which they are gone through."""
    stops = np.cumsum(counts).tolist()
    found = [slice(stop - count, stop) for stop, count in zip(stops, counts, strict=True)]
    return found[::-1] if reverse else found


def before(counts: Counts, reverse: bool) -> Array:
    """For each row the one of the step before; R + n where the state is the first of sequence n.

    Example:
        >>> before((2, 1), reverse=False), before((2, 1), reverse=True)
        (array([3, 4, 0]), array([2, 4, 3]))
    """
    last = sum(counts) + np.arange(counts[0])
    found = np.empty(sum(counts), np.intp)
    for rows in in_order(counts, reverse):
        count = rows.stop - rows.start
        found[rows] = last[:count]
        last[:count] = np.arange(rows.start, rows.stop)
    return found


def working_dtype(*arrays: Array) -> np.dtype[Any]:
    """The dtype that a layer is computed in: double for little data, else that in which sums are accumulated."""
    if sum(array.size for array in arrays) <= _SMALL:
        return np.dtype(np.float64)
    return np.dtype(dtypes.accumulation(arrays[0].dtype))


def projected(x: Array, w: Array, *biases: Array | None) -> Array:
    """X · wᵀ with the biases that there are: (R, I), (G, I) → (R, G), in the dtype of `x`."""
    found = x @ w.T.astype(x.dtype, copy=False)
    for bias in biases:
        if bias is not None:
            found += bias.astype(x.dtype)
    return np.asarray(found)


def squash(x: Array) -> None:
    """In place: 1 / (1 + exp(-x)); an exponential that overflows gives the 0 that is right."""
    np.negative(x, out=x)
    np.exp(x, out=x)
    x += 1
    np.reciprocal(x, out=x)


def tanh(x: Array, out: Array | None = None) -> Array:
    """The hyperbolic tangent; of little data in double precision rounded right, for what 1 - tanh² is left with."""
    if x.dtype == np.float64 and x.size <= _SMALL:
        out = np.empty_like(x) if out is None else out
        return np.asarray(np.tanh(x, out=out, dtype=np.longdouble, casting="same_kind"))
    return np.asarray(np.tanh(x, out=out))


def widened(operands: tuple[Array | None, ...], kind: np.dtype[Any]) -> tuple[Any, ...]:
    """Operands in the dtype of the computation, None where there is none."""
    return tuple(None if a is None else a.astype(kind, copy=False) for a in operands)


def weight_gradients(gz: Array, x: Array, gz_hidden: Array, h_before: Array) -> tuple[Array, Array, Array, Array]:
    """The cotangents of both weights and both biases from those of the gates: by the input's part and the state's."""
    return gz.T @ x, gz_hidden.T @ h_before, gz.sum(0), gz_hidden.sum(0)


def rounded_like(found: tuple[Array | None, ...], like: tuple[Array | None, ...]) -> tuple[Array | None, ...]:
    """Arrays in the dtypes of others."""
    return tuple(
        None if x is None or other is None else x.astype(other.dtype, copy=False)
        for x, other in zip(found, like, strict=True)
    )
