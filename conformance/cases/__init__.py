"""Seeded generators of cases, one family a file.

- `option.py`: options with levels, families of them; `options.py`, `window.py`, `axis.py`: what families share.
- `pairs.py`: few cases in which every two levels meet.
- `conv.py`, `transposed.py`, `fold.py`, `pad.py`: the families.
- `errors.py`: breaks a case.

May import: the standard library and `conformance.case`. A case depends on its seed, its number and the operations
alone, so that neither the order of a run nor a shard of it changes any case.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from conformance.case import SPATIAL_AXES, Case
from conformance.cases import conv, errors, fold, pad, transposed
from conformance.cases.option import Family
from conformance.cases.pairs import covering

EVERY_BROKEN = 4
"""Of the cases of an operation, each fourth is a broken one."""

FAMILIES: dict[str, Family] = {
    **{op: conv.family(op) for op in ("conv1d", "conv2d", "conv3d")},
    **{op: transposed.family(op) for op in ("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")},
    **{op: fold.family(op) for op in ("unfold", "fold")},
    "pad": pad.family(),
}


def draw(seed: int, number: int, ops: Sequence[str] = ()) -> Case:
    """The case of a number in the run of a seed: first those that cover all pairs of levels, then random ones.

    Args:
        seed: of the run.
        number: of the case; consecutive numbers take the operations in turn.
        ops: the operations to take; all of them where empty.

    Example:
        >>> draw(0, 1) == draw(0, 1), draw(0, 1) == draw(1, 1)
        (True, False)
    """
    names = list(ops or SPATIAL_AXES)
    op, turn = names[number % len(names)], number // len(names)
    rnd = Random(f"{seed}/{turn}/{op}")
    if turn % EVERY_BROKEN == EVERY_BROKEN - 1:
        case = errors.break_case(rnd, FAMILIES[op].draw(rnd), turn // EVERY_BROKEN + 5 * list(SPATIAL_AXES).index(op))
    else:
        rows, valid = pairwise(seed, op), turn - turn // EVERY_BROKEN
        case = rows[valid] if valid < len(rows) else FAMILIES[op].draw(rnd)
    return replace(case, mode=None) if pad.is_undefined(case) else case


@functools.cache
def pairwise(seed: int, op: str) -> tuple[Case, ...]:
    """The cases of an operation in which all pairs of levels meet, in the run of a seed.

    Example:
        >>> len(pairwise(0, "pad")) < 200
        True
    """
    return tuple(covering(FAMILIES[op], Random(f"{seed}/{op}")))
