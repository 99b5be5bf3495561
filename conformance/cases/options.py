"""The options that families share, and the draw of a value for each of their levels.

May import: the standard library, `conformance.case`, `option.py`.
"""

from __future__ import annotations

from random import Random
from typing import Any

from conformance.case import DTYPES, LAYOUTS, Argument, Case, Sizes, is_integer
from conformance.cases.option import Levels, Option

SEEDS = 10**6
INTEGERS = " ".join(dtype for dtype in DTYPES if is_integer(dtype))
_DTYPE_WEIGHTS = {"f32": 30, "f64": 15, "f16": 12, "bf16": 12, "complex64": 7, "complex128": 4}
_INTEGER_WEIGHTS = {"i8": 2, "i16": 2, "i32": 2, "i64": 2, "u8": 2}


def _batch(case: Case) -> str:
    return {None: "none", 0: "0", 1: "1"}.get(case.batch, "more")


def draw_batch(rnd: Random, level: str) -> int | None:
    """A batch size, or None for an unbatched input.

    Example:
        >>> draw_batch(Random(0), "1")
        1
    """
    return {"none": None, "0": 0, "1": 1, "more": rnd.randint(2, 3)}[level]


def _channels(case: Case) -> str:
    channels = case.channels or 0
    return str(channels) if channels < 2 else "few" if channels < 16 else "many"


def _groups(case: Case) -> str:
    if case.groups is None or case.groups == 1:
        return "absent" if case.groups is None else "1"
    return "depthwise" if case.groups == case.channels else "some"


def draw_channels(rnd: Random, channels: str, groups: str) -> dict[str, Any]:
    """Input channels, output channels and groups, as fields of a case.

    Example:
        >>> draw_channels(Random(0), "1", "absent")["groups"] is None
        True
    """
    if groups == "depthwise":
        count = rnd.randint(16, 24) if channels == "many" else rnd.randint(2, 6)
        return {"channels": count, "out_channels": count * rnd.choice((1, 1, 2, 3)), "groups": count}
    group_count = rnd.randint(2, 4) if groups == "some" else 1
    inner = {
        "0": 0,
        "1": 1,
        "few": rnd.randint(2, 5 if group_count < 4 else 3),
        "many": rnd.randint(8, 12) * (1 if group_count > 1 else 2),
    }
    return {
        "channels": group_count * inner[channels],
        "out_channels": group_count * (rnd.randint(6, 9) if channels == "many" else rnd.randint(1, 4)),
        "groups": None if groups == "absent" else group_count,
    }


def _kernel(case: Case) -> str:
    lengths = set(case.axes(case.kernel))
    if len(lengths) > 1:
        return "mixed"
    (length,) = lengths
    return "1" if length == 1 else "odd" if length % 2 else "even"


def _stride(case: Case) -> str:
    strides = set(case.axes(case.stride))
    if case.stride is None or len(strides) > 1:
        return "absent" if case.stride is None else "mixed"
    (stride,) = strides
    return "1" if stride == 1 else "beyond" if stride > max(case.axes(case.kernel)) else "more"


def _padding(case: Case) -> str:
    if case.padding is None or isinstance(case.padding, str):
        return case.padding or "absent"
    amounts = case.axes(case.padding, 0)
    if len(set(amounts)) > 1:
        return "mixed"
    if amounts[0] == 0:
        return "0"
    extents = (d * (k - 1) + 1 for d, k in zip(case.axes(case.dilation), case.axes(case.kernel)))
    return "large" if any(amount >= extent for amount, extent in zip(amounts, extents)) else "some"


def _dilation(case: Case) -> str:
    dilations = set(case.axes(case.dilation))
    if case.dilation is None or len(dilations) > 1:
        return "absent" if case.dilation is None else "mixed"
    return "1" if dilations == {1} else "more"


def _sequences(case: Case) -> str:
    passed = [case.stride, case.padding, case.dilation, case.output_padding]
    if case.module or case.mode is not None or not case.is_convolution:
        passed.append(case.kernel)
    if not any(isinstance(value, tuple) for value in passed):
        return "ints"
    return "lists" if case.lists else "tuples"


BATCH = Option("batch", {"none": 15, "0": 2, "1": 45, "more": 38}, _batch)
CHANNELS = Option("channels", {"0": 2, "1": 20, "few": 73, "many": 5}, _channels)
GROUPS = Option("groups", {"absent": 40, "1": 15, "some": 25, "depthwise": 20}, _groups)
KERNEL = Option("kernel", {"1": 15, "even": 25, "odd": 35, "mixed": 25}, _kernel)
STRIDE = Option("stride", {"absent": 35, "1": 20, "more": 25, "beyond": 5, "mixed": 15}, _stride)
PADDING = Option("padding", {"absent": 25, "0": 15, "some": 35, "large": 5, "mixed": 20}, _padding)
DILATION = Option("dilation", {"absent": 45, "1": 25, "more": 20, "mixed": 10}, _dilation)
BIAS = Option("bias", {"no": 40, "yes": 60}, lambda case: "yes" if case.bias else "no")
VIA = Option("via", {"function": 65, "module": 35}, lambda case: "module" if case.through_module else "function")
SEQUENCES = Option("sequences", {"ints": 45, "tuples": 30, "lists": 25}, _sequences)
LAYOUT = Option("layout", {"contiguous": 60, **dict.fromkeys(LAYOUTS, 8.0)}, lambda case: case.layout or "contiguous")
DTYPE = Option("dtype", {**_DTYPE_WEIGHTS, **_INTEGER_WEIGHTS}, lambda case: case.dtype)
INEXACT = Option("dtype", _DTYPE_WEIGHTS, lambda case: case.dtype)
FILL = Option("fill", {"ints": 50, "real": 50}, lambda case: case.fill)

WINDOW_RULES = (
    ("kernel", "1", "stride", "more"),
    ("kernel", "1", "padding", "some"),
    ("kernel", "mixed", "sequences", "ints"),
    ("stride", "mixed", "sequences", "ints"),
    ("padding", "mixed", "sequences", "ints"),
    ("dilation", "mixed", "sequences", "ints"),
)
CHANNEL_RULES = (("channels", "0 1", "groups", "some depthwise"),)
NUMBER_RULES = (("dtype", INTEGERS, "fill", "real"),)


def on_one_axis(option: Option) -> Option:
    """The option where there is one spatial axis, so that nothing is mixed.

    Example:
        >>> "mixed" in on_one_axis(KERNEL).weights
        False
    """
    return Option(option.name, {level: w for level, w in option.weights.items() if level != "mixed"}, option.of)


def draw_numbers(rnd: Random, levels: Levels) -> dict[str, Any]:
    """Layout, dtype, fill and a seed, as fields of a case.

    Example:
        >>> draw_numbers(Random(0), {"layout": "contiguous", "dtype": "f32", "fill": "ints"})["layout"] is None
        True
    """
    layout = None if levels["layout"] == "contiguous" else levels["layout"]
    return {"layout": layout, "dtype": levels["dtype"], "fill": levels["fill"], "seed": rnd.randrange(SEEDS)}


def spell(rnd: Random, values: Sizes, sequences: str, *, absent: bool = False, short: bool = False) -> Argument:
    """One of the ways to pass these values: left out, an int, or a tuple.

    Args:
        rnd: the source.
        values: one for each spatial axis.
        sequences: the level of that option.
        absent: whether the argument is left out.
        short: whether a tuple of one may stand for equal values.

    Example:
        >>> spell(Random(0), (1, 2), "tuples"), spell(Random(0), (1, 1), "ints")
        ((1, 2), 1)
    """
    if absent:
        return None
    if len(set(values)) > 1:
        return values
    if sequences == "ints" or rnd.random() < 0.4:
        return values[0]
    return values[:1] if short and rnd.random() < 0.1 else values
