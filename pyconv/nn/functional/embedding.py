"""torch.nn.functional's look-ups in tables.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.functions.embedding import embedding as look_up
from pyconv.functions.embedding import embedding_renorm_
from pyconv.functions.products import shape_of
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import kind_of
from pyconv.signatures import function

__all__ = ["embedding", "one_hot"]


def embedding(
    input: Any,
    weight: Any,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Any:
    """The rows of a table at the places of `input`.

    Args:
        input: any shape, of int64 or int32.
        weight: (n, m), the table.
        padding_idx: the row whose gradient is zero; a negative one counts from the end.
        max_norm: scale down, in place, the rows that are looked up and whose norm is above it.
        norm_type: which norm.
        scale_grad_by_freq: whether a row's gradient is divided by how often it is looked up.
        sparse: torch has sparse gradients with it; here they are dense, with the same values.

    Returns:
        (*input.shape, m)

    Raises:
        AssertionError: there is no row `padding_idx`.
        IndexError: an index is out of range.
        RuntimeError: the table is no matrix, or the indices have another dtype.

    Example:
        >>> import pyconv as torch
        >>> embedding(torch.tensor([1, 0]), torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
        tensor([[3., 4.],
                [1., 2.]])
    """
    padding = -1 if padding_idx is None else padding_idx
    if not shape_of(weight) and (padding_idx or getattr(weight, "requires_grad", False)):
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    if padding_idx is not None and (padding_idx > 0 or padding_idx < 0):
        count = shape_of(weight)[0]
        if not (padding_idx < count if padding_idx > 0 else padding_idx >= -count):
            raise AssertionError("Padding_idx must be within num_embeddings")
        padding = padding_idx if padding_idx > 0 else padding_idx + count
    if max_norm is not None:
        embedding_renorm_(weight, input, max_norm, norm_type)
    return look_up(weight, input, padding, scale_grad_by_freq, sparse)


@primitive("OneHot")
def _one_hot(x: np.ndarray[Any, Any], *, classes: int) -> np.ndarray[Any, Any]:
    return np.asarray(x[..., None] == np.arange(classes)).astype(np.int64)


@function("(Tensor input, int num_classes = -1)")
def one_hot(tensor: Any, num_classes: int = -1) -> Any:
    """Ones at the places that indices name, zeros elsewhere, along a new last dimension.

    Args:
        tensor: any shape, of int64.
        num_classes: the size of that dimension; one more than the largest index for -1.

    Returns:
        (*tensor.shape, num_classes), int64.

    Raises:
        RuntimeError: the dtype is another, or an index is negative or too large.

    Example:
        >>> import pyconv as torch
        >>> one_hot(torch.tensor([0, 2]))
        tensor([[1, 0, 0],
                [0, 0, 1]])
    """
    shape_of(tensor)
    values = array_of(tensor)
    if kind_of(tensor) is not dtypes.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if not values.size:
        if num_classes <= 0:
            raise RuntimeError("Can not infer total number of classes from empty tensor.")
        return _one_hot(tensor, classes=num_classes)
    if values.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    if num_classes == -1:
        num_classes = int(values.max()) + 1
    elif num_classes <= values.max():
        raise RuntimeError("Class values must be smaller than num_classes.")
    return _one_hot(tensor, classes=num_classes)
