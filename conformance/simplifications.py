"""Ways to make a case a little simpler, and what simpler means.

May import: the standard library, `conformance.case`, `conformance.cases.axis`.

A simplification offers cases, the boldest first, without a look at whether they are valid: some failures are of
cases that are not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from conformance.case import SPATIAL_AXES, Argument, Case, Sizes, is_integer
from conformance.cases.axis import Axis

Simplification = Callable[[Case], Iterator[Case]]

_SPATIAL = ("kernel", "stride", "padding", "dilation", "output_padding", "output_size")
_DEFAULTS = {each.name: each.default for each in fields(Case) if each.name != "op"}
_NEEDED = ("channels", "out_channels", "size", "kernel", "seed")
_COMMON_DTYPES = ("f32", "f64", "f16", "bf16", "complex64", "complex128", "i64", "i32", "i16", "i8", "u8")


def complexity(case: Case) -> tuple[int, ...]:
    """What shrinks: axes, options, elements, the sizes of the arguments, their spelling; compared in this order.

    Example:
        >>> from conformance.tokens import parse
        >>> complexity(parse("conv1d c1 o1 h2 k2 p1")) > complexity(parse("conv1d c1 o1 h4 k2"))
        True
    """
    axes = max(SPATIAL_AXES[case.op], len(case.size or ()) if case.op == "pad" else 0)
    options = [n for n, default in _DEFAULTS.items() if n not in _NEEDED and getattr(case, n) != default]
    elements = sum(math.prod(shape) for shape in case.shapes().values())
    spelled = [getattr(case, name) for name in ("size", *_SPATIAL)]
    numbers = [abs(number) for value in spelled for number in _numbers(value)]
    numbers += [case.groups or 0, case.batch or 0, case.channels or 0, case.out_channels or 0]
    sequences = sum(len(value) for value in spelled if isinstance(value, tuple))
    special = len(options) + (case.batch == 0) + (case.channels == 0)
    return (axes, special, elements, sum(numbers), sequences, _COMMON_DTYPES.index(case.dtype), case.seed)


def _numbers(value: Argument | str) -> Sizes:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, int) else ()


def candidates(case: Case, simplification: Simplification) -> Iterator[Case]:
    """What a simplification offers, each as it is and, where its sizes no longer fit together, made to fit."""
    for simpler in simplification(case):
        yield simpler
        fitted = _fitted(case, simpler)
        if fitted is not None and fitted != simpler:
            yield fitted


def _fitted(before: Case, case: Case) -> Case | None:
    """The case with an input that its windows fit, or None where that is not possible."""
    try:
        axes = _axes(case)
        if case.op == "fold":
            return _fitted_fold(before, case, axes)
        if case.is_transposed and isinstance(case.output_size, tuple):
            return _fitted_output_size(before, case, axes)
        if case.is_transposed or case.op == "pad" or case.size is None:
            return None
        least = [1 if case.padding == "same" else axis.extent - 2 * axis.padding for axis in axes]
        return replace(case, size=tuple(max(n, m) for n, m in zip(case.size, least)))
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return None  # an argument is broken, and it may be that which fails


def _axes(case: Case) -> list[Axis]:
    paddings = (0,) * SPATIAL_AXES[case.op] if isinstance(case.padding, str) else case.axes(case.padding, 0)
    arguments = (case.axes(case.kernel), case.axes(case.stride), paddings, case.axes(case.dilation))
    return [Axis(*each) for each in zip(*arguments, strict=True)]


def _fitted_fold(before: Case, case: Case, axes: list[Axis]) -> Case | None:
    """The channels and the windows that belong to this kernel and output size."""
    planes = (case.channels or 0) // math.prod(before.axes(before.kernel))
    image = [max(n, axis.extent - 2 * axis.padding) for n, axis in zip(case.axes(case.output_size), axes)]
    windows = math.prod(axis.positions(length) for axis, length in zip(axes, image))
    channels = max(planes, 1) * math.prod(axis.kernel for axis in axes)
    size: Argument = tuple(image) if isinstance(case.output_size, tuple) or len(set(image)) > 1 else image[0]
    return replace(case, channels=channels, size=(windows,), output_size=size)


def _fitted_output_size(before: Case, case: Case, axes: list[Axis]) -> Case | None:
    """The output size as far beyond the smallest as it was before, or as the stride allows."""
    assert isinstance(case.output_size, tuple)
    assert isinstance(before.output_size, tuple)
    least = [axis.transposed(n) for axis, n in zip(axes, case.size or ())]
    least_before = [axis.transposed(n) for axis, n in zip(_axes(before), before.size or ())]
    dropped = len(least_before) - len(least)
    beyond = [n - m for n, m in zip(before.output_size[-len(least_before) :], least_before)][dropped:]
    spatial = tuple(m + min(extra, axis.stride - 1) for m, extra, axis in zip(least, beyond, axes))
    leading = tuple(n for n in (case.batch, case.out_channels) if n is not None)
    return replace(case, output_size=(leading if len(case.output_size) > len(least) else ()) + spatial)


def _smaller(number: int, least: int) -> list[int]:
    """Smaller numbers to try: the least, half way to it, one less."""
    return sorted({least, (number + least) // 2, number - 1} - {number}) if number > least else []


def _drop(*names: str) -> Simplification:
    """Arguments left out, or as they are by default."""

    def simplification(case: Case) -> Iterator[Case]:
        changed: dict[str, Any] = {name: _DEFAULTS[name] for name in names}
        if any(getattr(case, name) != default for name, default in changed.items()):
            yield replace(case, **changed)

    return simplification


def _batch(case: Case) -> Iterator[Case]:
    if case.batch is None:
        return
    without = replace(case, batch=None)
    if case.op == "pad" and isinstance(case.padding, tuple):
        yield replace(without, padding=case.padding[: 2 * (len(case.size or ()) + 1)])
    yield without
    for batch in _smaller(case.batch, 1) or [1]:
        yield replace(case, batch=batch)


def _padding_into_size(case: Case) -> Iterator[Case]:
    """Zeros around the input made input."""
    if (
        case.op in ("pad", "fold")
        or case.is_transposed
        or case.size is None
        or not isinstance(case.padding, (int, tuple))
    ):
        return
    paddings = case.axes(case.padding, 0)
    if len(paddings) == len(case.size):
        size = tuple(n + 2 * p for n, p in zip(case.size, paddings))
        yield replace(case, padding=None, mode=None, size=size)


def _channels(case: Case) -> Iterator[Case]:
    """Fewer channels of the input in each group, without groups in all; one instead of none."""
    unit = _unit(case)
    inner = (case.channels or 0) // unit
    for fewer in _smaller(inner, 1) if inner else [1]:
        yield replace(case, channels=fewer * unit)
    if unit > 1 and (case.channels or 0) % unit:
        yield from (replace(case, channels=n) for n in _smaller(case.channels or 0, 1))


def _unit(case: Case) -> int:
    """What the number of channels is a multiple of."""
    if case.op == "fold":
        return max(math.prod(case.axes(case.kernel)), 1)
    return max(case.groups or 1, 1)


def _out_channels(case: Case) -> Iterator[Case]:
    unit = _unit(case)
    for inner in _smaller((case.out_channels or 0) // unit, 1):
        yield replace(case, out_channels=inner * unit)


def _groups(case: Case) -> Iterator[Case]:
    """Fewer groups with as many channels in each."""
    if case.groups is None or case.groups < 1:
        return
    inner, outer = (case.channels or 0) // case.groups, (case.out_channels or 0) // case.groups
    for groups in [None, *_smaller(case.groups, 2)]:
        yield replace(case, groups=groups, channels=inner * (groups or 1), out_channels=outer * (groups or 1))
    yield replace(case, groups=None)


def _fewer_axes(case: Case) -> Iterator[Case]:
    """One spatial axis less."""
    count = len(case.size or ()) if case.op == "pad" else SPATIAL_AXES[case.op]
    if count < 2 or case.op in ("unfold", "fold"):
        return
    for place in range(count):
        yield _without_axis(case, place, count)


def _without_axis(case: Case, place: int, count: int) -> Case:
    """The case without one spatial axis; arguments of another length than `count` are left."""
    from_end = count - place
    changed: dict[str, Any] = {}
    for name in ("input_shape", "weight_shape", "size", "output_size", *_SPATIAL):
        value = getattr(case, name)
        shape = name in ("input_shape", "weight_shape", "output_size")
        if isinstance(value, tuple) and (len(value) == count or (shape and len(value) > count)):
            changed[name] = value[:-from_end] + value[len(value) - from_end + 1 :]
    if case.op == "pad":
        amounts = case.padding if isinstance(case.padding, tuple) else ()
        return replace(case, **changed | {"padding": amounts[: 2 * from_end - 2] + amounts[2 * from_end :]})
    op = f"{case.op[:-2]}{count - 1}d"
    return replace(case, op=op, **changed)


def _shorter(name: str, least: int) -> Simplification:
    """Smaller numbers in an argument: on all axes, or on one."""

    def simplification(case: Case) -> Iterator[Case]:
        value = getattr(case, name)
        if isinstance(value, int):
            yield from (replace(case, **{name: n}) for n in _smaller(value, least))
        elif isinstance(value, tuple) and value:
            if max(value) > least:
                yield replace(case, **{name: tuple(min(n, least) for n in value)})
                yield replace(case, **{name: tuple((n + least) // 2 if n > least else n for n in value)})
            for place, number in enumerate(value):
                for n in _smaller(number, least):
                    yield replace(case, **{name: (*value[:place], n, *value[place + 1 :])})

    return simplification


def _pad_amounts(case: Case) -> Iterator[Case]:
    """Fewer pairs of pads or crops, and smaller ones."""
    if case.op != "pad" or not isinstance(case.padding, tuple):
        return
    amounts = case.padding
    if len(amounts) > 2:
        yield replace(case, padding=amounts[:-2])
    for place, amount in enumerate(amounts):
        for n in _smaller(abs(amount), 0):
            yield replace(case, padding=(*amounts[:place], n if amount > 0 else -n, *amounts[place + 1 :]))


def _spelling(name: str) -> Simplification:
    """A tuple as one int, or of equal values."""

    def simplification(case: Case) -> Iterator[Case]:
        value = getattr(case, name)
        through_function = case.is_convolution and not case.through_module and name == "kernel"
        if not isinstance(value, tuple) or not value or case.op == "pad":
            return
        for n in dict.fromkeys(value):
            yield replace(case, **{name: n})
        if len(value) == 1 or through_function:
            return
        for n in dict.fromkeys(value):
            yield replace(case, **{name: (n,) * len(value)})

    return simplification


def _dtype(case: Case) -> Iterator[Case]:
    """A more common dtype."""
    for dtype in _COMMON_DTYPES[: _COMMON_DTYPES.index(case.dtype)]:
        if dtype in ("f32", "f64") or is_integer(dtype) == is_integer(case.dtype) or dtype == "i64":
            yield replace(case, dtype=dtype)


def _fill(case: Case) -> Iterator[Case]:
    if case.fill != "ints":
        yield replace(case, fill="ints")


def _seed(case: Case) -> Iterator[Case]:
    yield from (replace(case, seed=seed) for seed in range(min(case.seed, 3)))


SIMPLIFICATIONS: tuple[Simplification, ...] = (
    _fewer_axes,
    _batch,
    _channels,
    _out_channels,
    _groups,
    _shorter("size", 1),
    _shorter("output_size", 1),
    _shorter("kernel", 1),
    _drop("bias"),
    _drop("mode", "module"),
    _drop("mode"),
    _drop("module"),
    _drop("lists"),
    _drop("layout"),
    _drop("value"),
    _drop("stride"),
    _drop("dilation"),
    _drop("output_padding"),
    _drop("output_size"),
    _drop("padding"),
    _padding_into_size,
    _drop("input_shape"),
    _drop("weight_shape"),
    _drop("weight_dtype"),
    _drop("bias_shape"),
    _drop("bias_dtype"),
    _shorter("input_shape", 1),
    _shorter("weight_shape", 1),
    _shorter("bias_shape", 1),
    _spelling("kernel"),
    _spelling("stride"),
    _spelling("padding"),
    _spelling("dilation"),
    _spelling("output_padding"),
    _spelling("output_size"),
    _shorter("stride", 1),
    _shorter("padding", 0),
    _shorter("dilation", 1),
    _shorter("output_padding", 0),
    _pad_amounts,
    _dtype,
    _fill,
    _seed,
)
