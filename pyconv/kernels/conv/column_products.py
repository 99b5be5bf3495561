"""Products of the weights of groups with columns, and what lies between the rows of the result left out.

May import: NumPy, `pyconv.kernels`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from pyconv.kernels.conv.frames import in_lines
from pyconv.kernels.conv.gather import Padded, Part, as_items
from pyconv.kernels.scratch import kept, scratch

Array = np.ndarray[Any, Any]

UNPACKED = 10**6
"""Multiplications of the largest product of which OpenBLAS does not pack the operands, and which two halves of a larger
one take 0.6 of the time of."""


class Product(NamedTuple):
    """Where a product is put.

    Attributes:
        y: (n, g, M, places).
        items: the rows of y without what lies between them, each as one item.
        parts: for each part the columns that are multiplied, and where the product is put.
    """

    y: Array
    items: Array
    parts: list[list[tuple[Array, Array]]]


def multiply(matrix: Array, padded: Padded, pair: int, bias: Array | None, goal: Array) -> None:
    """(g, M, K) times the columns of a pair of phases, plus a bias, into (n, g, M, rows, columns)."""
    if not matrix.size or not goal.size:
        goal[...] = 0
        return
    parts, shape = padded.parts[pair], goal.shape
    plain = goal.dtype == matrix.dtype and goal.strides[4] == goal.itemsize
    direct = plain and shape[4] == parts[0].width and goal.strides[3] == shape[4] * goal.itemsize
    if direct:
        product = _product(goal.reshape(*shape[:3], -1), parts)
    else:
        product = kept((padded.key, pair, shape[2]), lambda: _gapped(shape, parts, matrix.dtype))
    for part, multiplied in zip(parts, product.parts, strict=True):
        part.fill()
        some = matrix[part.groups]
        for seen, made in multiplied:
            np.matmul(some, seen, out=made)
    if bias is not None:
        np.add(product.y, bias, out=product.y)
    if plain and not direct:
        np.copyto(as_items(goal), product.items)
    elif not direct:
        goal[...] = product.items.view(matrix.dtype)


def _gapped(shape: tuple[int, ...], parts: list[Part], dtype: np.dtype[Any]) -> Product:
    """A product in the scratch buffer "product", for a result of (n, g, M, rows, columns)."""
    *lead, rows, _ = shape
    pitch = parts[0].width
    y = scratch("product", (*lead, in_lines(rows * pitch)), dtype)
    seen = np.ndarray(shape, dtype, y, 0, (*y.strides[:3], pitch * y.itemsize, y.itemsize))
    return _product(y[..., : rows * pitch], parts)._replace(items=as_items(seen))


def _product(y: Array, parts: list[Part]) -> Product:
    """A product in (n, g, M, places)."""
    multiplied = []
    for part in parts:
        some = y[part.images, part.groups]
        cuts = _cut(y.shape[2] * part.matrix.shape[2], y.shape[3])
        multiplied.append([(part.matrix[..., cut], some[..., cut]) for cut in cuts])
    return Product(y, y, multiplied)


@lru_cache(maxsize=1024)
def _cut(weights: int, places: int) -> list[slice]:
    """All places, in two halves where the product of all with so many weights of a group is a little too large."""
    half = in_lines(-(-places // 2))
    if half * weights <= UNPACKED < places * weights:
        return [slice(0, half), slice(half, places)]
    return [slice(0, places)]
