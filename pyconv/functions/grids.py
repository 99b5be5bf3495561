"""All combinations of the elements of several vectors: torch.meshgrid, torch.cartesian_prod, torch.combinations.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.broadcasting import check_tensors
from pyconv.functions.joining import stack
from pyconv.functions.views import reshape
from pyconv.ops.cast import array_of
from pyconv.ops.scatter import take_mask
from pyconv.ops.shape import expand
from pyconv.signatures import function
from pyconv.warned import warn_once

__all__ = ["cartesian_prod", "combinations", "meshgrid"]

_INDEXING = "torch.meshgrid: in an upcoming release, it will be required to pass the indexing argument."


def meshgrid(*tensors: Any, indexing: str | None = None) -> tuple[Any, ...]:
    """The coordinates of a grid, from those along each of its dimensions.

    Args:
        tensors: vectors of one dtype, each the coordinates along a dimension.
        indexing: 'ij', where the result's dimensions are in that order, or 'xy', with the first two exchanged.

    Raises:
        RuntimeError: there is none, or one is no vector, or `indexing` is another word.

    Example:
        >>> import pyconv
        >>> meshgrid(pyconv.tensor([1, 2]), pyconv.tensor([3, 4]), indexing="ij")[1]
        tensor([[3, 4],
                [3, 4]])
    """
    found = tuple(tensors[0]) if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)) else tensors
    check_tensors(found)
    if indexing is None:
        warn_once(_INDEXING, stacklevel=2)
        indexing = "ij"
    _check_grid(found, indexing)
    swap = indexing == "xy" and len(found) > 1
    order = [1, 0, *range(2, len(found))] if swap else list(range(len(found)))
    shape = tuple(array_of(found[i]).size for i in order)
    grids = []
    for i in order:
        axis = order.index(i)
        line = reshape(found[i], (1,) * axis + (-1,) + (1,) * (len(found) - axis - 1))
        grids.append(expand(line, shape=shape))
    return tuple(grids[order.index(i)] for i in range(len(found)))


def _check_grid(tensors: Sequence[Any], indexing: str) -> None:
    if not tensors:
        raise RuntimeError("meshgrid expects a non-empty TensorList")
    for x in tensors:
        array = array_of(x)
        if array.ndim > 1:
            kind = dtypes.tensor_type(dtypes.of(array))
            raise RuntimeError(
                "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: "
                f"{array}\n[ {kind}{{{','.join(map(str, array.shape))}}} ]"
            )
    if any(array_of(x).dtype != array_of(tensors[0]).dtype for x in tensors):
        raise RuntimeError("meshgrid expects all tensors to have the same dtype")
    if indexing not in ("ij", "xy"):
        raise RuntimeError(f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {indexing}')


def _check_vector(x: Any) -> None:
    if array_of(x).ndim != 1:
        raise RuntimeError(f"Expect a 1D vector, but got shape {list(array_of(x).shape)}")


def cartesian_prod(*tensors: Any) -> Any:
    """Every choice of an element from each of several vectors, a row each; of one vector, that vector.

    Raises:
        RuntimeError: one is no vector.

    Example:
        >>> import pyconv
        >>> cartesian_prod(pyconv.tensor([1, 2]), pyconv.tensor([3, 4]))
        tensor([[1, 3],
                [1, 4],
                [2, 3],
                [2, 4]])
    """
    check_tensors(tensors)
    for x in tensors:
        _check_vector(x)
    if len(tensors) == 1:
        return tensors[0]
    return stack([reshape(grid, (-1,)) for grid in meshgrid(*tensors, indexing="ij")], 1)


@function("(Tensor input, int r = 2, bool with_replacement = False)")
def combinations(input: Any, r: int = 2, with_replacement: bool = False) -> Any:
    """Every choice of `r` elements of a vector, a row each.

    Args:
        input: (n,).
        r: how many.
        with_replacement: whether an element can be chosen again.

    Raises:
        RuntimeError: it is no vector, or `r` is negative.

    Example:
        >>> import pyconv
        >>> combinations(pyconv.tensor([1, 2, 3]))
        tensor([[1, 2],
                [1, 3],
                [2, 3]])
    """
    _check_vector(input)
    if r < 0:
        raise RuntimeError(f"Expect a non-negative number, but got {r}")
    count = array_of(input).size
    if not r:
        return input[:0]
    places = np.meshgrid(*[np.arange(count)] * r, indexing="ij")
    follows = np.less_equal if with_replacement else np.less
    pairs = [follows(a, b) for a, b in itertools.pairwise(places)]
    kept = functools.reduce(np.logical_and, pairs, np.ones((count,) * r, np.bool_))
    grids = meshgrid(*[input] * r, indexing="ij")
    return stack([take_mask(grid, index=(kept,)) for grid in grids], 1)
