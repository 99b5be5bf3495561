"""Blocks of an array, each small enough for the cache.

May import: NumPy, `pyconv.kernels`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np

from pyconv.kernels import threads

Array = np.ndarray[Any, Any]
T = TypeVar("T")
Axes = tuple[int, ...]
Block = tuple[slice, ...]

BLOCK = 1 << 17
"""Elements of a block: a megabyte in double precision. With half as many threads wait for one another, and it takes 1.1
to 1.4 times as long."""
LARGE = 1 << 21
"""Elements from which on several threads share the blocks: of half a million two took 1.2 to 1.8 times as long as one
alone, of two million as long."""


def blocks(shape: tuple[int, ...]) -> Iterator[Block]:
    """The parts, in memory order, into which an array of this shape is cut; each has at most BLOCK elements.

    An array that has no more is one part, ().

    Example:
        >>> [part[0] for part in blocks((3, 1 << 16))]
        [slice(0, 2, None), slice(2, 3, None)]
    """
    if math.prod(shape) <= BLOCK and 0 not in shape:
        return iter([()])
    steps = []
    room = BLOCK
    for n in reversed(shape):
        steps.append(max(1, min(n, room)))
        room //= max(1, n)
    cuts = [[slice(i, min(i + step, n)) for i in range(0, n, step)] for n, step in zip(shape, reversed(steps))]
    return itertools.product(*cuts)


def width_of(rows: int) -> int:
    """The columns of a block of so many rows, at least one."""
    return max(1, BLOCK // rows)


def each(work: Callable[[Block], T], cuts: list[Block], size: int) -> list[T]:
    """What `work` gives for every block, in order; of an array of a large size by several threads."""
    if size < LARGE:
        return [work(block) for block in cuts]
    found: dict[int, T] = {}

    def run(number: int) -> None:
        with np.errstate(all="ignore"):
            found[number] = work(cuts[number])

    with threads.together():
        threads.each(run, range(len(cuts)))
    return [found[number] for number in range(len(cuts))]


def part(array: Array, block: Block) -> Array:
    """What of an array that broadcasts belongs to a block."""
    if not block:
        return array
    return array[tuple(slice(None) if n == 1 else cut for n, cut in zip(array.shape, block, strict=True))]


def kept(shape: tuple[int, ...], axes: Axes) -> tuple[int, ...]:
    """The shape of sums over some axes, which are kept with size 1."""
    return tuple(1 if i in axes else n for i, n in enumerate(shape))
