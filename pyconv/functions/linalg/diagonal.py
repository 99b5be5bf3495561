"""torch.linalg.diagonal.

May import: `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.signatures import function


@function("(Tensor A, *, int offset = 0, int dim1 = -2, int dim2 = -1)")
def linalg_diagonal(A: Any, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """The view of the diagonals of matrices: `torch.diagonal` of the last two dimensions.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.diagonal(torch.eye(2))
        tensor([1., 1.])
    """
    from pyconv.functions.slicing import diagonal

    return diagonal.raw(A, offset, dim1, dim2)  # type: ignore[attr-defined]
