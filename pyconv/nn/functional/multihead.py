"""torch.nn.functional.multi_head_attention_forward: projections, attention of several heads, projection.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

from pyconv import dtypes
from pyconv.functions.added_products import baddbmm
from pyconv.functions.dropout import dropout
from pyconv.functions.joining import cat
from pyconv.functions.products import bmm
from pyconv.functions.softmaxes import softmax
from pyconv.nn.functional.attention import scaled_dot_product_attention
from pyconv.nn.functional.linear import linear
from pyconv.nn.functional.pad import pad
from pyconv.tensor.creation import zeros

__all__ = ["multi_head_attention_forward"]


def multi_head_attention_forward(
    query: Any,
    key: Any,
    value: Any,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Any,
    in_proj_bias: Any,
    bias_k: Any,
    bias_v: Any,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Any,
    out_proj_bias: Any,
    training: bool = True,
    key_padding_mask: Any = None,
    need_weights: bool = True,
    attn_mask: Any = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Any = None,
    k_proj_weight: Any = None,
    v_proj_weight: Any = None,
    static_k: Any = None,
    static_v: Any = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Any, Any]:
    """Attention of several heads: `nn.MultiheadAttention` with its parameters as arguments.

    Args:
        query: (L, N, E) or (L, E).
        key: (S, N, Ek) or (S, Ek).
        value: (S, N, Ev) or (S, Ev).
        embed_dim_to_check: E.
        num_heads: H, which divides E.
        in_proj_weight: (3E, E), those of query, key and value; None where they are separate.
        in_proj_bias: (3E), or None.
        bias_k: (1, 1, E), a position more of the keys, or None.
        bias_v: (1, 1, E), likewise of the values.
        add_zero_attn: whether to add a position of zeros.
        dropout_p: the probability with which a weight is dropped in training.
        out_proj_weight: (E, E).
        out_proj_bias: (E), or None.
        training: whether to drop.
        key_padding_mask: (N, S) or (S): True, or what is added, for the keys to leave out.
        need_weights: whether to return the weights.
        attn_mask: (L, S) or (N·H, L, S): True, or what is added, for the pairs to leave out.
        use_separate_proj_weight: whether the next three stand for `in_proj_weight`.
        q_proj_weight: (E, E).
        k_proj_weight: (E, Ek).
        v_proj_weight: (E, Ev).
        static_k: (N·H, S, E/H), keys that are projected already.
        static_v: (N·H, S, E/H), likewise values.
        average_attn_weights: whether to return the mean of the heads' weights.
        is_causal: a hint that `attn_mask` is causal.

    Returns:
        (L, N, E) or (L, E), and the weights, (N, L, S), (N, H, L, S) or without N, or None.

    Raises:
        AssertionError: shapes do not fit.
        RuntimeError: `is_causal` without a mask, or a mask of another shape.

    Example:
        >>> import pyconv as torch
        >>> x, w, b = torch.ones(3, 1, 4), torch.ones(12, 4), torch.zeros(12)
        >>> y, weights = multi_head_attention_forward(
        ...     x, x, x, 4, 2, w, b, None, None, False, 0.0, torch.ones(4, 4), None
        ... )
        >>> y.shape, weights.shape
        (torch.Size([3, 1, 4]), torch.Size([1, 3, 3]))
    """
    is_batched = _check_shapes(query, key, value, key_padding_mask, attn_mask, num_heads)
    if not is_batched:
        query, key, value = query.unsqueeze(1), key.unsqueeze(1), value.unsqueeze(1)
        key_padding_mask = None if key_padding_mask is None else key_padding_mask.unsqueeze(0)
    tgt_len, bsz, embed_dim = query.shape
    key_padding_mask = canonical_mask(
        key_padding_mask, "key_padding_mask", none_or_dtype(attn_mask), "attn_mask", query.dtype
    )
    if is_causal and attn_mask is None:
        raise RuntimeError(
            "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method "
            "`generate_square_subsequent_mask` to create this mask."
        )
    if is_causal and key_padding_mask is None and not need_weights:
        attn_mask = None
    else:
        attn_mask = canonical_mask(attn_mask, "attn_mask", None, "", query.dtype, False)
        is_causal = is_causal and key_padding_mask is None
    if embed_dim != embed_dim_to_check:
        raise AssertionError(f"was expecting embedding dimension of {embed_dim_to_check}, but got {embed_dim}")
    head_dim = embed_dim // num_heads
    if head_dim * num_heads != embed_dim:
        raise AssertionError(f"embed_dim {embed_dim} not divisible by num_heads {num_heads}")
    weights = (q_proj_weight, k_proj_weight, v_proj_weight) if use_separate_proj_weight else in_proj_weight
    q, k, v = _projected(query, key, value, weights, in_proj_bias, use_separate_proj_weight)
    attn_mask = _three_dimensional(attn_mask, (tgt_len, key.shape[0]), bsz * num_heads)
    extra = _extra_keys(bias_k, bias_v, static_k, static_v)
    if extra:
        k, v = cat([k, bias_k.repeat(1, bsz, 1)]), cat([v, bias_v.repeat(1, bsz, 1)])
    heads = bsz * num_heads
    q = q.view(tgt_len, heads, head_dim).transpose(0, 1)
    k = _per_head(k, static_k, "static_k", heads, head_dim)
    v = _per_head(v, static_v, "static_v", heads, head_dim)
    if add_zero_attn:
        nothing = zeros((heads, 1, head_dim), dtype=k.dtype)
        k, v = cat([k, nothing], dim=1), cat([v, nothing], dim=1)
    for _ in range(extra + bool(add_zero_attn)):
        attn_mask = None if attn_mask is None else pad(attn_mask, (0, 1))
        key_padding_mask = None if key_padding_mask is None else pad(key_padding_mask, (0, 1))
    attn_mask = _merged(attn_mask, key_padding_mask, bsz, num_heads, k.size(1))
    dropped = dropout_p if training else 0.0
    if need_weights:
        output, found = _with_weights(q, k, v, attn_mask, is_causal, dropped)
        output = output.transpose(0, 1).reshape(tgt_len * bsz, embed_dim)
        found = found.view(bsz, num_heads, tgt_len, k.size(1))
        found = found.mean(dim=1) if average_attn_weights else found
    else:
        output = _without_weights(q, k, v, attn_mask, is_causal, dropped, num_heads)
        output, found = output.permute(2, 0, 1, 3).reshape(bsz * tgt_len, embed_dim), None
    output = linear(output, out_proj_weight, out_proj_bias)
    output = output.view(tgt_len, bsz, output.size(1))
    if is_batched:
        return output, found
    return output.squeeze(1), None if found is None else found.squeeze(0)


def _with_weights(q: Any, k: Any, v: Any, mask: Any, is_causal: bool, dropout_p: float) -> tuple[Any, Any]:
    scaled = q * math.sqrt(1.0 / float(q.shape[-1]))
    if is_causal and mask is None:
        raise AssertionError("FIXME: is_causal not implemented for need_weights")
    turned = k.transpose(-2, -1)
    weights = bmm(scaled, turned) if mask is None else baddbmm(mask, scaled, turned)
    weights = softmax(weights, dim=-1)
    if dropout_p > 0.0:
        weights = dropout(weights, dropout_p, True)
    return bmm(weights, v), weights


def _without_weights(q: Any, k: Any, v: Any, mask: Any, is_causal: bool, dropout_p: float, heads: int) -> Any:
    lead = (q.size(0) // heads, heads)
    if mask is not None:
        alone = mask.size(0) == 1 and mask.dim() == 3
        mask = mask.unsqueeze(0) if alone else mask.view(*lead, mask.size(1), k.size(1))
    q, k, v = (x.view(*lead, x.size(1), x.size(2)) for x in (q, k, v))
    return scaled_dot_product_attention(q, k, v, mask, dropout_p, is_causal)


def _projected(query: Any, key: Any, value: Any, weights: Any, bias: Any, separate: bool) -> tuple[Any, ...]:
    """Query, key and value, each times its part of the weights."""
    if separate:
        if key.shape[:2] != value.shape[:2]:
            raise AssertionError(
                f"key's sequence and batch dims {key.shape[:2]} do not match value's {value.shape[:2]}"
            )
        for name, weight in zip("qkv", weights, strict=True):
            if weight is None:
                raise AssertionError(f"use_separate_proj_weight is True but {name}_proj_weight is None")
    else:
        if key.shape != value.shape:
            raise AssertionError(f"key shape {key.shape} does not match value shape {value.shape}")
        if weights is None:
            raise AssertionError("use_separate_proj_weight is False but in_proj_weight is None")
    size = query.size(-1)
    if not separate and query is key and key is value:
        parts = linear(query, weights, bias).unflatten(-1, (3, size)).unsqueeze(0).transpose(0, -2)
        parts = parts.squeeze(-2).contiguous()
        return parts[0], parts[1], parts[2]
    if not separate and key is value:
        first, rest = weights.split([size, 2 * size])
        b_first, b_rest = (None, None) if bias is None else bias.split([size, 2 * size])
        q = linear(query, first, b_first)
        parts = linear(key, rest, b_rest).unflatten(-1, (2, size)).unsqueeze(0).transpose(0, -2)
        parts = parts.squeeze(-2).contiguous()
        return q, parts[0], parts[1]
    biases = (None,) * 3 if bias is None else bias.chunk(3)
    if separate:
        _check_projections((query, key, value), weights, biases)
    else:
        weights = weights.chunk(3)
    return tuple(linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases, strict=True))


def _check_projections(inputs: Any, weights: Any, biases: Any) -> None:
    out = inputs[0].size(-1)
    for name, x, weight in zip(("query", "key", "value"), inputs, weights, strict=True):
        if weight.shape != (out, x.size(-1)):
            raise AssertionError(f"expecting {name} weights shape of {(out, x.size(-1))}, but got {weight.shape}")
    for name, bias in zip(("query", "key", "value"), biases, strict=True):
        if bias is not None and bias.shape != (out,):
            raise AssertionError(f"expecting {name} bias shape of {(out,)}, but got {bias.shape}")


def _three_dimensional(mask: Any, size: tuple[int, int], heads: int) -> Any:
    if mask is None:
        return None
    if mask.dim() == 2:
        if mask.shape != size:
            raise RuntimeError(f"The shape of the 2D attn_mask is {mask.shape}, but should be {size}.")
        return mask.unsqueeze(0)
    if mask.dim() == 3:
        if mask.shape != (heads, *size):
            raise RuntimeError(f"The shape of the 3D attn_mask is {mask.shape}, but should be {(heads, *size)}.")
        return mask
    raise RuntimeError(f"attn_mask's dimension {mask.dim()} is not supported")


def _extra_keys(bias_k: Any, bias_v: Any, static_k: Any, static_v: Any) -> bool:
    if bias_k is None and bias_v is None:
        return False
    if bias_v is None:
        raise AssertionError("bias_k is set but bias_v is None")
    if bias_k is None:
        raise AssertionError("bias_v is set but bias_k is None")
    if static_k is not None:
        raise AssertionError("bias cannot be added to static key.")
    if static_v is not None:
        raise AssertionError("bias cannot be added to static value.")
    return True


def _per_head(x: Any, static: Any, name: str, heads: int, head_dim: int) -> Any:
    if static is None:
        return x.view(x.shape[0], heads, head_dim).transpose(0, 1)
    if static.size(0) != heads:
        raise AssertionError(f"expecting {name}.size(0) of {heads}, but got {static.size(0)}")
    if static.size(2) != head_dim:
        raise AssertionError(f"expecting {name}.size(2) of {head_dim}, but got {static.size(2)}")
    return static


def _merged(mask: Any, key_padding_mask: Any, bsz: int, num_heads: int, src_len: int) -> Any:
    if key_padding_mask is None:
        return mask
    for i, (have, wanted) in enumerate(zip(key_padding_mask.shape, (bsz, src_len), strict=True)):
        if have != wanted:
            raise AssertionError(f"Expected key_padded_mask.shape[{i}] to be {wanted}, but got {have}")
    spread = key_padding_mask.view(bsz, 1, 1, src_len).expand(-1, num_heads, -1, -1)
    spread = spread.reshape(bsz * num_heads, 1, src_len)
    return spread if mask is None else mask + spread


def none_or_dtype(input: Any) -> Any:
    """The dtype of a tensor, None of None."""
    return None if input is None else input.dtype


def canonical_mask(
    mask: Any, mask_name: str, other_type: Any, other_name: str, target_type: Any, check_other: bool = True
) -> Any:
    """A mask as what is added to scores: -inf where a bool one is True.

    Raises:
        AssertionError: it is of integers.
    """
    if mask is None:
        return None
    if mask.dtype is not dtypes.bool_ and not mask.is_floating_point():
        raise AssertionError(f"only bool and floating types of {mask_name} are supported")
    if check_other and other_type is not None and mask.dtype is not other_type:
        warnings.warn(
            f"Support for mismatched {mask_name} and {other_name} is deprecated. Use same type for both instead.",
            stacklevel=3,
        )
    if mask.is_floating_point():
        return mask
    return zeros(mask.shape, dtype=target_type).masked_fill_(mask, float("-inf"))


def _check_shapes(query: Any, key: Any, value: Any, key_padding_mask: Any, attn_mask: Any, num_heads: int) -> bool:
    """Whether the inputs have a batch.

    Raises:
        AssertionError: their shapes do not fit.
    """
    ndim = query.dim()
    if ndim not in (2, 3):
        raise AssertionError(f"query should be unbatched 2D or batched 3D tensor but received {ndim}-D query tensor")
    what = "For batched (3-D) `query`" if ndim == 3 else "For unbatched (2-D) `query`"
    if key.dim() != ndim or value.dim() != ndim:
        raise AssertionError(
            f"{what}, expected `key` and `value` to be {ndim}-D but found {key.dim()}-D and {value.dim()}-D tensors "
            "respectively"
        )
    if key_padding_mask is not None and key_padding_mask.dim() != ndim - 1:
        raise AssertionError(
            f"{what}, expected `key_padding_mask` to be `None` or {ndim - 1}-D but found {key_padding_mask.dim()}-D "
            "tensor instead"
        )
    if attn_mask is None:
        return ndim == 3
    if attn_mask.dim() not in (2, 3):
        raise AssertionError(
            f"{what}, expected `attn_mask` to be `None`, 2-D or 3-D but found {attn_mask.dim()}-D tensor instead"
        )
    if ndim == 2 and attn_mask.dim() == 3:
        expected = (num_heads, query.shape[0], key.shape[0])
        if attn_mask.shape != expected:
            raise AssertionError(f"Expected `attn_mask` shape to be {expected} but got {attn_mask.shape}")
    return ndim == 3
