"""Long short-term memory: gates i, f, g, o.

S. Hochreiter, J. Schmidhuber, "Long Short-Term Memory", 1997; the projection: H. Sak, A. Senior, F. Beaufays, "Long
Short-Term Memory Based Recurrent Neural Network Architectures", 2014. May import: NumPy, `pyconv.kernels`. The legend
is in `steps`.
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
    c0: Array,
    w_ih: Array,
    w_hh: Array,
    b_ih: Array | None,
    b_hh: Array | None,
    w_hr: Array | None,
    *,
    counts: Counts,
    reverse: bool,
) -> tuple[Array, ...]:
    """One direction of a layer.

    Args:
        x: (R, I).
        h0: (N, P).
        c0: (N, H).
        w_ih: (4H, I).
        w_hh: (4H, P).
        b_ih: (4H), or None.
        b_hh: likewise.
        w_hr: (P, H), the projection of the hidden state, or None where P is H.
        counts: the rows of each step.
        reverse: whether it goes from the last step to the first.

    Returns:
        (R, P), every state; (N, P) and (N, H), the last; (R, 4H), the gates, and (R, H), the cells.
    """
    kind = working_dtype(x, h0, w_ih, w_hh)
    size = c0.shape[1]
    gates = projected(x.astype(kind), w_ih, b_ih, b_hh)
    cells = np.empty((len(x), size), kind)
    y = np.empty((len(x), h0.shape[1]), x.dtype)
    h, c = h0.astype(kind), c0.astype(kind)
    recurrent = w_hh.T.astype(kind)
    project = None if w_hr is None else w_hr.T.astype(kind)
    for rows in in_order(counts, reverse):
        n = rows.stop - rows.start
        z = gates[rows]
        z += h[:n] @ recurrent
        squash(z[:, : 2 * size])
        tanh(z[:, 2 * size : 3 * size], out=z[:, 2 * size : 3 * size])
        squash(z[:, 3 * size :])
        i, f, g, o = np.split(z, 4, axis=1)
        c[:n] = f * c[:n] + i * g
        cells[rows] = c[:n]
        hidden = o * tanh(c[:n])
        h[:n] = hidden if project is None else hidden @ project
        y[rows] = h[:n]
    return y, h.astype(x.dtype, copy=False), c.astype(x.dtype, copy=False), gates, cells


def backward(
    gy: Array,
    gh: Array,
    gc: Array,
    y: Array,
    gates: Array,
    cells: Array,
    *operands: Array | None,
    counts: Counts,
    reverse: bool,
) -> tuple[Array | None, ...]:
    """The cotangents of the operands of `forward`.

    Args:
        gy: (R, P), the cotangent of every state.
        gh: (N, P), of the last one.
        gc: (N, H), of the last cell.
        y: as `forward` returned it, likewise the next two.
        gates: as above.
        cells: as above.
        operands: those of `forward`.
        counts: as there.
        reverse: as there.
    """
    kind = gates.dtype
    x, h0, c0, w_ih, w_hh, _, _, w_hr = widened(operands, kind)
    places = before(counts, reverse)
    h_before = np.concatenate([y.astype(kind, copy=False), h0])[places]
    i, f, g, o = np.split(gates, 4, axis=1)
    bent = tanh(cells)
    # (R, 3, H): what a cotangent of the cell becomes at the gates i, f, g
    slopes = np.stack([g * i * (1 - i), np.concatenate([cells, c0])[places] * f * (1 - f), i * (1 - g * g)], axis=1)
    of_output, of_cell = bent * o * (1 - o), o * (1 - bent * bent)
    gz = np.empty((len(x), 4, cells.shape[1]), kind)
    g_state = np.empty((len(x), h0.shape[1]), kind)
    gh, gc = gh.astype(kind), gc.astype(kind)
    for rows in reversed(in_order(counts, reverse)):
        n = rows.stop - rows.start
        g_state[rows] = gh[:n] + gy[rows]
        g_hidden = g_state[rows] if w_hr is None else g_state[rows] @ w_hr
        g_cell = gc[:n] + g_hidden * of_cell[rows]
        gz[rows, :3] = g_cell[:, None] * slopes[rows]
        gz[rows, 3] = g_hidden * of_output[rows]
        gc[:n] = g_cell * f[rows]
        gh[:n] = gz[rows].reshape(n, len(w_hh)) @ w_hh
    flat = gz.reshape(len(x), len(w_hh))
    of_projection = None if w_hr is None else g_state.T @ (o * bent)
    found = (flat @ w_ih, gh, gc, *weight_gradients(flat, x, flat, h_before), of_projection)
    return rounded_like(found, operands)
