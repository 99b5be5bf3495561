"""The Cholesky factor and what it solves: torch.linalg.cholesky and its kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.functions.linalg import checks
from pyconv.functions.linalg.deprecated import warn_of_removal
from pyconv.functions.linalg.systems import wrapped
from pyconv.functions.products import shape_of
from pyconv.ops.cast import array_of
from pyconv.ops.linalg import factors, solving
from pyconv.ops.matmul import adjoint
from pyconv.return_types import named
from pyconv.signatures import function

_CholeskyEx = named("linalg_cholesky_ex", "L", "info")


def _cholesky(A: Any, upper: bool) -> tuple[Any, Any]:
    checks.check_square("linalg.cholesky", A)
    checks.check_floating("linalg.cholesky", A, stub="cholesky_cpu")
    found = factors.cholesky(A)
    size = shape_of(A)
    flat = array_of(A).reshape(-1, *size[-2:]) if array_of(A).size else ()
    made = array_of(found).reshape(-1, *size[-2:]) if array_of(A).size else ()
    info = np.zeros(size[:-2], np.int32)
    for i, (matrix, root) in enumerate(zip(flat, made, strict=True)):
        if not (np.diagonal(root).real > 0).all():
            info.reshape(-1)[i] = factors.failing_minor(matrix)
    return (adjoint(found) if upper else found), info


@function("(Tensor A, *, bool upper = False, bool check_errors = False, tuple of Tensors out = None)")
def linalg_cholesky_ex(A: Any, *, upper: bool = False, check_errors: bool = False) -> Any:
    """Triangular roots of positive-definite matrices, and for each 0 or the order of the minor that is not.

    Args:
        A: (…, n, n), floats or complex numbers.
        upper: whether to give Lᴴ.
        check_errors: whether to raise for such a minor.

    Raises:
        RuntimeError: a matrix is not square, or the dtype does not do.
        LinAlgError: one is not positive-definite, with `check_errors`.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.cholesky_ex(torch.tensor([[4.0]])).L
        tensor([[2.]])
    """
    found, info = _cholesky(A, upper)
    if check_errors:
        checks.check_infos("linalg.cholesky_ex", info, checks.NOT_POSITIVE)
    return _CholeskyEx(found, wrapped(info, A))


@function("(Tensor A, *, bool upper = False, Tensor out = None)")
def linalg_cholesky(A: Any, *, upper: bool = False) -> Any:
    """The lower triangular L with L @ Lᴴ = A, of positive-definite matrices.

    Args:
        A: (…, n, n), floats or complex numbers.
        upper: whether to give Lᴴ.

    Raises:
        RuntimeError: a matrix is not square, or the dtype does not do.
        LinAlgError: one is not positive-definite.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.cholesky(torch.tensor([[4.0, 2.0], [2.0, 2.0]]))
        tensor([[2., 0.],
                [1., 1.]])
    """
    found, info = _cholesky(A, upper)
    checks.check_infos("linalg.cholesky", info, checks.NOT_POSITIVE)
    return found


@function("(Tensor input, bool upper = False, *, Tensor out = None)")
def cholesky(input: Any, upper: bool = False) -> Any:
    """`torch.linalg.cholesky` by an older name, which torch warns of.

    Example:
        >>> import warnings
        >>> import pyconv as torch
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     torch.cholesky(torch.tensor([[4.0]]))
        tensor([[2.]])
    """
    warn_of_removal(
        "torch.cholesky is deprecated in favor of torch.linalg.cholesky and will be removed in a future PyTorch "
        "release.\nL = torch.cholesky(A)\nshould be replaced with\nL = torch.linalg.cholesky(A)\nand\nU = "
        "torch.cholesky(A, upper=True)\nshould be replaced with\nU = torch.linalg.cholesky(A).mH\nThis transform will "
        "produce equivalent results for all valid (symmetric positive definite) inputs."
    )
    found, info = _cholesky(input, upper)
    checks.check_infos("cholesky", info, checks.NOT_POSITIVE)
    return found


@function("(Tensor input, Tensor input2, bool upper = False, *, Tensor out = None)")
def cholesky_solve(input: Any, input2: Any, upper: bool = False) -> Any:
    """X with L @ Lᴴ @ X = input.

    Args:
        input: (…, n, k).
        input2: (…, n, n), L, or Lᴴ with `upper`.
        upper: which of them.

    Raises:
        RuntimeError: the shapes do not fit.

    Example:
        >>> import pyconv as torch
        >>> torch.cholesky_solve(torch.ones(1, 1), torch.tensor([[2.0]]))
        tensor([[0.2500]])
    """
    for name, x in (("b", input), ("u", input2)):
        ndim = len(shape_of(x))
        if ndim < 2:
            raise RuntimeError(f"{name} should have at least 2 dimensions, but has {ndim} dimensions instead")
    b, a = shape_of(input), shape_of(input2)
    if a[-1] != b[-2]:
        raise RuntimeError(
            f"Incompatible matrix sizes for cholesky_solve: each A matrix is {a[-1]} by {a[-1]} but each b matrix is "
            f"{b[-2]} by {b[-1]}"
        )
    return solving.solve_by_root(input, input2, is_upper=upper)


@function("(Tensor input, bool upper = False, *, Tensor out = None)")
def cholesky_inverse(input: Any, upper: bool = False) -> Any:
    """The inverses of L @ Lᴴ.

    Args:
        input: (…, n, n), L, or Lᴴ with `upper`.
        upper: which of them.

    Example:
        >>> import pyconv as torch
        >>> torch.cholesky_inverse(torch.tensor([[2.0]]))
        tensor([[0.2500]])
    """
    checks.check_square("cholesky_inverse", input)
    return solving.inverse_of_root(input, is_upper=upper)
