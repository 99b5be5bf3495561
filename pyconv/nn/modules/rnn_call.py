"""How a recurrent layer is called: with a batch, a single sequence or a packed one.

May import: NumPy, `pyconv.nn.utils.rnn`, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.nn.modules.rnn_base import RNNBase
from pyconv.nn.utils.rnn import PackedSequence
from pyconv.tensor.creation import zeros

__all__ = ["Recurrent"]


class Recurrent(RNNBase):
    """A layer that is called: what to do with a batch, a single sequence and a packed one."""

    _dimensions_text: ClassVar[str]

    def _compute(self, *args: Any) -> tuple[Any, Any]:
        """Every state of the last layer and the last states of all, from torch's arguments of the function."""
        raise NotImplementedError

    def _zeros(self, input: Any, batch: int) -> Any:
        layers = self.num_layers * (1 + self.bidirectional)
        return zeros((layers, batch, self._state_size), dtype=input.dtype)

    def _with_batch(self, hx: Any, is_batched: bool) -> Any:
        """The state with a dimension for the batch.

        Raises:
            RuntimeError: it has not as many dimensions as the input.
        """
        if hx.dim() != 2 + is_batched:
            kind, ndim = ("batched", 3) if is_batched else ("unbatched", 2)
            raise RuntimeError(f"For {kind} {ndim}-D input, hx should also be {ndim}-D but got {hx.dim()}-D tensor")
        return hx if is_batched else hx.unsqueeze(1)

    def _without_batch(self, hx: Any) -> Any:
        return hx.squeeze(1)

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        """Every state of the last layer, and the last states of all layers and directions.

        Args:
            input: (T, N, I), (N, T, I) batch first, (T, I), or a PackedSequence.
            hx: the first states, (L·D, N, H), or (L·D, H) of a single sequence; zeros by default.

        Raises:
            ValueError: the input has another dtype, or other dimensions.
            RuntimeError: shapes do not fit.
        """
        self._update_flat_weights()
        if isinstance(input, PackedSequence):
            return self._forward_packed(input, hx)
        if input.dim() not in (2, 3):
            raise ValueError(self._dimensions_text.format(input.dim()))
        is_batched = input.dim() == 3
        batch_dim = 0 if self.batch_first else 1
        x = input if is_batched else input.unsqueeze(batch_dim)
        state = self._zeros(x, x.size(batch_dim)) if hx is None else self._with_batch(hx, is_batched)
        self.check_forward_args(x, state, None)
        output, last = self._compute(x, state, *self._options(), self.batch_first)
        return (output, last) if is_batched else (output.squeeze(batch_dim), self._without_batch(last))

    def _forward_packed(self, input: PackedSequence, hx: Any) -> tuple[Any, Any]:
        data, batch_sizes, sorted_indices, unsorted_indices = input
        state = self._zeros(data, int(batch_sizes[0])) if hx is None else self.permute_hidden(hx, sorted_indices)
        self.check_forward_args(data, state, batch_sizes)
        output, last = self._compute(data, batch_sizes, state, *self._options())
        packed = PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices)
        return packed, self.permute_hidden(last, unsorted_indices)

    def _options(self) -> tuple[Any, ...]:
        return self._flat_weights, self.bias, self.num_layers, self.dropout, self.training, self.bidirectional
