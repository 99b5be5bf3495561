"""Inverses and systems of equations: torch.linalg.inv, solve and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.functions.linalg import checks
from pyconv.functions.products import shape_of
from pyconv.ops import shape
from pyconv.ops.cast import array_of, cast
from pyconv.ops.elementwise import kind_of
from pyconv.ops.linalg import factors, solving
from pyconv.ops.matmul import turned
from pyconv.return_types import named
from pyconv.signatures import function

_InvEx = named("linalg_inv_ex", "inverse", "info")
_SolveEx = named("linalg_solve_ex", "result", "info")
_TriangularSolve = named("triangular_solve", "solution", "cloned_coefficient")


def wrapped(array: np.ndarray[Any, Any], like: Any) -> Any:
    """An array as what `like` is: a Tensor or an ndarray."""
    return type(like)._wrap(array) if isinstance(like, Traced) else array


def _zero_pivots(a: Any) -> np.ndarray[Any, Any]:
    """For each matrix, the first zero on the diagonal of u, counted from 1, or 0."""
    array = array_of(a)
    with np.errstate(all="ignore"):
        return np.asarray(factors.lu_factor.kernel(array, pivot=True)[2])


@function("(Tensor A, *, bool check_errors = False, tuple of Tensors out = None)")
def linalg_inv_ex(A: Any, *, check_errors: bool = False) -> Any:
    """The inverses of square matrices, and for each 0 or the place of the zero that it stopped at.

    Args:
        A: (…, n, n), floats or complex numbers.
        check_errors: whether to raise for such a zero.

    Raises:
        RuntimeError: a matrix is not square, or the dtype does not do.
        LinAlgError: one is singular, with `check_errors`.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.inv_ex(torch.tensor([[2.0]])).inverse
        tensor([[0.5000]])
    """
    checks.check_square("linalg.inv", A)
    checks.check_floating("linalg.inv", A)
    inverse = solving.inverse(A)
    finite = np.isfinite(array_of(inverse)).all()
    info = np.zeros(shape_of(A)[:-2], np.int32) if finite else _zero_pivots(A)
    if check_errors:
        checks.check_infos("linalg.inv_ex", info, checks.SINGULAR)
    return _InvEx(inverse, wrapped(info, A))


@function("(Tensor A, *, Tensor out = None)")
def linalg_inv(A: Any) -> Any:
    """The inverses of square matrices.

    Args:
        A: (…, n, n), floats or complex numbers.

    Raises:
        RuntimeError: a matrix is not square, or the dtype does not do.
        LinAlgError: one is singular.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.inv(torch.tensor([[2.0, 0.0], [0.0, 4.0]]))
        tensor([[0.5000, 0.0000],
                [0.0000, 0.2500]])
    """
    inverse, info = linalg_inv_ex.raw(A)  # type: ignore[attr-defined]
    checks.check_infos("linalg.inv", info, checks.SINGULAR)
    return inverse


@function("(Tensor input, *, Tensor out = None)")
def inverse(input: Any) -> Any:
    """`torch.linalg.inv` by an older name.

    Example:
        >>> import pyconv as torch
        >>> torch.inverse(torch.tensor([[2.0]]))
        tensor([[0.5000]])
    """
    return linalg_inv.raw(input)  # type: ignore[attr-defined]


def _is_vector(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether the right-hand sides are vectors, one for each matrix."""
    return len(b) == 1 or (len(a) - 1 == len(b) and b == a[:-1])


@function("(Tensor A, Tensor B, *, bool left = True, bool check_errors = False, tuple of Tensors out = None)")
def linalg_solve_ex(A: Any, B: Any, *, left: bool = True, check_errors: bool = False) -> Any:
    """X with A @ X = B, and for each matrix 0 or the place of the zero that it stopped at.

    Args:
        A: (…, n, n), floats or complex numbers.
        B: (…, n, k), or (…, n) or (n).
        left: whether A stands on the left.
        check_errors: whether to raise for such a zero.

    Raises:
        RuntimeError: the shapes or dtypes do not fit.
        LinAlgError: a matrix is singular, with `check_errors`.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.solve_ex(torch.tensor([[2.0]]), torch.tensor([3.0])).result
        tensor([1.5000])
    """
    name = "linalg.solve"
    checks.check_square(name, A)
    shape_of(B)
    kind = kind_of(A)
    if kind in checks.INTEGERS:
        checks.check_floating(name, A)
    checks.check_same(name, A, B)
    a, b = shape_of(A), shape_of(B)
    vector = _is_vector(a, b)
    if vector:
        if not left:
            raise RuntimeError(
                "linalg.solve: Vector broadcasting of the left hand side is not supported for left=False. In this case "
                "linalg.solve is equivalent to B / A.squeeze(-1)"
            )
        B = shape.unsqueeze(B, shape=(*b, 1))
    else:
        checks.check_matrix(name, B, "B")
        checks.check_fit(name, a, b, left)
    checks.check_floating(name, A, stub="lu_cpu")
    result = solving.solve(A, B) if left else turned(solving.solve(turned(A), turned(B)))
    if vector:
        result = shape.squeeze_one(result, shape=array_of(result).shape[:-1])
    finite = np.isfinite(array_of(result)).all()
    info = np.zeros(a[:-2], np.int32) if finite else _zero_pivots(A)
    if check_errors:
        checks.check_infos("torch.linalg.solve_ex", info, checks.UNSOLVED)
    return _SolveEx(result, wrapped(info, A))


@function("(Tensor A, Tensor B, *, bool left = True, Tensor out = None)")
def linalg_solve(A: Any, B: Any, *, left: bool = True) -> Any:
    """X with A @ X = B.

    Args:
        A: (…, n, n), floats or complex numbers.
        B: (…, n, k), or (…, n) or (n).
        left: whether A stands on the left.

    Raises:
        RuntimeError: the shapes or dtypes do not fit.
        LinAlgError: a matrix is singular.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.solve(torch.tensor([[2.0, 0.0], [0.0, 4.0]]), torch.tensor([1.0, 1.0]))
        tensor([0.5000, 0.2500])
    """
    result, info = linalg_solve_ex.raw(A, B, left=left)  # type: ignore[attr-defined]
    checks.check_infos("torch.linalg.solve", info, checks.UNSOLVED)
    return result


@function("(Tensor A, Tensor B, *, bool upper, bool left = True, bool unitriangular = False, Tensor out = None)")
def linalg_solve_triangular(A: Any, B: Any, *, upper: bool, left: bool = True, unitriangular: bool = False) -> Any:
    """X with A @ X = B, where only one triangle of A counts.

    Args:
        A: (…, n, n).
        B: (…, n, k), or (…, k, n) with A on the right.
        upper: which triangle.
        left: whether A stands on the left.
        unitriangular: whether the diagonal counts as ones.

    Raises:
        RuntimeError: the shapes do not fit.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.solve_triangular(torch.tensor([[2.0, 9.0], [1.0, 1.0]]), torch.ones(2, 1), upper=False)
        tensor([[0.5000],
                [0.5000]])
    """
    name = "linalg.solve_triangular"
    checks.check_square(name, A)
    checks.check_matrix(name, B, "B")
    checks.check_fit(name, shape_of(A), shape_of(B), left)
    if kind_of(A) is not kind_of(B):
        A = cast(A, array_of(B).dtype)
    checks.check_floating(name, A, stub="triangular_solve")
    if left:
        return solving.solve_triangular(A, B, is_upper=upper, unit=unitriangular)
    return turned(solving.solve_triangular(turned(A), turned(B), is_upper=not upper, unit=unitriangular))


@function(
    "(Tensor input, Tensor A, bool upper = True, bool transpose = False, bool unitriangular = False, *, "
    "tuple of Tensors out = None)"
)
def triangular_solve(
    input: Any, A: Any, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> Any:
    """X with A @ X = input, where only one triangle of A counts, and a copy of A; deprecated by torch.

    Args:
        input: (…, n, k).
        A: (…, n, n).
        upper: which triangle.
        transpose: whether Aᵀ stands for A.
        unitriangular: whether the diagonal counts as ones.

    Example:
        >>> import pyconv as torch
        >>> torch.triangular_solve(torch.ones(1, 1), torch.tensor([[2.0]])).solution
        tensor([[0.5000]])
    """
    factor, is_upper = (turned(A), not upper) if transpose else (A, upper)
    found = solving.solve_triangular(factor, input, is_upper=is_upper, unit=unitriangular)
    batch = np.broadcast_shapes(shape_of(A)[:-2], shape_of(input)[:-2])
    copy = shape.expand(A, shape=(*batch, *shape_of(A)[-2:]))
    return _TriangularSolve(found, copy)


@function("(Tensor input, int ind = 2, *, Tensor out = None)")
def linalg_tensorinv(input: Any, ind: int = 2) -> Any:
    """The inverse with respect to `torch.tensordot` over `ind` dimensions.

    Args:
        input: the product of the first `ind` sizes is that of the others.
        ind: how many.

    Raises:
        RuntimeError: the sizes do not fit.
        LinAlgError: there is none.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.tensorinv(torch.eye(4).reshape(4, 2, 2), ind=1).shape
        torch.Size([2, 2, 4])
    """
    size = shape_of(input)
    if ind <= 0:
        raise RuntimeError(f"Expected a strictly positive integer for 'ind', but got {ind}")
    first, rest = math.prod(size[:ind]), math.prod(size[ind:])
    if first != rest:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got "
            f"{rest} != {first}"
        )
    flat = linalg_inv.raw(shape.reshape(input, shape=(rest, first)))  # type: ignore[attr-defined]
    return shape.reshape(flat, shape=(*size[ind:], *size[:ind]))


@function("(Tensor input, Tensor other, tuple of ints! dims = None, *, Tensor out = None)")
def linalg_tensorsolve(input: Any, other: Any, dims: Any = None) -> Any:
    """X with tensordot(input, X, X.ndim) = other.

    Args:
        input: the product of its first sizes, as many as `other` has, is that of the others.
        other: the right-hand side.
        dims: dimensions of `input` to move to the end first.

    Raises:
        RuntimeError: the sizes do not fit.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.tensorsolve(torch.eye(4).reshape(4, 2, 2), torch.ones(4)).shape
        torch.Size([2, 2])
    """
    ndim = len(shape_of(input))
    if dims is not None:
        last = [dim % ndim for dim in dims]
        input = shape.permute(input, axes=(*(i for i in range(ndim) if i not in last), *last))
    size, wanted = shape_of(input), shape_of(other)
    rest = size[len(wanted) :]
    count, first = math.prod(rest), math.prod(size[: len(wanted)])
    if count != first:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), "
            f"but got {count} != {first}"
        )
    flat = shape.reshape(input, shape=(count, count))
    found = linalg_solve.raw(flat, shape.reshape(other, shape=(count,)))  # type: ignore[attr-defined]
    return shape.reshape(found, shape=rest)
