"""Singular values: torch.linalg.svd, svdvals, and the older torch.svd.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.functions.linalg import checks
from pyconv.functions.linalg.systems import wrapped
from pyconv.functions.products import shape_of
from pyconv.ops.cast import array_of, conj
from pyconv.ops.linalg import factors
from pyconv.ops.linalg.parts import LinAlgError
from pyconv.ops.matmul import turned
from pyconv.return_types import named
from pyconv.signatures import function

_Svd = named("linalg_svd", "U", "S", "Vh")
_OldSvd = named("svd", "U", "S", "V")


def _svd(A: Any, full: bool) -> tuple[Any, Any, Any]:
    checks.check_matrix("linalg.svd", A)
    checks.check_floating("linalg.svd", A, stub="linalg_svd_cpu")
    try:
        u, s, vh = factors.svd(A, full=full)
    except np.linalg.LinAlgError:
        raise LinAlgError(
            "linalg.svd: The algorithm failed to converge because the input matrix contained non-finite values."
        ) from None
    return u, s, vh


@function("(Tensor A, bool full_matrices = True, *, str driver = None, tuple of Tensors out = None)")
def linalg_svd(A: Any, full_matrices: bool = True, *, driver: str | None = None) -> Any:
    """U, S and Vh with U @ diag(S) @ Vh = A, the singular values S falling.

    Args:
        A: (…, m, n), floats or complex numbers.
        full_matrices: whether U and Vh are square.
        driver: of CUDA's alone.

    Raises:
        RuntimeError: the dtype does not do, or there is a driver.
        LinAlgError: a value is not finite.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.svd(torch.diag(torch.tensor([1.0, 3.0]))).S
        tensor([3., 1.])
    """
    _check_driver(driver)
    return _Svd(*_svd(A, full_matrices))


def _check_driver(driver: str | None) -> None:
    if driver is not None:
        raise RuntimeError(
            "torch.linalg.svd: keyword argument `driver=` is only supported on CUDA inputs with cuSOLVER backend."
        )


@function("(Tensor A, *, str driver = None, Tensor out = None)")
def linalg_svdvals(A: Any, *, driver: str | None = None) -> Any:
    """The singular values of matrices, falling.

    Args:
        A: (…, m, n), floats or complex numbers.
        driver: of CUDA's alone.

    Raises:
        RuntimeError: the dtype does not do, or there is a driver.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.svdvals(torch.diag(torch.tensor([1.0, 3.0])))
        tensor([3., 1.])
    """
    _check_driver(driver)
    return _svd(A, False)[1]


@function("(Tensor input, bool some = True, bool compute_uv = True, *, tuple of Tensors out = None)")
def svd(input: Any, some: bool = True, compute_uv: bool = True) -> Any:
    """U, S and V with U @ diag(S) @ Vᴴ = input: `torch.linalg.svd` by an older name.

    Args:
        input: (…, m, n), floats or complex numbers.
        some: whether U and V have min(m, n) columns.
        compute_uv: whether to give U and V; zeros if not.

    Example:
        >>> import pyconv as torch
        >>> torch.svd(torch.diag(torch.tensor([1.0, 3.0]))).S
        tensor([3., 1.])
    """
    if len(shape_of(input)) < 2:
        raise RuntimeError("linalg.svd: input should have at least 2 dimensions, but has 1 dimensions instead")
    if not compute_uv:
        *batch, m, n = shape_of(input)
        nothing = [np.zeros((*batch, k, k), array_of(input).dtype) for k in (m, n)]
        return _OldSvd(wrapped(nothing[0], input), _svd(input, False)[1], wrapped(nothing[1], input))
    u, s, vh = _svd(input, not some)
    return _OldSvd(u, s, conj(turned(vh)))
