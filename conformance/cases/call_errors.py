"""Broken calls: a valid one with one or two of its tensors or arguments made wrong.

May import: the standard library, `conformance.call`, `conformance.call_tokens`.

Some of what comes out is still valid. Then the results are compared, as for any case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from conformance.call import CALL_DTYPES, INEXACT, Call, Operand
from conformance.call_tokens import write
from conformance.case import Sizes

Breaker = Callable[[Random, Call], Call]

WRONG: dict[str, tuple[Any, ...]] = {
    "kernel_size": (0, -1, (), (2,), (1, 2, 3, 4), 99),
    "stride": (0, -1, (), (1, 2, 3, 4)),
    "padding": (-1, 7, (), (1, 1, 1, 1)),
    "dilation": (0, -1, (2, 2, 2, 2)),
    "output_size": (-1, 0, (), (2, 2, 2, 2), (3, None, 3, 3)),
    "divisor_override": (0,),
    "norm_type": (0, -1),
}
"""Wrong values of arguments that mean the same wherever they occur."""
_ANYTHING: tuple[Any, ...] = (None, 1.5, "word", -3, True, (), [1, 2], float("nan"))


def break_call(rnd: Random, call: Call, turn: int) -> Call:
    """The call with one thing broken, or at times two.

    Args:
        rnd: the source.
        call: a valid one.
        turn: the ways to break a call are taken in turn.

    Example:
        >>> from conformance.tokens import parse
        >>> str(break_call(Random(0), parse("max_pool1d input=1x3 kernel_size=2"), 1))
        'max_pool1d input=2x1x1x3 kernel_size=2 f32 real seed0'
    """
    call = BREAKERS[turn % len(BREAKERS)](rnd, call)
    return call if rnd.random() < 0.8 else rnd.choice(BREAKERS)(rnd, call)


def _with_argument(call: Call, name: str, value: Any) -> Call:
    arguments = dict(call.arguments) | {name: write(value)}
    return replace(call, arguments=tuple(arguments.items()))


def _with_operand(rnd: Random, call: Call, change: Callable[[Operand], Operand]) -> Call:
    if not call.operands:
        return call
    place = rnd.randrange(len(call.operands))
    name, operand = call.operands[place]
    return replace(call, operands=(*call.operands[:place], (name, change(operand)), *call.operands[place + 1 :]))


def _wrong_argument(rnd: Random, call: Call) -> Call:
    """An argument with a value that it must not have."""
    names = [name for name, _ in call.arguments if name in WRONG]
    if not names:
        return _any_argument(rnd, call)
    name = rnd.choice(names)
    return _with_argument(call, name, rnd.choice(WRONG[name]))


def _any_argument(rnd: Random, call: Call) -> Call:
    """An argument with a value of another type."""
    names = [name for name, _ in call.arguments]
    return _with_argument(call, rnd.choice(names) if names else "dim", rnd.choice(_ANYTHING))


def _rank(rnd: Random, call: Call) -> Call:
    def change(operand: Operand) -> Operand:
        shape = operand.shape
        return replace(operand, shape=rnd.choice((shape[1:], shape[:-1], (1, *shape), (2, 1, *shape), ())))

    return _with_operand(rnd, call, change)


def _length(rnd: Random, call: Call) -> Call:
    def change(operand: Operand) -> Operand:
        shape = list(operand.shape) or [1]
        place = rnd.randrange(len(shape))
        shape[place] = max(shape[place] + rnd.choice((-1, 1, 2)), 0)
        return replace(operand, shape=tuple(shape))

    return _with_operand(rnd, call, change)


def _empty(rnd: Random, call: Call) -> Call:
    def change(operand: Operand) -> Operand:
        shape: Sizes = operand.shape or (1,)
        place = rnd.randrange(len(shape))
        return replace(operand, shape=(*shape[:place], 0, *shape[place + 1 :]))

    return _with_operand(rnd, call, change)


def _dtype(rnd: Random, call: Call) -> Call:
    """One tensor of another dtype, or all."""
    dtype = rnd.choice(list(CALL_DTYPES))
    fill = call.fill if dtype in INEXACT else "ints"
    if len(call.operands) < 2 or rnd.random() < 0.3:
        return replace(call, dtype=dtype, fill=fill)
    return _with_operand(rnd, call, lambda operand: replace(operand, dtype=dtype))


def _without(rnd: Random, call: Call) -> Call:
    """A tensor or an argument left out."""
    count = len(call.operands)
    if rnd.random() < 0.5 and count > 1:
        place = rnd.randrange(1, count)
        return replace(call, operands=call.operands[:place] + call.operands[place + 1 :])
    if not call.arguments:
        return replace(call, operands=())
    place = rnd.randrange(len(call.arguments))
    return replace(call, arguments=call.arguments[:place] + call.arguments[place + 1 :])


def _unknown(_: Random, call: Call) -> Call:
    return _with_argument(call, "unknown", 1)


BREAKERS: tuple[Breaker, ...] = (
    _wrong_argument,
    _rank,
    _length,
    _dtype,
    _any_argument,
    _without,
    _wrong_argument,
    _empty,
    _unknown,
)
