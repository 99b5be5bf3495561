"""torch.nn's Transformer: encoders and decoders, and their stacks.

Where torch computes an encoder layer by one function in evaluation, the same is computed here step by step. May
import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyconv import dtypes
from pyconv.nn import functional as F
from pyconv.nn.init import xavier_uniform_
from pyconv.nn.modules.module import Module
from pyconv.nn.modules.normalization import LayerNorm
from pyconv.nn.modules.transformer_decoder import TransformerDecoder, TransformerDecoderLayer
from pyconv.nn.modules.transformer_encoder import TransformerEncoder, TransformerEncoderLayer
from pyconv.nn.modules.transformer_parts import causal_mask

__all__ = [
    "Transformer",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
]


class Transformer(Module):
    """An encoder and a decoder that attends to what the encoder gives.

    A. Vaswani et al., "Attention Is All You Need", 2017.

    Args:
        d_model: E, the size of an element.
        nhead: how many heads attend.
        num_encoder_layers: how many layers the encoder has.
        num_decoder_layers: likewise the decoder.
        dim_feedforward: the size between the two linear maps of a layer.
        dropout: the probability of the dropouts.
        activation: between the two maps: 'relu', 'gelu' or a function.
        custom_encoder: a module in the encoder's place.
        custom_decoder: likewise the decoder's.
        layer_norm_eps: of the normalizations.
        batch_first: whether the batch is the first dimension.
        norm_first: whether a layer normalizes before attention and maps, not behind them.
        bias: whether linear maps and normalizations have biases.
        device: the CPU.
        dtype: of the parameters; the default one by default.

    Shape:
        - Source: (S, N, E), (N, S, E) batch first, or (S, E)
        - Target: (T, N, E), likewise
        - Output: like the target

    Example:
        >>> import pyconv
        >>> model = Transformer(8, 2, 1, 1, 16, batch_first=True)
        >>> model(pyconv.ones(1, 5, 8), pyconv.ones(1, 3, 8)).shape
        torch.Size([1, 3, 8])
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = F.relu,
        custom_encoder: Any = None,
        custom_decoder: Any = None,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__()
        made: dict[str, Any] = {"bias": bias, "device": device, "dtype": dtype}
        layer: dict[str, Any] = {
            "d_model": d_model,
            "nhead": nhead,
            "dim_feedforward": dim_feedforward,
            "dropout": dropout,
            "activation": activation,
            "layer_norm_eps": layer_norm_eps,
            "batch_first": batch_first,
            "norm_first": norm_first,
            **made,
        }
        if custom_encoder is not None:
            self.encoder = custom_encoder
        else:
            encoder_layer = TransformerEncoderLayer(**layer)
            norm = LayerNorm(d_model, eps=layer_norm_eps, **made)
            self.encoder = TransformerEncoder(encoder_layer, num_encoder_layers, norm)
        if custom_decoder is not None:
            self.decoder = custom_decoder
        else:
            decoder_layer = TransformerDecoderLayer(**layer)
            norm = LayerNorm(d_model, eps=layer_norm_eps, **made)
            self.decoder = TransformerDecoder(decoder_layer, num_decoder_layers, norm)
        self._reset_parameters()
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first

    def forward(
        self,
        src: Any,
        tgt: Any,
        src_mask: Any = None,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        src_key_padding_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Any:
        """What the decoder gives for the target and the encoded source.

        Args:
            src: the source.
            tgt: the target.
            src_mask: (S, S) or (N·heads, S, S): True, or what is added, for the pairs to leave out.
            tgt_mask: (T, T), likewise.
            memory_mask: (T, S), likewise.
            src_key_padding_mask: (N, S) or (S): True, or what is added, for the elements to leave out.
            tgt_key_padding_mask: (N, T), likewise.
            memory_key_padding_mask: (N, S), likewise, of the encoded source.
            src_is_causal: a hint that `src_mask` is causal; None to find out.
            tgt_is_causal: likewise of `tgt_mask`.
            memory_is_causal: likewise of `memory_mask`.

        Raises:
            RuntimeError: sizes do not fit.
        """
        batch = 0 if self.batch_first else 1
        if src.dim() == 3 and src.size(batch) != tgt.size(batch):
            raise RuntimeError("the batch number of src and tgt must be equal")
        if src.size(-1) != self.d_model or tgt.size(-1) != self.d_model:
            raise RuntimeError("the feature number of src and tgt must be equal to d_model")
        memory = self.encoder(src, mask=src_mask, src_key_padding_mask=src_key_padding_mask, is_causal=src_is_causal)
        return self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )

    @staticmethod
    def generate_square_subsequent_mask(sz: int, device: Any = None, dtype: dtypes.dtype | None = None) -> Any:
        """(sz, sz): -inf above the diagonal, 0 elsewhere.

        Example:
            >>> Transformer.generate_square_subsequent_mask(2)
            tensor([[0., -inf],
                    [0., 0.]])
        """
        return causal_mask(sz, device, dtype)

    def _reset_parameters(self) -> None:
        for parameter in self.parameters():
            if parameter.dim() > 1:
                xavier_uniform_(parameter)
