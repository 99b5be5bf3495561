"""Products of matrices and vectors: torch.mm, torch.bmm, torch.mv, torch.dot and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.alias import alias
from pyconv.ops import matmul as ops
from pyconv.ops.arithmetic import BAREBONES, refuse
from pyconv.ops.cast import array_of, cast
from pyconv.ops.elementwise import kind_of
from pyconv.signatures import function

__all__ = ["bmm", "dot", "ger", "mm", "mv", "outer", "vdot"]

_NONE = (dtypes.bool_, *BAREBONES)
_BLAS = (dtypes.float32, dtypes.float64, dtypes.complex64, dtypes.complex128)
_FEW_PRODUCTS = 400
"""From so many scalar products for each pair of matrices torch calls BLAS, or multiplies pair by pair."""


def shape_of(x: Any) -> tuple[int, ...]:
    """The shape of a Tensor or an ndarray.

    Raises:
        TypeError: it is neither.
    """
    if not isinstance(x, (Traced, np.ndarray)):
        raise TypeError("expected a Tensor")
    return array_of(x).shape


def check_multiplied(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    """Raise RuntimeError where matrices of these shapes have no product."""
    if a[1] != b[0]:
        raise RuntimeError(f"mat1 and mat2 shapes cannot be multiplied ({a[0]}x{a[1]} and {b[0]}x{b[1]})")


@function(
    "(Tensor input, Tensor mat2, *, Tensor out = None)",
    "(Tensor input, Tensor mat2, torch.dtype out_dtype, *, Tensor out = None)",
)
def mm(input: Any, mat2: Any) -> Any:
    """The product of two matrices.

    Args:
        input: (n, k).
        mat2: (k, m), of the same dtype.

    Returns:
        (n, m); 16-bit floats are computed in single precision and rounded once.

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.
        NotImplementedError: bool.

    Example:
        >>> import pyconv as torch
        >>> torch.mm(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0], [4.0]]))
        tensor([[11.]])
    """
    a, b = shape_of(input), shape_of(mat2)
    for name, size in (("self", a), ("mat2", b)):
        if len(size) != 2:
            raise RuntimeError(f"{name} must be a matrix")
    check_multiplied(a, b)
    kinds = kind_of(input), kind_of(mat2)
    if kinds[0] is not kinds[1]:
        names = f"{kinds[0].cpp_name} != {kinds[1].cpp_name}"
        raise RuntimeError(f"expected m1 and m2 to have the same dtype, but got: {names}")
    refuse("addmm_impl_cpu_", kinds[0], _NONE)
    return ops.mm(input, mat2)


@function(
    "(Tensor input, Tensor mat2, *, Tensor out = None)",
    "(Tensor input, Tensor mat2, torch.dtype out_dtype, *, Tensor out = None)",
)
def bmm(input: Any, mat2: Any) -> Any:
    """The products of the matrices of two stacks.

    Args:
        input: (b, n, k).
        mat2: (b, k, m), of the same dtype.

    Returns:
        (b, n, m); of the dtype of `mat2` where there are no elements to multiply, and then those of any dtypes.

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.
        NotImplementedError: bool.

    Example:
        >>> import pyconv as torch
        >>> torch.bmm(torch.ones(2, 1, 3), torch.ones(2, 3, 1)).flatten()
        tensor([3., 3.])
    """
    check_stacks(shape_of(input), shape_of(mat2))
    kinds = kind_of(input), kind_of(mat2)
    if 0 in (*shape_of(input), *shape_of(mat2)):
        return ops.bmm(cast(input, kinds[1].numpy), mat2)
    _check_stack_dtypes(math.prod(shape_of(input)[1:]) * shape_of(mat2)[2], *kinds)
    return ops.bmm(input, mat2)


def _check_stack_dtypes(count: int, a: dtypes.dtype, b: dtypes.dtype) -> None:
    """Refuse dtypes as the routine does which torch takes for this number of products in each matrix."""
    if count < _FEW_PRODUCTS:
        refuse("bmm", a, _NONE)
    if a is not b and (count < _FEW_PRODUCTS or b in _BLAS):
        first, second = (a, b) if count < _FEW_PRODUCTS else (b, a)
        raise RuntimeError(f"expected scalar type {first.scalar_name} but found {second.scalar_name}")
    if a is not b:
        raise RuntimeError(f"expected m1 and m2 to have the same dtype, but got: {a.cpp_name} != {b.cpp_name}")
    refuse("addmm_impl_cpu_", a, _NONE)


def check_stacks(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    """Raise RuntimeError where these are not the shapes of stacks of matrices that have products."""
    for i, size in enumerate((a, b)):
        if len(size) != 3:
            raise RuntimeError(f"batch{i + 1} must be a 3D tensor")
    if (a[0], a[2]) != b[:2]:
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{a[0]}, {a[2]}] but got: "
            f"[{b[0]}, {b[1]}]."
        )


@function("(Tensor input, Tensor vec, *, Tensor out = None)")
def mv(input: Any, vec: Any) -> Any:
    """The product of a matrix and a vector.

    Args:
        input: (n, k).
        vec: (k), of the same dtype.

    Returns:
        (n)

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.
        NotImplementedError: bool.

    Example:
        >>> import pyconv as torch
        >>> torch.mv(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([1.0, 1.0]))
        tensor([3., 7.])
    """
    if not shape_of(input):
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    check_vector(None, input, vec)
    return ops.mv(input, vec)


def check_vector(summand: Any, matrix: Any, vector: Any) -> None:
    """Raise where a matrix and a vector have no product, or none that can be added to `summand`, if there is one."""
    a, v = shape_of(matrix), shape_of(vector)
    x = a[:1] if summand is None else shape_of(summand)
    if len(a) != 2 or len(v) != 1 or len(x) > 1:
        raise RuntimeError(f"vector + matrix @ vector expected, got {len(x)}, {len(a)}, {len(v)}")
    have = x[0] if x else 1
    if a[1] != v[0] or have not in (a[0], 1):
        raise RuntimeError(f"size mismatch, got input ({have}), mat ({a[0]}x{a[1]}), vec ({v[0]})")
    kinds = [kind_of(operand) for operand in (vector if summand is None else summand, matrix, vector)]
    if kinds.count(kinds[0]) < 3:
        first, second, third = (kind.scalar_name for kind in kinds)
        raise RuntimeError(f"addmv input tensors must have the same dtype, but got {first}, {second}, and {third}")
    refuse("addmv_impl_cpu", kinds[0], _NONE)


@function("(Tensor input, Tensor tensor, *, Tensor out = None)")
def dot(input: Any, tensor: Any) -> Any:
    """The sum of the products of two vectors' elements, which are not conjugated.

    Args:
        input: (n).
        tensor: (n), of the same dtype.

    Returns:
        ()

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.
        NotImplementedError: bool.

    Example:
        >>> import pyconv as torch
        >>> torch.dot(torch.tensor([2, 3]), torch.tensor([2, 1]))
        tensor(7)
    """
    _check_vectors(input, tensor)
    refuse("dot", kind_of(input), _NONE)
    return ops.dot(input, tensor)


def _check_vectors(u: Any, v: Any) -> None:
    a, b = shape_of(u), shape_of(v)
    if len(a) != 1 or len(b) != 1:
        raise RuntimeError(f"1D tensors expected, but got {len(a)}D and {len(b)}D tensors")
    kinds = kind_of(u), kind_of(v)
    if kinds[0] is not kinds[1]:
        names = f"{kinds[0].scalar_name} and {kinds[1].scalar_name}"
        raise RuntimeError(f"dot : expected both vectors to have same dtype, but found {names}")
    if a != b:
        raise RuntimeError(
            f"inconsistent tensor size, expected tensor [{a[0]}] and src [{b[0]}] to have the same number of elements, "
            f"but got {a[0]} and {b[0]} elements respectively"
        )


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def vdot(input: Any, other: Any) -> Any:
    """The `dot` of two vectors, of which the first is conjugated.

    Args:
        input: (n).
        other: (n), of the same dtype.

    Returns:
        ()

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.
        NotImplementedError: bool.

    Example:
        >>> import pyconv as torch
        >>> torch.vdot(torch.tensor([1j]), torch.tensor([1j]))
        tensor(1.+0.j)
    """
    if not kind_of(input).is_complex:
        return dot.raw(input, other)  # type: ignore[attr-defined]
    _check_vectors(input, other)
    return ops.vdot(input, other)


@function("(Tensor input, Tensor vec2, *, Tensor out = None)")
def outer(input: Any, vec2: Any) -> Any:
    """The products of every element of one vector with every one of another.

    Args:
        input: (n).
        vec2: (m).

    Returns:
        (n, m), of the promoted dtype.

    Raises:
        RuntimeError: one is no vector.

    Example:
        >>> import pyconv as torch
        >>> torch.outer(torch.tensor([1, 2]), torch.tensor([3, 4]))
        tensor([[3, 4],
                [6, 8]])
    """
    _check_1d("outer", self=input, vec2=vec2)
    return ops.outer(input, vec2)


def _check_1d(caller: str, **vectors: Any) -> None:
    for name, vector in vectors.items():
        ndim = len(shape_of(vector))
        if ndim != 1:
            raise RuntimeError(f"{caller}: Expected 1-D argument {name}, but got {ndim}-D")


ger = alias("ger", outer)


def check_same_dtype(a: Any, b: Any) -> None:
    """Raise RuntimeError where two tensors that are to be contracted have different dtypes."""
    if kind_of(a) is not kind_of(b):
        raise RuntimeError("both inputs should have same dtype")
