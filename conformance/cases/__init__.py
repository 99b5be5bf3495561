"""Seeded generators of cases, one family a file.

- `option.py`: options with levels, families of them; `options.py`, `window.py`, `axis.py`: what families share.
- `pairs.py`: few cases in which every two levels meet.
- `conv.py`, `transposed.py`, `fold.py`, `pad.py`: the families of the convolutions and of what belongs to them.
- `called.py`: what the families of calls share.
- `pooling.py`, `normalization.py`, `resize.py`, `activation.py`, `dropout.py`, `loss.py`, `products.py`,
  `pointwise.py`, `reduction.py`, `shape.py`, `indexing.py`: those families; `moving.py`: what the last two share.
- `errors.py`, `call_errors.py`: break a case, a call.

May import: the standard library, `conformance.case`, `conformance.call`, `conformance.operations`. A case depends on
its
seed, its number and the operations alone, so that neither the order of a run nor a shard of it changes any case.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from conformance.call import Call, Configuration
from conformance.case import SPATIAL_AXES
from conformance.cases import (
    activation,
    call_errors,
    conv,
    dropout,
    errors,
    fold,
    indexing,
    loss,
    normalization,
    pad,
    pointwise,
    pooling,
    products,
    reduction,
    resize,
    shape,
    transposed,
)
from conformance.cases.option import Family
from conformance.cases.pairs import covering
from conformance.operations import GROUPS, OPERATIONS

EVERY_BROKEN = 4
"""Of the cases of an operation, each fourth is a broken one."""

_MODULES = {
    "pooling": pooling,
    "normalization": normalization,
    "resize": resize,
    "activation": activation,
    "dropout": dropout,
    "loss": loss,
    "products": products,
    "pointwise": pointwise,
    "reduction": reduction,
    "shape": shape,
    "indexing": indexing,
}
FAMILIES: dict[str, Family] = {
    **{op: conv.family(op) for op in ("conv1d", "conv2d", "conv3d")},
    **{op: transposed.family(op) for op in ("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")},
    **{op: fold.family(op) for op in ("unfold", "fold")},
    "pad": pad.family(),
    **{op: _MODULES[group].family(op) for group, operations in GROUPS.items() for op in operations},
}


def draw(seed: int, number: int, ops: Sequence[str] = ()) -> Configuration:
    """The case of a number in the run of a seed: first those that cover all pairs of levels, then random ones.

    Without a choice of operations a convolution, or what belongs to it, and a call of another operation are drawn
    by turns of nine, each taking its operations in turn.

    Args:
        seed: of the run.
        number: of the case; consecutive numbers take the operations in turn.
        ops: the operations to take; all of them where empty.

    Example:
        >>> draw(0, 1) == draw(0, 1), draw(0, 1) == draw(1, 1)
        (True, False)
    """
    op, turn = _place(number, ops)
    rnd = Random(f"{seed}/{turn}/{op}")
    if turn % EVERY_BROKEN == EVERY_BROKEN - 1:
        return _broken(rnd, FAMILIES[op].draw(rnd), turn // EVERY_BROKEN)
    rows, valid = pairwise(seed, op), turn - turn // EVERY_BROKEN
    return _defined(rows[valid] if valid < len(rows) else FAMILIES[op].draw(rnd))


def _place(number: int, ops: Sequence[str]) -> tuple[str, int]:
    """The operation of a number, and how many of its cases come before."""
    if ops:
        return ops[number % len(ops)], number // len(ops)
    names, every = list(SPATIAL_AXES), list(OPERATIONS)
    turn, place = divmod(number, 2 * len(names))
    if place < len(names):
        return names[place], turn
    turn, place = divmod(turn * len(names) + place - len(names), len(every))
    return every[place], turn


def _broken(rnd: Random, case: Configuration, turn: int) -> Configuration:
    if isinstance(case, Call):
        return _defined(call_errors.break_call(rnd, case, turn))
    return _defined(errors.break_case(rnd, case, turn + 5 * list(SPATIAL_AXES).index(case.op)))


def _defined(case: Configuration) -> Configuration:
    """The case, or one near it, in which torch defines all of the result."""
    if not is_undefined(case):
        return case
    if not isinstance(case, Call):
        return replace(case, mode=None)
    return reduction.without_ties(case) if reduction.is_undefined(case) else pooling.without_dilation(case)


def is_undefined(case: Configuration) -> bool:
    """Whether torch leaves a part of the result to chance, as `pad.py`, `pooling.py` and `reduction.py` tell.

    Example:
        >>> from conformance.tokens import parse
        >>> is_undefined(parse("max_pool1d input=1x1 kernel_size=2 padding=1 dilation=2"))
        True
    """
    if isinstance(case, Call):
        return pooling.is_undefined(case) or reduction.is_undefined(case)
    return pad.is_undefined(case)


@functools.cache
def pairwise(seed: int, op: str) -> tuple[Configuration, ...]:
    """The cases of an operation in which all pairs of levels meet, in the run of a seed.

    Example:
        >>> len(pairwise(0, "pad")) < 200
        True
    """
    return tuple(covering(FAMILIES[op], Random(f"{seed}/{op}")))
