"""Elman's recurrent network: the next state is tanh or relu of maps of the input and the state.

J. L. Elman, "Finding Structure in Time", 1990. May import: NumPy, `pyconv.kernels`. The legend is in `steps`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.kernels.bounds import at_least
from pyconv.kernels.recurrent.steps import (
    Counts,
    before,
    in_order,
    projected,
    rounded_like,
    tanh,
    weight_gradients,
    widened,
    working_dtype,
)

Array = np.ndarray[Any, Any]


def forward(
    x: Array,
    h0: Array,
    w_ih: Array,
    w_hh: Array,
    b_ih: Array | None,
    b_hh: Array | None,
    *,
    relu: bool,
    counts: Counts,
    reverse: bool,
) -> tuple[Array, ...]:
    """One direction of a layer.

    Args:
        x: (R, I).
        h0: (N, H).
        w_ih: (H, I).
        w_hh: (H, H).
        b_ih: (H), or None.
        b_hh: likewise.
        relu: whether the nonlinearity is relu, not tanh.
        counts: the rows of each step.
        reverse: whether it goes from the last step to the first.

    Returns:
        (R, H), every state; (N, H), the last; (R, H), every state before it was rounded.
    """
    kind = working_dtype(x, h0, w_ih, w_hh)
    states = projected(x.astype(kind), w_ih, b_ih, b_hh)
    h = h0.astype(kind)
    recurrent = w_hh.T.astype(kind)
    for rows in in_order(counts, reverse):
        n = rows.stop - rows.start
        z = states[rows]
        z += h[:n] @ recurrent
        h[:n] = at_least(z, z.dtype.type(0), out=z) if relu else tanh(z, out=z)
    return states.astype(x.dtype), h.astype(x.dtype, copy=False), states


def backward(
    gy: Array,
    gh: Array,
    y: Array,  # noqa: ARG001
    states: Array,
    *operands: Array | None,
    relu: bool,
    counts: Counts,
    reverse: bool,
) -> tuple[Array | None, ...]:
    """The cotangents of the operands of `forward`.

    Args:
        gy: (R, H), the cotangent of every state.
        gh: (N, H), of the last one.
        y: as `forward` returned it, likewise the next one.
        states: as above.
        operands: those of `forward`.
        relu: as there.
        counts: as there.
        reverse: as there.
    """
    kind = states.dtype
    x, h0, w_ih, w_hh, _, _ = widened(operands, kind)
    h_before = np.concatenate([states, h0])[before(counts, reverse)]
    slopes = (states > 0).astype(kind) if relu else 1 - states * states
    gz = np.empty_like(states)
    gh = gh.astype(kind)
    for rows in reversed(in_order(counts, reverse)):
        n = rows.stop - rows.start
        gz[rows] = (gh[:n] + gy[rows]) * slopes[rows]
        gh[:n] = gz[rows] @ w_hh
    found = (gz @ w_ih, gh, *weight_gradients(gz, x, gz, h_before))
    return rounded_like(found, operands)
