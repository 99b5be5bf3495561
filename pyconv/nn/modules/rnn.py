"""torch.nn's recurrent layers: RNN, LSTM and GRU, and their cells.

May import: NumPy, `pyconv.nn.utils.rnn`, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import warnings
from typing import Any

from pyconv.functions import recurrent
from pyconv.functions.gathering import index_select
from pyconv.nn.modules.rnn_base import RNNBase
from pyconv.nn.modules.rnn_call import Recurrent
from pyconv.nn.modules.rnn_cells import GRUCell, LSTMCell, RNNCell, RNNCellBase
from pyconv.tensor.creation import zeros

__all__ = ["GRU", "LSTM", "RNN", "GRUCell", "LSTMCell", "RNNBase", "RNNCell", "RNNCellBase"]


def apply_permutation(tensor: Any, permutation: Any, dim: int = 1) -> Any:
    """A tensor in another order along a dimension; deprecated.

    Example:
        >>> import pyconv, warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     apply_permutation(pyconv.tensor([[1, 2]]), pyconv.tensor([1, 0]))
        tensor([[2, 1]])
    """
    warnings.warn(
        "`apply_permutation` is deprecated, please use `tensor.index_select(dim, permutation)` instead",
        FutureWarning,
        stacklevel=2,
    )
    return index_select(tensor, dim, permutation)


class RNN(Recurrent):
    """Elman's network: h' = tanh(W·x + b + V·h + c), in layers.

    Args:
        args: input_size I, hidden_size H, and num_layers L, nonlinearity ('tanh' or 'relu'), bias, batch_first,
            dropout, bidirectional as those of `RNNBase`.
        kwargs: the same by name.

    Shape:
        - Input: (T, N, I), (N, T, I) batch first, (T, I), or a PackedSequence
        - Hidden: (L·D, N, H) or (L·D, H), with D = 2 for both directions, else 1
        - Output: (T, N, D·H) and likewise, and the last states, like the hidden ones

    Raises:
        ValueError: another nonlinearity, or `proj_size`, which only an LSTM has.

    Example:
        >>> import pyconv
        >>> y, h = RNN(3, 4, num_layers=2)(pyconv.ones(5, 1, 3))
        >>> y.shape, h.shape
        (torch.Size([5, 1, 4]), torch.Size([2, 1, 4]))
    """

    _dimensions_text = "RNN: Expected input to be 2D or 3D, got {}D tensor instead"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        _refuse_projection(kwargs)
        if len(args) > 3:
            nonlinearity, args = args[3], args[:3] + args[4:]
        else:
            nonlinearity = kwargs.pop("nonlinearity", "tanh")
        self.nonlinearity = nonlinearity
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        super().__init__(f"RNN_{nonlinearity.upper()}", *args, **kwargs)

    def _compute(self, *args: Any) -> tuple[Any, Any]:
        return (recurrent.rnn_tanh if self.mode == "RNN_TANH" else recurrent.rnn_relu)(*args)


class LSTM(Recurrent):
    """Long short-term memory, in layers.

    Args:
        args: input_size I, hidden_size H, and num_layers L, bias, batch_first, dropout, bidirectional, proj_size as
            those of `RNNBase`.
        kwargs: the same by name.

    Shape:
        - Input: (T, N, I), (N, T, I) batch first, (T, I), or a PackedSequence
        - Hidden: a pair of (L·D, N, P) and (L·D, N, H), or of both without N; P is proj_size, or H without one
        - Output: (T, N, D·P) and likewise, and a pair of the last states, like the hidden ones

    Example:
        >>> import pyconv
        >>> y, (h, c) = LSTM(3, 4, bidirectional=True, proj_size=2)(pyconv.ones(5, 1, 3))
        >>> y.shape, h.shape, c.shape
        (torch.Size([5, 1, 4]), torch.Size([2, 1, 2]), torch.Size([2, 1, 4]))
    """

    _dimensions_text = "LSTM: Expected input to be 2D or 3D, got {}D instead"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__("LSTM", *args, **kwargs)

    def get_expected_cell_size(self, input: Any, batch_sizes: Any) -> tuple[int, int, int]:
        """The shape that the cell must have."""
        return self._expected_size(input, batch_sizes, self.hidden_size)

    def check_forward_args(self, input: Any, hidden: tuple[Any, Any], batch_sizes: Any) -> None:
        """Check the input, the state and the cell.

        Raises:
            ValueError: as `check_input`.
            RuntimeError: as `check_input` and `check_hidden_size`.
        """
        self.check_input(input, batch_sizes)
        expected = self.get_expected_hidden_size(input, batch_sizes)
        self.check_hidden_size(hidden[0], expected, "Expected hidden[0] size {}, got {}")
        expected = self.get_expected_cell_size(input, batch_sizes)
        self.check_hidden_size(hidden[1], expected, "Expected hidden[1] size {}, got {}")

    def permute_hidden(self, hx: tuple[Any, Any], permutation: Any) -> tuple[Any, Any]:
        """State and cell with their sequences in another order."""
        if permutation is None:
            return hx
        return index_select(hx[0], 1, permutation), index_select(hx[1], 1, permutation)

    def _zeros(self, input: Any, batch: int) -> tuple[Any, Any]:
        state = super()._zeros(input, batch)
        return state, zeros((state.size(0), batch, self.hidden_size), dtype=input.dtype)

    def _with_batch(self, hx: tuple[Any, Any], is_batched: bool) -> tuple[Any, Any]:
        if hx[0].dim() != 2 + is_batched or hx[1].dim() != 2 + is_batched:
            kind, ndim = ("batched", 3) if is_batched else ("unbatched", 2)
            raise RuntimeError(
                f"For {kind} {ndim}-D input, hx and cx should also be {ndim}-D but got "
                f"({hx[0].dim()}-D, {hx[1].dim()}-D) tensors"
            )
        return hx if is_batched else (hx[0].unsqueeze(1), hx[1].unsqueeze(1))

    def _without_batch(self, hx: tuple[Any, Any]) -> tuple[Any, Any]:
        return hx[0].squeeze(1), hx[1].squeeze(1)

    def _compute(self, *args: Any) -> tuple[Any, Any]:
        output, *last = recurrent.lstm(*args)
        return output, tuple(last)


class GRU(Recurrent):
    """Gated recurrent units, in layers.

    Args:
        args: input_size I, hidden_size H, and num_layers L, bias, batch_first, dropout, bidirectional as those of
            `RNNBase`.
        kwargs: the same by name.

    Shape:
        - Input: (T, N, I), (N, T, I) batch first, (T, I), or a PackedSequence
        - Hidden: (L·D, N, H) or (L·D, H), with D = 2 for both directions, else 1
        - Output: (T, N, D·H) and likewise, and the last states, like the hidden ones

    Raises:
        ValueError: `proj_size`, which only an LSTM has.

    Example:
        >>> import pyconv
        >>> y, h = GRU(3, 4, batch_first=True)(pyconv.ones(1, 5, 3))
        >>> y.shape, h.shape
        (torch.Size([1, 5, 4]), torch.Size([1, 1, 4]))
    """

    _dimensions_text = "GRU: Expected input to be 2D or 3D, got {}D instead"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        _refuse_projection(kwargs)
        super().__init__("GRU", *args, **kwargs)

    def _compute(self, *args: Any) -> tuple[Any, Any]:
        return recurrent.gru(*args)


def _refuse_projection(kwargs: dict[str, Any]) -> None:
    if "proj_size" in kwargs:
        raise ValueError("proj_size argument is only supported for LSTM, not RNN or GRU")
