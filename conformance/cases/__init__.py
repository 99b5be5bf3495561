"""Seeded generators of cases, one family a file.

May import: the standard library and `conformance.case`. A family draws a valid case from a `random.Random`;
`errors.py` breaks one. A case depends on its seed, its number and its operation alone, so that neither the
order of a run nor a shard of it changes any case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from conformance.case import SPATIAL_AXES, Case
from conformance.cases import conv, errors, fold, pad, transposed

BROKEN_SHARE = 0.25
_DRAWS: dict[str, Callable[[Random, str], Case]] = {
    "conv1d": conv.draw,
    "conv2d": conv.draw,
    "conv3d": conv.draw,
    "conv_transpose1d": transposed.draw,
    "conv_transpose2d": transposed.draw,
    "conv_transpose3d": transposed.draw,
    "unfold": fold.draw_unfold,
    "fold": fold.draw_fold,
    "pad": pad.draw,
}


def draw(seed: int, number: int, ops: Sequence[str] = ()) -> Case:
    """The case of a number in the run of a seed.

    Args:
        seed: of the run.
        number: of the case; consecutive numbers take the operations in turn.
        ops: the operations to take; all of them where empty.

    Example:
        >>> draw(0, 1) == draw(0, 1), draw(0, 1) == draw(1, 1)
        (True, False)
    """
    names = list(ops or SPATIAL_AXES)
    op = names[number % len(names)]
    rnd = Random(f"{seed}/{number}/{op}")
    case = _DRAWS[op](rnd, op)
    if rnd.random() < BROKEN_SHARE:
        case = errors.break_case(rnd, case)
    return replace(case, mode=None) if pad.is_undefined(case) else case
