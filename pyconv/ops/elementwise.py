"""What elementwise ops are made of: kernels widened for the 16-bit types, casts to one dtype, slopes that are zero.

May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive, primitive
from pyconv.kernels.pieces import BLOCK, LARGE, each_piece
from pyconv.meta import asarray
from pyconv.ops.arithmetic import binary, promoted, refuse
from pyconv.ops.cast import array_of, cast

Array = np.ndarray[Any, Any]
Kinds = tuple[dtypes.dtype, ...]


@primitive("Zeros")
def flat(g: Array) -> Array:
    """Zeros like `g`: the cotangent through a function that is constant almost everywhere."""
    return np.zeros_like(g)


flat.defvjp(0, lambda h, g: flat(h))


def kind_of(x: Any) -> dtypes.dtype:
    """The dtype of a Tensor or an ndarray."""
    return dtypes.of(array_of(x))


def floating(x: Any) -> Any:
    """`x` in floating point: integers and bool in the default dtype, what is real or complex already as it is."""
    return x if dtypes.category(kind_of(x)) > 1 else cast(x, dtypes.get_default_dtype().numpy)


def widened(kernel: Callable[..., Any]) -> Callable[..., Array]:
    """A kernel that computes on 16-bit floats in single precision and rounds once."""

    def run(*operands: Any, **static: Any) -> Array:
        kind = operands[0].dtype
        wide = dtypes.accumulation(kind)
        if wide == kind:
            return asarray(kernel(*operands, **static))
        widest = (x.astype(wide) if isinstance(x, np.ndarray) else x for x in operands)
        out = np.asarray(kernel(*widest, **static))
        return out.astype(kind) if out.dtype == wide else out

    run.__doc__ = kernel.__doc__
    return run


def in_double(kernel: Callable[..., Any]) -> Callable[..., Array]:
    """A kernel that computes in double precision and rounds once to the dtype of its first operand."""

    def run(*operands: Array, **static: Any) -> Array:
        kind = operands[0].dtype
        return np.asarray(kernel(*(x.astype(np.float64, copy=False) for x in operands), **static)).astype(kind)

    run.__doc__ = kernel.__doc__
    return run


def rounded_once(ufunc: np.ufunc) -> Callable[..., Array]:
    """A ufunc whose single-precision values are those of double precision rounded, as torch's nearly all are."""

    def run(*operands: Array) -> Array:
        if any(x.dtype != np.float32 for x in operands):
            return np.asarray(ufunc(*operands))
        shape = np.broadcast_shapes(*(x.shape for x in operands))
        like = next((x for x in operands if isinstance(x, np.ndarray) and x.shape == shape), None)
        out = np.empty(shape, np.float32) if like is None or 0 in like.strides else np.empty_like(like)
        if (
            out.size < LARGE
            or not all(type(x) is np.ndarray and x.shape == shape for x in operands)
            or not all(x.flags.c_contiguous for x in (out, *operands))
        ):
            rounded(out, *operands)
        else:
            each_piece(rounded, BLOCK // out.itemsize, *(x.reshape(-1) for x in (out, *operands)))
        return out

    def rounded(out: Array, *operands: Array) -> None:
        ufunc(*operands, out=out, dtype=np.float64, casting="same_kind")

    return run


def unary(
    name: str,
    kernel: Callable[..., Any],
    vjp: Callable[..., Any] | None = None,
    saves: tuple[int, ...] = (),
    *,
    refused: Kinds = (),
    stub: str = "",
    keeps: bool = False,
) -> Callable[..., Any]:
    """An elementwise op of one operand.

    Args:
        name: torch's, of the node.
        kernel: ndarray → ndarray, of what floats are computed in.
        vjp: as for `Primitive.defvjp`; None where there is no gradient.
        saves: likewise.
        refused: the dtypes that torch has no kernel for.
        stub: what it calls that kernel.
        keeps: whether integers stay as they are; else they are cast to the default floating-point dtype.
    """
    op = Primitive(widened(kernel), name, False)
    op.is_pointwise = True
    if vjp is not None:
        op.defvjp(0, vjp, saves)

    def apply(x: Any, **static: Any) -> Any:
        refuse(stub, kind_of(x), refused)
        return op(x if keeps else floating(x), **static)

    apply.__doc__ = f"torch.{name.lower()}, elementwise."
    return apply


def pairwise(
    name: str,
    kernel: Callable[..., Any],
    *,
    refused: Kinds = (),
    stub: str = "",
    keeps: bool = False,
    variant: int = 0,
) -> tuple[Primitive, Callable[..., Any]]:
    """An elementwise op of two operands: the primitive, for its gradients, and the function that promotes.

    Args:
        name: torch's, of the node.
        kernel: two ndarrays → ndarray, of what floats are computed in.
        refused: the dtypes that torch has no kernel for.
        stub: what it calls that kernel.
        keeps: whether integers stay as they are; else they are cast to the default floating-point dtype.
        variant: the number of the node.
    """
    op = Primitive(widened(kernel), name, False, variant)
    op.is_pointwise = True

    def apply(a: Any, b: Any) -> Any:
        kind = promoted(a, b)
        if not keeps and dtypes.category(kind) < 2:
            kind = dtypes.get_default_dtype()
        refuse(stub, kind, refused)
        return binary(op, a, b, kind)

    apply.__doc__ = f"torch.{name.lower()}, elementwise."
    return op, apply
