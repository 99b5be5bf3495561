"""Ways to make a call a little simpler, and what simpler means; `simplifications.py` is that of the convolutions.

May import: the standard library, `conformance.call`, `conformance.call_tokens`.

Nothing is known here of what an operation needs: a call that comes out invalid does not fail in the same way, and is
passed over.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from conformance.call import CALL_DTYPES, Call, Operand
from conformance.call_tokens import write
from conformance.case import Sizes

Simplification = Callable[[Call], Iterator[Call]]

_DTYPES = tuple(dict.fromkeys(("f32", *CALL_DTYPES)))
_FILLS = ("ints", "real", "ties", "signs", "unit", "positive", "infinite", "special")


def complexity(call: Call) -> tuple[int, ...]:
    """What shrinks: tensors, options, axes, elements, the numbers in the arguments; compared in this order.

    Example:
        >>> from conformance.tokens import parse
        >>> complexity(parse("relu input=2x3")) > complexity(parse("relu input=2x2"))
        True
    """
    shapes = call.shapes().values()
    own = sum((o.dtype is not None) + (o.fill is not None) + (o.layout is not None) for _, o in call.operands)
    numbers = [number for value in call.given().values() for number in _numbers(value)]
    return (
        len(call.operands),
        len(call.arguments) + own + (call.layout is not None),
        sum(map(len, shapes)),
        sum(math.prod(shape) + sum(shape) for shape in shapes) + 50 * sum(0 in shape for shape in shapes),
        sum(len(text) for _, text in call.arguments),
        math.ceil(sum(min(abs(number), 10**6) for number in numbers if number == number)),
        _DTYPES.index(call.dtype),
        _FILLS.index(call.fill) if call.fill in _FILLS else len(_FILLS),
        call.seed,
    )


def _numbers(value: Any) -> list[float]:
    if isinstance(value, (int, float)):
        return [value]
    return [n for item in value for n in _numbers(item)] if isinstance(value, (list, tuple)) else []


def _fewer_tensors(call: Call) -> Iterator[Call]:
    for place in range(len(call.operands)):
        yield replace(call, operands=call.operands[:place] + call.operands[place + 1 :])


def _fewer_arguments(call: Call) -> Iterator[Call]:
    for place in range(len(call.arguments)):
        yield replace(call, arguments=call.arguments[:place] + call.arguments[place + 1 :])


def _fewer_axes(call: Call) -> Iterator[Call]:
    """An axis less of all tensors, counted from the front or the back, or of one."""
    most = max((len(shape) for shape in call.shapes().values()), default=0)
    for place in range(most):
        yield _reshaped(call, partial(_without, place))
        yield _reshaped(call, partial(_without, -place - 1))
    for name, operand in call.operands:
        for place in range(len(operand.shape)):
            yield _with(call, name, replace(operand, shape=operand.shape[:place] + operand.shape[place + 1 :]))


def _without(place: int, shape: Sizes) -> Sizes:
    """The shape without the axis at a place, counted from the end where it is negative."""
    place += len(shape) * (place < 0)
    return shape[: max(place, 0)] + shape[place + 1 :] if place >= 0 else shape


def _replaced(length: int, other: int, shape: Sizes) -> Sizes:
    return tuple(other if each == length else each for each in shape)


def _reshaped(call: Call, change: Callable[[Sizes], Sizes]) -> Call:
    changed = ((name, replace(operand, shape=change(operand.shape))) for name, operand in call.operands)
    return replace(call, operands=tuple(changed))


def _with(call: Call, name: str, operand: Operand) -> Call:
    return replace(call, operands=tuple((n, operand if n == name else o) for n, o in call.operands))


def _shorter_axes(call: Call) -> Iterator[Call]:
    """A length made smaller wherever it occurs, along one axis of all tensors, or along one axis of one."""
    lengths = sorted({length for shape in call.shapes().values() for length in shape}, reverse=True)
    for length in lengths:
        for less in _less(length):
            yield _reshaped(call, partial(_replaced, length, less))
    for name, operand in call.operands:
        for place, length in enumerate(operand.shape):
            for less in _less(length):
                shape = (*operand.shape[:place], less, *operand.shape[place + 1 :])
                yield _with(call, name, replace(operand, shape=shape))


def _less(length: int) -> list[int]:
    return sorted({1, length // 2, length - 1} - {length, 0}) if length > 1 else [1] if length == 0 else []


def _plainer_tensors(call: Call) -> Iterator[Call]:
    for name, operand in call.operands:
        for field in ("dtype", "fill", "layout"):
            if getattr(operand, field) is not None:
                changed: dict[str, Any] = {field: None}
                yield _with(call, name, replace(operand, **changed))


def _smaller_arguments(call: Call) -> Iterator[Call]:
    """Sequences shorter or as one number, numbers nearer to zero, floats rounded."""
    for place, (name, value) in enumerate(call.given().items()):
        for smaller in _smaller(value):
            yield replace(
                call, arguments=(*call.arguments[:place], (name, write(smaller)), *call.arguments[place + 1 :])
            )


def _smaller(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)) and value:
        yield from value
        yield type(value)(value[:-1])
        for place, item in enumerate(value):
            yield from (type(value)([*value[:place], other, *value[place + 1 :]]) for other in _smaller(item))
    elif isinstance(value, int) and not isinstance(value, bool):
        yield from sorted({0, 1, value // 2, value - 1, value + 1, -value}, key=abs)
    elif isinstance(value, float) and math.isfinite(value):
        yield from {0.0, 1.0, float(round(value)), round(value, 1)}


def _layout(call: Call) -> Iterator[Call]:
    if call.layout is not None:
        yield replace(call, layout=None)


def _dtype(call: Call) -> Iterator[Call]:
    yield from (replace(call, dtype=dtype) for dtype in _DTYPES[: _DTYPES.index(call.dtype)])


def _fill(call: Call) -> Iterator[Call]:
    yield from (
        replace(call, fill=fill) for fill in _FILLS[: _FILLS.index(call.fill) if call.fill in _FILLS else len(_FILLS)]
    )


def _seed(call: Call) -> Iterator[Call]:
    yield from (replace(call, seed=seed) for seed in range(min(call.seed, 3)))


SIMPLIFICATIONS: tuple[Simplification, ...] = (
    _fewer_arguments,
    _fewer_tensors,
    _layout,
    _plainer_tensors,
    _fewer_axes,
    _shorter_axes,
    _smaller_arguments,
    _dtype,
    _fill,
    _seed,
)
