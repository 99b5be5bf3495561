"""Eigenvalues: torch.linalg.eigh, eig and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.functions.linalg import checks
from pyconv.ops.arithmetic import refuse
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import kind_of
from pyconv.ops.linalg import factors
from pyconv.return_types import named
from pyconv.signatures import function

_Eigh = named("linalg_eigh", "eigenvalues", "eigenvectors")
_Eig = named("linalg_eig", "eigenvalues", "eigenvectors")


def _eigh(A: Any, UPLO: str) -> tuple[Any, Any]:
    checks.check_square("linalg.eigh", A)
    if UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    refuse("linalg_eigh_cpu", kind_of(A), (*checks.INTEGERS, *checks.LOW))
    values, vectors = factors.eigh(A, uplo=UPLO.upper())
    return values, vectors


@function("(Tensor A, str UPLO = 'L', *, tuple of Tensors out = None)")
def linalg_eigh(A: Any, UPLO: str = "L") -> Any:
    """The eigenvalues of Hermitian matrices, rising, and their eigenvectors as columns.

    Args:
        A: (…, n, n), floats or complex numbers.
        UPLO: which triangle counts, 'L' or 'U'.

    Raises:
        RuntimeError: a matrix is not square, or there is no such triangle.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.eigh(torch.diag(torch.tensor([3.0, 1.0]))).eigenvalues
        tensor([1., 3.])
    """
    return _Eigh(*_eigh(A, UPLO))


@function("(Tensor A, str UPLO = 'L', *, Tensor out = None)")
def linalg_eigvalsh(A: Any, UPLO: str = "L") -> Any:
    """The eigenvalues of Hermitian matrices, rising.

    Args:
        A: (…, n, n), floats or complex numbers.
        UPLO: which triangle counts, 'L' or 'U'.

    Raises:
        RuntimeError: a matrix is not square, or there is no such triangle.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.eigvalsh(torch.diag(torch.tensor([3.0, 1.0])))
        tensor([1., 3.])
    """
    return _eigh(A, UPLO)[0]


def _eig(name: str, A: Any) -> tuple[Any, Any]:
    checks.check_square(f"linalg.{name}", A)
    kind = kind_of(A)
    if kind in checks.INTEGERS:
        raise RuntimeError(f"Unknown Complex ScalarType for {kind.scalar_name}")
    refuse("linalg_eig_out_cpu", kind, checks.LOW)
    if not np.isfinite(array_of(A)).all():
        raise RuntimeError("torch.linalg.eig: input tensor should not contain infs or NaNs.")
    values, vectors = factors.eig(A)
    return values, vectors


@function("(Tensor A, *, tuple of Tensors out = None)")
def linalg_eig(A: Any) -> Any:
    """The eigenvalues of square matrices and their eigenvectors as columns, complex.

    Args:
        A: (…, n, n), floats or complex numbers.

    Raises:
        RuntimeError: a matrix is not square, or not finite.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.eig(torch.tensor([[2.0]])).eigenvalues
        tensor([2.+0.j])
    """
    return _Eig(*_eig("eig", A))


@function("(Tensor A, *, Tensor out = None)")
def linalg_eigvals(A: Any) -> Any:
    """The eigenvalues of square matrices, complex.

    Args:
        A: (…, n, n), floats or complex numbers.

    Raises:
        RuntimeError: a matrix is not square, or not finite.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.eigvals(torch.tensor([[2.0]]))
        tensor([2.+0.j])
    """
    return _eig("eigvals", A)[0]
