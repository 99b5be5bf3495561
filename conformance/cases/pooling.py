"""Calls of the poolings: max, average and power-average, over windows and adaptive, and of max_unpool.

May import: the standard library, `conformance.case`, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

from conformance.call import Call, Operand
from conformance.case import Argument, Sizes
from conformance.cases.axis import Axis
from conformance.cases.called import (
    FLOATING,
    called,
    choice,
    dtypes,
    family_of,
    fills,
    kinds,
    shape_of,
    texts,
)
from conformance.cases.option import Family, Levels, Option
from conformance.cases.options import draw_batch, spell
from conformance.cases.window import draw_axes, draw_positions, draw_size

_RULES = (
    ("kernel", "1", "stride", "more"),
    ("kernel", "1", "padding", "some mixed"),
    ("kernel", "1", "dilation", "more mixed"),
    ("kernel", "mixed", "sequences", "ints"),
    ("stride", "mixed", "sequences", "ints"),
    ("padding", "mixed", "sequences", "ints"),
    ("dilation", "mixed", "sequences", "ints"),
    ("output", "mixed None given", "sequences", "ints"),
)


def axes_of(op: str) -> int:
    """How many axes an operation such as `max_pool2d` goes over.

    Example:
        >>> axes_of("max_pool2d")
        2
    """
    return int(op[-2])


def _numbers(call: Call, name: str) -> Sizes:
    value = call.given().get(name)
    numbers = value if isinstance(value, (tuple, list)) else (value,)
    return tuple(number for number in numbers if isinstance(number, int))


def _batch(call: Call) -> str:
    shape = shape_of(call)
    if len(shape) < axes_of(call.op) + 2:
        return "none"
    return {0: "0", 1: "1"}.get(shape[0], "more")


def _kernel(call: Call) -> str:
    lengths = set(_numbers(call, "kernel_size"))
    if len(lengths) != 1:
        return "mixed"
    (length,) = lengths
    return "1" if length == 1 else "odd" if length % 2 else "even"


def _number(name: str, call: Call) -> str:
    """The level of a stride, a padding or a dilation."""
    numbers = set(_numbers(call, name))
    if len(numbers) != 1:
        return "mixed" if numbers else "absent"
    (number,) = numbers
    if name == "stride" and number > max(_numbers(call, "kernel_size"), default=1):
        return "beyond"
    if name == "padding":
        return "some" if number else "0"
    return "1" if number == 1 else "more"


def _sequences(call: Call) -> str:
    values = [call.given().get(name) for name in ("kernel_size", "stride", "padding", "dilation", "output_size")]
    found = {type(value) for value in values} & {tuple, list}
    return "lists" if list in found else "tuples" if found else "ints"


_BATCH = Option("batch", {"none": 20, "0": 5, "1": 30, "more": 45}, _batch)
_SEQUENCES = Option("sequences", {"ints": 45, "tuples": 30, "lists": 25}, _sequences)
_WINDOW = (
    _BATCH,
    kinds("kernel", "1 even odd mixed", _kernel),
    kinds("stride", "absent 1 more beyond mixed", partial(_number, "stride")),
    choice("ceil_mode", "absent True False"),
    _SEQUENCES,
)
_PADDING = kinds("padding", "absent 0 some mixed", partial(_number, "padding"))
_DILATION = kinds("dilation", "absent 1 more mixed", partial(_number, "dilation"))
_INDICES = choice("return_indices", "absent True")
_FILLS = fills("real ints ties special")
_AVERAGED = {1: f"{FLOATING} i64", 2: f"{FLOATING} i64", 3: "f32 f64 i64"}
"""The dtypes that torch averages over windows of so many axes."""


def _options(op: str) -> tuple[Option, ...]:
    kind, several = op[:-2].removesuffix("_"), axes_of(op) > 1
    if kind == "max_pool":
        return (*_WINDOW, _PADDING, _DILATION, _INDICES, dtypes(f"{FLOATING} i64 u8" if several else FLOATING), _FILLS)
    if kind == "avg_pool":
        divisor = (choice("divisor_override", "absent 1 3 -2"),) if several else ()
        include = choice("count_include_pad", "absent True False")
        return (*_WINDOW, _PADDING, include, *divisor, dtypes(_AVERAGED[axes_of(op)]), _FILLS)
    if kind == "lp_pool":
        window = _WINDOW if several else _WINDOW[:-1]  # a sequence of one is refused
        norm = choice("norm_type", "1 2 3.0 0.5 inf")
        return (*window, norm, dtypes(_AVERAGED[axes_of(op)].removesuffix(" i64")), fills("real positive ties"))
    if kind == "max_unpool":
        size = kinds("output", "absent given", lambda call: "given" if "output_size" in call.given() else "absent")
        several_windows = [option for option in _WINDOW if option.name != "ceil_mode"]
        return (*several_windows, _PADDING, size, dtypes(), fills("real ties"))
    output = kinds("output", "1 some mixed None" if several else "1 some", _output)
    indices = (_INDICES,) if kind == "adaptive_max_pool" else ()
    return (_BATCH, output, _SEQUENCES, *indices, dtypes(), _FILLS)


def _output(call: Call) -> str:
    value = call.given().get("output_size")
    if value is None or (isinstance(value, (tuple, list)) and None in value):
        return "None"
    lengths = set(_numbers(call, "output_size"))
    return "mixed" if len(lengths) > 1 else "1" if lengths == {1} else "some"


def family(op: str) -> Family:
    """The family of a pooling.

    Example:
        >>> family("avg_pool2d").draw(Random(1)).op
        'avg_pool2d'
    """
    options = _options(op)
    if axes_of(op) == 1:
        names = ("kernel", "stride", "padding", "dilation")
        options = tuple(_without_mixed(option) if option.name in names else option for option in options)
    realise = _realise_adaptive if op.startswith("adaptive") else _realise
    return family_of(partial(realise, op), *options, rules=_RULES)


def _without_mixed(option: Option) -> Option:
    return Option(option.name, {level: w for level, w in option.weights.items() if level != "mixed"}, option.of)


def _leading(rnd: Random, levels: Levels) -> Sizes:
    batch = draw_batch(rnd, levels["batch"])
    return (() if batch is None else (batch,)) + (rnd.randint(1, 3),)


def _realise(op: str, rnd: Random, levels: Levels) -> Call:
    count = axes_of(op)
    window = {"padding": "absent", "dilation": "absent"} | levels
    axes = draw_axes(rnd, count, window)
    axes = [Axis(a.kernel, a.stride, min(a.padding, a.kernel // 2), a.dilation) for a in axes]
    if levels["stride"] == "absent":
        axes = [Axis(a.kernel, a.kernel, a.padding, a.dilation) for a in axes]
    positions = draw_positions(rnd, count, "few")
    arguments: dict[str, Any] = {} if "norm_type" not in levels else texts(levels, "norm_type")
    for name, field in (("kernel", "kernel_size"), ("stride",) * 2, ("padding",) * 2, ("dilation",) * 2):
        value = _spelled(rnd, tuple(getattr(axis, name) for axis in axes), levels, name)
        if value is not None and name in levels:
            arguments[field] = value
    arguments |= texts(levels, "ceil_mode", "count_include_pad", "divisor_override", "return_indices")
    if op.startswith("max_unpool"):
        return _unpool(op, rnd, levels, axes, positions, arguments)
    least = [a.kernel if op in ("avg_pool3d", "lp_pool3d") else a.dilation for a in axes]
    size = tuple(max(draw_size(rnd, axis, n), m) for axis, n, m in zip(axes, positions, least))
    return called(op, rnd, levels, {"input": _leading(rnd, levels) + size}, arguments)


def _spelled(rnd: Random, values: Sizes, levels: Levels, name: str) -> Argument | list[int]:
    sequences = levels.get("sequences", "ints")
    value = spell(rnd, values, sequences, absent=levels.get(name) == "absent")
    return list(value) if isinstance(value, tuple) and sequences == "lists" else value


def _unpool(
    op: str, rnd: Random, levels: Levels, axes: list[Axis], positions: Sizes, arguments: dict[str, Any]
) -> Call:
    """A call of max_unpool, with indices that lie in its output."""
    positions = tuple(max(n, 1 + -((a.kernel - 2 * a.padding - 1) // a.stride)) for a, n in zip(axes, positions))
    size = tuple((n - 1) * a.stride - 2 * a.padding + a.kernel for a, n in zip(axes, positions))
    if levels["output"] == "given":
        size = tuple(length + rnd.randrange(axis.stride) for axis, length in zip(axes, size))
        arguments["output_size"] = size
    shape = _leading(rnd, levels) + positions
    indices = Operand(shape, "i64", f"below{math.prod(size)}", "contiguous")
    return called(op, rnd, levels, {"input": shape, "indices": indices}, arguments)


def _realise_adaptive(op: str, rnd: Random, levels: Levels) -> Call:
    count, level = axes_of(op), levels["output"]
    size = tuple(rnd.randint(1, 9) for _ in range(count))
    wanted: tuple[int | None, ...] = (1,) * count if level == "1" else (rnd.randint(2, 5),) * count
    if level in ("mixed", "None"):
        wanted = tuple(rnd.sample(range(1, 6), count))
    if level == "None":
        wanted = (*wanted[:-1], None)
    value: Any = wanted
    if len(set(wanted)) == 1 and (levels["sequences"] == "ints" or rnd.random() < 0.3):
        value = wanted[0]
    elif levels["sequences"] == "lists":
        value = list(wanted)
    arguments = {"output_size": value, **texts(levels, "return_indices")}
    return called(op, rnd, levels, {"input": _leading(rnd, levels) + size}, arguments)


def is_undefined(call: Call) -> bool:
    """Whether a window of a max_pool may lie beside the input: torch 2.13 then tells an index outside of it.

    Its gradient is written there.

    Example:
        >>> from conformance.tokens import parse
        >>> [is_undefined(parse(f"max_pool1d input=1x{n} kernel_size=2 padding=1 dilation=3")) for n in (2, 3)]
        [True, False]
    """
    if not call.op.startswith("max_pool"):
        return False
    count, dilations = axes_of(call.op), _numbers(call, "dilation")
    size, each = shape_of(call)[-count:], dilations * count if len(dilations) == 1 else dilations
    return 0 not in size and any(length < dilation for length, dilation in zip(size, each))


def without_dilation(call: Call) -> Call:
    """The call without that argument.

    Example:
        >>> from conformance.tokens import parse
        >>> without_dilation(parse("max_pool1d input=1x2 kernel_size=2 dilation=3")).text("dilation")
        'absent'
    """
    return replace(call, arguments=tuple(pair for pair in call.arguments if pair[0] != "dilation"))
