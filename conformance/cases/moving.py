"""What the families of calls share that move numbers: an axis, how it is counted, and how much a call says.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from conformance.call import Call, Operand
from conformance.case import Sizes
from conformance.cases.called import COMPLEX, FLOATING, WHOLE, called, dtypes, family_of, fills, kinds, shape_of
from conformance.cases.option import Family, Levels, Option
from conformance.operations import OPERATIONS

Made = tuple[dict[str, "Sizes | Operand"], dict[str, Any]]
Make = Callable[[Random, Levels, Sizes], Made]
SHAPES = "1 2 more empty:0.2"
_RULES = (("given", "none", "sign", "minus"), ("count", "1", "other", "!same"))


def _shape(call: Call) -> str:
    shape = shape_of(call)
    return "empty" if 0 in shape else str(len(shape)) if len(shape) < 3 else "more"


def _sign(call: Call) -> str:
    values = [value for name, value in call.given().items() if name.startswith(("dim", "axis", "source", "start_dim"))]
    numbers = [n for value in values for n in (value if isinstance(value, (tuple, list)) else (value,))]
    return "minus" if any(isinstance(n, int) and n < 0 for n in numbers) else "plus"


SIGN = kinds("sign", "plus minus", _sign)
"""Whether axes are counted from the end."""


def draw_axis(rnd: Random, levels: Levels, rank: int) -> int:
    """An axis of so many, counted as the levels say.

    Example:
        >>> draw_axis(Random(0), {"sign": "minus"}, 1)
        -1
    """
    return rnd.randrange(rank) - rank * (levels["sign"] == "minus")


def _given(call: Call) -> str:
    given = call.given()
    if call.op == "scatter":
        return "several" if call.operand("src") else "none"
    if any(call.operand(name) for name in ("src", "value", "repeats")) or isinstance(given.get("dim"), (tuple, list)):
        return "several"
    return "one" if given.keys() & {"dim", "dims"} or call.op == "masked_fill" else "none"


def given_of(words: str) -> Option:
    """The option of how much a call says: nothing that it need not, one number, or several or a tensor.

    Example:
        >>> list(given_of("none one").weights)
        ['none', 'one']
    """
    return kinds("given", words, _given)


def moving_family(
    op: str, make: Make, options: tuple[Option, ...], *, shapes: str = SHAPES, appended: int = 0
) -> Family:
    """The family of an operation that moves numbers.

    Args:
        op: the operation.
        make: the tensors and the arguments of a call, from a shape.
        options: its own, `SIGN` among them where it takes axes.
        shapes: the levels of the shape of the first tensor.
        appended: how many axes `make` adds to the shape that it is given.

    Example:
        >>> family = moving_family("neg", lambda rnd, levels, shape: ({"input": shape}, {}), ())
        >>> family.draw(Random(0)).op
        'neg'
    """

    def realise(rnd: Random, levels: Levels) -> Call:
        rank = {"1": 1, "2": 2}.get(levels["shape"], rnd.randint(3, 4)) - appended
        lengths = [rnd.randint(1, 5) for _ in range(rank)]
        if levels["shape"] == "empty":
            lengths[rnd.randrange(len(lengths))] = 0
        operands, arguments = make(rnd, levels, tuple(lengths))
        return called(op, rnd, levels, operands, arguments)

    numbers = dtypes(f"{FLOATING} {COMPLEX} {WHOLE} bool"), fills("real special")
    rules = (*_RULES, ("fill", "special", "dtype", COMPLEX)) if OPERATIONS[op].exact == "" else _RULES
    return family_of(realise, kinds("shape", shapes, _shape), *options, *numbers, rules=rules)
