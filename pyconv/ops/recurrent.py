"""Recurrent layers' loops over time as primitives: one node for one direction of one layer.

Its gradient is computed by a loop back through time. A pass that is recorded itself takes it of the same steps made
of primitives, which has derivatives of any order. May import: NumPy, `pyconv.autograd`, `pyconv.kernels`,
`pyconv.ops`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv.autograd.backward import grad
from pyconv.autograd.mode import is_grad_enabled
from pyconv.autograd.traced import Traced
from pyconv.kernels.recurrent import elman as elman_kernels
from pyconv.kernels.recurrent import gru as gru_kernels
from pyconv.kernels.recurrent import lstm as lstm_kernels
from pyconv.kernels.recurrent.steps import in_order
from pyconv.ops import recurrent_steps as steps
from pyconv.ops.cast import array_of
from pyconv.ops.index import alias, narrow
from pyconv.ops.joining import cat
from pyconv.ops.several import Several
from pyconv.ops.shape import reshape

Array = np.ndarray[Any, Any]
Counts = tuple[int, ...]


def _joined(parts: list[Any]) -> Any:
    """Matrices one below the other."""
    sizes = [len(array_of(part)) for part in parts]
    starts = tuple(sum(sizes[:i]) for i in range(len(parts)))
    return parts[0] if len(parts) == 1 else cat(*parts, dim=0, starts=starts)


def _rows(x: Array) -> Array:
    """The rows of all steps below one another: (T, N, I) or (R, I) → (R, I)."""
    return x.reshape(math.prod(x.shape[:-1]), x.shape[-1])


def _walk(
    of_input: Any, states: tuple[Any, ...], counts: Counts, reverse: bool, step: Callable[..., tuple[Any, ...]]
) -> tuple[Any, ...]:
    """Every first state, row by row, and the last of all states, from `step(of_input, *states)`."""
    found = []
    for rows in in_order(counts, reverse):
        n = rows.stop - rows.start
        new = step(narrow(of_input, index=(rows,)), *(narrow(s, index=(slice(0, n),)) for s in states))
        found.append(new[0])
        kept = [[narrow(s, index=(slice(n, None),))] if n < len(array_of(s)) else [] for s in states]
        states = tuple(_joined([a, *b]) for a, b in zip(new, kept, strict=True))
    return _joined(found[::-1] if reverse else found), *states


def _lstm_steps(
    x: Any, h: Any, c: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any, w_hr: Any, *, counts: Counts, reverse: bool
) -> tuple[Any, ...]:
    def step(of_input: Any, h: Any, c: Any) -> tuple[Any, ...]:
        return steps.lstm(of_input, h, c, w_hh, b_hh, w_hr)

    return _walk(steps.linear(x, w_ih, b_ih), (h, c), counts, reverse, step)


def _gru_steps(
    x: Any, h: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any, *, counts: Counts, reverse: bool
) -> tuple[Any, ...]:
    def step(of_input: Any, h: Any) -> tuple[Any, ...]:
        return (steps.gru(of_input, h, w_hh, b_hh),)

    return _walk(steps.linear(x, w_ih, b_ih), (h,), counts, reverse, step)


def _elman_steps(
    x: Any, h: Any, w_ih: Any, w_hh: Any, b_ih: Any, b_hh: Any, *, relu: bool, counts: Counts, reverse: bool
) -> tuple[Any, ...]:
    def step(of_input: Any, h: Any) -> tuple[Any, ...]:
        return (steps.elman(of_input, h, w_hh, b_hh, relu),)

    return _walk(steps.linear(x, w_ih, b_ih), (h,), counts, reverse, step)


def _again(
    walk: Callable[..., tuple[Any, ...]], cotangents: tuple[Any, ...], operands: tuple[Any, ...], static: dict[str, Any]
) -> list[Any]:
    """The cotangents of the operands, recorded: those of the steps, gone through once more."""
    apart = [alias(x, index=()) if isinstance(x, Traced) and x._requires_grad else x for x in operands]
    *steps_and_rows, inputs = array_of(operands[0]).shape
    y, *last = walk(reshape(apart[0], shape=(math.prod(steps_and_rows), inputs)), *apart[1:], **static)
    results = [reshape(y, shape=(*steps_and_rows, array_of(y).shape[1])), *last]
    pairs = [(y, g) for y, g in zip(results, cotangents, strict=True) if g is not None]
    wanted = [i for i, x in enumerate(apart) if isinstance(x, Traced) and x._requires_grad]
    given = grad([y for y, _ in pairs], [apart[i] for i in wanted], [g for _, g in pairs], None, True, True, True)
    found = dict(zip(wanted, given, strict=True))
    return [found.get(i) for i in range(len(operands))]


def _recurrence(name: str, kernels: Any, walk: Callable[..., tuple[Any, ...]], states: int) -> Several:
    """The op of a kind of layer, under a node's name.

    Args:
        name: torch's, of the node.
        kernels: the module of its loops.
        walk: the same of primitives.
        states: how many of the results are states; the others are kept for the backward pass.
    """

    def forward(x: Array, *operands: Array | None, **static: Any) -> tuple[Array, ...]:
        y, *others = kernels.forward(_rows(x), *operands, **static)
        return y.reshape(*x.shape[:-1], y.shape[-1]), *others

    op = Several(forward, name)

    def vjp(cotangents: tuple[Any, ...], results: tuple[Any, ...], *operands: Any, **static: Any) -> Any:
        if is_grad_enabled():
            return _again(walk, cotangents[:states], operands, static)
        given = [
            np.zeros_like(array_of(y)) if g is None else array_of(g)
            for g, y in zip(cotangents[:states], results[:states], strict=True)
        ]
        arrays = [None if x is None else array_of(x) for x in operands]
        kept = [array_of(y) for y in (results[0], *results[states:])]
        given[0], kept[0], arrays[0] = _rows(given[0]), _rows(kept[0]), _rows(array_of(operands[0]))
        found = list(kernels.backward(*given, *kept, *arrays, **static))
        found[0] = found[0].reshape(array_of(operands[0]).shape)
        wrap = next(type(x)._wrap for x in operands if isinstance(x, Traced))
        return [None if g is None else wrap(g) for g in found]

    op.defvjp(vjp)
    return op


NAMES = ("Stack", "Cat", "MkldnnRnnLayer")
"""What torch calls the node of a layer's states: padded ones, packed ones, those of its library for LSTMs."""

lstm = {name: _recurrence(name, lstm_kernels, _lstm_steps, 3) for name in NAMES}
gru = {name: _recurrence(name, gru_kernels, _gru_steps, 2) for name in NAMES[:2]}
elman = {name: _recurrence(name, elman_kernels, _elman_steps, 2) for name in NAMES[:2]}
