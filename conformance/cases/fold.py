"""Cases of unfold and fold, through the functions and the modules.

May import: the standard library, `conformance.case` and its neighbours in `cases`.
"""

from __future__ import annotations

import math
from functools import partial
from random import Random
from typing import Any

from conformance.case import Case, Sizes
from conformance.cases.axis import Axis, least_share
from conformance.cases.option import Family, Levels, Option, excluding
from conformance.cases.options import (
    BATCH,
    CHANNELS,
    DILATION,
    FILL,
    INEXACT,
    KERNEL,
    LAYOUT,
    PADDING,
    SEQUENCES,
    STRIDE,
    VIA,
    WINDOW_RULES,
    draw_batch,
    draw_numbers,
    spell,
)
from conformance.cases.window import draw_axes, draw_positions, draw_size, positions_level


def _image(case: Case) -> Sizes:
    size = case.size if case.op == "unfold" else case.axes(case.output_size)
    return size or ()


def _axes(case: Case) -> list[Axis]:
    paddings = () if isinstance(case.padding, str) else case.axes(case.padding, 0)
    columns = (case.axes(case.kernel), case.axes(case.stride), paddings, case.axes(case.dilation))
    return [Axis(*each) for each in zip(*columns)]


def _output(case: Case) -> str:
    return positions_level(tuple(axis.positions(length) for axis, length in zip(_axes(case), _image(case))))


def _share(case: Case) -> float:
    return least_share((a.reach(length) for a, length in zip(_axes(case), _image(case))), windows=True)


def _planes(case: Case) -> str:
    channels = case.channels or 0
    planes = channels if case.op == "unfold" else channels // math.prod(case.axes(case.kernel))
    return "1" if planes == 1 else "few"


_OPTIONS = (
    BATCH,
    Option(CHANNELS.name, {"1": 30, "few": 70}, _planes),
    KERNEL,
    STRIDE,
    PADDING,
    DILATION,
    VIA,
    Option("output", {"1": 15, "few": 80, "many": 5}, _output),
    SEQUENCES,
    LAYOUT,
    INEXACT,
    FILL,
)


def family(op: str) -> Family:
    """The family of `unfold` or `fold`.

    Example:
        >>> len(family("fold").draw(Random(1)).size)
        1
    """
    return Family(
        _OPTIONS, excluding(_OPTIONS, *WINDOW_RULES, ("padding", "large", "output", "1")), partial(_realise, op), _share
    )


def _realise(op: str, rnd: Random, levels: Levels) -> Case:
    axes = draw_axes(rnd, 2, levels)
    image = tuple(draw_size(rnd, axis, n) for axis, n in zip(axes, draw_positions(rnd, 2, levels["output"])))
    sequences = levels["sequences"]
    channels = 1 if levels["channels"] == "1" else rnd.randint(2, 4)
    fields: dict[str, Any] = {"channels": channels, "size": image}
    if op == "fold":
        windows = math.prod(axis.positions(length) for axis, length in zip(axes, image))
        fields = {"channels": channels * math.prod(axis.kernel for axis in axes), "size": (windows,)}
        fields["output_size"] = spell(rnd, image, sequences)
    return Case(
        op,
        batch=draw_batch(rnd, levels["batch"]),
        **fields,
        kernel=spell(rnd, tuple(axis.kernel for axis in axes), sequences),
        stride=spell(rnd, tuple(axis.stride for axis in axes), sequences, absent=levels["stride"] == "absent"),
        padding=spell(rnd, tuple(axis.padding for axis in axes), sequences, absent=levels["padding"] == "absent"),
        dilation=spell(rnd, tuple(axis.dilation for axis in axes), sequences, absent=levels["dilation"] == "absent"),
        module=levels["via"] == "module",
        lists=sequences == "lists",
        **draw_numbers(rnd, levels),
    )
