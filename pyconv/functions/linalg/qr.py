"""torch.linalg.qr, and the older torch.qr.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.linalg import checks
from pyconv.functions.linalg.deprecated import warn_of_removal
from pyconv.ops.linalg import factors
from pyconv.return_types import named
from pyconv.signatures import function

_Qr = named("linalg_qr", "Q", "R")
_OldQr = named("qr", "Q", "R")


@function("(Tensor A, str mode = 'reduced', *, tuple of Tensors out = None)")
def linalg_qr(A: Any, mode: str = "reduced") -> Any:
    """Q with orthonormal columns and R upper triangular, with Q @ R = A.

    Args:
        A: (…, m, n), floats or complex numbers.
        mode: 'reduced', for min(m, n) columns; 'complete', for m; 'r', for no Q.

    Raises:
        RuntimeError: there is no such mode, or the dtype does not do.

    Example:
        >>> import pyconv as torch
        >>> Q, R = torch.linalg.qr(torch.eye(3)[:, :2])
        >>> Q.shape, R.shape
        (torch.Size([3, 2]), torch.Size([2, 2]))
    """
    checks.check_matrix("linalg.qr", A)
    checks.check_floating("linalg.qr", A, stub="geqrf_cpu")
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' (default), 'r', or 'complete'"
        )
    return _Qr(*factors.qr(A, mode=mode))


@function("(Tensor input, bool some = True, *, tuple of Tensors out = None)")
def qr(input: Any, some: bool = True) -> Any:
    """`torch.linalg.qr` by an older name, which torch warns of.

    Example:
        >>> import warnings
        >>> import pyconv as torch
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     torch.qr(torch.eye(2)).R.shape
        torch.Size([2, 2])
    """
    warn_of_removal(
        "torch.qr is deprecated in favor of torch.linalg.qr and will be removed in a future PyTorch release.\nThe "
        "boolean parameter 'some' has been replaced with a string parameter 'mode'.\nQ, R = torch.qr(A, some)\nshould "
        "be replaced with\nQ, R = torch.linalg.qr(A, 'reduced' if some else 'complete')"
    )
    return _OldQr(*linalg_qr.raw(input, "reduced" if some else "complete"))  # type: ignore[attr-defined]
