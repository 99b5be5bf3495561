"""One step of a recurrent layer, of primitives: what the cells compute, and what second derivatives are taken of.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

from pyconv.ops.arithmetic import add, mul, sub
from pyconv.ops.cast import array_of
from pyconv.ops.index import take
from pyconv.ops.matmul import addmm, mm
from pyconv.ops.shape import matrix_transpose
from pyconv.ops.unary import relu, sigmoid, tanh

_part = take.alias("UnsafeSplit", is_view=False)


def linear(x: Any, w: Any, b: Any) -> Any:
    """X · wᵀ + b of matrices; the bias may be None."""
    turned = matrix_transpose(w, axes=(1, 0))
    return mm(x, turned) if b is None else addmm(b, x, turned, alpha=1, beta=1)


def _parts(x: Any, count: int) -> list[Any]:
    size = array_of(x).shape[1] // count
    return [_part(x, index=(slice(None), slice(i * size, (i + 1) * size))) for i in range(count)]


def lstm(of_input: Any, h: Any, c: Any, w_hh: Any, b_hh: Any, w_hr: Any = None) -> tuple[Any, Any]:
    """The next state and cell.

    Args:
        of_input: (N, 4H), the input's part of the gates.
        h: (N, P).
        c: (N, H).
        w_hh: (4H, P).
        b_hh: (4H), or None.
        w_hr: (P, H), or None.
    """
    i, f, g, o = _parts(add(linear(h, w_hh, b_hh), of_input), 4)
    cell = add(mul(sigmoid(f), c), mul(sigmoid(i), tanh(g)))
    hidden = mul(sigmoid(o), tanh(cell))
    return (hidden if w_hr is None else linear(hidden, w_hr, None)), cell


def gru(of_input: Any, h: Any, w_hh: Any, b_hh: Any) -> Any:
    """The next state.

    Args:
        of_input: (N, 3H), the input's part of the gates.
        h: (N, H).
        w_hh: (3H, H).
        b_hh: (3H), or None.
    """
    input_parts, parts = _parts(of_input, 3), _parts(linear(h, w_hh, b_hh), 3)
    reset = sigmoid(add(parts[0], input_parts[0]))
    update = sigmoid(add(parts[1], input_parts[1]))
    new = tanh(add(input_parts[2], mul(parts[2], reset)))
    return add(mul(sub(h, new), update), new)


def elman(of_input: Any, h: Any, w_hh: Any, b_hh: Any, rectified: bool) -> Any:
    """The next state.

    Args:
        of_input: (N, H), the input's part of it.
        h: (N, H).
        w_hh: (H, H).
        b_hh: (H), or None.
        rectified: whether the nonlinearity is relu, not tanh.
    """
    z = add(linear(h, w_hh, b_hh), of_input)
    return relu(z) if rectified else tanh(z)
