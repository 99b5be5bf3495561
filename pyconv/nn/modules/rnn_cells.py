"""torch.nn's cells: one step of a recurrent layer.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from pyconv import dtypes
from pyconv.functions import recurrent_cells as cells
from pyconv.nn import init
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter
from pyconv.tensor.creation import empty, zeros

__all__ = ["GRUCell", "LSTMCell", "RNNCell", "RNNCellBase"]


class RNNCellBase(Module):
    """The parameters of a cell.

    Args:
        input_size: I, the size of the input.
        hidden_size: H, the size of the state.
        bias: whether there are biases.
        num_chunks: G, how many gates.
        device: the CPU.
        dtype: of the parameters; the default one by default.

    Attributes:
        weight_ih: (G·H, I), drawn uniformly from ±1/√H, likewise the others.
        weight_hh: (G·H, H).
        bias_ih: (G·H), or None.
        bias_hh: likewise.

    Example:
        >>> RNNCellBase(3, 2, True, 4).weight_hh.shape
        torch.Size([8, 2])
    """

    __constants__: ClassVar[list[str]] = ["input_size", "hidden_size", "bias"]
    bias_ih: Any
    bias_hh: Any

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool,
        num_chunks: int,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        rows = num_chunks * hidden_size
        self.weight_ih = Parameter(empty((rows, input_size), device=device, dtype=dtype))
        self.weight_hh = Parameter(empty((rows, hidden_size), device=device, dtype=dtype))
        for name in ("bias_ih", "bias_hh"):
            self.register_parameter(name, Parameter(empty((rows,), device=device, dtype=dtype)) if bias else None)
        self.reset_parameters()

    def extra_repr(self) -> str:
        text = f"{self.input_size}, {self.hidden_size}"
        if self.bias is not True:
            text += f", bias={self.bias}"
        if self.__dict__.get("nonlinearity", "tanh") != "tanh":
            text += f", nonlinearity={self.nonlinearity}"
        return text

    def reset_parameters(self) -> None:
        """Draw all parameters uniformly from ±1/√H."""
        bound = 1.0 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def _batched(self, input: Any) -> Any:
        """The input with a dimension for the batch.

        Raises:
            ValueError: it has other dimensions.
        """
        if input.dim() not in (1, 2):
            raise ValueError(f"{self._kind}: Expected input to be 1D or 2D, got {input.dim()}D instead")
        return input if input.dim() == 2 else input.unsqueeze(0)

    def _zeros(self, input: Any) -> Any:
        return zeros((input.size(0), self.hidden_size), dtype=input.dtype)

    def _state(self, input: Any, hx: Any) -> Any:
        """The state with a dimension for the batch, zeros for None.

        Raises:
            ValueError: it has other dimensions.
        """
        if hx is None:
            return self._zeros(self._batched(input))
        if hx.dim() not in (1, 2):
            raise ValueError(f"{self._kind}: Expected hidden to be 1D or 2D, got {hx.dim()}D instead")
        return hx if input.dim() == 2 else hx.unsqueeze(0)

    @property
    def _kind(self) -> str:
        return next(kind.__name__ for kind in type(self).__mro__ if kind.__module__ == __name__)

    def _weights(self) -> tuple[Any, ...]:
        return self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh


class RNNCell(RNNCellBase):
    """A step of Elman's network: h' = tanh(W·x + b + V·h + c).

    Args:
        input_size: I.
        hidden_size: H.
        bias: whether there are b and c.
        nonlinearity: 'tanh' or 'relu'.
        device: the CPU.
        dtype: of the parameters; the default one by default.

    Shape:
        - Input: (N, I) or (I)
        - Hidden: (N, H) or (H); zeros by default
        - Output: like the hidden one

    Example:
        >>> import pyconv
        >>> RNNCell(3, 4)(pyconv.ones(2, 3)).shape
        torch.Size([2, 4])
    """

    __constants__: ClassVar[list[str]] = ["input_size", "hidden_size", "bias", "nonlinearity"]

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Any, hx: Any = None) -> Any:
        """The next state.

        Raises:
            ValueError: there are other dimensions.
            RuntimeError: shapes do not fit, or there is no such nonlinearity.
        """
        batched, state = self._batched(input), self._state(input, hx)
        if self.nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {self.nonlinearity}")
        cell = cells.rnn_tanh_cell if self.nonlinearity == "tanh" else cells.rnn_relu_cell
        found = cell(batched, state, *self._weights())
        return found if input.dim() == 2 else found.squeeze(0)


class LSTMCell(RNNCellBase):
    """A step of long short-term memory.

    Args:
        input_size: I.
        hidden_size: H.
        bias: whether there are biases.
        device: the CPU.
        dtype: of the parameters; the default one by default.

    Shape:
        - Input: (N, I) or (I)
        - Hidden: a pair of state and cell, (N, H) or (H); zeros by default
        - Output: a pair like the hidden one

    Example:
        >>> import pyconv
        >>> h, c = LSTMCell(3, 4)(pyconv.ones(2, 3))
        >>> h.shape, c.shape
        (torch.Size([2, 4]), torch.Size([2, 4]))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Any, hx: Any = None) -> tuple[Any, Any]:
        """The next state and the next cell.

        Raises:
            ValueError: there are other dimensions.
            RuntimeError: shapes do not fit.
        """
        batched = self._batched(input)
        if hx is None:
            nothing = self._zeros(batched)
            hx = (nothing, nothing)
        else:
            for i, state in enumerate(hx):
                if state.dim() not in (1, 2):
                    raise ValueError(f"LSTMCell: Expected hx[{i}] to be 1D or 2D, got {state.dim()}D instead")
            hx = hx if input.dim() == 2 else (hx[0].unsqueeze(0), hx[1].unsqueeze(0))
        h, c = cells.lstm_cell(batched, hx, *self._weights())
        return (h, c) if input.dim() == 2 else (h.squeeze(0), c.squeeze(0))


class GRUCell(RNNCellBase):
    """A step of gated recurrent units.

    Args:
        input_size: I.
        hidden_size: H.
        bias: whether there are biases.
        device: the CPU.
        dtype: of the parameters; the default one by default.

    Shape:
        - Input: (N, I) or (I)
        - Hidden: (N, H) or (H); zeros by default
        - Output: like the hidden one

    Example:
        >>> import pyconv
        >>> GRUCell(3, 4)(pyconv.ones(2, 3)).shape
        torch.Size([2, 4])
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)

    def forward(self, input: Any, hx: Any = None) -> Any:
        """The next state.

        Raises:
            ValueError: there are other dimensions.
            RuntimeError: shapes do not fit.
        """
        batched, state = self._batched(input), self._state(input, hx)
        found = cells.gru_cell(batched, state, *self._weights())
        return found if input.dim() == 2 else found.squeeze(0)
