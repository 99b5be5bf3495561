"""torch.nn.MultiheadAttention.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv import dtypes
from pyconv.nn import functional as F
from pyconv.nn import init
from pyconv.nn.functional.multihead import canonical_mask, none_or_dtype
from pyconv.nn.modules.linear import Linear
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter
from pyconv.tensor.creation import empty

__all__ = ["MultiheadAttention"]


class NonDynamicallyQuantizableLinear(Linear):
    """The Linear of the output, by torch's name for it."""


class MultiheadAttention(Module):
    """Attention of several heads: `functional.multi_head_attention_forward`.

    A. Vaswani et al., "Attention Is All You Need", 2017.

    Args:
        embed_dim: E, the size of query and output.
        num_heads: H, which divides it.
        dropout: the probability with which a weight is dropped in training.
        bias: whether the projections have biases.
        add_bias_kv: whether keys and values get a learnt position more.
        add_zero_attn: whether they get a position of zeros.
        kdim: the size of the keys; E by default.
        vdim: that of the values; E by default.
        batch_first: whether the batch is the first dimension.
        device: the CPU.
        dtype: of the parameters; the default one by default.

    Shape:
        - Query: (L, N, E), (L, E) or, batch first, (N, L, E)
        - Key: (S, N, kdim), likewise
        - Value: (S, N, vdim), likewise
        - Output: like the query, and the weights, (N, L, S), or (N, H, L, S) where they are not averaged

    Raises:
        ValueError: a size is not positive.
        AssertionError: the heads do not divide the size.

    Example:
        >>> import pyconv
        >>> y, weights = MultiheadAttention(8, 2)(*[pyconv.ones(5, 3, 8)] * 3)
        >>> y.shape, weights.shape
        (torch.Size([5, 3, 8]), torch.Size([3, 5, 5]))
    """

    __constants__: ClassVar[list[str]] = ["batch_first"]
    bias_k: Any
    bias_v: Any

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError(
                f"embed_dim and num_heads must be greater than 0, got embed_dim={embed_dim} and num_heads={num_heads} "
                "instead"
            )
        super().__init__()
        self.embed_dim = embed_dim
        self.kdim = kdim if kdim is not None else embed_dim
        self.vdim = vdim if vdim is not None else embed_dim
        self._qkv_same_embed_dim = self.kdim == embed_dim and self.vdim == embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        if self.head_dim * num_heads != self.embed_dim:
            raise AssertionError("embed_dim must be divisible by num_heads")
        self._make_projections(device, dtype)
        if bias:
            self.in_proj_bias = Parameter(empty(3 * embed_dim, device=device, dtype=dtype))
        else:
            self.register_parameter("in_proj_bias", None)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias=bias, device=device, dtype=dtype)
        if add_bias_kv:
            self.bias_k = Parameter(empty((1, 1, embed_dim), device=device, dtype=dtype))
            self.bias_v = Parameter(empty((1, 1, embed_dim), device=device, dtype=dtype))
        else:
            self.bias_k = self.bias_v = None
        self.add_zero_attn = add_zero_attn
        self._reset_parameters()

    def _make_projections(self, device: Any, dtype: dtypes.dtype | None) -> None:
        sizes = {"q_proj_weight": self.embed_dim, "k_proj_weight": self.kdim, "v_proj_weight": self.vdim}
        if self._qkv_same_embed_dim:
            self.in_proj_weight = Parameter(empty((3 * self.embed_dim, self.embed_dim), device=device, dtype=dtype))
            for name in sizes:
                self.register_parameter(name, None)
        else:
            for name, size in sizes.items():
                setattr(self, name, Parameter(empty((self.embed_dim, size), device=device, dtype=dtype)))
            self.register_parameter("in_proj_weight", None)

    def _reset_parameters(self) -> None:
        if self._qkv_same_embed_dim:
            init.xavier_uniform_(self.in_proj_weight)
        else:
            for weight in (self.q_proj_weight, self.k_proj_weight, self.v_proj_weight):
                init.xavier_uniform_(weight)
        if self.in_proj_bias is not None:
            init.constant_(self.in_proj_bias, 0.0)
            init.constant_(self.out_proj.bias, 0.0)
        if self.bias_k is not None:
            init.xavier_normal_(self.bias_k)
        if self.bias_v is not None:
            init.xavier_normal_(self.bias_v)

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        """The attention of query, key and value.

        Args:
            query: as above, likewise key and value.
            key: what is compared with the query.
            value: what is weighted.
            key_padding_mask: (N, S) or (S): True, or what is added, for the keys to leave out.
            need_weights: whether to return the weights.
            attn_mask: (L, S) or (N·H, L, S): True, or what is added, for the pairs to leave out.
            average_attn_weights: whether to return the mean of the heads' weights.
            is_causal: a hint that `attn_mask` is causal.
        """
        turns = self.batch_first and query.dim() == 3
        key_padding_mask = canonical_mask(
            key_padding_mask, "key_padding_mask", none_or_dtype(attn_mask), "attn_mask", query.dtype
        )
        attn_mask = canonical_mask(attn_mask, "attn_mask", None, "", query.dtype, False)
        if turns:
            query, key, value = _turned(query, key, value)
        output, weights = F.multi_head_attention_forward(
            query,
            key,
            value,
            self.embed_dim,
            self.num_heads,
            self.in_proj_weight,
            self.in_proj_bias,
            self.bias_k,
            self.bias_v,
            self.add_zero_attn,
            self.dropout,
            self.out_proj.weight,
            self.out_proj.bias,
            training=self.training,
            key_padding_mask=key_padding_mask,
            need_weights=need_weights,
            attn_mask=attn_mask,
            use_separate_proj_weight=not self._qkv_same_embed_dim,
            q_proj_weight=self.q_proj_weight,
            k_proj_weight=self.k_proj_weight,
            v_proj_weight=self.v_proj_weight,
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
        )
        return (output.transpose(1, 0) if turns else output), weights

    def merge_masks(self, attn_mask: Any, key_padding_mask: Any, query: Any) -> tuple[Any, int | None]:
        """One mask of both, and its kind: 1 of the keys alone, 2 with that of the pairs, None without any."""
        if attn_mask is None:
            return key_padding_mask, None if key_padding_mask is None else 1
        batch, length, _ = query.shape
        if attn_mask.dim() == 3:
            merged = attn_mask.view(batch, -1, length, length)
        else:
            merged = attn_mask.view(1, 1, length, length).expand(batch, self.num_heads, -1, -1)
        if key_padding_mask is not None:
            merged = merged + key_padding_mask.view(batch, 1, 1, length).expand(-1, self.num_heads, -1, -1)
        return merged, 2


def _turned(query: Any, key: Any, value: Any) -> tuple[Any, Any, Any]:
    """The three with their first dimensions exchanged; what is one tensor stays one, which has a faster projection."""
    turned = query.transpose(1, 0)
    keys = turned if key is query else key.transpose(1, 0)
    return turned, keys, keys if value is key else value.transpose(1, 0)
