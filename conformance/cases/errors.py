"""Broken cases: a valid one with one or two of its arguments made wrong.

May import: the standard library, `conformance.case` and its neighbours in `cases`.

Some of what comes out is still valid (a bias's dtype may be broken into its own). Then the results are
compared, as for any case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from conformance.case import DTYPES, SPATIAL_AXES, Case, Sizes, is_integer

Breaker = Callable[[Random, Case], Case]
_STEP = 11
"""Between the ways of consecutive turns: prime to the number of ways, so that all come, and neighbours are unlike."""


def break_case(rnd: Random, case: Case, turn: int) -> Case:
    """The case with one argument broken, or at times two.

    Args:
        rnd: the source.
        case: a valid case.
        turn: the ways to break a case are taken in turn, so that consecutive turns soon have them all.

    Example:
        >>> from conformance.tokens import parse
        >>> case = parse("unfold n1 c2 h4x4 k2 f32 ints seed1")
        >>> broken = break_case(Random(3), case, 0)
        >>> broken.op, broken == case
        ('unfold', False)
    """
    breakers = _breakers(case)
    case = breakers[turn * _STEP % len(breakers)](rnd, case)
    return case if rnd.random() < 0.7 else rnd.choice(breakers)(rnd, case)


def _breakers(case: Case) -> tuple[Breaker, ...]:
    if case.op == "pad":
        return _PAD
    if not case.is_convolution:
        return _WINDOW + (_FOLD if case.op == "fold" else _UNFOLD)
    return _WINDOW + _WEIGHTED + (_TRANSPOSED if case.is_transposed else _FORWARD)


def _set_one(rnd: Random, value: Any, default: int, axes: int, wrong: int) -> Sizes:
    """An argument with a wrong number on one of its axes."""
    if isinstance(value, tuple) and len(value) == axes:
        values = list(value)
    else:
        values = [value if isinstance(value, int) else default] * axes
    values[rnd.randrange(axes)] = wrong
    return tuple(values)


def _wrong_number(field: str, default: int, choices: Sizes) -> Breaker:
    """A breaker that puts one of `choices` into the argument `field`."""

    def breaker(rnd: Random, case: Case) -> Case:
        number = rnd.choice(choices)
        wrong: int | Sizes = number
        if rnd.random() < 0.5:
            wrong = _set_one(rnd, getattr(case, field), default, SPATIAL_AXES[case.op], number)
        changed: dict[str, Any] = {field: wrong}
        return replace(case, **changed)

    return breaker


def _wrong_length(field: str) -> Breaker:
    """A breaker that makes the argument `field` a sequence of a length that does not fit."""

    def breaker(rnd: Random, case: Case) -> Case:
        lengths = [length for length in range(5) if length not in (1, SPATIAL_AXES[case.op])]
        changed: dict[str, Any] = {field: (rnd.randint(1, 2),) * rnd.choice(lengths)}
        return replace(case, **changed)

    return breaker


def _input_rank(rnd: Random, case: Case) -> Case:
    shape = case.shapes()["input"]
    return replace(case, input_shape=rnd.choice((shape[1:], shape[2:], (1, *shape), (2, 1, *shape), ())))


def _empty_space(rnd: Random, case: Case) -> Case:
    size = list(case.size or (1,))
    size[rnd.randrange(len(size))] = 0
    return replace(case, size=tuple(size))


def _kernel_too_large(rnd: Random, case: Case) -> Case:
    length = max(case.size or (1,)) + rnd.randint(1, 9)
    return replace(case, kernel=_set_one(rnd, case.kernel, 1, SPATIAL_AXES[case.op], length))


def _input_channels(rnd: Random, case: Case) -> Case:
    shape = list(case.shapes()["input"]) or [1]
    axis = max(len(shape) - 1 - len(case.size or ()), 0)
    shape[axis] = max(shape[axis] + rnd.choice((-1, 1, 2)), 0)
    return replace(case, input_shape=tuple(shape))


def _integer_dtype(rnd: Random, case: Case) -> Case:
    return replace(case, dtype=rnd.choice([dtype for dtype in DTYPES if is_integer(dtype)]), fill="ints")


def _groups_not_positive(rnd: Random, case: Case) -> Case:
    return replace(case, groups=rnd.choice((0, -1)))


def _groups_uneven(rnd: Random, case: Case) -> Case:
    return replace(case, groups=rnd.choice((2, 3, 5, 64)), weight_shape=case.shapes()["weight"])


def _no_out_channels(_: Random, case: Case) -> Case:
    return replace(case, out_channels=0)


def _bias_shape(rnd: Random, case: Case) -> Case:
    length = case.out_channels or 0
    return replace(case, bias_shape=rnd.choice(((length + 1,), (length, 1), (), (0,), (1,))))


def _bias_dtype(rnd: Random, case: Case) -> Case:
    return replace(case, bias_dtype=rnd.choice(list(DTYPES)))


def _weight_dtype(rnd: Random, case: Case) -> Case:
    return replace(case, weight_dtype=rnd.choice(list(DTYPES)))


def _weight_rank(rnd: Random, case: Case) -> Case:
    shape = case.shapes()["weight"]
    return replace(case, weight_shape=rnd.choice((shape[:-1], (*shape, 1), shape[:2], shape[:1], ())))


def _padding_word(rnd: Random, case: Case) -> Case:
    return replace(case, padding=rnd.choice(("full", "zeros", "same", "valid")))


def _same_with_stride(_: Random, case: Case) -> Case:
    return replace(case, padding="same", stride=2)


def _mode(rnd: Random, case: Case) -> Case:
    return replace(case, mode=rnd.choice(("reflect", "circular", "constant", "edge")))


def _padding_too_large(rnd: Random, case: Case) -> Case:
    largest = max(case.size or (1,))
    return replace(case, padding=largest + rnd.randint(0, 2), mode=rnd.choice(("reflect", "circular")))


def _output_size_range(rnd: Random, case: Case) -> Case:
    size = tuple(rnd.randint(0, 12) for _ in range(SPATIAL_AXES[case.op]))
    return replace(case, module=True, output_size=size, output_padding=None)


def _output_size_length(rnd: Random, case: Case) -> Case:
    length = rnd.choice([length for length in range(6) if length != SPATIAL_AXES[case.op]])
    size = tuple(rnd.randint(1, 9) for _ in range(length))
    return replace(case, module=True, output_size=size, output_padding=None)


def _padding_eats_output(rnd: Random, case: Case) -> Case:
    return replace(case, padding=rnd.randint(5, 30))


def _windows(rnd: Random, case: Case) -> Case:
    return replace(case, size=(max((case.size or (1,))[0] + rnd.choice((-1, 1, 3)), 0),))


def _fold_output_length(rnd: Random, case: Case) -> Case:
    return replace(case, output_size=(rnd.randint(1, 9),) * rnd.choice((0, 1, 3)))


def _pad_length(rnd: Random, case: Case) -> Case:
    return replace(case, padding=(1,) * rnd.choice((1, 2, 3, 4, 5, 6, 8, 10, 12)))


def _pad_mode(rnd: Random, case: Case) -> Case:
    return replace(case, mode=rnd.choice(("edge", "zeros", "reflect", "replicate", "circular", "constant")))


def _pad_value(rnd: Random, case: Case) -> Case:
    return replace(case, mode=rnd.choice(("reflect", "replicate", "circular")), value=1.0)


def _pad_amount(rnd: Random, case: Case) -> Case:
    amounts = case.padding if isinstance(case.padding, tuple) else (0, 0)
    return replace(case, padding=_set_one(rnd, amounts, 0, len(amounts), rnd.choice((5, 6, 7, -3, -6))))


_WINDOW: tuple[Breaker, ...] = (
    _input_rank,
    _empty_space,
    _kernel_too_large,
    _input_channels,
    _wrong_number("kernel", 1, (0, -1)),
    _wrong_number("stride", 1, (0, -1)),
    _wrong_number("padding", 0, (-1, -2)),
    _wrong_number("dilation", 1, (0, -1)),
    _wrong_length("kernel"),
    _wrong_length("stride"),
    _wrong_length("padding"),
    _wrong_length("dilation"),
    _integer_dtype,
)
_WEIGHTED: tuple[Breaker, ...] = (
    _groups_not_positive,
    _groups_uneven,
    _no_out_channels,
    _bias_shape,
    _bias_dtype,
    _weight_dtype,
    _weight_rank,
    _padding_word,
    _mode,
)
_FORWARD: tuple[Breaker, ...] = (_same_with_stride, _padding_too_large)
_TRANSPOSED: tuple[Breaker, ...] = (
    _wrong_number("output_padding", 0, (-1, 3, 9)),
    _wrong_length("output_padding"),
    _output_size_range,
    _output_size_length,
    _padding_eats_output,
)
_UNFOLD: tuple[Breaker, ...] = (_padding_eats_output,)
_FOLD: tuple[Breaker, ...] = (
    _windows,
    _fold_output_length,
    _wrong_number("output_size", 4, (0, -1, 1)),
)
_PAD: tuple[Breaker, ...] = (_input_rank, _empty_space, _pad_length, _pad_mode, _pad_value, _pad_amount)
