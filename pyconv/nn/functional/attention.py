"""torch.nn.functional's attention: scaled dot products, for one head.

A. Vaswani et al., "Attention Is All You Need", 2017. May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`,
`pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.dropout import dropout
from pyconv.functions.products import shape_of
from pyconv.functions.stacked_products import matmul
from pyconv.ops import shape
from pyconv.ops.arithmetic import add, check_broadcast, mul, where
from pyconv.ops.cast import array_of, cast
from pyconv.ops.elementwise import kind_of
from pyconv.ops.index import take
from pyconv.ops.matmul import turned
from pyconv.ops.softmax import softmax
from pyconv.signatures import function

__all__ = ["scaled_dot_product_attention"]

KERNELS = {"flash": True, "mem_efficient": True, "math": True, "cudnn": True}
"""The kernels that may be taken, as `torch.nn.attention` and `torch.backends.cuda` set them."""


@function(
    "(Tensor query, Tensor key, Tensor value, Tensor attn_mask = None, float dropout_p = 0.0, bool is_causal = False, "
    "*, float scale = None, bool enable_gqa = False)"
)
def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    """softmax(scale · query · keyᵀ + mask) · value.

    Args:
        query: (…, L, E), floats.
        key: (…, S, E).
        value: (…, S, V).
        attn_mask: broadcasts to (…, L, S): added where it is of floats; where it is of bool, True takes part.
        dropout_p: the probability with which a weight is dropped.
        is_causal: whether position i sees the first i + 1 alone; not with a mask.
        scale: 1/√E by default.
        enable_gqa: whether several heads of the query share one of key and value: dimension -3.

    Of four dimensions and V = E, a value that is shorter than the key leaves the last keys out, as torch's fused kernel
    does.

    Returns:
        (…, L, V); a row whose weights are all masked is zero. 16-bit floats are computed in single precision.

    Raises:
        RuntimeError: shapes or dtypes do not fit, or there are a mask and `is_causal`.

    Example:
        >>> import pyconv as torch
        >>> scaled_dot_product_attention(torch.zeros(1, 2), torch.zeros(3, 2), torch.tensor([[0.0], [1.0], [5.0]]))
        tensor([[2.]])
    """
    _check(query, key, value, attn_mask, is_causal)
    _check_kernels(query, key, value, attn_mask, dropout_p, enable_gqa)
    dtype = array_of(query).dtype
    query, key, value = (cast(x, dtypes.accumulation(dtype)) for x in (query, key, value))
    if not array_of(value).size or not math.prod(array_of(query).shape[:-1]):
        return cast(_nothing(query, key, value), np.dtype(np.int64) if dtype == np.bool_ else dtype)
    if dtypes.category(dtypes.of(dtype)) < 2:
        query, key = (cast(x, dtypes.get_default_dtype().numpy) for x in (query, key))
    elif _is_fused(query, key, value, attn_mask, dropout_p, enable_gqa):
        key = _cut(query, key, array_of(value).shape[-2], attn_mask)
    if enable_gqa:
        key, value = (_shared(x, array_of(query).shape[-3]) for x in (key, value))
    factor = 1 / math.sqrt(max(array_of(query).shape[-1], 1)) if scale is None else scale
    scores = _scores(query, key, factor)
    if is_causal:
        attn_mask = np.tri(*array_of(scores).shape[-2:], dtype=np.bool_)
    weights = cast(_weights(scores, attn_mask), array_of(query).dtype)
    if dropout_p > 0:
        weights = dropout.raw(weights, dropout_p, True)  # type: ignore[attr-defined]
    return cast(matmul.raw(weights, value), dtype)  # type: ignore[attr-defined]


def _is_fused(query: Any, key: Any, value: Any, mask: Any, dropout_p: float, shared: bool) -> bool:
    """Whether torch's fused kernel takes these operands: it alone looks at the length of the value only."""
    arrays = [array_of(x) for x in (query, key, value)]
    if any(x.ndim != 4 or x.strides[-1] != x.itemsize for x in arrays) or dropout_p > 0:
        return False
    if mask is not None and (array_of(mask).ndim not in (2, 4) or (isinstance(mask, Traced) and mask._requires_grad)):
        return False
    q, k, v = (x.shape for x in arrays)
    return q[0] == k[0] and k[:2] == v[:2] and (shared or q[1] == k[1]) and q[-1] == v[-1]


def _check_kernels(query: Any, key: Any, value: Any, mask: Any, dropout_p: float, shared: bool) -> None:
    """Raise RuntimeError where the kernels that may be taken do not take these operands."""
    if KERNELS["math"]:
        return
    if not KERNELS["flash"]:
        raise RuntimeError(
            "No viable backend for scaled_dot_product_attention was found. This is likely due to turning off both the "
            "math kernel and the fused kernels."
        )
    if not _is_fused(query, key, value, mask, dropout_p, shared):
        raise RuntimeError("No available kernel.  Aborting execution.")


def _cut(query: Any, key: Any, length: int, mask: Any) -> Any:
    """The keys that have a value.

    Raises:
        RuntimeError: the mask is for other keys than these.
    """
    size, have = array_of(query).shape, array_of(key).shape[-2]
    if length == have or array_of(key).shape[-1] != size[-1]:
        return key
    if mask is not None:
        given = array_of(mask).shape
        _check_mask((*size[:-1], have), given)
        whole = (1,) * (4 - len(given)) + given
        if given[-1] not in (1, length):
            raise RuntimeError(
                f"The expanded size of the tensor ({length}) must match the existing size ({given[-1]}) at "
                f"non-singleton dimension 3.  Target sizes: {[*whole[:2], size[-2], length]}.  "
                f"Tensor sizes: {list(whole)}"
            )
    return take(key, index=(slice(None), slice(None), slice(length)))


def _nothing(query: Any, key: Any, value: Any) -> Any:
    """Zeros, where there are no elements to take part."""
    size = (*array_of(query).shape[:-1], array_of(value).shape[-1])
    sums = [shape.sum_to(x, ()) for x in (query, key, value)]
    return add(np.zeros(size, array_of(query).dtype), mul(add(add(sums[0], sums[1]), sums[2]), 0))


def _scores(query: Any, key: Any, factor: float) -> Any:
    """The scaled products; those of single precision in double, whose exponentials lose the bits of large ones."""
    if array_of(query).dtype == np.float32:
        query, key = (cast(x, np.dtype(np.float64)) for x in (query, key))
    return mul(matmul.raw(query, turned(key)), factor)  # type: ignore[attr-defined]


def _weights(scores: Any, mask: Any) -> Any:
    """The softmax of masked scores, zero in a row where nothing is left."""
    if mask is None:
        return softmax(scores, -1 % array_of(scores).ndim)
    _check_mask(array_of(scores).shape, array_of(mask).shape)
    is_bool = array_of(mask).dtype == np.bool_
    scores = where(mask, scores, -math.inf) if is_bool else add(scores, mask)
    empty = (array_of(scores) == -math.inf).all(axis=-1, keepdims=True)
    weights = softmax(scores, -1 % array_of(scores).ndim)
    return where(empty, 0, weights) if empty.any() else weights


def _check_mask(size: tuple[int, ...], given: tuple[int, ...]) -> None:
    if len(size) == 4 and len(given) < 2:
        ndim = len(given)
        expected = f"Dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], but got -2)"
        raise IndexError(expected if ndim else "Dimension specified as -2 but tensor has no dimensions")
    check_broadcast(size, given)
    whole = np.broadcast_shapes(size, given)
    if whole != size:
        raise RuntimeError(f"output with shape {list(size)} doesn't match the broadcast shape {list(whole)}")


def _shared(x: Any, heads: int) -> Any:
    """Every head as often as it takes to have one for each of the query's."""
    have = array_of(x).shape
    times = heads // have[-3]
    spread = shape.expand(shape.reshape(x, shape=(*have[:-2], 1, *have[-2:])), shape=(*have[:-2], times, *have[-2:]))
    return shape.reshape(spread, shape=(*have[:-3], heads, *have[-2:]))


def _check(query: Any, key: Any, value: Any, mask: Any, is_causal: bool) -> None:
    ndims = [len(shape_of(x)) for x in (query, key, value)]
    kinds = [kind_of(x) for x in (query, key, value)]
    if min(ndims) < 2:
        raise RuntimeError(
            "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: "
            f"{ndims[0]} key.dim: {ndims[1]} and value.dim: {ndims[2]} instead."
        )
    if kinds.count(kinds[0]) < 3:
        raise RuntimeError(
            f"Expected query, key, and value to have the same dtype, but got query.dtype: {kinds[0].cpp_name} "
            f"key.dtype: {kinds[1].cpp_name} and value.dtype: {kinds[2].cpp_name} instead."
        )
    if mask is not None:
        kind = kind_of(mask)
        if kind not in (dtypes.bool_, dtypes.float32, kinds[0]):
            raise RuntimeError(
                f"Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: "
                f"{kind.cpp_name} and  query.dtype: {kinds[0].cpp_name} instead."
            )
        if is_causal:
            raise RuntimeError(
                "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True"
            )
