"""Calls of what picks numbers by masks and indices, and puts them there.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

import math
from random import Random

from conformance.call import Operand
from conformance.case import Sizes
from conformance.cases.called import kinds
from conformance.cases.moving import SHAPES, SIGN, Made, Make, draw_axis, given_of, moving_family
from conformance.cases.option import Family, Levels, Option


def _masked_select(rnd: Random, _: Levels, shape: Sizes) -> Made:
    mask = tuple(rnd.choice((1, length, length)) for length in shape)
    return {"input": shape, "mask": Operand(mask, "bool")}, {}


def _masked_fill(rnd: Random, levels: Levels, shape: Sizes) -> Made:
    operands, _ = _masked_select(rnd, levels, shape)
    if levels["given"] == "several":
        return {**operands, "value": ()}, {}
    return operands, {"value": rnd.choice((0, 1, True))}


def _indexed(rnd: Random, levels: Levels, shape: Sizes) -> tuple[int, Sizes, Sizes]:
    """An axis that is not empty, the shape with it, and the shape of an index that fits gather and scatter."""
    axis = draw_axis(rnd, levels, len(shape))
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


_INDEX = kinds("index", "i64 i32", lambda call: call.dtypes().get("index", ""))
_FAMILIES: dict[str, tuple[Make, tuple[Option, ...]]] = {
    "masked_select": (_masked_select, ()),
    "masked_fill": (_masked_fill, (given_of("one several"),)),
    "gather": (_gather, (SIGN,)),
    "scatter": (_scatter, (SIGN, given_of("none several"))),
    "scatter_add": (_scatter_add, (SIGN,)),
    "index_select": (_index_select, (SIGN, _INDEX)),
    "index_fill": (_index_fill, (SIGN,)),
    "index_add": (_index_add, (SIGN, _INDEX)),
    "take": (_take, ()),
}


def family(op: str) -> Family:
    """The family of an operation that picks numbers.

    Example:
        >>> family("gather").draw(Random(1)).op
        'gather'
    """
    make, options = _FAMILIES[op]
    return moving_family(op, make, options, shapes="1 2 more" if op == "take" else SHAPES)
