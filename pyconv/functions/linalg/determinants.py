"""Determinants: torch.linalg.det, slogdet and their kin.

May import: NumPy, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from typing import Any

from pyconv.functions.linalg import checks
from pyconv.ops.arithmetic import add, where
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import kind_of
from pyconv.ops.linalg import solving
from pyconv.ops.unary import log
from pyconv.return_types import named
from pyconv.signatures import function

_LinalgSlogdet = named("linalg_slogdet", "sign", "logabsdet")
_Slogdet = named("slogdet", "sign", "logabsdet")


@function("(Tensor A, *, Tensor out = None)")
def linalg_det(A: Any) -> Any:
    """The determinants of square matrices.

    Args:
        A: (…, n, n), floats or complex numbers.

    Raises:
        RuntimeError: a matrix is not square, or the dtype does not do.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.det(torch.tensor([[2.0, 1.0], [0.0, 3.0]]))
        tensor(6.)
    """
    checks.check_square("linalg.det", A)
    checks.check_floating("linalg.det", A, stub="lu_cpu")
    return solving.determinant(A)


@function("(Tensor input)")
def det(input: Any) -> Any:
    """`torch.linalg.det` by an older name.

    Example:
        >>> import pyconv as torch
        >>> torch.det(torch.tensor([[2.0]]))
        tensor(2.)
    """
    return linalg_det.raw(input)  # type: ignore[attr-defined]


def _slogdet(A: Any) -> tuple[Any, Any]:
    checks.check_square("linalg.slogdet", A)
    checks.check_floating("linalg.slogdet", A)
    sign, logarithm = solving.sign_and_log_determinant(A)
    return sign, logarithm


@function("(Tensor A, *, tuple of Tensors out = None)")
def linalg_slogdet(A: Any) -> Any:
    """The signs of determinants and the logarithms of their absolute values.

    Args:
        A: (…, n, n), floats or complex numbers.

    Raises:
        RuntimeError: a matrix is not square, or the dtype does not do.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.slogdet(torch.tensor([[-1.0]])).sign
        tensor(-1.)
    """
    return _LinalgSlogdet(*_slogdet(A))


@function("(Tensor input, *, tuple of Tensors out = None)")
def slogdet(input: Any) -> Any:
    """`torch.linalg.slogdet` by an older name.

    Example:
        >>> import pyconv as torch
        >>> torch.slogdet(torch.tensor([[-1.0]])).logabsdet
        tensor(0.)
    """
    return _Slogdet(*_slogdet(input))


@function("(Tensor input)")
def logdet(input: Any) -> Any:
    """The logarithms of determinants, NaN where they are negative.

    Args:
        input: (…, n, n), floats or complex numbers.

    Example:
        >>> import pyconv as torch
        >>> torch.logdet(torch.eye(2))
        tensor(0.)
    """
    sign, logarithm = _slogdet(input)
    if kind_of(input).is_complex:
        return add(log(sign), logarithm)
    return where(array_of(sign) == -1, math.nan, logarithm)
