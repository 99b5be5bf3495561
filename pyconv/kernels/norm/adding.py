"""Sums over some axes, block by block, in double precision.

May import: NumPy, `pyconv.kernels`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from pyconv.kernels.norm.blocks import Array, Axes, Block, blocks, each, kept, part, width_of
from pyconv.kernels.scratch import scratch


def is_by_channel(axes: Axes, *arrays: Array) -> bool:
    """Whether some axes are all but the channels of (N, C, L), of samples long and many enough to be added up first."""
    if axes != (0, 2) or any(a.ndim != 3 or a.dtype != np.float32 or not a.flags.c_contiguous for a in arrays):
        return False
    n, channels, length = arrays[0].shape
    return n >= SAMPLES // 2 and channels * length >= 256


SAMPLES = 16
"""How many of them are added up in single precision."""


def sums_by_channel(a: Array, b: Array) -> tuple[Array, Array]:
    """For every channel of (N, C, L) in single precision the sums of a and of a·b.

    They are added up over a few samples in single precision, and then, of so many fewer elements, in double: that is
    nearer to the exact sums than torch's.
    """
    n, channels, length = a.shape
    width = width_of(min(n, SAMPLES))
    groups = [slice(i, i + SAMPLES) for i in range(0, n, SAMPLES)]
    found = np.empty((2, len(groups), channels * length), np.float32)
    rows, others = a.reshape(n, -1), b.reshape(n, -1)

    def add_up(block: Block) -> None:
        group, columns = block
        values = rows[groups[group.start], columns]
        np.add.reduce(values, axis=0, out=found[0, group.start, columns])
        np.einsum("ij,ij->j", values, others[groups[group.start], columns], out=found[1, group.start, columns])

    ends = range(0, channels * length, width)
    each(add_up, [(slice(g, g + 1), slice(i, i + width)) for g in range(len(groups)) for i in ends], a.size)
    wide = found.astype(np.float64).reshape(2, len(groups), channels, length)
    total, products = np.einsum("kgcl->kc", wide).reshape(2, 1, channels, 1)
    return total, products


def joined(shape: tuple[int, ...], axes: Axes, work: Callable[[Block], tuple[Array, Array]]) -> tuple[Array, Array]:
    """The sums over some axes of what `work` gives for each block."""
    first, second = (np.zeros(kept(shape, axes)) for _ in range(2))
    cuts = list(blocks(shape))
    for block, (one, other) in zip(cuts, each(work, cuts, math.prod(shape)), strict=True):
        part(first, block)[...] += one
        part(second, block)[...] += other
    return first, second


def in_double(x: Array, block: Block, name: str) -> Array:
    """A block in double precision, in the buffer of that name."""
    source = x[block]
    wide = scratch(name, source.shape, np.dtype(np.float64))
    np.copyto(wide, source)
    return wide


def total_of(a: Array, axes: Axes) -> Array:
    """The sum of a over some axes, which are kept with size 1."""
    rest = [i for i in range(a.ndim) if i not in axes]
    return np.asarray(np.einsum(a, list(range(a.ndim)), rest)).reshape(kept(a.shape, axes))


def dot(a: Array, b: Array, axes: Axes) -> Array:
    """The sum of a·b over some axes, which are kept with size 1."""
    rest = [i for i in range(a.ndim) if i not in axes]
    if len(rest) == a.ndim:
        return a * b
    if a.ndim - 1 in axes and 32 <= a.shape[-1] <= _ROW and a.shape == b.shape:
        rows = np.vecdot(a, b)[..., None]
        others = tuple(i for i in axes if i < a.ndim - 1)
        return np.asarray(rows.sum(axis=others, keepdims=True) if others else rows)
    found = np.einsum(a, list(range(a.ndim)), b, list(range(b.ndim)), rest)
    return np.asarray(found).reshape(kept(a.shape, axes))


_ROW = 1 << 12
"""The longest row whose products are summed by BLAS, which would cut a long one up among its threads."""
