"""New tensors about a matrix's diagonals: torch.eye, torch.tril_indices, torch.triu_indices.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`, `pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.ops.arithmetic import refuse
from pyconv.signatures import signature
from pyconv.tensor.options import OUT, PLACE, made, plain_dtype
from pyconv.tensor.tensor import Tensor

__all__ = ["eye", "tril_indices", "triu_indices"]

Array = np.ndarray[Any, Any]


@signature(f"(int n, *, {OUT}", f"(int n, int m, *, {OUT}")
def eye(n: int, m: int | None = None, **options: Any) -> Tensor:
    """A matrix of zeros with ones on the diagonal.

    Args:
        n: the number of rows.
        m: the number of columns; `n` by default.
        options: out, dtype, layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: a number is negative.

    Example:
        >>> eye(2)
        tensor([[1., 0.],
                [0., 1.]])
    """
    columns = n if m is None else m
    for name, count in (("n", n), ("m", columns)):
        if count < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {count}")

    def write(array: Array) -> None:
        array[...] = np.eye(n, columns, dtype=np.bool_).astype(array.dtype)

    return made((n, columns), write, **options)


def _triangle(name: str, row: int, col: int, mask: Array, dtype: Any, options: dict[str, Any]) -> Tensor:
    kind = plain_dtype(dtype, dtypes.int64)
    if kind not in (dtypes.int32, dtypes.int64):
        refuse(name, kind, (kind,))
    found = np.stack(np.nonzero(mask)) if row and col else np.empty((2, 0), np.int64)

    def write(array: Array) -> None:
        array[...] = found

    return made(found.shape, write, default=kind, **options)


def _check_sides(row: int, col: int) -> None:
    for name, count in (("row", row), ("col", col)):
        if count < 0:
            raise RuntimeError(f"{name} must be non-negative, got{count}")


@signature(f"(int row, int col, int offset = 0, *, {PLACE}")
def tril_indices(row: int, col: int, offset: int = 0, *, dtype: Any = None, **options: Any) -> Tensor:
    """The row and column of each element of a matrix's lower triangle, row by row.

    Args:
        row: the number of rows.
        col: the number of columns.
        offset: the last diagonal that counts, upwards from the main one.
        dtype: int64 or int32.
        options: layout, device, pin_memory, requires_grad.

    Returns:
        (2, count).

    Raises:
        RuntimeError: a number is negative.

    Example:
        >>> tril_indices(2, 2)
        tensor([[0, 1, 1],
                [0, 0, 1]])
    """
    _check_sides(row, col)
    return _triangle("tril_indices", row, col, np.tri(row, col, offset, np.bool_), dtype, options)


@signature(f"(int row, int col, int offset = 0, *, {PLACE}")
def triu_indices(row: int, col: int, offset: int = 0, *, dtype: Any = None, **options: Any) -> Tensor:
    """The row and column of each element of a matrix's upper triangle, row by row.

    Args:
        row: the number of rows.
        col: the number of columns.
        offset: the first diagonal that counts, upwards from the main one.
        dtype: int64 or int32.
        options: layout, device, pin_memory, requires_grad.

    Returns:
        (2, count).

    Raises:
        RuntimeError: a number is negative.

    Example:
        >>> triu_indices(2, 2)
        tensor([[0, 0, 1],
                [0, 1, 1]])
    """
    _check_sides(row, col)
    return _triangle("triu_indices", row, col, ~np.tri(row, col, offset - 1, np.bool_), dtype, options)
