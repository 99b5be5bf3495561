"""Gated recurrent units: gates r, z, n, with the reset gate behind the state's matrix, as cuDNN and torch have it.

K. Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation", 2014.
May import: NumPy, `pyconv.kernels`. The legend is in `steps`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.kernels.recurrent.steps import (
    Counts,
    before,
    in_order,
    projected,
    rounded_like,
    squash,
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
    counts: Counts,
    reverse: bool,
) -> tuple[Array, ...]:
    """One direction of a layer.

    Args:
        x: (R, I).
        h0: (N, H).
        w_ih: (3H, I).
        w_hh: (3H, H).
        b_ih: (3H), or None.
        b_hh: likewise.
        counts: the rows of each step.
        reverse: whether it goes from the last step to the first.

    Returns:
        (R, H), every state; (N, H), the last; (R, 3H), the gates, and (R, H), the state's part of the last gate.
    """
    kind = working_dtype(x, h0, w_ih, w_hh)
    size = h0.shape[1]
    gates = projected(x.astype(kind), w_ih, b_ih)
    inner = np.empty((len(x), size), kind)
    y = np.empty((len(x), size), x.dtype)
    h = h0.astype(kind)
    recurrent = w_hh.astype(kind)
    for rows in in_order(counts, reverse):
        n = rows.stop - rows.start
        of_state = projected(h[:n], recurrent, b_hh)
        z = gates[rows]
        z[:, : 2 * size] += of_state[:, : 2 * size]
        squash(z[:, : 2 * size])
        reset, update, new = np.split(z, 3, axis=1)
        inner[rows] = of_state[:, 2 * size :]
        new += reset * inner[rows]
        tanh(new, out=new)
        h[:n] = (h[:n] - new) * update + new
        y[rows] = h[:n]
    return y, h.astype(x.dtype, copy=False), gates, inner


def backward(
    gy: Array,
    gh: Array,
    y: Array,
    gates: Array,
    inner: Array,
    *operands: Array | None,
    counts: Counts,
    reverse: bool,
) -> tuple[Array | None, ...]:
    """The cotangents of the operands of `forward`.

    Args:
        gy: (R, H), the cotangent of every state.
        gh: (N, H), of the last one.
        y: as `forward` returned it, likewise the next two.
        gates: as above.
        inner: as above.
        operands: those of `forward`.
        counts: as there.
        reverse: as there.
    """
    kind = gates.dtype
    x, h0, w_ih, w_hh, _, _ = widened(operands, kind)
    h_before = np.concatenate([y.astype(kind, copy=False), h0])[before(counts, reverse)]
    reset, update, new = np.split(gates, 3, axis=1)
    to_new = (1 - update) * (1 - new * new)
    to_reset, to_update = inner * reset * (1 - reset), (h_before - new) * update * (1 - update)
    # (R, 3, H): by way of the state the last gate has its cotangent times the reset gate
    gz, gz_hidden = (np.empty((len(x), 3, h0.shape[1]), kind) for _ in range(2))
    gh = gh.astype(kind)
    for rows in reversed(in_order(counts, reverse)):
        n = rows.stop - rows.start
        g = gh[:n] + gy[rows]
        gz[rows, 2] = g * to_new[rows]
        gz[rows, 0] = gz[rows, 2] * to_reset[rows]
        gz[rows, 1] = g * to_update[rows]
        gz_hidden[rows] = gz[rows]
        gz_hidden[rows, 2] *= reset[rows]
        gh[:n] = g * update[rows] + gz_hidden[rows].reshape(n, len(w_hh)) @ w_hh
    flat, flat_hidden = (z.reshape(len(x), len(w_hh)) for z in (gz, gz_hidden))
    found = (flat @ w_ih, gh, *weight_gradients(flat, x, flat_hidden, h_before))
    return rounded_like(found, operands)
