"""torch.lstm, gru, rnn_tanh and rnn_relu: recurrent layers one upon the other, over padded or packed sequences.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pyconv import dtypes
from pyconv.functions.dropout import dropout
from pyconv.ops import joining
from pyconv.ops import recurrent as ops
from pyconv.ops.cast import array_of
from pyconv.ops.elementwise import kind_of
from pyconv.ops.index import select
from pyconv.ops.shape import transpose
from pyconv.signatures import function

__all__ = ["gru", "lstm", "rnn_relu", "rnn_tanh"]

_REST = "tuple of Tensors params, bool has_biases, int num_layers, float dropout, bool train, bool bidirectional"
_transpose_in_place = transpose.alias("Transpose", variant=1)
_ONE_STATE = (
    f"(Tensor data, Tensor batch_sizes, Tensor hx, {_REST})",
    f"(Tensor input, Tensor hx, {_REST}, bool batch_first)",
)
_TWO_STATES = tuple(text.replace("Tensor hx", "tuple of Tensors hx") for text in _ONE_STATE)
_NAMES = ("hx", "params", "has_biases", "num_layers", "dropout", "train", "bidirectional")


class _Layers:
    """The arguments of a call, padded or packed, with the parameters by layer and direction."""

    def __init__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        is_packed = "batch_sizes" in kwargs or (len(args) > 3 and not isinstance(args[3], bool))
        names = ("data", "batch_sizes", *_NAMES) if is_packed else ("input", *_NAMES, "batch_first")
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        self.batch_sizes = given.get("batch_sizes")
        self.batch_first = bool(given.get("batch_first", False))
        self.input, self.hx, params, biases, self.count, self.dropout, self.train, self.bidirectional = (
            given[name] for name in (names[0], *_NAMES)
        )
        states = [self.hx] if not isinstance(self.hx, (tuple, list)) else list(self.hx)
        self.projects = len(states) == 2 and array_of(states[0]).shape[2] != array_of(states[1]).shape[2]
        self.parameters = _grouped(list(params), bool(biases), self.projects)

    @property
    def counts(self) -> tuple[int, ...]:
        """The rows of each step, the first dimension being time."""
        if self.batch_sizes is not None:
            return tuple(array_of(self.batch_sizes).tolist())
        steps, batch = array_of(self.input).shape[:2][:: -1 if self.batch_first else 1]
        return (batch,) * steps

    def run(self, op: Any, states: Sequence[Any], turn: Any, **static: Any) -> tuple[Any, ...]:
        """Every state of the last layer, and the last states of all layers and directions.

        Args:
            op: one layer in one direction.
            states: the first states of all of them.
            turn: the op that puts the batch first again.
            static: keyword arguments of the op.

        Raises:
            RuntimeError: there is no step.
        """
        x, counts = self.input, self.counts
        if not counts:
            raise RuntimeError("Expected sequence length to be larger than 0 in RNN")
        x = _turned(x) if self.batch_first else x
        last: list[list[Any]] = [[] for _ in states]
        directions = 2 if self.bidirectional else 1
        for layer in range(self.count):
            found = []
            for place in range(directions * layer, directions * (layer + 1)):
                begin = [select(state, index=(place,)) for state in states]
                reverse = place % directions == 1
                y, *ends = op(x, *begin, *self.parameters[place], counts=counts, reverse=reverse, **static)
                found.append(y)
                for kept, end in zip(last, ends[: len(states)], strict=True):
                    kept.append(end)
            x = _side_by_side(found)
            if self.train and self.dropout != 0 and layer < self.count - 1:
                x = dropout(x, self.dropout, True)
        return _turned(x, turn) if self.batch_first else x, *(joining.stack(*kept, dim=0) for kept in last)


def _grouped(params: list[Any], biases: bool, projects: bool) -> list[tuple[Any, ...]]:
    """The parameters of each layer and direction: both weights, both biases, and the projection of an LSTM."""
    stride = (4 if biases else 2) + projects
    if len(params) % stride:
        raise RuntimeError(f"MatrixRef: ArrayRef size {len(params)} not divisible by stride {stride}")
    groups = [params[i : i + stride] for i in range(0, len(params), stride)]
    return [tuple(g) if biases else (*g[:2], None, None, *g[2:]) for g in groups]


def _turned(x: Any, turn: Any = transpose) -> Any:
    """(N, T, …) → (T, N, …), and back."""
    return turn(x, axes=(1, 0, *range(2, array_of(x).ndim)))


def _side_by_side(found: list[Any]) -> Any:
    """The states of both directions along the last dimension."""
    if len(found) == 1:
        return found[0]
    shape = array_of(found[0]).shape
    return joining.cat(*found, dim=len(shape) - 1, starts=(0, shape[-1]))


def _check_kinds(states: Iterable[Any], layers: _Layers) -> None:
    """Raise RuntimeError where a state has another dtype than the weights."""
    weight = kind_of(layers.parameters[0][1])
    for state in states:
        if kind_of(state) is not weight:
            raise RuntimeError(
                f"mat1 and mat2 must have the same dtype, but got {kind_of(state).scalar_name} and {weight.scalar_name}"
            )


@function(*_TWO_STATES)
def lstm(*args: Any, **kwargs: Any) -> tuple[Any, Any, Any]:
    """Layers of long short-term memory, over padded sequences or packed ones: what `nn.LSTM` computes.

    Args:
        args: `(input, hx, …, batch_first)`: (T, N, I), or (N, T, I) batch first, and the states (L·D, N, P) and
            (L·D, N, H); or `(data, batch_sizes, hx, …)`: (R, I), the rows of all steps, and how many each step has.
        kwargs: the same by name.

    Returns:
        Every state of the last layer, (T, N, D·P) or (R, D·P); the last states, (L·D, N, P); the last cells.

    Raises:
        RuntimeError: no step, one state, or dtypes that differ.

    Example:
        >>> import pyconv as torch
        >>> x, h, weights = torch.ones(2, 1, 3), torch.zeros(1, 1, 2), [torch.ones(8, 3), torch.ones(8, 2)]
        >>> lstm(x, (h, h), weights, False, 1, 0.0, False, False, False)[0]
        tensor([[[0.7038, 0.7038]],
        <BLANKLINE>
                [[0.9467, 0.9467]]])
    """
    layers = _Layers(args, kwargs)
    states = list(layers.hx)
    if len(states) != 2:
        raise RuntimeError("lstm expects two hidden states")
    by_library = kind_of(layers.input) in (dtypes.float32, dtypes.bfloat16) and array_of(layers.input).size
    if layers.batch_sizes is not None:
        name = "Cat"
    else:
        name = "MkldnnRnnLayer" if by_library and not layers.projects else "Stack"
    if name == "MkldnnRnnLayer" and any(kind_of(state) is dtypes.float64 for state in states):
        raise RuntimeError("get_mkldnn_dtype: unsupported data type")
    _check_kinds(states, layers)
    layers.parameters = [group if layers.projects else (*group, None) for group in layers.parameters]
    y, h, c = layers.run(ops.lstm[name], states, transpose)
    return y, h, c


def _with_one_state(
    kind: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any], **static: Any
) -> tuple[Any, Any]:
    layers = _Layers(args, kwargs)
    _check_kinds([layers.hx], layers)
    y, h = layers.run(
        kind["Stack" if layers.batch_sizes is None else "Cat"], [layers.hx], _transpose_in_place, **static
    )
    return y, h


@function(*_ONE_STATE)
def gru(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """Layers of gated recurrent units, over padded sequences or packed ones: what `nn.GRU` computes.

    Args:
        args: as those of `lstm`, with one state, (L·D, N, H).
        kwargs: the same by name.

    Returns:
        Every state of the last layer, (T, N, D·H) or (R, D·H), and the last states, (L·D, N, H).

    Raises:
        RuntimeError: no step, or dtypes that differ.

    Example:
        >>> import pyconv as torch
        >>> x, h, weights = torch.ones(2, 1, 3), torch.zeros(1, 1, 2), [torch.ones(6, 3), torch.ones(6, 2)]
        >>> gru(x, h, weights, False, 1, 0.0, False, False, False)[1]
        tensor([[[0.0883, 0.0883]]])
    """
    return _with_one_state(ops.gru, args, kwargs)


@function(*_ONE_STATE)
def rnn_tanh(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """Elman's layers with tanh, over padded sequences or packed ones: what `nn.RNN` computes.

    Args:
        args: as those of `gru`.
        kwargs: the same by name.

    Returns:
        As by `gru`.

    Raises:
        RuntimeError: no step, or dtypes that differ.

    Example:
        >>> import pyconv as torch
        >>> x, h, weights = torch.ones(1, 1, 3), torch.zeros(1, 1, 2), [torch.ones(2, 3), torch.ones(2, 2)]
        >>> rnn_tanh(x, h, weights, False, 1, 0.0, False, False, False)[1]
        tensor([[[0.9951, 0.9951]]])
    """
    return _with_one_state(ops.elman, args, kwargs, relu=False)


@function(*_ONE_STATE)
def rnn_relu(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """Elman's layers with relu, over padded sequences or packed ones: what `nn.RNN` computes.

    Args:
        args: as those of `gru`.
        kwargs: the same by name.

    Returns:
        As by `gru`.

    Raises:
        RuntimeError: no step, or dtypes that differ.

    Example:
        >>> import pyconv as torch
        >>> x, h, weights = torch.ones(2, 1, 3), torch.zeros(1, 1, 2), [torch.ones(2, 3), torch.ones(2, 2)]
        >>> rnn_relu(x, h, weights, False, 1, 0.0, False, False, False)[1]
        tensor([[[9., 9.]]])
    """
    return _with_one_state(ops.elman, args, kwargs, relu=True)
