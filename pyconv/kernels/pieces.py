"""Work on arrays piece by piece: what is made of a piece stays in the cache, and threads can share the pieces.

Where the cuts are does not depend on the number of threads. May import: NumPy, `pyconv.kernels`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pyconv.kernels import threads

Array = np.ndarray[Any, Any]

LARGE = 1 << 18
"""Elements from which on several threads share the pieces; for fewer it takes longer to call them together."""
BLOCK = 1 << 19
"""Bytes of each operand of an elementwise kernel that are worked on at once: the cache holds them and what is made of
them. With an eighth of that, operations of a few microseconds, two threads take turns with the interpreter's lock, and
SiLU or GELU of 800,000 elements takes twice as long by two of them as by one, and three to five times as long as so."""


def each_piece(work: Callable[..., None], length: int, *arrays: Array | None) -> None:
    """`work` of corresponding pieces along the first dimension of arrays, None for None.

    Args:
        work: of as many arrays, which it may change; warnings of floating-point errors are held back.
        length: of a piece.
        arrays: as long as one another.

    Example:
        >>> x = np.arange(5)
        >>> each_piece(lambda piece: np.negative(piece, out=piece), 2, x)
        >>> x
        array([ 0, -1, -2, -3, -4])
    """
    each_piece_of_all(work, length, [arrays])


def each_piece_of_all(work: Callable[..., None], length: int, several: Sequence[tuple[Array | None, ...]]) -> None:
    """`each_piece` for several tuples of arrays, as in that order one after the other; the threads are called once.

    Example:
        >>> x, y = np.arange(3), np.arange(2)
        >>> each_piece_of_all(lambda piece: np.negative(piece, out=piece), 2, [(x,), (y,)])
        >>> x, y
        (array([ 0, -1, -2]), array([ 0, -1]))
    """
    firsts = [next(array for array in arrays if array is not None) for arrays in several]

    def run(item: tuple[int, int]) -> None:
        number, start = item
        with np.errstate(all="ignore"):
            work(*(None if array is None else array[start : start + length] for array in several[number]))

    items = [(number, start) for number, first in enumerate(firsts) for start in range(0, len(first), length)]
    if sum(first.size for first in firsts) >= LARGE and (len(several) == 1 or _are_apart(several)):
        # of what is shorter than a piece threads would hold one another up
        with threads.together():
            threads.each(run, [(number, start) for number, start in items if len(firsts[number]) > length])
        items = [(number, start) for number, start in items if len(firsts[number]) <= length]
    for item in items:
        run(item)


def _are_apart(several: Sequence[tuple[Array | None, ...]]) -> bool:
    """Whether arrays without gaps share no memory with those of another tuple."""
    ranges = []
    for number, arrays in enumerate(several):
        for array in arrays:
            if array is not None:
                start = array.__array_interface__["data"][0]
                ranges.append((start, start + array.nbytes, number))
    ranges.sort()
    end, owner = 0, -1
    for start, stop, number in ranges:
        if start < end and number != owner:
            return False
        if stop > end:
            end, owner = stop, number
    return True


def blockwise(kernel: Callable[..., Array]) -> Callable[..., Array]:
    """An elementwise kernel that goes through its operands block by block, in the order of their memory.

    Args:
        kernel: of operands of one shape, and of numbers after them; it gives the dtype of the first.

    Example:
        >>> blockwise(np.subtract)(np.array([1.0, 2.0]), np.array([3.0, 3.0]))
        array([-2., -1.])
    """

    @functools.wraps(kernel)
    def run(*arguments: Any, **named: Any) -> Array:
        arrays = [value for value in arguments if isinstance(value, np.ndarray)]
        numbers = arguments[len(arrays) :]
        if not arrays:  # on the meta device
            return kernel(*arguments, **named)
        first = arrays[0]
        if any(x.shape != first.shape or x.strides != first.strides for x in arrays[1:]):
            return kernel(*arguments, **named)
        if not first.flags.c_contiguous and 0 not in first.strides:
            order = sorted(range(first.ndim), key=lambda axis: -abs(first.strides[axis]))
            if order != list(range(first.ndim)):
                turned = (x.transpose(order) for x in arrays)
                return run(*turned, *numbers, **named).transpose(np.argsort(order))
        flat = [x.reshape(-1) for x in arrays]
        if first.nbytes <= BLOCK:
            return kernel(*flat, *numbers, **named).reshape(first.shape)
        out = np.empty_like(flat[0])

        def fill(target: Array, *sources: Array) -> None:
            target[...] = kernel(*sources, *numbers, **named)

        each_piece(fill, BLOCK // first.itemsize, out, *flat)
        return out.reshape(first.shape)

    return run


_ROWS = 1 << 17
"""Elements of the rows that are worked on at once."""


def by_rows(kernel: Callable[..., Array], *arrays: Array) -> Array:
    """What a kernel makes of arrays whose rows, along the last dimension, do not depend on one another.

    Args:
        kernel: gives an array of the shape and dtype of the first.
        arrays: of one shape.

    Example:
        >>> by_rows(lambda x: x - x.max(-1, keepdims=True), np.array([[1.0, 2.0], [5.0, 3.0]]))
        array([[-1.,  0.],
               [ 0., -2.]])
    """
    first = arrays[0]
    plain = all(type(array) is np.ndarray and array.flags.c_contiguous for array in arrays)
    if not plain or first.size <= _ROWS:
        return kernel(*arrays)
    out = np.empty_like(first)
    rows = [array.reshape(-1, first.shape[-1]) for array in (out, *arrays)]

    def fill(target: Array, *sources: Array) -> None:
        target[...] = kernel(*sources)

    each_piece(fill, max(1, _ROWS // first.shape[-1]), *rows)
    return out
