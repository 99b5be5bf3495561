"""Factorizations: torch.linalg.cholesky, qr, svd, eigh, eig, lu and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv.functions.linalg import checks
from pyconv.functions.linalg.systems import wrapped
from pyconv.functions.products import matmul, shape_of
from pyconv.ops.arithmetic import add, refuse
from pyconv.ops.cast import array_of, conj
from pyconv.ops.elementwise import kind_of
from pyconv.ops.index import take
from pyconv.ops.linalg import factors, solving
from pyconv.ops.linalg.parts import LinAlgError, lower
from pyconv.ops.linalg.parts import upper as upper_part
from pyconv.ops.matmul import adjoint, turned
from pyconv.return_types import named
from pyconv.signatures import function

_CholeskyEx = named("linalg_cholesky_ex", "L", "info")
_Qr = named("linalg_qr", "Q", "R")
_OldQr = named("qr", "Q", "R")
_Svd = named("linalg_svd", "U", "S", "Vh")
_OldSvd = named("svd", "U", "S", "V")
_Eigh = named("linalg_eigh", "eigenvalues", "eigenvectors")
_Eig = named("linalg_eig", "eigenvalues", "eigenvectors")
_Lu = named("linalg_lu", "P", "L", "U")
_LuFactor = named("linalg_lu_factor", "LU", "pivots")
_LuFactorEx = named("linalg_lu_factor_ex", "LU", "pivots", "info")
_LuUnpack = named("lu_unpack", "P", "L", "U")


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
    _deprecated(
        "torch.cholesky is deprecated in favor of torch.linalg.cholesky and will be removed in a future PyTorch "
        "release.\nL = torch.cholesky(A)\nshould be replaced with\nL = torch.linalg.cholesky(A)\nand\nU = "
        "torch.cholesky(A, upper=True)\nshould be replaced with\nU = torch.linalg.cholesky(A).mH\nThis transform will "
        "produce equivalent results for all valid (symmetric positive definite) inputs."
    )
    found, info = _cholesky(input, upper)
    checks.check_infos("cholesky", info, checks.NOT_POSITIVE)
    return found


def _deprecated(text: str) -> None:
    warnings.warn(text, UserWarning, stacklevel=4)


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
    _deprecated(
        "torch.qr is deprecated in favor of torch.linalg.qr and will be removed in a future PyTorch release.\nThe "
        "boolean parameter 'some' has been replaced with a string parameter 'mode'.\nQ, R = torch.qr(A, some)\nshould "
        "be replaced with\nQ, R = torch.linalg.qr(A, 'reduced' if some else 'complete')"
    )
    return _OldQr(*linalg_qr.raw(input, "reduced" if some else "complete"))  # type: ignore[attr-defined]


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
    _deprecated(
        "torch.lu_solve is deprecated in favor of torch.linalg.lu_solveand will be removed in a future PyTorch "
        "release.\nNote that torch.linalg.lu_solve has its arguments reversed.\nX = torch.lu_solve(B, LU, "
        "pivots)\nshould be replaced with\nX = torch.linalg.lu_solve(LU, pivots, B)"
    )
    return linalg_lu_solve.raw(LU_data, LU_pivots, input)  # type: ignore[attr-defined]


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
