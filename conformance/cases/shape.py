"""Calls of what rearranges: joining, splitting, turning, repeating.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

import math
from random import Random
from typing import Any

from conformance.call import Operand
from conformance.case import Sizes
from conformance.cases.called import kinds
from conformance.cases.moving import SHAPES, SIGN, Made, Make, draw_axis, given_of, moving_family
from conformance.cases.option import Family, Levels, Option


def _cat(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis = draw_axis(rnd, levels, len(shape))
    kind = None if levels["other"] == "same" else levels["other"]
    operands: dict[str, Sizes | Operand] = {"tensors.0": shape}
    for place in range(1, int(levels["count"])):
        other = list(shape)
        other[axis] = rnd.randint(0, 3)
        operands[f"tensors.{place}"] = Operand(tuple(other), kind)
    return operands, {"dim": axis}


def _stack(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis = draw_axis(rnd, levels, len(shape) + 1)
    kind = None if levels["other"] == "same" else levels["other"]
    later = {f"tensors.{place}": Operand(shape, kind) for place in range(1, int(levels["count"]))}
    return {"tensors.0": shape, **later}, {"dim": axis}


def _permute(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axes = rnd.sample(range(len(shape)), len(shape))
    return {"input": shape}, {"dims": tuple(a - len(shape) * (levels["sign"] == "minus") for a in axes)}


def _transpose(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    return {"input": shape}, {f"dim{n}": draw_axis(rnd, levels, len(shape)) for n in (0, 1)}


def _movedim(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    names = ("source", "destination")
    return {"input": shape}, {name: draw_axis(rnd, levels, len(shape)) for name in names}


def _reshape(rnd: Random, _: Levels, shape: Sizes) -> Made:
    count = math.prod(shape)
    divisors = [n for n in range(1, count + 1) if count % n == 0] or [0]
    first = rnd.choice(divisors)
    found: tuple[int, ...] = (first, count // first) if first else shape[::-1]
    if first and rnd.random() < 0.5:
        found = rnd.choice(((-1, first), (first, -1), (-1,), (1, *found)))
    return {"input": shape}, {"shape": found}


def _squeeze(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    shape = tuple(rnd.choice((1, length)) for length in shape)
    given = levels["given"]
    arguments: dict[str, Any] = {} if given == "none" else {"dim": draw_axis(rnd, levels, len(shape))}
    if given == "several":
        arguments = {"dim": tuple(a - len(shape) * (levels["sign"] == "minus") for a in range(len(shape)))[:2]}
    return {"input": shape}, arguments


def _unsqueeze(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    return {"input": shape}, {"dim": draw_axis(rnd, levels, len(shape) + 1)}


def _flatten(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    first = rnd.randrange(len(shape))
    last = rnd.randrange(first, len(shape))
    minus = len(shape) * (levels["sign"] == "minus")
    return {"input": shape}, {"start_dim": first - minus, "end_dim": last - minus}


def _flip(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axes = rnd.sample(range(len(shape)), rnd.randint(1, len(shape)))
    return {"input": shape}, {"dims": tuple(a - len(shape) * (levels["sign"] == "minus") for a in axes)}


def _roll(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    if levels["given"] == "none":
        return {"input": shape}, {"shifts": rnd.randint(-7, 7)}
    axes = rnd.sample(range(len(shape)), rnd.randint(1, len(shape)))
    dims = tuple(a - len(shape) * (levels["sign"] == "minus") for a in axes)
    return {"input": shape}, {"shifts": tuple(rnd.randint(-7, 7) for _ in axes), "dims": dims}


def _narrow(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis = draw_axis(rnd, levels, len(shape))
    start = rnd.randint(0, shape[axis])
    return {"input": shape}, {"dim": axis, "start": start, "length": rnd.randint(0, shape[axis] - start)}


def _select(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis = draw_axis(rnd, levels, len(shape))
    shape = tuple(max(length, 1) if n == axis % len(shape) else length for n, length in enumerate(shape))
    return {"input": shape}, {"dim": axis, "index": rnd.randrange(-shape[axis], shape[axis])}


def _split(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis = draw_axis(rnd, levels, len(shape))
    return {"input": shape}, {"split_size_or_sections": rnd.randint(1, 3), "dim": axis}


def _chunk(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    return {"input": shape}, {"chunks": rnd.randint(1, 4), "dim": draw_axis(rnd, levels, len(shape))}


def _along(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    return {"input": shape}, {"dim": draw_axis(rnd, levels, len(shape))}


def _triangle(rnd: Random, _: Levels, shape: Sizes) -> Made:
    return {"input": (*shape, rnd.randint(1, 4))}, {"diagonal": rnd.randint(-4, 4)}


def _diagonal(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    shape = (*shape, rnd.randint(1, 4))
    first, second = rnd.sample(range(len(shape)), 2)
    minus = len(shape) * (levels["sign"] == "minus")
    return {"input": shape}, {"offset": rnd.randint(-3, 3), "dim1": first - minus, "dim2": second - minus}


def _diag(rnd: Random, _: Levels, shape: Sizes) -> Made:
    found = shape if len(shape) < 3 else (0, shape[0])
    return {"input": found}, {"diagonal": rnd.randint(-3, 3)}


def _rot90(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    shape = (*shape, rnd.randint(1, 4))
    axes = rnd.sample(range(len(shape)), 2)
    minus = len(shape) * (levels["sign"] == "minus")
    return {"input": shape}, {"k": rnd.randint(-2, 5), "dims": tuple(axis - minus for axis in axes)}


def _larger(rnd: Random, shape: Sizes) -> tuple[Sizes, Sizes]:
    """A shape with axes of length one, and what it is expanded to."""
    small = tuple(rnd.choice((1, length)) for length in shape)
    return small, (*(rnd.randint(1, 3) for _ in range(rnd.randint(0, 2))), *shape)


def _broadcast_to(rnd: Random, _: Levels, shape: Sizes) -> Made:
    small, large = _larger(rnd, shape)
    return {"input": small}, {"size": large}


def _tile(rnd: Random, _: Levels, shape: Sizes) -> Made:
    return {"input": shape}, {"dims": tuple(rnd.randint(0, 3) for _ in range(rnd.randint(0, len(shape) + 1)))}


def _repeat(rnd: Random, _: Levels, shape: Sizes) -> Made:
    return {"input": shape}, {"repeats": tuple(rnd.randint(0, 3) for _ in range(len(shape) + rnd.randint(0, 1)))}


def _repeat_interleave(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    arguments: dict[str, Any] = {} if levels["given"] == "none" else {"dim": draw_axis(rnd, levels, len(shape))}
    if levels["given"] == "several":
        length = shape[arguments["dim"]]
        return {"input": shape, "repeats": Operand((length,), "i64", "below4")}, arguments
    return {"input": shape}, {"repeats": rnd.randint(0, 3), **arguments}


_COUNT = kinds("count", "1 2 3", lambda call: str(len(call.operands)))
_OTHER = kinds("other", "same f64 i64", lambda call: (len(call.operands) > 1 and call.operands[1][1].dtype) or "same")
_FAMILIES: dict[str, tuple[Make, tuple[Option, ...]]] = {
    "cat": (_cat, (SIGN, _COUNT, _OTHER)),
    "stack": (_stack, (SIGN, _COUNT, _OTHER)),
    "permute": (_permute, (SIGN,)),
    "transpose": (_transpose, (SIGN,)),
    "movedim": (_movedim, (SIGN,)),
    "reshape": (_reshape, ()),
    "squeeze": (_squeeze, (SIGN, given_of("none one several"))),
    "unsqueeze": (_unsqueeze, (SIGN,)),
    "flatten": (_flatten, (SIGN,)),
    "flip": (_flip, (SIGN,)),
    "roll": (_roll, (SIGN, given_of("none one"))),
    "narrow": (_narrow, (SIGN,)),
    "select": (_select, (SIGN,)),
    "split": (_split, (SIGN,)),
    "chunk": (_chunk, (SIGN,)),
    "unbind": (_along, (SIGN,)),
    "tril": (_triangle, ()),
    "triu": (_triangle, ()),
    "diagonal": (_diagonal, (SIGN,)),
    "diag": (_diag, ()),
    "rot90": (_rot90, (SIGN,)),
    "broadcast_to": (_broadcast_to, ()),
    "expand": (_broadcast_to, ()),
    "tile": (_tile, ()),
    "repeat": (_repeat, ()),
    "repeat_interleave": (_repeat_interleave, (SIGN, given_of("none one several"))),
}
_MATRICES = ("tril", "triu", "diagonal", "rot90")
_SHAPES = dict.fromkeys(_MATRICES, "2 more empty:0.2") | {"diag": "1 2 empty:0.2"}


def family(op: str) -> Family:
    """The family of an operation that rearranges.

    Example:
        >>> family("cat").draw(Random(1)).op
        'cat'
    """
    make, options = _FAMILIES[op]
    return moving_family(op, make, options, shapes=_SHAPES.get(op, SHAPES), appended=int(op in _MATRICES))
