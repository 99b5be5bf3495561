"""Powers and exponentials of matrices: torch.linalg.matrix_power, matrix_exp.

May import: `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.alias import alias
from pyconv.functions.linalg import checks
from pyconv.functions.linalg.systems import linalg_inv
from pyconv.functions.stacked_products import matmul
from pyconv.ops.cast import clone
from pyconv.ops.elementwise import kind_of
from pyconv.ops.linalg import solving
from pyconv.signatures import function


@function("(Tensor A, int n, *, Tensor out = None)")
def linalg_matrix_power(A: Any, n: int) -> Any:
    """The product of n times the same matrix, of its inverse for negative n.

    Args:
        A: (…, m, m).
        n: any integer.

    Raises:
        RuntimeError: a matrix is not square.
        LinAlgError: one is singular, and n is negative.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.matrix_power(torch.tensor([[1.0, 1.0], [0.0, 1.0]]), 5)
        tensor([[1., 5.],
                [0., 1.]])
    """
    checks.check_square("linalg.matrix_power", A)
    if not n:
        return solving.identity_like(A)
    base = A if n > 0 else linalg_inv.raw(A)  # type: ignore[attr-defined]
    found: Any = None
    left = abs(n)
    while left:
        if left % 2:
            found = base if found is None else matmul.raw(found, base)  # type: ignore[attr-defined]
        left //= 2
        base = matmul.raw(base, base) if left else base  # type: ignore[attr-defined]
    return clone(found) if n == 1 else found


@function("(Tensor input, int n, *, Tensor out = None)")
def matrix_power(input: Any, n: int) -> Any:
    """`torch.linalg.matrix_power` by an older name.

    Example:
        >>> import pyconv as torch
        >>> torch.matrix_power(torch.tensor([[2.0]]), 3)
        tensor([[8.]])
    """
    return linalg_matrix_power.raw(input, n)  # type: ignore[attr-defined]


@function("(Tensor input)")
def linalg_matrix_exp(input: Any) -> Any:
    """The exponentials of square matrices.

    Args:
        input: (…, n, n), floats or complex numbers.

    Raises:
        RuntimeError: a matrix is not square, or the dtype does not do.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.matrix_exp(torch.zeros(2, 2))
        tensor([[1., 0.],
                [0., 1.]])
    """
    checks.check_square("linalg.matrix_exp", input)
    if kind_of(input) not in checks.LOW:
        checks.check_floating("linalg.matrix_exp", input)
    return solving.exponential(input)


matrix_exp = alias("matrix_exp", linalg_matrix_exp)
