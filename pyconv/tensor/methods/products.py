"""Products as methods of the Tensor, and its operator @.

May import: NumPy, and all of pyconv below `tensor.tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.autograd.traced import Traced
from pyconv.lazy import family
from pyconv.ops.cast import array_of
from pyconv.signatures import function, in_place, method

added_products = family("pyconv.functions.added_products")
contraction = family("pyconv.functions.contraction")
products = family("pyconv.functions.products")
short_time = family("pyconv.functions.fourier.short_time")
stacked_products = family("pyconv.functions.stacked_products")

__all__ = ["ProductMethods"]


def _rows_and_columns(batch1: Any, batch2: Any) -> tuple[int, ...]:
    return (array_of(batch1).shape[-2], array_of(batch2).shape[-1])


@function("(Tensor input, Tensor mat1, Tensor mat2, *, Number beta = 1, Number alpha = 1)")
def addmm_(input: Any, mat1: Any, mat2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Beta·input + alpha·(mat1 @ mat2).

    Raises:
        RuntimeError: the product has not the shape of the tensor.
    """
    result = added_products.addmm.raw(input, mat1, mat2, beta=beta, alpha=alpha)
    added_products.check_in_place(input, array_of(result).shape)
    return result


@function("(Tensor input, Tensor mat, Tensor vec, *, Number beta = 1, Number alpha = 1)")
def addmv_(input: Any, mat: Any, vec: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Beta·input + alpha·(mat @ vec).

    Raises:
        RuntimeError: the product has not the shape of the tensor.
    """
    result = added_products.addmv.raw(input, mat, vec, beta=beta, alpha=alpha)
    added_products.check_in_place(input, array_of(result).shape)
    return result


@function("(Tensor input, Tensor batch1, Tensor batch2, *, Number beta = 1, Number alpha = 1)")
def baddbmm_(input: Any, batch1: Any, batch2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Beta·input + alpha·(the products of the matrices of two stacks).

    Raises:
        RuntimeError: the products have not the shape of the tensor.
    """
    result = added_products.baddbmm.raw(input, batch1, batch2, beta=beta, alpha=alpha)
    added_products.check_in_place(input, array_of(result).shape)
    return result


@function("(Tensor input, Tensor vec1, Tensor vec2, *, Number beta = 1, Number alpha = 1)")
def addr_(input: Any, vec1: Any, vec2: Any, *, beta: Any = 1, alpha: Any = 1) -> Any:
    """Beta·input + alpha·(the products of every element of one vector with every one of another).

    Raises:
        RuntimeError: the tensor is no matrix, or not of the shape of the products.
    """
    ndim = array_of(input).ndim
    if ndim != 2:
        raise RuntimeError(f"2D tensor expected, got {ndim}D tensor for input")
    result = added_products.addr.raw(input, vec1, vec2, beta=beta, alpha=alpha)
    shape = array_of(result).shape
    if array_of(input).shape != shape:
        n, m = array_of(input).shape
        raise RuntimeError(f"size mismatch, input: [{n}, {m}], v1: [{shape[0]}], v2: [{shape[1]}]")
    return result


class ProductMethods:
    """The products of the Tensor."""

    __slots__ = ()

    mm = method(products.mm)
    bmm = method(products.bmm)
    mv = method(products.mv)
    dot = method(products.dot)
    vdot = method(products.vdot)
    outer = method(products.outer)
    ger = method(products.ger)
    inner = method(stacked_products.inner)
    stft = method(short_time.stft)
    istft = method(short_time.istft)
    matmul = method(stacked_products.matmul)
    addmm = method(added_products.addmm)
    addmm_ = in_place(addmm_, "addmm_")
    addmv = method(added_products.addmv)
    addmv_ = in_place(addmv_, "addmv_")
    addbmm = method(added_products.addbmm)
    addbmm_ = in_place(added_products.addbmm)
    baddbmm = method(added_products.baddbmm)
    baddbmm_ = in_place(baddbmm_, "baddbmm_")
    addr = method(added_products.addr)
    addr_ = in_place(addr_, "addr_")
    kron = method(contraction.kron)
    cross = method(contraction.cross)

    def __matmul__(self, other: Any) -> Any:
        if not isinstance(other, Traced):
            return NotImplemented
        return stacked_products.matmul.raw(self, other)

    def __rmatmul__(self, other: Any) -> Any:
        if not isinstance(other, Traced):
            return NotImplemented
        return stacked_products.matmul.raw(other, self)

    def __imatmul__(self, other: Any) -> Any:
        if not isinstance(other, Traced):
            return NotImplemented
        return stacked_products.matmul.raw(self, other)
