"""What is measured of matrices, and solved by least squares: torch.linalg.cond, matrix_rank, pinv, lstsq and others.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.dims import dimension
from pyconv.functions.linalg import checks
from pyconv.functions.linalg.svd import linalg_svdvals
from pyconv.functions.linalg.systems import linalg_inv_ex, wrapped
from pyconv.functions.norms import linalg_matrix_norm
from pyconv.functions.products import shape_of
from pyconv.functions.rounding import nan_to_num
from pyconv.ops import shape
from pyconv.ops.arithmetic import check_broadcast, div, mul, where
from pyconv.ops.cast import array_of, conj
from pyconv.ops.cumulative import cumprod
from pyconv.ops.elementwise import kind_of
from pyconv.ops.index import take
from pyconv.ops.linalg import solving
from pyconv.ops.linalg.parts import joined
from pyconv.ops.linalg.squares import least_squares
from pyconv.ops.reduce import total
from pyconv.ops.unary import reciprocal
from pyconv.return_types import named
from pyconv.signatures import function

_Lstsq = named("linalg_lstsq", "solution", "residuals", "rank", "singular_values")
_TOLERANCES = (
    "(Tensor input, *, Tensor atol = None, Tensor rtol = None, bool hermitian = False, Tensor out = None)",
    "(Tensor input, *, float atol = None, float rtol = None, bool hermitian = False, Tensor out = None)",
)
_RANK = (
    *_TOLERANCES,
    "(Tensor input, Tensor tol, bool hermitian = False, *, Tensor out = None)",
    "(Tensor input, float tol, bool hermitian = False, *, Tensor out = None)",
)
_PINV = (
    *_TOLERANCES,
    "(Tensor input, Tensor rcond, bool hermitian = False, *, Tensor out = None)",
    "(Tensor input, float rcond, bool hermitian = False, *, Tensor out = None)",
)


def _tolerances(a: Any, atol: Any, rtol: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """What is below the first, or below the second times the largest, counts as zero."""
    values = array_of(a)
    usual = float(np.finfo(values.dtype).eps) * max(values.shape[-2:])
    absolute = np.asarray(0.0 if atol is None else array_of(atol), np.float64)
    if rtol is None:
        return absolute, np.where(absolute > 0, 0.0, usual)
    return absolute, np.asarray(array_of(rtol), np.float64)


@function(*_RANK)
def linalg_matrix_rank(
    input: Any, tol: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None
) -> Any:
    """The numbers of singular values that are not small.

    Args:
        input: (…, m, n), floats or complex numbers.
        tol: `atol` by an older name.
        hermitian: whether the matrices are, so that eigenvalues do.
        atol: what is below it counts as zero; 0 by default.
        rtol: what is below it times the largest value too; max(m, n) times the roundoff by default.

    Returns:
        (…), int64.

    Raises:
        RuntimeError: the dtype does not do.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.matrix_rank(torch.ones(3, 3))
        tensor(1)
    """
    checks.check_matrix("torch.linalg.matrix_rank", input, "input")
    if kind_of(input) in (*checks.INTEGERS, *checks.LOW):
        raise RuntimeError("This function doesn't handle types other than float and double")
    a = array_of(input)
    absolute, relative = (
        (np.asarray(array_of(tol), np.float64), np.zeros(())) if tol is not None else _tolerances(input, atol, rtol)
    )
    sizes = np.abs(np.linalg.eigvalsh(a)) if hermitian else np.linalg.svd(a, compute_uv=False)
    largest = sizes.max(axis=-1, keepdims=True, initial=0.0)
    bound = np.maximum(absolute[..., None], relative[..., None] * largest)
    return wrapped(np.asarray((sizes > bound).sum(axis=-1), np.int64), input)


@function(*_PINV)
def linalg_pinv(input: Any, rcond: Any = None, hermitian: bool = False, *, atol: Any = None, rtol: Any = None) -> Any:
    """The pseudoinverses of matrices (E. H. Moore, R. Penrose).

    Args:
        input: (…, m, n), floats or complex numbers.
        rcond: `rtol` by an older name.
        hermitian: whether the matrices are, so that eigenvalues do.
        atol: singular values below it count as zero; 0 by default.
        rtol: those below it times the largest too; max(m, n) times the roundoff by default.

    Returns:
        (…, n, m)

    Raises:
        RuntimeError: the dtype does not do.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.pinv(torch.tensor([[2.0], [0.0]]))
        tensor([[0.5000, 0.0000]])
    """
    size, kind = shape_of(input), kind_of(input)
    if len(size) < 2 or kind in (*checks.INTEGERS, *checks.LOW):
        raise RuntimeError(
            f"linalg.pinv({kind.scalar_name}{{{list(size)}}}): expected a tensor with 2 or more dimensions of float, "
            "double, cfloat or cdouble types"
        )
    absolute, relative = _tolerances(input, atol, rtol if rcond is None else rcond)
    return solving.pseudoinverse(input, atol=absolute, rtol=relative, symmetric=hermitian)


@function("(Tensor input, float rcond = 1e-15)")
def pinverse(input: Any, rcond: float = 1e-15) -> Any:
    """`torch.linalg.pinv` by an older name.

    Example:
        >>> import pyconv as torch
        >>> torch.pinverse(torch.tensor([[2.0]]))
        tensor([[0.5000]])
    """
    return linalg_pinv.raw(input, rcond)  # type: ignore[attr-defined]


@function("(Tensor input, Number p = None, *, Tensor out = None)", "(Tensor input, str p, *, Tensor out = None)")
def linalg_cond(input: Any, p: Any = None) -> Any:
    """The condition numbers of matrices: the norm times the norm of the inverse.

    Args:
        input: (…, m, n), square unless `p` is None, 2 or -2.
        p: which norm: None and 2, -2, 1, -1, inf, -inf, 'fro' or 'nuc'.

    Raises:
        RuntimeError: there is no such norm, or a matrix is not square.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.cond(torch.diag(torch.tensor([1.0, 4.0])))
        tensor(4.)
    """
    if len(shape_of(input)) < 2:
        raise RuntimeError("linalg.cond: The input tensor must have at least 2 dimensions.")
    if not isinstance(p, str) and p is not None and abs(p) not in (1, 2, math.inf):
        raise RuntimeError(f"linalg.cond got an invalid norm type: {p}")
    if not array_of(input).size:
        return wrapped(np.zeros(shape_of(input)[:-2], array_of(input).real.dtype), input)
    if p is None or (not isinstance(p, str) and abs(p) == 2):
        s = linalg_svdvals.raw(input)  # type: ignore[attr-defined]
        first, last = (take(s, index=(..., i)) for i in (0, -1))
        return div(last, first) if p == -2 else div(first, last)
    checks.check_square(f"linalg.cond(ord={p if isinstance(p, str) else f'{p:g}'})", input)
    if p == "nuc":
        s = linalg_svdvals.raw(input)  # type: ignore[attr-defined]
        axis = (array_of(s).ndim - 1,)
        return mul(total(s, axis), total(reciprocal(s), axis))
    inverse, info = linalg_inv_ex.raw(input)  # type: ignore[attr-defined]
    wrong = array_of(info) != 0
    if wrong.any():
        inverse = where(wrong[..., None, None], math.inf, inverse)
    norms = (linalg_matrix_norm.raw(x, p) for x in (input, inverse))  # type: ignore[attr-defined]
    found = mul(*norms)
    return nan_to_num.raw(found, math.inf, math.inf, -math.inf) if p == "fro" else found  # type: ignore[attr-defined]


@function("(Tensor input, Tensor b, float rcond = None, *, str driver = None)")
def linalg_lstsq(input: Any, b: Any, rcond: float | None = None, *, driver: str | None = None) -> Any:
    """X that makes the squares of input @ X - b least.

    Args:
        input: (…, m, n), floats or complex numbers.
        b: (…, m, k), or (…, m) or (m).
        rcond: singular values below it times the largest count as zero; max(m, n) times the roundoff by default.
        driver: 'gelsy' by default; 'gels' for matrices of full rank, 'gelsd' and 'gelss' for singular values too.

    Returns:
        The solution, (…, n, k); the squares, (…, k), or empty; the ranks, (…), or empty; singular values, or empty.

    Raises:
        RuntimeError: the shapes or dtypes do not fit, or there is no such driver.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.lstsq(torch.tensor([[1.0], [1.0]]), torch.tensor([[1.0], [3.0]])).solution
        tensor([[2.]])
    """
    a, right = shape_of(input), shape_of(b)
    vector = _check_lstsq(input, b)
    if driver not in (None, "gels", "gelsy", "gelsd", "gelss"):
        raise RuntimeError("torch.linalg.lstsq: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)")
    if vector:
        b = shape.unsqueeze(b, shape=(*right, 1))
    check_broadcast(a[:-2], shape_of(b)[:-2])
    tolerance = np.finfo(array_of(input).dtype).eps * max(a[-2:]) if rcond is None else rcond
    chosen = driver or "gelsy"
    solution, residuals, rank, s = least_squares(
        input, b, rcond=0.0 if chosen == "gels" else float(tolerance), with_residuals=chosen != "gelsy"
    )
    if vector:
        solution = shape.squeeze_one(solution, shape=array_of(solution).shape[:-1])
    nothing = np.empty(0, array_of(s).dtype)
    if chosen == "gels":
        rank = wrapped(np.empty(0, np.int64), input)
    return _Lstsq(solution, residuals, rank, s if chosen in ("gelsd", "gelss") else wrapped(nothing, input))


def _check_lstsq(input: Any, b: Any) -> bool:
    """Whether the right-hand sides are vectors."""
    name = "torch.linalg.lstsq"
    a, right = shape_of(input), shape_of(b)
    if len(a) < 2:
        raise RuntimeError(f"{name}: input must have at least 2 dimensions.")
    if not right:
        raise RuntimeError(f"{name}: other must have at least 1 dimension.")
    kinds = kind_of(input), kind_of(b)
    if kinds[0] is not kinds[1]:
        raise RuntimeError(
            f"{name}: Expected input and other to have the same dtype, but got input's dtype {kinds[0].scalar_name} "
            f"and other's dtype {kinds[1].scalar_name}"
        )
    vector = len(right) == 1 or (len(a) - 1 == len(right) and right == a[:-1])
    if not vector and len(a) - len(right) > 1:
        raise RuntimeError(
            f"{name}: input.dim() must be greater or equal to other.dim() and (input.dim() - other.dim()) <= 1"
        )
    if a[-2] != right[-1 if vector else -2]:
        raise RuntimeError(f"{name}: input.size(-2) should match other.size(-{1 if vector else 2})")
    if kinds[0] in (*checks.INTEGERS, *checks.LOW):
        raise RuntimeError(f"{name}: Expected a floating point or complex tensor as input. Got {kinds[0].scalar_name}")
    return vector


@function("(Tensor x, Tensor y, *, int dim = -1, Tensor out = None)")
def linalg_vecdot(x: Any, y: Any, *, dim: int = -1) -> Any:
    """The sums of conj(x) · y along a dimension.

    Args:
        x: any shape, floats or complex numbers.
        y: broadcasts with it, of the same dtype.
        dim: the dimension.

    Raises:
        RuntimeError: the shapes or dtypes do not fit.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.vecdot(torch.ones(2, 3), torch.ones(3))
        tensor([3., 3.])
    """
    if kind_of(x) in checks.INTEGERS:
        checks.check_floating("linalg.vecdot", x)
    checks.check_same("linalg.vecdot", x, y, "x", "y")
    check_broadcast(shape_of(x), shape_of(y))
    product = mul(conj(x), y)
    return total(product, (dimension(dim, array_of(product).ndim),))


@function("(Tensor x, *, int N = None)")
def linalg_vander(x: Any, *, N: int | None = None) -> Any:
    """The powers 0 … N - 1 of numbers, along a new last dimension.

    Args:
        x: (…, n).
        N: how many; n by default.

    Returns:
        (…, n, N), integers as int64.

    Raises:
        RuntimeError: `N` is below 1.

    Example:
        >>> import pyconv as torch
        >>> torch.linalg.vander(torch.tensor([2, 3]), N=3)
        tensor([[1, 2, 4],
                [1, 3, 9]])
    """
    if not shape_of(x):
        x = shape.reshape(x, shape=(1,))
    size = shape_of(x)
    count = size[-1] if N is None else N
    if count <= 1:
        raise RuntimeError("N must be greater than 1.")
    spread = shape.expand(shape.unsqueeze(x, shape=(*size, 1)), shape=(*size, count - 1))
    kind = kind_of(x)
    if dtypes.category(kind) < 2:
        spread = mul(spread, np.ones((1,), np.int64))
    powers = cumprod(spread, axis=len(size))
    one = np.ones((*size, 1), array_of(powers).dtype)
    return joined(wrapped(one, x), powers, axis=-1)
