"""Products added to something: torch.addmm and its kin, in place too.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.functions.dims import dimension
from pyconv.functions.products import check_multiplied, check_stacks, check_vector, shape_of
from pyconv.ops import matmul as ops
from pyconv.ops.arithmetic import BAREBONES, promoted, refuse
from pyconv.ops.cast import array_of, cast, from_number
from pyconv.ops.elementwise import kind_of
from pyconv.ops.shape import check_expand
from pyconv.signatures import function

__all__ = ["addbmm", "addmm", "addmv", "addr", "baddbmm"]

_NONE = (dtypes.bool_, *BAREBONES)


def _factors(kind: dtypes.dtype, alpha: Any, beta: Any) -> dict[str, Any]:
    """Alpha and beta as numbers of a dtype; those of a 16-bit one keep single precision."""
    exact = dtypes.accumulation(kind.numpy)
    found = (from_number(number, exact).item() for number in (alpha, beta))
    return dict(zip(("alpha", "beta"), found, strict=True))


def _check_dtypes(x: Any, a: Any, b: Any) -> None:
    kinds = [kind_of(operand) for operand in (x, a, b)]
    for other, name in ((kinds[0], "self"), (kinds[1], "mat1")):
        if other is not kinds[2]:
            text = f"{name} and mat2 must have the same dtype, but got {other.scalar_name} and {kinds[2].scalar_name}"
            raise RuntimeError(text)
    refuse("addmm_impl_cpu_", kinds[0], _NONE)


@function(
    "(Tensor input, Tensor mat1, Tensor mat2, *, Number beta = 1, Number alpha = 1, Tensor out = None)",
    "(Tensor input, Tensor mat1, Tensor mat2, torch.dtype out_dtype, *, Number beta = 1, Number alpha = 1, "
    "Tensor out = None)",
)
def addmm(input: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Beta·input + alpha·(mat1 @ mat2).

    Args:
        input: broadcasts to (n, m); ignored where beta is 0.
        mat1: (n, k).
        mat2: (k, m).
        beta: the factor of `input`.
        alpha: that of the product.

    Returns:
        (n, m)

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.
        NotImplementedError: bool.

    Example:
        >>> import pyconv as torch
        >>> torch.addmm(torch.ones(1), torch.ones(2, 3), torch.ones(3, 2), beta=10)
        tensor([[13., 13.],
                [13., 13.]])
    """
    x, a, b = shape_of(input), shape_of(mat1), shape_of(mat2)
    for name, size in (("mat1", a), ("mat2", b)):
        if len(size) != 2:
            raise RuntimeError(f"{name} must be a matrix, got {len(size)}-D tensor")
    check_multiplied(a, b)
    check_expand(x, (a[0], b[1]), kind_of(input))
    _check_dtypes(input, mat1, mat2)
    return ops.addmm(input, mat1, mat2, **_factors(kind_of(input), alpha, beta))


@function("(Tensor input, Tensor mat, Tensor vec, *, Number beta = 1, Number alpha = 1, Tensor out = None)")
def addmv(input: Any, mat: Any, vec: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Beta·input + alpha·(mat @ vec).

    Args:
        input: broadcasts to (n); ignored where beta is 0.
        mat: (n, k).
        vec: (k).
        beta: the factor of `input`.
        alpha: that of the product.

    Returns:
        (n)

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.
        NotImplementedError: bool.

    Example:
        >>> import pyconv as torch
        >>> torch.addmv(torch.ones(2), torch.ones(2, 3), torch.ones(3))
        tensor([4., 4.])
    """
    check_vector(input, mat, vec)
    return ops.addmv(input, mat, vec, **_factors(kind_of(input), alpha, beta))


@function("(Tensor input, Tensor batch1, Tensor batch2, *, Number beta = 1, Number alpha = 1, Tensor out = None)")
def addbmm(input: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Beta·input + alpha·(the sum of the products of two stacks of matrices).

    Args:
        input: broadcasts to (n, m); ignored where beta is 0.
        batch1: (b, n, k).
        batch2: (b, k, m).
        beta: the factor of `input`.
        alpha: that of the sum.

    Returns:
        (n, m)

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.
        NotImplementedError: bool.

    Example:
        >>> import pyconv as torch
        >>> torch.addbmm(torch.ones(1, 1), torch.ones(2, 1, 3), torch.ones(2, 3, 1))
        tensor([[7.]])
    """
    x, a, b = shape_of(input), shape_of(batch1), shape_of(batch2)
    if len(a) == len(b) == 3:
        check_expand(x, (a[1], b[2]), kind_of(input))
    for i, size in enumerate((a, b)):
        if len(size) != 3:
            raise RuntimeError(f"batch{i + 1} must be a 3D tensor")
    if a[0] != b[0]:
        raise RuntimeError(f"batch1 and batch2 must have same number of batches, got {a[0]} and {b[0]}")
    if a[2] != b[1]:
        raise RuntimeError(f"Incompatible matrix sizes for bmm ({a[1]}x{a[2]} and {b[1]}x{b[2]})")
    _check_dtypes(input, batch1, batch2)
    return ops.addbmm(input, batch1, batch2, **_factors(kind_of(input), alpha, beta))


@function(
    "(Tensor input, Tensor batch1, Tensor batch2, *, Number beta = 1, Number alpha = 1, Tensor out = None)",
    "(Tensor input, Tensor batch1, Tensor batch2, torch.dtype out_dtype, *, Number beta = 1, Number alpha = 1, "
    "Tensor out = None)",
)
def baddbmm(input: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Beta·input + alpha·(the products of the matrices of two stacks).

    Args:
        input: broadcasts to (b, n, m); ignored where beta is 0.
        batch1: (b, n, k).
        batch2: (b, k, m).
        beta: the factor of `input`.
        alpha: that of the products.

    Returns:
        (b, n, m)

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.
        NotImplementedError: bool.

    Example:
        >>> import pyconv as torch
        >>> torch.baddbmm(torch.ones(1), torch.ones(2, 1, 3), torch.ones(2, 3, 1)).shape
        torch.Size([2, 1, 1])
    """
    x, a, b = shape_of(input), shape_of(batch1), shape_of(batch2)
    check_expand(x, (_size(a, 0), _size(a, 1), _size(b, 2)), kind_of(input))
    check_stacks(a, b)
    kinds = [kind_of(operand) for operand in (input, batch1, batch2)]
    if kinds[1] is kinds[0] and kinds[2] is not kinds[0]:
        raise RuntimeError(f"expected scalar type {kinds[0].scalar_name} but found {kinds[2].scalar_name}")
    if kinds[1] is not kinds[0]:
        names = "input {}, batch1: {}, batch2: {}".format(*(kind.cpp_name for kind in kinds))
        raise RuntimeError(f"Input dtypes must be the same, got: {names}")
    refuse("baddbmm", kinds[0], _NONE)
    return ops.baddbmm(input, batch1, batch2, **_factors(kinds[0], alpha, beta))


@function("(Tensor input, Tensor vec1, Tensor vec2, *, Number beta = 1, Number alpha = 1, Tensor out = None)")
def addr(input: Any, vec1: Any, vec2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Beta·input + alpha·(the products of every element of one vector with every one of another).

    Args:
        input: broadcasts to (n, m); ignored where beta is 0.
        vec1: (n).
        vec2: (m).
        beta: the factor of `input`.
        alpha: that of the products.

    Returns:
        (n, m), of the promoted dtype.

    Raises:
        RuntimeError: the shapes do not fit, or a factor does not suit the dtype.

    Example:
        >>> import pyconv as torch
        >>> torch.addr(torch.zeros(2, 2), torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
        tensor([[3., 4.],
                [6., 8.]])
    """
    u, v = shape_of(vec1), shape_of(vec2)
    for name, size in (("vec1", u), ("vec2", v)):
        if len(size) != 1:
            raise RuntimeError(f"addr: Expected 1-D argument {name}, but got {len(size)}-D")
    check_expand(shape_of(input), (u[0], v[0]), kind_of(input))
    kind = promoted(input, vec1, vec2)
    for name, factor in (("beta", beta), ("alpha", alpha)):
        _check_factor(kind, name, factor)
    operands = (cast(operand, kind.numpy) for operand in (input, vec1, vec2))
    return ops.addr(*operands, **_factors(kind, alpha, beta))


def _size(shape: tuple[int, ...], axis: int) -> int:
    """The size of a dimension.

    Raises:
        IndexError: there is no such dimension.
    """
    if not shape:
        raise IndexError(f"Dimension specified as {axis} but tensor has no dimensions")
    return shape[dimension(axis, len(shape))]


def _check_factor(kind: dtypes.dtype, name: str, factor: Any) -> None:
    if isinstance(factor, bool) and kind is not dtypes.bool_:
        raise RuntimeError(f"Boolean {name} only supported for Boolean results.")
    if dtypes.category(kind) < 2 and not isinstance(factor, int):
        raise RuntimeError(f"For integral input tensors, argument {name} must not be a floating point number.")


def check_in_place(target: Any, shape: tuple[int, ...]) -> None:
    """Raise RuntimeError where a product does not have the shape of the tensor that it is to be added to in place."""
    have = array_of(target).shape
    if have != shape:
        raise RuntimeError(
            f"Bad in-place call: input tensor size {list(have)} and output tensor size {list(shape)} should match"
        )
