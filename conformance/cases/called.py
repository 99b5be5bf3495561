"""What the families of calls share: options on an argument, on the first tensor, on the numbers; the making of a call.

May import: the standard library, `conformance.case`, `conformance.call`, `conformance.call_tokens` and its
neighbours in
`cases`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from conformance.call import ABSENT, Call, Operand
from conformance.call_tokens import read, write
from conformance.case import LAYOUTS, Sizes
from conformance.cases.option import Family, Levels, Option, excluding
from conformance.cases.options import SEEDS

FLOATING = "f32 f64 f16 bf16"
COMPLEX = "complex64 complex128"
WHOLE = "i64 i32 i16 i8 u8"
_WEIGHTS = {"f32": 30.0, "f64": 15.0, "f16": 12.0, "bf16": 12.0, "complex64": 7.0, "complex128": 4.0, "i64": 5.0}
NUMBERS = (("dtype=", "torch.int64", "dtype", f"{FLOATING} {COMPLEX}"),)
"""No inexact numbers are asked for as whole ones, which torch does not differentiate."""
EMPTY = tuple(
    (name, level, "layout", "!contiguous")
    for name, level in (("batch", "0"), ("empty", "yes"), *((n, "empty") for n in ("shape", "shapes", "size", "sizes")))
)
"""What has no element has no layout."""
LAYOUT = Option("layout", {"contiguous": 60, **dict.fromkeys(LAYOUTS, 8.0)}, lambda call: call.layout or "contiguous")


def dtypes(words: str = FLOATING) -> Option:
    """The option of the dtype, between these tokens.

    Example:
        >>> dtypes("f32 i8").weights
        {'f32': 30.0, 'i8': 2.0}
    """
    return Option("dtype", {word: _WEIGHTS.get(word, 2.0) for word in words.split()}, lambda call: call.dtype)


def fills(words: str = "real ties") -> Option:
    """The option of the fill, between these words.

    Example:
        >>> list(fills("unit").weights)
        ['unit']
    """
    return Option("fill", dict.fromkeys(words.split(), 1.0), lambda call: call.fill)


def choice(name: str, words: str) -> Option:
    """An option on an argument, whose levels are its texts; `absent` where it is not passed.

    A name such as `dtype=` is that of the option alone: the argument is `dtype`, which is another option's name.

    Example:
        >>> from conformance.tokens import parse
        >>> option = choice("ceil_mode", "absent True False")
        >>> option.of(parse("max_pool1d input=1x3 kernel_size=2"))
        'absent'
    """
    return Option(name, dict.fromkeys(words.split(), 1.0), lambda call: call.text(name.removesuffix("=")))


def kinds(name: str, words: str, of: Callable[[Any], str]) -> Option:
    """An option whose level is told by a function of the call.

    Args:
        name: of the option.
        words: its levels; one that random calls seldom take has its weight behind it, such as `empty:0.1`.
        of: the level of a call.

    Example:
        >>> kinds("rank", "1 2", lambda call: str(len(call.shapes()["input"]))).name
        'rank'
    """
    found = (word.partition(":") for word in words.split())
    return Option(name, {level: float(weight or 1.0) for level, _, weight in found}, of)


def tensor(name: str, words: str = "no yes") -> Option:
    """The option of a tensor that may be left out.

    Example:
        >>> from conformance.tokens import parse
        >>> tensor("weight").of(parse("max_pool1d input=1x3"))
        'no'
    """
    return Option(name, dict.fromkeys(words.split(), 1.0), lambda call: "yes" if call.operand(name) else "no")


def shape_of(call: Call, name: str = "input") -> Sizes:
    """The shape of a tensor, or that of the first one where there is none of that name.

    Example:
        >>> from conformance.tokens import parse
        >>> shape_of(parse("max_pool1d input=1x3"))
        (1, 3)
    """
    shapes = call.shapes()
    return shapes.get(name) or next(iter(shapes.values()), ())


def texts(levels: Levels, *names: str) -> dict[str, Any]:
    """The arguments of options made by `choice`, those that are absent left out.

    Example:
        >>> texts({"mode": "bilinear", "dim": "absent"}, "mode", "dim")
        {'mode': 'bilinear'}
    """
    return {name.removesuffix("="): read(levels[name]) for name in names if levels.get(name, ABSENT) != ABSENT}


def called(
    op: str, rnd: Random, levels: Levels, operands: Mapping[str, Sizes | Operand], arguments: Mapping[str, Any]
) -> Call:
    """A call with the layout, the dtype and the fill of the levels, and a drawn seed.

    Args:
        op: the operation.
        rnd: the source.
        levels: of the options layout, dtype and fill.
        operands: the tensors by name, those with nothing of their own as a shape.
        arguments: the others by name.

    Example:
        >>> levels = {"layout": "contiguous", "dtype": "f16", "fill": "real"}
        >>> str(called("max_pool1d", Random(0), levels, {"input": (1, 3)}, {"kernel_size": (2,)}))
        'max_pool1d input=1x3 kernel_size=(2,) f16 real seed885440'
    """
    members = {name: value if isinstance(value, Operand) else Operand(value) for name, value in operands.items()}
    return Call(
        op,
        tuple(members.items()),
        tuple((name, write(value)) for name, value in arguments.items()),
        None if levels["layout"] == "contiguous" else levels["layout"],
        levels["dtype"],
        levels["fill"],
        rnd.randrange(SEEDS),
    )


def family_of(
    realise: Callable[[Random, Levels], Call],
    *options: Option,
    rules: tuple[tuple[str, str, str, str], ...] = (),
    layout: Option = LAYOUT,
) -> Family:
    """A family of calls with these options and a layout; see `option.excluding` for the rules.

    Example:
        >>> def realise(rnd, levels):
        ...     return called("max_pool1d", rnd, levels, {"input": (1, 3)}, {"kernel_size": 2})
        >>> family_of(realise, dtypes(), fills()).draw(Random(0)).op
        'max_pool1d'
    """
    every = (*options, layout)
    return Family(every, excluding(every, *NUMBERS, *EMPTY, *rules), realise, lambda call: 1.0)  # noqa: ARG005
