"""Cases of unfold and fold, through the functions and the modules.

May import: the standard library, `conformance.case` and its neighbours in `cases`.
"""

from __future__ import annotations

import math
from random import Random
from typing import Any

from conformance.case import Case, Sizes
from conformance.cases.axis import Axis, draw_axes, draw_positions, draw_size
from conformance.cases.options import draw_batch, draw_numbers, spell


def draw_unfold(rnd: Random, op: str = "unfold") -> Case:
    """A valid case of unfold.

    Args:
        rnd: the source.
        op: always `unfold`.

    Example:
        >>> len(draw_unfold(Random(1)).size)
        2
    """
    axes, size = _draw_window(rnd)
    return Case(op, batch=draw_batch(rnd), channels=rnd.randint(1, 4), size=size, **_arguments(rnd, axes))


def draw_fold(rnd: Random, op: str = "fold") -> Case:
    """A valid case of fold.

    Args:
        rnd: the source.
        op: always `fold`.

    Example:
        >>> len(draw_fold(Random(1)).size)
        1
    """
    axes, size = _draw_window(rnd)
    channels = rnd.randint(1, 4) * math.prod(axis.kernel for axis in axes)
    windows = math.prod(axis.positions(length) for axis, length in zip(axes, size))
    output_size = spell(rnd, size, None)
    batch = draw_batch(rnd)
    arguments = _arguments(rnd, axes)
    return Case(op, batch=batch, channels=channels, size=(windows,), output_size=output_size, **arguments)


def _draw_window(rnd: Random) -> tuple[list[Axis], Sizes]:
    axes = draw_axes(rnd, 2)
    return axes, tuple(draw_size(rnd, axis, draw_positions(rnd, 2, roomy=False)) for axis in axes)


def _arguments(rnd: Random, axes: list[Axis]) -> dict[str, Any]:
    return {
        "kernel": spell(rnd, tuple(axis.kernel for axis in axes), None),
        "stride": spell(rnd, tuple(axis.stride for axis in axes), 1),
        "padding": spell(rnd, tuple(axis.padding for axis in axes), 0),
        "dilation": spell(rnd, tuple(axis.dilation for axis in axes), 1),
        "module": rnd.random() < 0.3,
        "lists": rnd.random() < 0.3,
        **draw_numbers(rnd, integers=rnd.random() < 0.1),
    }
