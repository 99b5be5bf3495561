"""Cases of F.pad in its four modes.

May import: the standard library, `conformance.case` and its neighbours in `cases`.
"""

from __future__ import annotations

from random import Random

from conformance.case import Case, Sizes
from conformance.cases.options import draw_batch, draw_numbers


def draw(rnd: Random, op: str = "pad") -> Case:
    """A valid case of F.pad.

    Args:
        rnd: the source.
        op: always `pad`.

    Example:
        >>> draw(Random(1)).op
        'pad'
    """
    mode = rnd.choice((None, "constant", "reflect", "replicate", "circular"))
    count = rnd.randint(1, 3)
    size = tuple(rnd.randint(1, 5) for _ in range(count))
    batch = draw_batch(rnd)
    channels: int | None = rnd.randint(1, 3)
    value = None
    if mode in (None, "constant"):
        value = rnd.choice((None, 0.0, 1.0, -3.0))
        if batch is None and rnd.random() < 0.3:
            channels = None
        padded = tuple(length for length in (batch, channels) if length is not None) + size
        padded = padded[rnd.randrange(len(padded)) :]
    else:
        padded = size
    padding = tuple(amount for length in reversed(padded) for amount in _draw_sides(rnd, length, mode))
    return Case(
        op,
        batch=batch,
        channels=channels,
        size=size,
        padding=padding,
        mode=mode,
        value=value,
        lists=rnd.random() < 0.3,
        **draw_numbers(rnd),
    )


def is_undefined(case: Case) -> bool:
    """Whether torch 2.13 leaves a part of the result as it finds it in memory.

    So it does where a circular pad reaches beyond what a crop on the other side leaves of an axis, and in the
    gradient of any pad but the constant one where the crops leave nothing.

    Example:
        >>> from conformance.case import parse
        >>> is_undefined(parse("pad c1 h4 p4,-1 circular")), is_undefined(parse("pad c1 h4 p3,-1 circular"))
        (True, False)
    """
    if case.op != "pad" or case.mode in (None, "constant") or not isinstance(case.padding, tuple):
        return False
    sides = zip(case.padding[::2], case.padding[1::2], reversed(case.shapes()["input"]))
    left = [(max(a, b), length + min(a, 0) + min(b, 0)) for a, b, length in sides]
    return any(rest < 1 or (case.mode == "circular" and reach > rest) for reach, rest in left)


def _draw_sides(rnd: Random, length: int, mode: str | None) -> Sizes:
    """How much to pad before and after an axis, negative to crop, with at least one place left."""
    most = {"reflect": length - 1, "circular": length}.get(mode or "constant", 4)
    before, after = (min(rnd.choice((0, 0, 1, most, rnd.randint(0, most), -1)), most) for _ in range(2))
    if length + min(before, 0) + min(after, 0) < 1:
        return (max(before, 0), max(after, 0))
    return (before, after)
