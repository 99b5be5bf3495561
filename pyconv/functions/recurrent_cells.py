"""torch.lstm_cell, gru_cell, rnn_tanh_cell and rnn_relu_cell: one step of a recurrent layer.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.products import shape_of
from pyconv.ops import recurrent_steps as steps
from pyconv.ops.elementwise import kind_of
from pyconv.ops.shape import check_expand
from pyconv.signatures import function

__all__ = ["gru_cell", "lstm_cell", "rnn_relu_cell", "rnn_tanh_cell"]

_REST = "Tensor w_ih, Tensor w_hh, Tensor b_ih = None, Tensor b_hh = None)"


def _of_input(input: Any, states: tuple[Any, ...], w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any, gates: int) -> Any:
    """The input's part of the gates.

    Raises:
        RuntimeError: sizes or dtypes do not fit.
    """
    batch, size = shape_of(input)
    rows, inputs = shape_of(w_ih)
    hidden = shape_of(w_hh)[1]
    if size != inputs:
        raise RuntimeError(f"input has inconsistent input_size: got {size} expected {inputs}")
    for i, state in enumerate(states):
        shape = shape_of(state)
        if shape[0] != batch:
            raise RuntimeError(f"Input batch size {batch} doesn't match hidden{i} batch size {shape[0]}")
        if shape[1] != hidden:
            raise RuntimeError(f"hidden{i} has inconsistent hidden_size: got {shape[1]}, expected {hidden}")
    if gates > 1 and rows != gates * hidden:
        raise RuntimeError(f"weight_ih first dim must be {gates} * hidden_size = {gates * hidden}, but got {rows}")
    for x, w in ((input, w_ih), (states[0], w_hh)):
        if kind_of(x) is not kind_of(w):
            found, wanted = kind_of(x), kind_of(w)
            if b_ih is None:
                raise RuntimeError(
                    f"expected m1 and m2 to have the same dtype, but got: {found.cpp_name} != {wanted.cpp_name}"
                )
            raise RuntimeError(
                f"mat1 and mat2 must have the same dtype, but got {found.scalar_name} and {wanted.scalar_name}"
            )
    for bias in (b_ih, b_hh):
        if bias is not None:
            check_expand(shape_of(bias), (batch, rows), kind_of(bias))
    return steps.linear(input, w_ih, b_ih)


@function(f"(Tensor input, tuple of Tensors hx, {_REST}")
def lstm_cell(input: Any, hx: Any, w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None) -> tuple[Any, Any]:
    """One step of long short-term memory.

    Args:
        input: (N, I).
        hx: the state and the cell, (N, H) each.
        w_ih: (4H, I), of the gates i, f, g, o.
        w_hh: (4H, H).
        b_ih: (4H), or None.
        b_hh: likewise.

    Returns:
        The next state and the next cell.

    Raises:
        RuntimeError: sizes or dtypes do not fit, or there are not two states.

    Example:
        >>> import pyconv as torch
        >>> h = torch.zeros(1, 2)
        >>> lstm_cell(torch.ones(1, 3), (h, h), torch.ones(8, 3), torch.ones(8, 2))[1]
        tensor([[0.9479, 0.9479]])
    """
    if len(hx) != 2:
        raise RuntimeError("lstm_cell expects two hidden states")
    return steps.lstm(_of_input(input, tuple(hx), w_ih, w_hh, b_ih, b_hh, 4), hx[0], hx[1], w_hh, b_hh)


@function(f"(Tensor input, Tensor hx, {_REST}")
def gru_cell(input: Any, hx: Any, w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None) -> Any:
    """One step of gated recurrent units.

    Args:
        input: (N, I).
        hx: (N, H).
        w_ih: (3H, I), of the gates r, z, n.
        w_hh: (3H, H).
        b_ih: (3H), or None.
        b_hh: likewise.

    Returns:
        The next state.

    Raises:
        RuntimeError: sizes or dtypes do not fit.

    Example:
        >>> import pyconv as torch
        >>> gru_cell(torch.ones(1, 3), torch.zeros(1, 2), torch.ones(6, 3), torch.ones(6, 2))
        tensor([[0.0472, 0.0472]])
    """
    return steps.gru(_of_input(input, (hx,), w_ih, w_hh, b_ih, b_hh, 3), hx, w_hh, b_hh)


@function(f"(Tensor input, Tensor hx, {_REST}")
def rnn_tanh_cell(input: Any, hx: Any, w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None) -> Any:
    """One step of Elman's network with tanh.

    Args:
        input: (N, I).
        hx: (N, H).
        w_ih: (H, I).
        w_hh: (H, H).
        b_ih: (H), or None.
        b_hh: likewise.

    Returns:
        The next state.

    Raises:
        RuntimeError: sizes or dtypes do not fit.

    Example:
        >>> import pyconv as torch
        >>> rnn_tanh_cell(torch.ones(1, 1), torch.zeros(1, 1), torch.ones(1, 1), torch.ones(1, 1))
        tensor([[0.7616]])
    """
    return steps.elman(_of_input(input, (hx,), w_ih, w_hh, b_ih, b_hh, 1), hx, w_hh, b_hh, False)


@function(f"(Tensor input, Tensor hx, {_REST}")
def rnn_relu_cell(input: Any, hx: Any, w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None) -> Any:
    """One step of Elman's network with relu.

    Args:
        input: (N, I).
        hx: (N, H).
        w_ih: (H, I).
        w_hh: (H, H).
        b_ih: (H), or None.
        b_hh: likewise.

    Returns:
        The next state.

    Raises:
        RuntimeError: sizes or dtypes do not fit.

    Example:
        >>> import pyconv as torch
        >>> rnn_relu_cell(torch.ones(1, 1), torch.zeros(1, 1), torch.ones(1, 1), torch.ones(1, 1))
        tensor([[1.]])
    """
    return steps.elman(_of_input(input, (hx,), w_ih, w_hh, b_ih, b_hh, 1), hx, w_hh, b_hh, True)
