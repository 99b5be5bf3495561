"""The LU factors and what they solve: torch.linalg.lu and its kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv.functions.linalg import checks
from pyconv.functions.linalg.deprecated import warn_of_removal
from pyconv.functions.linalg.systems import wrapped
from pyconv.functions.products import shape_of
from pyconv.functions.stacked_products import matmul
from pyconv.ops.arithmetic import add, refuse
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import kind_of
from pyconv.ops.index import take
from pyconv.ops.linalg import factors, solving
from pyconv.ops.linalg.parts import LinAlgError, lower
from pyconv.ops.linalg.parts import upper as upper_part
from pyconv.ops.matmul import adjoint
from pyconv.return_types import named
from pyconv.signatures import function

_Lu = named("linalg_lu", "P", "L", "U")
_LuFactor = named("linalg_lu_factor", "LU", "pivots")
_LuFactorEx = named("linalg_lu_factor_ex", "LU", "pivots", "info")
_LuUnpack = named("lu_unpack", "P", "L", "U")


def _lu(caller: str, A: Any, pivot: bool) -> tuple[Any, Any, Any]:
    size = shape_of(A)
    if len(size) < 2:
        raise RuntimeError(f"{caller}: Expected tensor with 2 or more dimensions. Got size: {list(size)} instead")
    refuse("lu_cpu", kind_of(A), (*checks.INTEGERS, *checks.LOW))
    lu, pivots, info = factors.lu_factor(A, pivot=pivot)
    return lu, pivots, info


@function("(Tensor A, *, bool pivot = True, bool check_errors = False, tuple of Tensors out = None)")
def linalg_lu_factor_ex(A: Any, *, pivot: bool = True, check_errors: bool = False) -> Any:
    """L and U in one matrix, the rows that were exchanged, and 0 or the place of the first zero on U's diagonal.

    Args:
        A: (…, m, n), floats or complex numbers.
        pivot: whether to exchange rows.
        check_errors: whether to raise for such a zero.

    Raises:
        RuntimeError: the dtype does not do, or there is a zero, with `check_errors`.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.lu_factor_ex(torch.tensor([[0.0, 1.0], [2.0, 1.0]])).pivots
        tensor([2, 2], dtype=torch.int32)
    """
    lu, pivots, info = _lu("torch.lu_factor", A, pivot)
    if check_errors:
        checks.check_infos("torch.linalg.lu_factor_ex", info, _ZERO)
    return _LuFactorEx(lu, pivots, info)


_ZERO = (
    "U[{0},{0}] is zero and using it on lu_solve would result in a division by zero. If you still want to perform the "
    "factorization, consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)"
)


@function("(Tensor A, *, bool pivot = True, tuple of Tensors out = None)")
def linalg_lu_factor(A: Any, *, pivot: bool = True) -> Any:
    """L and U in one matrix, and the rows that were exchanged.

    Args:
        A: (…, m, n), floats or complex numbers.
        pivot: whether to exchange rows.

    Raises:
        RuntimeError: the dtype does not do, or there is a zero on U's diagonal.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.lu_factor(torch.tensor([[0.0, 1.0], [2.0, 1.0]])).LU
        tensor([[2., 1.],
                [0., 1.]])
    """
    lu, pivots, info = _lu("torch.lu_factor", A, pivot)
    try:
        checks.check_infos("torch.linalg.lu_factor", info, _ZERO)
    except LinAlgError as error:
        raise RuntimeError(str(error)) from None
    return _LuFactor(lu, pivots)


def lu(A: Any, pivot: bool = True, get_infos: bool = False, out: Any = None) -> Any:
    """`torch.linalg.lu_factor` by an older name, which torch warns of.

    Args:
        A: (…, m, n), floats or complex numbers.
        pivot: whether to exchange rows.
        get_infos: whether to give the places of zeros on U's diagonal too.
        out: tensors to write the results to.

    Raises:
        RuntimeError: there is such a zero, without `get_infos`.

    Example:
        >>> import warnings
        >>> import pyconv as torch
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     torch.lu(torch.tensor([[2.0]]))
        (tensor([[2.]]), tensor([1], dtype=torch.int32))
    """
    warnings.warn(
        "torch.lu is deprecated in favor of torch.linalg.lu_factor / torch.linalg.lu_factor_ex and will be removed in "
        "a future PyTorch release.\nLU, pivots = torch.lu(A, compute_pivots)\nshould be replaced with\nLU, pivots = "
        "torch.linalg.lu_factor(A, compute_pivots)\nand\nLU, pivots, info = torch.lu(A, compute_pivots, "
        "get_infos=True)\nshould be replaced with\nLU, pivots, info = torch.linalg.lu_factor_ex(A, compute_pivots)",
        UserWarning,
        stacklevel=2,
    )
    if not get_infos:
        return tuple(linalg_lu_factor(A, pivot=pivot, out=out))  # type: ignore[call-arg]
    return tuple(linalg_lu_factor_ex(A, pivot=pivot, out=out))  # type: ignore[call-arg]


@function("(Tensor A, *, bool pivot = True, tuple of Tensors out = None)")
def linalg_lu(A: Any, *, pivot: bool = True) -> Any:
    """P, L and U with P @ L @ U = A: a permutation, lower triangular with ones, upper triangular.

    Args:
        A: (…, m, n), floats or complex numbers.
        pivot: whether to exchange rows; P is empty if not.

    Raises:
        RuntimeError: the dtype does not do.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.lu(torch.tensor([[0.0, 1.0], [2.0, 1.0]])).U
        tensor([[2., 1.],
                [0., 1.]])
    """
    packed, pivots, _ = _lu("linalg.lu", A, pivot)
    p, low, u = _unpacked(packed, pivots)
    if not pivot:
        p = wrapped(np.empty(0, array_of(A).dtype), A)
    return _Lu(p, low, u)


def _unpacked(packed: Any, pivots: Any) -> tuple[Any, Any, Any]:
    m, n = shape_of(packed)[-2:]
    k, dtype = min(m, n), array_of(packed).dtype
    p = factors.permutation(array_of(pivots), m, dtype)
    low = add(lower(take(packed, index=(..., slice(0, k))), -1), np.eye(m, k, dtype=dtype))
    return wrapped(p, packed), low, upper_part(take(packed, index=(..., slice(0, k), slice(None))))


@function(
    "(Tensor LU_data, Tensor LU_pivots, bool unpack_data = True, bool unpack_pivots = True, *, "
    "tuple of Tensors out = None)"
)
def lu_unpack(LU_data: Any, LU_pivots: Any, unpack_data: bool = True, unpack_pivots: bool = True) -> Any:
    """P, L and U of what `torch.linalg.lu_factor` gave.

    Args:
        LU_data: (…, m, n).
        LU_pivots: (…, min(m, n)), int32.
        unpack_data: whether to give L and U; empty ones if not.
        unpack_pivots: whether to give P; an empty one if not.

    Raises:
        RuntimeError: the pivots have another dtype.

    Example:
        >>> import pyconv as torch
        >>> torch.lu_unpack(*torch.linalg.lu_factor(torch.tensor([[0.0, 1.0], [2.0, 1.0]]))).P
        tensor([[0., 1.],
                [1., 0.]])
    """
    if array_of(LU_pivots).dtype != np.int32:
        raise RuntimeError(
            "torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype.\nNote: this "
            "function is intended to be used with the output produced by torch.linalg.lu_factor"
        )
    p, low, u = _unpacked(LU_data, LU_pivots)
    nothing = wrapped(np.empty(0, array_of(LU_data).dtype), LU_data)
    return _LuUnpack(p if unpack_pivots else nothing, *((low, u) if unpack_data else (nothing, nothing)))


@function("(Tensor LU, Tensor pivots, Tensor B, *, bool left = True, bool adjoint = False, Tensor out = None)")
def linalg_lu_solve(LU: Any, pivots: Any, B: Any, *, left: bool = True, adjoint: bool = False) -> Any:
    """X with A @ X = B, from what `torch.linalg.lu_factor` gave of A.

    Args:
        LU: (…, n, n).
        pivots: (…, n), int32.
        B: (…, n, k).
        left: whether A stands on the left.
        adjoint: whether Aᴴ stands for A.

    Raises:
        RuntimeError: the shapes or dtypes do not fit.

    Example:
        >>> import pyconv as torch
        >>> LU, pivots = torch.linalg.lu_factor(torch.tensor([[0.0, 1.0], [2.0, 1.0]]))
        >>> torch.linalg.lu_solve(LU, pivots, torch.tensor([[1.0], [3.0]]))
        tensor([[1.],
                [1.]])
    """
    name = "linalg.lu_solve"
    checks.check_same(name, LU, B, "LU", "B")
    if array_of(pivots).dtype != np.int32:
        raise RuntimeError(f"{name}: pivots should be a Tensor of scalar type torch.int32")
    checks.check_square(name, LU, "LU")
    checks.check_matrix(name, B, "B")
    checks.check_fit(name, shape_of(LU), shape_of(B), left)
    if not left:
        found = linalg_lu_solve.raw(LU, pivots, _mh(B), adjoint=not adjoint)  # type: ignore[attr-defined]
        return _mh(found)
    n = shape_of(LU)[-1]
    p = factors.permutation(array_of(pivots), n, array_of(LU).dtype)
    if adjoint:
        half = solving.solve_triangular(_mh(LU), B, is_upper=False, unit=False)
        half = solving.solve_triangular(_mh(LU), half, is_upper=True, unit=True)
        return matmul.raw(wrapped(p, LU), half)  # type: ignore[attr-defined]
    moved = matmul.raw(wrapped(np.swapaxes(p, -1, -2), LU), B)  # type: ignore[attr-defined]
    half = solving.solve_triangular(LU, moved, is_upper=False, unit=True)
    return solving.solve_triangular(LU, half, is_upper=True, unit=False)


_mh = adjoint


@function("(Tensor input, Tensor LU_data, Tensor LU_pivots, *, Tensor out = None)")
def lu_solve(input: Any, LU_data: Any, LU_pivots: Any) -> Any:
    """`torch.linalg.lu_solve` by an older name, which torch warns of.

    Example:
        >>> import warnings
        >>> import pyconv as torch
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     torch.lu_solve(torch.ones(1, 1), *torch.linalg.lu_factor(torch.tensor([[2.0]])))
        tensor([[0.5000]])
    """
    warn_of_removal(
        "torch.lu_solve is deprecated in favor of torch.linalg.lu_solveand will be removed in a future PyTorch "
        "release.\nNote that torch.linalg.lu_solve has its arguments reversed.\nX = torch.lu_solve(B, LU, "
        "pivots)\nshould be replaced with\nX = torch.linalg.lu_solve(LU, pivots, B)"
    )
    return linalg_lu_solve.raw(LU_data, LU_pivots, input)  # type: ignore[attr-defined]
