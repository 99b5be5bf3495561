"""torch.nn.TransformerEncoder and its layer.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, ClassVar

from pyconv import dtypes
from pyconv.autograd.mode import is_grad_enabled
from pyconv.nn import functional as F
from pyconv.nn.functional.multihead import canonical_mask, none_or_dtype
from pyconv.nn.modules.activation.rectifiers import ReLU
from pyconv.nn.modules.activation.smooth import GELU
from pyconv.nn.modules.attention import MultiheadAttention
from pyconv.nn.modules.dropout import Dropout
from pyconv.nn.modules.linear import Linear
from pyconv.nn.modules.module import Module
from pyconv.nn.modules.normalization import LayerNorm
from pyconv.nn.modules.transformer_parts import activation_of, attended, clones, is_causal_mask, sequence_length

__all__ = ["TransformerEncoder", "TransformerEncoderLayer"]


class TransformerEncoderLayer(Module):
    """Attention of a sequence to itself, then two linear maps, each added to what it began with and normalized.

    A. Vaswani et al., "Attention Is All You Need", 2017.

    Args:
        d_model: E, the size of an element.
        nhead: how many heads attend.
        dim_feedforward: the size between the two maps.
        dropout: the probability of the dropouts.
        activation: between the two maps: 'relu', 'gelu' or a function.
        layer_norm_eps: of the normalizations.
        batch_first: whether the batch is the first dimension.
        norm_first: whether to normalize before attention and maps, not behind them.
        bias: whether linear maps and normalizations have biases.
        device: the CPU.
        dtype: of the parameters; the default one by default.

    Shape:
        - Input: (S, N, E), (N, S, E) batch first, or (S, E)
        - Output: the same

    Raises:
        RuntimeError: there is no activation of that name.

    Example:
        >>> import pyconv
        >>> TransformerEncoderLayer(8, 2, 16)(pyconv.ones(5, 1, 8)).shape
        torch.Size([5, 1, 8])
    """

    __constants__: ClassVar[list[str]] = ["norm_first"]

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = F.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__()
        made: dict[str, Any] = {"bias": bias, "device": device, "dtype": dtype}
        self.self_attn = MultiheadAttention(d_model, nhead, dropout=dropout, batch_first=batch_first, **made)
        self.linear1 = Linear(d_model, dim_feedforward, **made)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, **made)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.norm2 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        activation = activation_of(activation)
        if activation is F.relu or isinstance(activation, ReLU):
            self.activation_relu_or_gelu = 1
        elif activation is F.gelu or isinstance(activation, GELU):
            self.activation_relu_or_gelu = 2
        else:
            self.activation_relu_or_gelu = 0
        self.activation = activation

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if not hasattr(self, "activation"):
            self.activation = F.relu

    def forward(self, src: Any, src_mask: Any = None, src_key_padding_mask: Any = None, is_causal: bool = False) -> Any:
        """The layer's output.

        Args:
            src: as above.
            src_mask: (S, S) or (N·heads, S, S): True, or what is added, for the pairs to leave out.
            src_key_padding_mask: (N, S) or (S): True, or what is added, for the elements to leave out.
            is_causal: a hint that `src_mask` is causal.

        Raises:
            AssertionError: a mask is of integers, or shapes do not fit.
            RuntimeError: `is_causal` without a mask, or a mask of another shape.
        """
        src_key_padding_mask = canonical_mask(
            src_key_padding_mask, "src_key_padding_mask", none_or_dtype(src_mask), "src_mask", src.dtype
        )
        src_mask = canonical_mask(src_mask, "src_mask", None, "", src.dtype, False)
        attended = (src_mask, src_key_padding_mask, is_causal)
        if self.norm_first:
            x = src + self._sa_block(self.norm1(src), *attended)
            return x + self._ff_block(self.norm2(x))
        x = self.norm1(src + self._sa_block(src, *attended))
        return self.norm2(x + self._ff_block(x))

    def _sa_block(self, x: Any, attn_mask: Any, key_padding_mask: Any, is_causal: bool = False) -> Any:
        return self.dropout1(attended(self.self_attn, x, x, attn_mask, key_padding_mask, is_causal))

    def _ff_block(self, x: Any) -> Any:
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))


class TransformerEncoder(Module):
    """A stack of encoder layers.

    Args:
        encoder_layer: the layer that it has copies of.
        num_layers: how many.
        norm: a module behind the last, or None.
        enable_nested_tensor: whether to leave padding out where torch does: in evaluation without gradients, what
            stands behind the end of a sequence is then zero.
        mask_check: whether to do so only where the padding is at the ends.

    Shape:
        - Input: (S, N, E), (N, S, E) batch first, or (S, E)
        - Output: the same

    Example:
        >>> import pyconv
        >>> TransformerEncoder(TransformerEncoderLayer(8, 2, 16, batch_first=True), 2)(pyconv.ones(1, 5, 8)).shape
        torch.Size([1, 5, 8])
    """

    __constants__: ClassVar[list[str]] = ["norm"]

    def __init__(
        self,
        encoder_layer: Any,
        num_layers: int,
        norm: Any = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        super().__init__()
        self.layers = clones(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = enable_nested_tensor
        self.use_nested_tensor = enable_nested_tensor
        self.mask_check = mask_check
        reason = _why_not_nested(encoder_layer)
        if enable_nested_tensor and reason:
            warnings.warn(
                f"enable_nested_tensor is True, but self.use_nested_tensor is False because {reason}", stacklevel=2
            )
            self.use_nested_tensor = False

    def forward(
        self, src: Any, mask: Any = None, src_key_padding_mask: Any = None, is_causal: bool | None = None
    ) -> Any:
        """The last layer's output, normalized if there is a norm.

        Args:
            src: as above.
            mask: (S, S) or (N·heads, S, S): True, or what is added, for the pairs to leave out.
            src_key_padding_mask: (N, S) or (S): True, or what is added, for the elements to leave out.
            is_causal: a hint that `mask` is causal; None to find out.

        Raises:
            AssertionError: a mask is of integers, or shapes do not fit.
            RuntimeError: `is_causal` without a mask, or a mask of another shape.
        """
        src_key_padding_mask = canonical_mask(
            src_key_padding_mask, "src_key_padding_mask", none_or_dtype(mask), "mask", src.dtype
        )
        mask = canonical_mask(mask, "mask", None, "", src.dtype, False)
        first = self.layers[0]
        zeroed = None
        if mask is None and src_key_padding_mask is not None and self._leaves_padding_out(src, src_key_padding_mask):
            zeroed = (src_key_padding_mask != 0).unsqueeze(-1)
        is_causal = is_causal_mask(mask, is_causal, sequence_length(src, first.self_attn.batch_first))
        output = src
        for layer in self.layers:
            output = layer(output, src_mask=mask, is_causal=is_causal, src_key_padding_mask=src_key_padding_mask)
        if zeroed is not None:
            output = output.masked_fill(zeroed, 0.0)
        return output if self.norm is None else self.norm(output)

    def _leaves_padding_out(self, src: Any, padding: Any) -> bool:
        """Whether torch computes sequences without their padding, and puts zeros in its place."""
        first = self.layers[0]
        if not self.use_nested_tensor or first.training or src.dim() != 3:
            return False
        kept = (padding == 0)._array
        if self.mask_check and (kept[:, 1:] > kept[:, :-1]).any():
            return False
        return not (is_grad_enabled() and any(x.requires_grad for x in (src, *first.parameters())))


def _why_not_nested(layer: Any) -> str:
    """Torch's reason not to leave padding out of the layers' computation, '' where it does."""
    if not isinstance(layer, TransformerEncoderLayer):
        return "encoder_layer was not TransformerEncoderLayer"
    attention = layer.self_attn
    reasons = {
        "norm_first was True": layer.norm_first,
        "self_attn.batch_first was not True(use batch_first for better inference performance)": (
            not attention.batch_first
        ),
        "self_attn._qkv_same_embed_dim was not True": not attention._qkv_same_embed_dim,
        "self_attn was passed bias=False": attention.in_proj_bias is None,
        "activation_relu_or_gelu was not True": not layer.activation_relu_or_gelu,
        "norm1.eps was not equal to encoder_layer.norm2.eps": layer.norm1.eps != layer.norm2.eps,
        "self_attn.num_heads is odd": attention.num_heads % 2 == 1,
    }
    return next((f"encoder_layer.{reason}" for reason, holds in reasons.items() if holds), "")
