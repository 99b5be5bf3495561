"""Cases of conv_transpose1d, conv_transpose2d and conv_transpose3d, through the functions and the modules.

May import: the standard library, `conformance.case` and its neighbours in `cases`.
"""

from __future__ import annotations

from functools import partial
from random import Random

from conformance.case import SPATIAL_AXES, Case, Sizes
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
    INEXACT,
    INTEGERS,
    KERNEL,
    LAYOUT,
    NUMBER_RULES,
    PADDING,
    SEQUENCES,
    STRIDE,
    VIA,
    WINDOW_RULES,
    draw_batch,
    draw_channels,
    draw_numbers,
    on_one_axis,
    spell,
)
from conformance.cases.window import draw_axes, draw_positions, positions_level

_RULES = (
    *WINDOW_RULES,
    *CHANNEL_RULES,
    *NUMBER_RULES,
    ("dtype", INTEGERS, "via", "module"),
    ("dtype", INTEGERS, "dilation", "more mixed"),
    ("extra", "output_size", "via", "function"),
    ("extra", "output_size", "dtype", INTEGERS),
    ("extra", "mixed", "sequences", "ints"),
    ("padding", "large", "input", "1"),
)


def _extra(case: Case) -> str:
    if case.output_size is not None or case.output_padding is None:
        return "absent" if case.output_size is None else "output_size"
    extra = set(case.axes(case.output_padding, 0))
    return "mixed" if len(extra) > 1 else "0" if extra == {0} else "some"


_OPTIONS = (
    BATCH,
    Option("channels", {level: w for level, w in CHANNELS.weights.items() if level != "0"}, CHANNELS.of),
    GROUPS,
    KERNEL,
    STRIDE,
    PADDING,
    DILATION,
    Option("extra", {"absent": 40, "0": 15, "some": 20, "mixed": 10, "output_size": 15}, _extra),
    BIAS,
    VIA,
    Option("input", {"1": 15, "few": 80, "many": 5}, lambda case: positions_level(case.size or ())),
    SEQUENCES,
    LAYOUT,
    Option("dtype", {**INEXACT.weights, "i64": 10}, DTYPE.of),
    FILL,
)


def family(op: str) -> Family:
    """The family of `conv_transpose1d`, `conv_transpose2d` or `conv_transpose3d`.

    Example:
        >>> family("conv_transpose1d").draw(Random(1)).op
        'conv_transpose1d'
    """
    options = tuple(map(on_one_axis, _OPTIONS)) if SPATIAL_AXES[op] == 1 else _OPTIONS
    return Family(options, excluding(options, *_RULES), partial(_realise, op), _share)


def _share(case: Case) -> float:
    names = ("kernel", "stride", "padding", "dilation")
    columns = (case.axes(getattr(case, name), 0 if name == "padding" else 1) for name in names)
    axes, extra = [Axis(*each) for each in zip(*columns)], case.axes(case.output_padding, 0)
    sizes = (axis.transposed(*each) for axis, *each in zip(axes, case.size or (), extra))
    return least_share(axis.reach(length) for axis, length in zip(axes, sizes))


def _realise(op: str, rnd: Random, levels: Levels) -> Case:
    count, level = SPATIAL_AXES[op], levels["extra"]
    size = draw_positions(rnd, count, levels["input"])
    axes = draw_axes(rnd, count, levels)
    extra = _draw_extra(rnd, axes, level)
    short = sum(axis.transposed(*each) < 1 for axis, *each in zip(axes, size, extra))
    size = tuple(n + _more(axis, n, e) for axis, n, e in zip(axes, size, extra)) if short else size
    fields = draw_channels(rnd, levels["channels"], levels["groups"])
    batch, sequences = draw_batch(rnd, levels["batch"]), levels["sequences"]
    function = levels["via"] == "function"
    kernel = tuple(axis.kernel for axis in axes)
    spelled = {
        name: spell(rnd, values, sequences, absent=levels[name] == "absent", short=function)
        for name, values in _arguments(axes).items()
    }
    return Case(
        op,
        batch=batch,
        **fields,
        size=size,
        kernel=kernel if function else spell(rnd, kernel, sequences),
        **spelled,
        output_padding=spell(rnd, extra, sequences, absent=level in ("absent", "output_size"), short=function),
        output_size=_draw_output_size(rnd, axes, size, (batch, fields["out_channels"]))
        if level == "output_size"
        else None,
        bias=levels["bias"] == "yes",
        module=not function,
        lists=sequences == "lists",
        **draw_numbers(rnd, levels),
    )


def _arguments(axes: list[Axis]) -> dict[str, Sizes]:
    return {
        "stride": tuple(axis.stride for axis in axes),
        "padding": tuple(axis.padding for axis in axes),
        "dilation": tuple(axis.dilation for axis in axes),
    }


def _more(axis: Axis, size: int, extra: int) -> int:
    """How much larger the input must be for an output to be left."""
    return max(-((axis.transposed(size, extra) - 1) // axis.stride), 0)


def _draw_extra(rnd: Random, axes: list[Axis], level: str) -> Sizes:
    """The output padding, below the stride or the dilation."""
    largest = [max(axis.stride, axis.dilation) - 1 for axis in axes]
    if level == "mixed":
        return tuple(rnd.randint(0, most) for most in largest)
    return (rnd.randint(1, max(min(largest), 1)) if level == "some" and min(largest) else 0,) * len(axes)


def _draw_output_size(rnd: Random, axes: list[Axis], size: Sizes, leading: tuple[int | None, int]) -> Sizes:
    """An output size that the stride allows, at times with the batch and the channels before it."""
    lengths = [axis.transposed(length) for axis, length in zip(axes, size)]
    spatial = tuple(length + rnd.randrange(axis.stride) for axis, length in zip(axes, lengths))
    if rnd.random() < 0.8:
        return spatial
    return tuple(length for length in leading if length is not None) + spatial
