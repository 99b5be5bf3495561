"""Cases of conv1d, conv2d and conv3d, through the functions and the modules.

May import: the standard library, `conformance.case` and its neighbours in `cases`.
"""

from __future__ import annotations

from functools import partial
from random import Random

from conformance.case import SPATIAL_AXES, Argument, Case
from conformance.cases.axis import Axis, least_share
from conformance.cases.option import Family, Levels, Option, excluding
from conformance.cases.options import (
    BATCH,
    BIAS,
    CHANNEL_RULES,
    CHANNELS,
    DILATION,
    DTYPE,
    FILL,
    GROUPS,
    INTEGERS,
    KERNEL,
    LAYOUT,
    NUMBER_RULES,
    PADDING,
    SEQUENCES,
    STRIDE,
    WINDOW_RULES,
    draw_batch,
    draw_channels,
    draw_numbers,
    on_one_axis,
    spell,
)
from conformance.cases.window import draw_axes, draw_positions, draw_size, positions_level

_MODES = {"function": 55, "module": 15, "zeros": 5, "reflect": 9, "replicate": 8, "circular": 8}
_RULES = (
    *WINDOW_RULES,
    *CHANNEL_RULES,
    *NUMBER_RULES,
    ("padding", "same", "stride", "more beyond mixed"),
    ("channels", "0", "via", "reflect replicate"),
    ("padding", "large", "output", "1"),
    ("dtype", INTEGERS, "via", "!function"),
    ("dtype", INTEGERS, "dilation", "more mixed"),
)


def _via(case: Case) -> str:
    return case.mode or ("module" if case.module else "function")


def _axes(case: Case) -> list[Axis]:
    """The axes, a word for the padding left out."""
    kernels, strides, dilations = case.axes(case.kernel), case.axes(case.stride), case.axes(case.dilation)
    axes = [Axis(k, s, 0, d) for k, s, d in zip(kernels, strides, dilations)]
    paddings = (0,) * len(axes) if isinstance(case.padding, str) else case.axes(case.padding, 0)
    return [Axis(a.kernel, a.stride, p, a.dilation) for a, p in zip(axes, paddings)]


def _output(case: Case) -> str:
    size = case.size or ()
    if case.padding == "same":
        return positions_level(size)
    return positions_level(tuple(axis.positions(length) for axis, length in zip(_axes(case), size)))


_PADDING = Option("padding", {**PADDING.weights, "same": 15, "valid": 5}, PADDING.of)
_OPTIONS = (
    BATCH,
    CHANNELS,
    GROUPS,
    KERNEL,
    STRIDE,
    _PADDING,
    DILATION,
    BIAS,
    Option("via", _MODES, _via),
    Option("output", {"1": 15, "few": 80, "many": 5}, _output),
    SEQUENCES,
    LAYOUT,
    DTYPE,
    FILL,
)


def family(op: str) -> Family:
    """The family of `conv1d`, `conv2d` or `conv3d`.

    Example:
        >>> family("conv2d").draw(Random(1)).op
        'conv2d'
    """
    options = tuple(map(on_one_axis, _OPTIONS)) if SPATIAL_AXES[op] == 1 else _OPTIONS
    return Family(options, excluding(options, *_RULES), partial(_realise, op), _share)


def _share(case: Case) -> float:
    size = case.size or ()
    if case.padding != "same":
        return least_share(axis.reach(length) for axis, length in zip(_axes(case), size)) if case.mode is None else 1.0
    halves = (Axis(a.kernel, 1, (a.extent - 1) // 2, a.dilation) for a in _axes(case))
    return least_share(axis.reach(length) for axis, length in zip(halves, size))


def _realise(op: str, rnd: Random, levels: Levels) -> Case:
    count, via, word = SPATIAL_AXES[op], levels["via"], levels["padding"]
    axes = draw_axes(rnd, count, levels)
    size = tuple(
        _size(rnd, axis, n, _least(axis, word, via), word)
        for axis, n in zip(axes, draw_positions(rnd, count, levels["output"]))
    )
    sequences, short = levels["sequences"], via == "function"
    kernel = tuple(axis.kernel for axis in axes)
    padding: Argument | str = word
    if word not in ("same", "valid"):
        padding = spell(rnd, tuple(a.padding for a in axes), sequences, absent=word == "absent", short=short)
    return Case(
        op,
        batch=draw_batch(rnd, levels["batch"]),
        **draw_channels(rnd, levels["channels"], levels["groups"]),
        size=size,
        kernel=kernel if short else spell(rnd, kernel, sequences),
        stride=spell(rnd, tuple(a.stride for a in axes), sequences, absent=levels["stride"] == "absent", short=short),
        padding=padding,
        dilation=spell(
            rnd, tuple(a.dilation for a in axes), sequences, absent=levels["dilation"] == "absent", short=short
        ),
        bias=levels["bias"] == "yes",
        mode=None if via in ("function", "module") else via,
        module=via == "module",
        lists=sequences == "lists",
        **draw_numbers(rnd, levels),
    )


def _size(rnd: Random, axis: Axis, positions: int, least: int, word: str) -> int:
    """A size, at least `least`, that the window fits about `positions` times, now and then with a rest."""
    if word == "same":
        return max(positions, least)
    return max(draw_size(rnd, axis, positions), least)


def _least(axis: Axis, word: str, via: str) -> int:
    """The smallest size at which the padding mode can pad this much."""
    padding = axis.extent // 2 if word == "same" else axis.padding
    return padding + 1 if via == "reflect" else padding if via == "circular" and padding else 1
