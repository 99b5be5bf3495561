"""Draws that the families share: dtype and fill, batch and channels, how an argument is spelled.

May import: the standard library and `conformance.case`.
"""

from __future__ import annotations

from random import Random
from typing import Any

from conformance.case import Argument, Sizes, is_integer

_DTYPES = ("f32", "f64", "f16", "bf16", "complex64", "complex128", "i8", "i16", "i32", "i64", "u8")
_DTYPE_WEIGHTS = (30, 15, 12, 12, 7, 4, 4, 4, 4, 4, 4)
_FLOATS = 6
_SEEDS = 10**6


def draw_numbers(rnd: Random, *, integers: bool = True) -> dict[str, Any]:
    """A dtype, a fill and a seed, as fields of a case.

    Args:
        rnd: the source.
        integers: whether the dtype may be an integer one.

    Example:
        >>> sorted(draw_numbers(Random(0)))
        ['dtype', 'fill', 'seed']
    """
    count = len(_DTYPES) if integers else _FLOATS
    (dtype,) = rnd.choices(_DTYPES[:count], _DTYPE_WEIGHTS[:count])
    fill = "ints" if is_integer(dtype) else rnd.choice(("ints", "real"))
    return {"dtype": dtype, "fill": fill, "seed": rnd.randrange(_SEEDS)}


def draw_batch(rnd: Random) -> int | None:
    """A batch size, now and then zero, or None for an unbatched input.

    Example:
        >>> draw_batch(Random(0)) in (0, 1, 2, 3, None)
        True
    """
    return rnd.choices((1, 2, 3, None, 0), (42, 30, 10, 15, 3))[0]


def draw_channels(rnd: Random, *, roomy: bool) -> tuple[int, int, int]:
    """Input channels, output channels and groups; depthwise among them.

    Args:
        rnd: the source.
        roomy: whether there are as many channels as in a real network's layer.

    Example:
        >>> channels, out_channels, groups = draw_channels(Random(0), roomy=False)
        >>> channels % groups, out_channels % groups
        (0, 0)
    """
    scale = 8 if roomy else 1
    if rnd.random() < 0.2:
        channels = rnd.randint(1, 4) * scale
        return channels, channels * rnd.choice((1, 1, 2, 3)), channels
    groups = rnd.choice((1, 1, 1, 2, 3, 4))
    return groups * rnd.randint(1, 4) * scale, groups * rnd.randint(1, 4) * scale, groups


def spell(rnd: Random, values: Sizes, default: int | None, *, short: bool = False) -> Argument:
    """One of the ways to pass these values: left out, an int, or a tuple.

    Args:
        rnd: the source.
        values: one for each spatial axis.
        default: what torch takes where the argument is left out.
        short: whether a tuple of one may stand for equal values.

    Example:
        >>> spell(Random(0), (1, 2), 1)
        (1, 2)
    """
    if len(set(values)) > 1:
        return values
    if values[0] == default and rnd.random() < 0.5:
        return None
    if short and rnd.random() < 0.05:
        return values[:1]
    return values[0] if rnd.random() < 0.6 else values


def spell_groups(rnd: Random, groups: int) -> int | None:
    """The argument `groups`, at times left out where it is one.

    Example:
        >>> spell_groups(Random(0), 3)
        3
    """
    return None if groups == 1 and rnd.random() < 0.5 else groups
