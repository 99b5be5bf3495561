"""Products over the last dimensions of stacks: torch.matmul and torch.inner.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.functions.products import bmm, check_same_dtype, dot, mm, mv, shape_of
from pyconv.ops import matmul as ops
from pyconv.ops import shape
from pyconv.ops.arithmetic import check_broadcast, mul
from pyconv.ops.cast import array_of
from pyconv.signatures import function

__all__ = ["inner", "matmul"]


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def matmul(input: Any, other: Any) -> Any:
    """The product of matrices, vectors and stacks of matrices, whose shapes broadcast.

    Args:
        input: (…, n, k) or (k).
        other: (…, k, m) or (k), of the same dtype.

    Returns:
        (…, n, m), without n or m where a vector stands.

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.
        NotImplementedError: bool.

    Example:
        >>> import pyconv as torch
        >>> torch.matmul(torch.ones(2, 1, 3), torch.ones(3, 2)).shape
        torch.Size([2, 1, 2])
    """
    a, b = shape_of(input), shape_of(other)
    if not a or not b:
        raise RuntimeError(f"both arguments to matmul need to be at least 1D, but they are {len(a)}D and {len(b)}D")
    if len(b) == 1 and len(a) < 3:
        product: Any = dot if len(a) == 1 else mv
        return product.raw(input, other)
    if len(b) == 2 and len(a) < 3:
        if len(a) == 2:
            return mm.raw(input, other)  # type: ignore[attr-defined]
        row = mm.raw(shape.unsqueeze(input, shape=(1, *a)), other)  # type: ignore[attr-defined]
        return shape.squeeze_one(row, shape=b[1:])
    if _folds(input, other):
        return _folded(input, other) if len(a) >= len(b) else _folded_right(input, other)
    return _batched(input, other)


def _folds(a: Any, b: Any) -> bool:
    """Whether torch makes one matrix of a stack: where the other is shared, and needs a gradient or no copy is made."""
    left_larger = array_of(a).ndim >= array_of(b).ndim
    larger, smaller = (a, b) if left_larger else (b, a)
    stack = array_of(larger) if left_larger else np.swapaxes(array_of(larger), -1, -2)
    if stack.ndim < 3 or array_of(smaller).ndim > 2:
        return False
    if isinstance(smaller, Traced) and smaller._requires_grad:
        return True
    if array_of(a).ndim == 2:
        return False
    steps = stack.strides
    return not stack.size or all(steps[i] == steps[i + 1] * stack.shape[i + 1] for i in range(stack.ndim - 2))


def _folded(a: Any, b: Any) -> Any:
    size = array_of(a).shape
    flat = shape.reshape(a, shape=(math.prod(size[:-1]), size[-1]))
    op: Any = mv if array_of(b).ndim == 1 else mm
    return shape.reshape_copy(op.raw(flat, b), shape=(*size[:-1], *array_of(b).shape[1:]))


def _folded_right(a: Any, b: Any) -> Any:
    """A · b where b is the stack: the product of the transposes."""
    if array_of(a).ndim == 1:
        return _folded(ops.turned(b), a)
    return ops.turned(_folded(ops.turned(b), ops.turned(a)))


def _batched(a: Any, b: Any) -> Any:
    left, right = array_of(a).shape, array_of(b).shape
    vectors = len(left) == 1, len(right) == 1
    if vectors[0]:
        left = (1, *left)
        a = shape.unsqueeze(a, shape=left)
    if vectors[1]:
        right = (*right, 1)
        b = shape.unsqueeze(b, shape=right)
    check_broadcast(left[:-2], right[:-2])
    batch = np.broadcast_shapes(left[:-2], right[:-2])
    product = bmm.raw(_stacked(a, batch), _stacked(b, batch))  # type: ignore[attr-defined]
    rows = () if vectors[0] else (left[-2],)
    columns = () if vectors[1] else (right[-1],)
    return shape.reshape_copy(product, shape=(*batch, *rows, *columns))


def _stacked(x: Any, batch: tuple[int, ...]) -> Any:
    """(…, n, k) → (b, n, k), repeated over the batch."""
    matrix = array_of(x).shape[-2:]
    if array_of(x).shape != (*batch, *matrix):
        x = shape.expand(x, shape=(*batch, *matrix))
    return shape.reshape(x, shape=(math.prod(batch), *matrix)) if len(batch) != 1 else x


@function("(Tensor input, Tensor other, *, Tensor out = None)")
def inner(input: Any, other: Any) -> Any:
    """The sums of products over the last dimension of both.

    Args:
        input: (…, k).
        other: (…, k), of the same dtype; or a number as a tensor without dimensions.

    Returns:
        The other dimensions of the first, then those of the second.

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.

    Example:
        >>> import pyconv as torch
        >>> torch.inner(torch.tensor([[1, 2], [3, 4]]), torch.tensor([1, 1]))
        tensor([3, 7])
    """
    a, b = shape_of(input), shape_of(other)
    if not a or not b:
        return mul(input, other)
    if a[-1] != b[-1]:
        raise RuntimeError(
            f"inner() the last dimension must match on both input tensors but got shapes {list(a)} and {list(b)}"
        )
    check_same_dtype(input, other)
    rows = shape.reshape(input, shape=(math.prod(a[:-1]), a[-1]))
    columns = shape.reshape(other, shape=(math.prod(b[:-1]), b[-1]))
    product = mm.raw(rows, ops.turned(columns))  # type: ignore[attr-defined]
    return shape.reshape(product, shape=(*a[:-1], *b[:-1]))
