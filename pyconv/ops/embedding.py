"""Rows of a table looked up by number, alone and in bags, and the sums that are their gradients.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive

Array = np.ndarray[Any, Any]


@primitive("Embedding")
def embedding(weight: Array, *, indices: Array, padding: int, by_frequency: bool) -> Array:
    """The rows of a table at `indices`; the gradient leaves out the row `padding`."""
    return weight[indices]


def sum_rows(rows: Array, at: Array, count: int) -> Array:
    """Zeros of `count` rows with `rows` added at the places `at`, in a wider dtype than theirs."""
    wide = np.result_type(np.float64, dtypes.accumulation(rows.dtype)) if rows.dtype.kind != "c" else np.complex128
    out = np.zeros((count, *rows.shape[1:]), rows.dtype)
    if not at.size:
        return out
    order = np.argsort(at, kind="stable")
    found, starts, times = np.unique(at[order], return_index=True, return_counts=True)
    if times.max() * _ROUND < at.size:
        total = _sum_by_rounds(rows, order, starts, times, wide)
    else:
        total = np.add.reduceat(rows[order], starts, axis=0, dtype=wide)
    out[found] = total.astype(rows.dtype)
    return out


_ROUND = 16
"""Rows that a round has to add on average, for rounds to be faster than one sum after the other."""


def _sum_by_rounds(rows: Array, order: Array, starts: Array, times: Array, wide: Any) -> Array:
    """The sums of runs of rows: in each round one more row is added to all sums that have one left.

    Args:
        rows: (m, ...).
        order: (m,), the rows run by run.
        starts: where in it each run begins.
        times: how many rows each run has.
        wide: the dtype of the sums.
    """
    total = rows[order[starts]].astype(wide)
    for nth in range(1, int(times.max())):
        longer = np.flatnonzero(times > nth)
        total[longer] += rows[order[starts[longer] + nth]]
    return total


@primitive("EmbeddingDenseBackward")
def _gather_back(g: Array, *, indices: Array, count: int, padding: int, by_frequency: bool) -> Array:
    at = indices.reshape(-1)
    rows = g.reshape(at.size, g.shape[-1])
    kept = at != padding
    if not kept.all():
        at, rows = at[kept], rows[kept]
    summed = sum_rows(rows, at, count)
    if by_frequency:
        times = np.maximum(np.bincount(at, minlength=count), 1)
        summed = (summed / times[:, None]).astype(g.dtype)
    return summed


embedding.defvjp(
    0,
    lambda g, w, *, indices, padding, by_frequency: _gather_back(
        g, indices=indices, count=w.shape[0], padding=padding, by_frequency=by_frequency
    ),
)


@primitive("EmbeddingDenseBackwardBackward")
def _look_up_again(h: Array, *, indices: Array, padding: int, by_frequency: bool) -> Array:
    out = h[indices]
    if by_frequency:
        times = np.maximum(np.bincount(indices.reshape(-1), minlength=len(h)), 1)
        out = (out / times[indices][..., None]).astype(h.dtype)
    return np.where((indices == padding)[..., None], h.dtype.type(0), out)


_gather_back.defvjp(
    0,
    lambda h, g, *, indices, count, padding, by_frequency: _look_up_again(
        h, indices=indices, padding=padding, by_frequency=by_frequency
    ),
)
_look_up_again.defvjp(
    0,
    lambda g, h, *, indices, padding, by_frequency: _gather_back(
        g, indices=indices, count=h.shape[0], padding=padding, by_frequency=by_frequency
    ),
)


def renormalize(weight: Array, indices: Array, max_norm: float, norm_type: float) -> None:
    """Scale down, in place, the rows at `indices` whose norm is above `max_norm`."""
    at = np.unique(indices)
    rows = weight[at].astype(dtypes.accumulation(weight.dtype))
    norms = np.linalg.norm(rows, norm_type, axis=1)
    scales = np.where(norms > max_norm, max_norm / (norms + 1e-7), 1).astype(rows.dtype)
    weight[at] = (rows * scales[:, None]).astype(weight.dtype)
