"""Distances of tensors, and of all pairs of rows: torch.dist and torch.cdist.

May import: `pyconv.dtypes`, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.ops import norms as ops
from pyconv.ops.arithmetic import check_broadcast, refuse, sub
from pyconv.ops.cast import array_of, cast
from pyconv.signatures import function

__all__ = ["cdist", "dist"]


@function("(Tensor input, Tensor other, Number p = 2)")
def dist(input: Any, other: Any, p: Any = 2) -> Any:
    """The norm of order `p` of input - other over all elements.

    Args:
        input: of any shape, of floats or complex numbers.
        other: of a shape that broadcasts with it.
        p: any real number, as `ord` of `linalg.vector_norm`.

    Raises:
        RuntimeError: the dtype is integral, or the shapes do not broadcast.

    Example:
        >>> import pyconv
        >>> dist(pyconv.tensor([1.0, 2.0]), pyconv.tensor([4.0, 6.0]))
        tensor(5.)
    """
    kind = dtypes.of(array_of(sub(array_of(input), array_of(other))))
    if dtypes.category(kind) < 2:
        raise RuntimeError(
            f"norm(): input dtype should be either floating point or complex. Got {kind.scalar_name} instead."
        )
    return ops.dist(cast(input, kind.numpy), cast(other, kind.numpy), float(p))


def cdist(x1: Any, x2: Any, p: float = 2.0, compute_mode: str = "use_mm_for_euclid_dist_if_necessary") -> Any:
    """The distances of all pairs of rows, in the norm of order `p`.

    Args:
        x1: `(*, n, k)`, float32 or float64.
        x2: `(*, m, k)`, of the same dtype.
        p: 0 or more, inf too.
        compute_mode: how torch is to do it, which changes nothing here: all are as exact as sums of differences.

    Returns:
        `(*, n, m)`.

    Raises:
        RuntimeError: a shape, a dtype or `p` does not fit.
        ValueError: there is no such mode.

    Example:
        >>> import pyconv
        >>> cdist(pyconv.zeros(1, 2), pyconv.tensor([[3.0, 4.0], [0.0, 1.0]]))
        tensor([[5., 1.]])
    """
    if compute_mode not in _MODES:
        raise ValueError(f"{compute_mode} is not a valid value for compute_mode")
    return _cdist(x1, x2, p)


_MODES = ("use_mm_for_euclid_dist_if_necessary", "use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist")


def _pairwise(x1: Any, x2: Any, p: float = 2.0, compute_mode: int | None = None) -> Any:  # noqa: ARG001
    first, second = array_of(x1), array_of(x2)
    for label, array in (("X1", first), ("X2", second)):
        if array.ndim < 2:
            raise RuntimeError(f"cdist only supports at least 2D tensors, {label} got: {array.ndim}D")
    if first.shape[-1] != second.shape[-1]:
        raise RuntimeError(
            f"X1 and X2 must have the same number of columns. X1: {first.shape[-1]} X2: {second.shape[-1]}"
        )
    for label, array in (("X1", first), ("X2", second)):
        if not dtypes.of(array).is_floating_point:
            raise RuntimeError(
                f"cdist only supports floating-point dtypes, {label} got: {dtypes.of(array).scalar_name}"
            )
    if p < 0:
        raise RuntimeError("cdist only supports non-negative p values")
    if first.dtype != second.dtype:
        raise RuntimeError(
            f"expected scalar type {dtypes.of(first).scalar_name} but found {dtypes.of(second).scalar_name}"
        )
    check_broadcast(first.shape[:-2], second.shape[:-2])
    refuse("cdist", dtypes.of(first), (dtypes.float16, dtypes.bfloat16))
    return ops.cdist(x1, x2, float(p))


_pairwise.__name__ = "cdist"


_cdist = function("(Tensor x1, Tensor x2, float p = 2, int compute_mode = None)")(_pairwise)
