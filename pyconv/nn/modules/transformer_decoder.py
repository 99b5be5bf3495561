"""torch.nn.TransformerDecoder and its layer.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from pyconv import dtypes
from pyconv.nn import functional as F
from pyconv.nn.modules.attention import MultiheadAttention
from pyconv.nn.modules.dropout import Dropout
from pyconv.nn.modules.linear import Linear
from pyconv.nn.modules.module import Module
from pyconv.nn.modules.normalization import LayerNorm
from pyconv.nn.modules.transformer_parts import activation_of, attended, clones, is_causal_mask, sequence_length

__all__ = ["TransformerDecoder", "TransformerDecoderLayer"]


class TransformerDecoderLayer(Module):
    """Attention of a sequence to itself and to another one, then two linear maps, each added and normalized.

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
        - Target: (T, N, E), (N, T, E) batch first, or (T, E)
        - Memory: (S, N, E), likewise
        - Output: like the target

    Raises:
        RuntimeError: there is no activation of that name.

    Example:
        >>> import pyconv
        >>> TransformerDecoderLayer(8, 2, 16)(pyconv.ones(5, 1, 8), pyconv.ones(3, 1, 8)).shape
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
        self.multihead_attn = MultiheadAttention(d_model, nhead, dropout=dropout, batch_first=batch_first, **made)
        self.linear1 = Linear(d_model, dim_feedforward, **made)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, **made)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.norm2 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.norm3 = LayerNorm(d_model, eps=layer_norm_eps, **made)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        self.dropout3 = Dropout(dropout)
        self.activation = activation_of(activation)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__({"activation": F.relu, **state})

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Any:
        """The layer's output.

        Args:
            tgt: the target.
            memory: what it attends to.
            tgt_mask: (T, T) or (N·heads, T, T): True, or what is added, for the pairs to leave out.
            memory_mask: (T, S), likewise.
            tgt_key_padding_mask: (N, T) or (T): True, or what is added, for the elements to leave out.
            memory_key_padding_mask: (N, S), likewise.
            tgt_is_causal: a hint that `tgt_mask` is causal.
            memory_is_causal: likewise of `memory_mask`.

        Raises:
            AssertionError: a mask is of integers, or shapes do not fit.
            RuntimeError: a hint without a mask, or a mask of another shape.
        """
        own = (tgt_mask, tgt_key_padding_mask, tgt_is_causal)
        other = (memory_mask, memory_key_padding_mask, memory_is_causal)
        if self.norm_first:
            x = tgt + self._sa_block(self.norm1(tgt), *own)
            x = x + self._mha_block(self.norm2(x), memory, *other)
            return x + self._ff_block(self.norm3(x))
        x = self.norm1(tgt + self._sa_block(tgt, *own))
        x = self.norm2(x + self._mha_block(x, memory, *other))
        return self.norm3(x + self._ff_block(x))

    def _sa_block(self, x: Any, attn_mask: Any, key_padding_mask: Any, is_causal: bool = False) -> Any:
        return self.dropout1(attended(self.self_attn, x, x, attn_mask, key_padding_mask, is_causal))

    def _mha_block(self, x: Any, mem: Any, attn_mask: Any, key_padding_mask: Any, is_causal: bool = False) -> Any:
        return self.dropout2(attended(self.multihead_attn, x, mem, attn_mask, key_padding_mask, is_causal))

    def _ff_block(self, x: Any) -> Any:
        return self.dropout3(self.linear2(self.dropout(self.activation(self.linear1(x)))))


class TransformerDecoder(Module):
    """A stack of decoder layers.

    Args:
        decoder_layer: the layer that it has copies of.
        num_layers: how many.
        norm: a module behind the last, or None.

    Shape:
        - Target: (T, N, E), (N, T, E) batch first, or (T, E)
        - Memory: (S, N, E), likewise
        - Output: like the target

    Example:
        >>> import pyconv
        >>> decoder = TransformerDecoder(TransformerDecoderLayer(8, 2, 16), 2)
        >>> decoder(pyconv.ones(5, 1, 8), pyconv.ones(3, 1, 8)).shape
        torch.Size([5, 1, 8])
    """

    __constants__: ClassVar[list[str]] = ["norm"]

    def __init__(self, decoder_layer: Any, num_layers: int, norm: Any = None) -> None:
        super().__init__()
        self.layers = clones(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        """The last layer's output, normalized if there is a norm.

        Args:
            tgt: the target.
            memory: what it attends to.
            tgt_mask: as of a layer, likewise the others.
            memory_mask: as above.
            tgt_key_padding_mask: as above.
            memory_key_padding_mask: as above.
            tgt_is_causal: a hint that `tgt_mask` is causal; None to find out.
            memory_is_causal: likewise of `memory_mask`.

        Raises:
            AssertionError: a mask is of integers, or shapes do not fit.
            RuntimeError: a hint without a mask, or a mask of another shape.
        """
        length = sequence_length(tgt, self.layers[0].self_attn.batch_first)
        tgt_is_causal = is_causal_mask(tgt_mask, tgt_is_causal, length)
        output = tgt
        for layer in self.layers:
            output = layer(
                output,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=tgt_is_causal,
                memory_is_causal=memory_is_causal,
            )
        return output if self.norm is None else self.norm(output)
