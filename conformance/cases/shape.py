"""Calls of what moves numbers and computes nothing: joining, splitting, rearranging, repeating, indexing, scattering.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

from conformance.call import Call, Operand
from conformance.case import Sizes
from conformance.cases.called import COMPLEX, FLOATING, WHOLE, called, dtypes, family_of, fills, kinds, shape_of
from conformance.cases.option import Family, Levels, Option
from conformance.operations import SHAPE

Made = tuple[dict[str, "Sizes | Operand"], dict[str, Any]]
Make = Callable[[Random, Levels, Sizes], Made]


def _shape(call: Call) -> str:
    shape = shape_of(call)
    return "empty" if 0 in shape else str(len(shape)) if len(shape) < 3 else "more"


def _sign(call: Call) -> str:
    """Whether axes are counted from the end."""
    values = [value for name, value in call.given().items() if name.startswith(("dim", "axis", "source", "start_dim"))]
    numbers = [n for value in values for n in (value if isinstance(value, (tuple, list)) else (value,))]
    return "minus" if any(isinstance(n, int) and n < 0 for n in numbers) else "plus"


def _axis(rnd: Random, levels: Levels, rank: int) -> int:
    """An axis, counted as the levels say."""
    return rnd.randrange(rank) - rank * (levels["sign"] == "minus")


def _cat(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis = _axis(rnd, levels, len(shape))
    kind = None if levels["other"] == "same" else levels["other"]
    operands: dict[str, Sizes | Operand] = {"tensors.0": shape}
    for place in range(1, int(levels["count"])):
        other = list(shape)
        other[axis] = rnd.randint(0, 3)
        operands[f"tensors.{place}"] = Operand(tuple(other), kind)
    return operands, {"dim": axis}


def _stack(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis = _axis(rnd, levels, len(shape) + 1)
    kind = None if levels["other"] == "same" else levels["other"]
    later = {f"tensors.{place}": Operand(shape, kind) for place in range(1, int(levels["count"]))}
    return {"tensors.0": shape, **later}, {"dim": axis}


def _permute(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axes = rnd.sample(range(len(shape)), len(shape))
    return {"input": shape}, {"dims": tuple(a - len(shape) * (levels["sign"] == "minus") for a in axes)}


def _transpose(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    return {"input": shape}, {f"dim{n}": _axis(rnd, levels, len(shape)) for n in (0, 1)}


def _movedim(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    names = ("source", "destination")
    return {"input": shape}, {name: _axis(rnd, levels, len(shape)) for name in names}


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
    arguments: dict[str, Any] = {} if given == "none" else {"dim": _axis(rnd, levels, len(shape))}
    if given == "several":
        arguments = {"dim": tuple(a - len(shape) * (levels["sign"] == "minus") for a in range(len(shape)))[:2]}
    return {"input": shape}, arguments


def _unsqueeze(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    return {"input": shape}, {"dim": _axis(rnd, levels, len(shape) + 1)}


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
    axis = _axis(rnd, levels, len(shape))
    start = rnd.randint(0, shape[axis])
    return {"input": shape}, {"dim": axis, "start": start, "length": rnd.randint(0, shape[axis] - start)}


def _select(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis = _axis(rnd, levels, len(shape))
    shape = tuple(max(length, 1) if n == axis % len(shape) else length for n, length in enumerate(shape))
    return {"input": shape}, {"dim": axis, "index": rnd.randrange(-shape[axis], shape[axis])}


def _split(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis = _axis(rnd, levels, len(shape))
    return {"input": shape}, {"split_size_or_sections": rnd.randint(1, 3), "dim": axis}


def _chunk(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    return {"input": shape}, {"chunks": rnd.randint(1, 4), "dim": _axis(rnd, levels, len(shape))}


def _along(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    return {"input": shape}, {"dim": _axis(rnd, levels, len(shape))}


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


def _masked_select(rnd: Random, _: Levels, shape: Sizes) -> Made:
    mask = tuple(rnd.choice((1, length, length)) for length in shape)
    return {"input": shape, "mask": Operand(mask, "bool")}, {}


def _masked_fill(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    operands, _ = _masked_select(rnd, levels, shape)
    if levels["given"] == "several":
        return {**operands, "value": ()}, {}
    return operands, {"value": rnd.choice((0, 1, True))}


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
    arguments: dict[str, Any] = {} if levels["given"] == "none" else {"dim": _axis(rnd, levels, len(shape))}
    if levels["given"] == "several":
        length = shape[arguments["dim"]]
        return {"input": shape, "repeats": Operand((length,), "i64", "below4")}, arguments
    return {"input": shape}, {"repeats": rnd.randint(0, 3), **arguments}


def _indexed(rnd: Random, levels: Levels, shape: Sizes) -> tuple[int, Sizes, Sizes]:
    """An axis that is not empty, the shape with it, and the shape of an index that fits gather and scatter."""
    axis = _axis(rnd, levels, len(shape))
    shape = tuple(max(length, 1) if n == axis % len(shape) else length for n, length in enumerate(shape))
    index = [rnd.randint(min(1, length), length) for length in shape]
    return axis, shape, tuple(index)


def _gather(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis, shape, index = _indexed(rnd, levels, shape)
    return {"input": shape, "index": Operand(index, "i64", f"below{shape[axis]}")}, {"dim": axis}


def _scatter(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis, shape, index = _indexed(rnd, levels, shape)
    operands: dict[str, Sizes | Operand] = {"input": shape, "index": Operand(index, "i64", f"below{shape[axis]}")}
    if levels["given"] == "none":
        return operands, {"dim": axis, "value": rnd.choice((0, 2, True))}
    return {**operands, "src": index}, {"dim": axis}


def _scatter_add(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    return _scatter(rnd, {**levels, "given": "several"}, shape)


def _index_select(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    axis, shape, _ = _indexed(rnd, levels, shape)
    index = Operand((rnd.randint(0, 5),), levels["index"], f"below{shape[axis]}")
    return {"input": shape, "index": index}, {"dim": axis}


def _index_fill(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    operands, arguments = _index_select(rnd, {**levels, "index": "i64"}, shape)
    return operands, {**arguments, "value": rnd.choice((0, 2, True))}


def _index_add(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    operands, arguments = _index_select(rnd, levels, shape)
    whole, index = operands["input"], operands["index"]
    assert isinstance(whole, tuple)
    assert isinstance(index, Operand)
    source = list(whole)
    source[arguments["dim"]] = index.shape[0]
    return {**operands, "source": tuple(source)}, arguments


def _take(rnd: Random, _: Levels, shape: Sizes) -> Made:
    shape = tuple(max(length, 1) for length in shape)
    index = tuple(rnd.randint(0, 4) for _ in range(rnd.randint(0, 2)))
    return {"input": shape, "index": Operand(index, "i64", f"below{math.prod(shape)}")}, {}


_COUNT = kinds("count", "1 2 3", lambda call: str(len(call.operands)))
_OTHER = kinds("other", "same f64 i64", lambda call: (len(call.operands) > 1 and call.operands[1][1].dtype) or "same")
_INDEX = kinds("index", "i64 i32", lambda call: call.dtypes().get("index", ""))


def _given(call: Call) -> str:
    """How much the call says: nothing that it need not, one number, or several or a tensor."""
    given = call.given()
    if call.op == "scatter":
        return "several" if call.operand("src") else "none"
    if any(call.operand(name) for name in ("src", "value", "repeats")) or isinstance(given.get("dim"), (tuple, list)):
        return "several"
    return "one" if given.keys() & {"dim", "dims"} or (call.op == "masked_fill") else "none"


def _given_of(words: str) -> Option:
    return kinds("given", words, _given)


_FAMILIES: dict[str, tuple[Make, tuple[Option, ...]]] = {
    "cat": (_cat, (_COUNT, _OTHER)),
    "stack": (_stack, (_COUNT, _OTHER)),
    "permute": (_permute, ()),
    "transpose": (_transpose, ()),
    "movedim": (_movedim, ()),
    "reshape": (_reshape, ()),
    "squeeze": (_squeeze, (_given_of("none one several"),)),
    "unsqueeze": (_unsqueeze, ()),
    "flatten": (_flatten, ()),
    "flip": (_flip, ()),
    "roll": (_roll, (_given_of("none one"),)),
    "narrow": (_narrow, ()),
    "select": (_select, ()),
    "split": (_split, ()),
    "chunk": (_chunk, ()),
    "unbind": (_along, ()),
    "tril": (_triangle, ()),
    "triu": (_triangle, ()),
    "diagonal": (_diagonal, ()),
    "diag": (_diag, ()),
    "rot90": (_rot90, ()),
    "masked_select": (_masked_select, ()),
    "masked_fill": (_masked_fill, (_given_of("one several"),)),
    "broadcast_to": (_broadcast_to, ()),
    "expand": (_broadcast_to, ()),
    "tile": (_tile, ()),
    "repeat": (_repeat, ()),
    "repeat_interleave": (_repeat_interleave, (_given_of("none one several"),)),
    "gather": (_gather, ()),
    "scatter": (_scatter, (_given_of("none several"),)),
    "scatter_add": (_scatter_add, ()),
    "index_select": (_index_select, (_INDEX,)),
    "index_fill": (_index_fill, ()),
    "index_add": (_index_add, (_INDEX,)),
    "take": (_take, ()),
}
_UNSIGNED = (
    "reshape",
    "tril",
    "triu",
    "diag",
    "masked_select",
    "masked_fill",
    "broadcast_to",
    "expand",
    "tile",
    "take",
)
"""Those that take no axis."""
_MATRICES = ("tril", "triu", "diagonal", "rot90")
_SHAPES = dict.fromkeys(_MATRICES, "2 more empty:0.2") | {"diag": "1 2 empty:0.2", "take": "1 2 more"}


def family(op: str) -> Family:
    """The family of an operation that moves numbers.

    Example:
        >>> family("gather").draw(Random(1)).op
        'gather'
    """
    make, options = _FAMILIES[op]
    sign = () if op in (*_UNSIGNED, "repeat") else (kinds("sign", "plus minus", _sign),)
    shape = kinds("shape", _SHAPES.get(op, "1 2 more empty:0.2"), _shape)

    def realise(rnd: Random, levels: Levels) -> Call:
        rank = {"1": 1, "2": 2}.get(levels["shape"], rnd.randint(3, 4)) - (op in _MATRICES)
        lengths = [rnd.randint(1, 5) for _ in range(rank)]
        if levels["shape"] == "empty":
            lengths[rnd.randrange(len(lengths))] = 0
        operands, arguments = make(rnd, levels, tuple(lengths))
        return called(op, rnd, levels, operands, arguments)

    kind = dtypes(f"{FLOATING} {COMPLEX} {WHOLE} bool")
    rules = (("given", "none", "sign", "minus"), ("count", "1", "other", "!same"))
    rules += (("fill", "special", "dtype", COMPLEX),) if SHAPE[op].exact == "" else ()
    return family_of(realise, shape, *options, *sign, kind, fills("real special"), rules=rules)
