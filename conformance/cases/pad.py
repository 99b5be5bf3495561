"""Cases of F.pad in its four modes.

May import: the standard library, `conformance.case` and its neighbours in `cases`.
"""

from __future__ import annotations

from random import Random

from conformance.case import Case, Sizes
from conformance.cases.option import Family, Levels, Option, excluding
from conformance.cases.options import BATCH, DTYPE, FILL, LAYOUT, NUMBER_RULES, draw_batch, draw_numbers

_RULES = (
    *NUMBER_RULES,
    ("mode", "reflect replicate circular", "value", "0 other"),
    ("mode", "reflect replicate circular", "leading", "padded"),
    ("mode", "reflect replicate circular", "batch", "0"),
)


def _mode(case: Case) -> str:
    return case.mode or "absent"


def _value(case: Case) -> str:
    return "absent" if case.value is None else "0" if case.value == 0 else "other"


def _leading(case: Case) -> str:
    padding = case.padding if isinstance(case.padding, tuple) else ()
    return "padded" if len(padding) > 2 * len(case.size or ()) else "not"


def _amounts(case: Case) -> str:
    padding = case.padding if isinstance(case.padding, tuple) else ()
    crops, pads = any(amount < 0 for amount in padding), any(amount > 0 for amount in padding)
    return {(False, False): "0", (False, True): "pad", (True, False): "crop", (True, True): "both"}[crops, pads]


_OPTIONS = (
    BATCH,
    Option("mode", dict.fromkeys(("absent", "constant", "reflect", "replicate", "circular"), 1), _mode),
    Option("value", {"absent": 50, "0": 15, "other": 35}, _value),
    Option("axes", {"1": 30, "2": 40, "3": 30}, lambda case: str(len(case.size or ()))),
    Option("leading", {"not": 70, "padded": 30}, _leading),
    Option("amounts", {"0": 5, "pad": 60, "crop": 10, "both": 25}, _amounts),
    Option("sequences", {"tuples": 60, "lists": 40}, lambda case: "lists" if case.lists else "tuples"),
    LAYOUT,
    DTYPE,
    FILL,
)


def family(op: str = "pad") -> Family:  # noqa: ARG001
    """The family of F.pad.

    Example:
        >>> family().draw(Random(1)).op
        'pad'
    """
    return Family(_OPTIONS, excluding(_OPTIONS, *_RULES), _realise, _share)


def _share(case: Case) -> float:
    """Of the output, where zeros are put beside it, and of the input's gradient."""
    padding = case.padding if isinstance(case.padding, tuple) else ()
    size = case.shapes()["input"][::-1]
    kept, grown = 1.0, 1.0
    for before, after, length in zip(padding[::2], padding[1::2], size):
        rest = length + min(before, 0) + min(after, 0)
        kept *= rest / max(length, 1)
        grown *= rest / max(length + before + after, 1)
    zeros = case.mode in (None, "constant") and not case.value
    return min(kept, grown) if zeros else kept


def _realise(rnd: Random, levels: Levels) -> Case:
    mode = levels["mode"]
    count = int(levels["axes"])
    size = tuple(rnd.randint(2, 8 - count) for _ in range(count))
    batch, channels = draw_batch(rnd, levels["batch"]), rnd.randint(1, 3)
    padded: Sizes = size
    if levels["leading"] == "padded":
        padded = tuple(length for length in (batch, channels) if length is not None) + size
        padded = padded[rnd.randrange(len(padded) - count) :]
    elif mode in ("absent", "constant"):
        padded = size[rnd.randrange(count) :]
    sides = [_sides(rnd, length, mode, levels["amounts"]) for length in reversed(padded)]
    value = {"absent": None, "0": 0.0, "other": rnd.choice((1.0, -3.0, 1.5))}[levels["value"]]
    if value and levels["dtype"][0] in "iu":
        value = 2.0
    return Case(
        "pad",
        batch=batch,
        channels=channels,
        size=size,
        padding=tuple(amount for side in sides for amount in side),
        mode=None if mode == "absent" else mode,
        value=value,
        lists=levels["sequences"] == "lists",
        **draw_numbers(rnd, levels),
    )


def _sides(rnd: Random, length: int, mode: str, amounts: str) -> Sizes:
    """How much to pad before and after an axis, negative to crop, with at least one place left."""
    if amounts == "0":
        return (0, 0)
    most = {"reflect": length - 1, "circular": length}.get(mode, 4)
    pads = (0, 0, 1, 1, min(most, 2), rnd.randint(0, most))
    choices = {"pad": pads, "crop": (0, -1, -1), "both": (-1, *pads)}[amounts]
    before, after = (min(rnd.choice(choices), most) for _ in range(2))
    if length + min(before, 0) + min(after, 0) < 1:
        return (0, 0)
    return (before, after)


def is_undefined(case: Case) -> bool:
    """Whether torch 2.13 leaves a part of the result as it finds it in memory.

    So it does where a circular pad reaches beyond what a crop on the other side leaves of an axis, and in the
    gradient of any pad but the constant one where the crops leave nothing.

    Example:
        >>> from conformance.tokens import parse
        >>> is_undefined(parse("pad c1 h4 p4,-1 circular")), is_undefined(parse("pad c1 h4 p3,-1 circular"))
        (True, False)
    """
    if case.op != "pad" or case.mode in (None, "constant") or not isinstance(case.padding, tuple):
        return False
    sides = zip(case.padding[::2], case.padding[1::2], reversed(case.shapes()["input"]))
    left = [(max(a, b), length + min(a, 0) + min(b, 0)) for a, b, length in sides]
    return any(rest < 1 or (case.mode == "circular" and reach > rest) for reach, rest in left)
