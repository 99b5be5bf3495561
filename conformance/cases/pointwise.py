"""Calls of the elementwise operations, with broadcasting and with the promotion of dtypes.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

from functools import partial
from random import Random
from typing import Any

from conformance.call import CALL_DTYPES, Call, Operand
from conformance.case import Sizes
from conformance.cases.called import COMPLEX, FLOATING, WHOLE, called, choice, dtypes, family_of, fills, kinds, texts
from conformance.cases.option import Family, Levels, Option
from conformance.operations import POINTWISE

EVERY = " ".join(CALL_DTYPES)
_REAL = f"{FLOATING} {WHOLE} bool"
_SECOND = {"add": "other", "lerp": "end", "where": "input", "pow": "exponent"}
_BINARY = (
    *("add", "sub", "mul", "div", "pow", "remainder", "fmod", "floor_divide", "maximum", "minimum", "atan2"),
    *("eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor"),
    *("bitwise_and", "bitwise_or", "bitwise_xor"),
)
_TENSORS_ONLY = ("maximum", "minimum", "atan2", "logical_and", "logical_or", "logical_xor")
_TERNARY = {"addcmul": ("tensor1", "tensor2"), "addcdiv": ("tensor1", "tensor2"), "lerp": ("end", "weight")}
_ARGUMENTS: dict[str, tuple[Option, ...]] = {
    "add": (choice("alpha", "absent 2 -1"),),
    "sub": (choice("alpha", "absent 2"),),
    "div": (choice("rounding_mode", "absent floor trunc"),),
    "addcmul": (choice("value", "absent 2 0.5"),),
    "addcdiv": (choice("value", "absent 0.5"),),
    "clamp": (choice("min", "absent -1 0.5 -inf"), choice("max", "absent 1 -2.5 nan")),
    "round": (choice("decimals", "absent 1 -1"),),
    "nan_to_num": (choice("nan", "absent 2.0"), choice("posinf", "absent 3.0"), choice("neginf", "absent -3.0")),
}


def _each(words: str, tokens: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), tokens)


_DTYPES = {
    **_each("bitwise_and bitwise_or bitwise_xor bitwise_not", f"{WHOLE} bool"),
    **_each("lerp addcmul addcdiv", f"{FLOATING} {COMPLEX}"),
    **_each("atan2 maximum minimum remainder fmod floor_divide lt le gt ge clamp floor ceil round", _REAL),
    **_each("trunc erf erfc exp2 sign nan_to_num", _REAL),
    **_each("sub abs neg", f"{FLOATING} {COMPLEX} {WHOLE}"),
    "frac": FLOATING,
}


def _shapes(call: Call) -> str:
    """How the shapes of the tensors meet."""
    found = list(call.shapes().values())
    if any(0 in shape for shape in found):
        return "empty"
    if len(set(found)) == 1:
        return "same" if found[0] else "scalars"
    if () in found:
        return "scalar"
    return "rank" if len(set(map(len, found))) > 1 else "ones"


def _other(call: Call) -> str:
    """The dtype of the second tensor where it has one of its own; `number` where there is no second tensor."""
    if len(call.operands) < 2:
        return "number"
    return call.operands[1][1].dtype or "same"


_SHAPES = kinds("shapes", "same ones rank scalar scalars empty:0.2", _shapes)
_ALONE = kinds("shapes", "same:4 scalars empty:0.2", _shapes)


def _drawn_shapes(rnd: Random, level: str, count: int) -> list[Sizes]:
    """So many shapes that broadcast."""
    whole = tuple(rnd.randint(2, 5) for _ in range(rnd.randint(1, 3)))
    if level == "empty":
        place = rnd.randrange(len(whole))
        whole = (*whole[:place], 0, *whole[place + 1 :])
    shapes = [() if level == "scalars" else whole] * count
    chosen = rnd.randrange(count)
    if level == "ones":
        shapes[chosen] = (*tuple(rnd.choice((1, length)) for length in whole[:-1]), 1)
    elif level == "rank":
        shapes[chosen] = whole[1:] or (1, *whole)
    elif level == "scalar":
        shapes[chosen] = ()
    return shapes


def _binary(op: str, rnd: Random, levels: Levels) -> Call:
    name, kind = _SECOND.get(op, "other"), levels["other"]
    first, second = _drawn_shapes(rnd, levels["shapes"], 2)
    operands: dict[str, Sizes | Operand] = {"input": first}
    arguments: dict[str, Any] = {}
    if kind == "number":
        numbers = (2, -3, True) if op.startswith("bitwise") else (2, -3, 0, 1.5, True, float("nan"))
        arguments[name] = rnd.choice(numbers)
    else:
        operands[name] = Operand(second, None if kind == "same" else kind)
    names = [option.name for option in _ARGUMENTS.get(op, ())]
    return called(op, rnd, levels, operands, arguments | texts(levels, *names))


def _several(op: str, rnd: Random, levels: Levels) -> Call:
    """A call of an operation of three tensors, the last of which may be a number."""
    shapes = _drawn_shapes(rnd, levels["shapes"], 3)
    second, third = _TERNARY[op]
    operands: dict[str, Sizes | Operand] = {"input": shapes[0], second: shapes[1]}
    arguments: dict[str, Any] = {}
    if op == "lerp" and levels["last"] == "number":
        arguments[third] = rnd.choice((0.25, 0.75, 2))
    else:
        operands[third] = shapes[2]
    names = [option.name for option in _ARGUMENTS.get(op, ())]
    return called(op, rnd, levels, operands, arguments | texts(levels, *names))


def _where(op: str, rnd: Random, levels: Levels) -> Call:
    shapes = _drawn_shapes(rnd, levels["shapes"], 3)
    other = levels["other"]
    operands: dict[str, Sizes | Operand] = {"condition": Operand(shapes[0], "bool"), "input": shapes[1]}
    if other == "number":
        return called(op, rnd, levels, operands, {"other": rnd.choice((0, 1.5, True))})
    operands["other"] = Operand(shapes[2], None if other == "same" else other)
    return called(op, rnd, levels, operands, {})


def _where_other(call: Call) -> str:
    operand = call.operand("other")
    return "number" if operand is None else operand.dtype or "same"


def _clamp(op: str, rnd: Random, levels: Levels) -> Call:
    first, *limits = _drawn_shapes(rnd, levels["shapes"], 3)
    if levels["limits"] == "numbers":
        return called(op, rnd, levels, {"input": first}, texts(levels, "min", "max"))
    names = {"tensors": ("min", "max"), "min": ("min",), "max": ("max",)}[levels["limits"]]
    return called(op, rnd, levels, {"input": first, **dict(zip(names, limits))}, {})


def _limits(call: Call) -> str:
    found = [name for name in ("min", "max") if call.operand(name)]
    return "numbers" if not found else "tensors" if len(found) > 1 else found[0]


def _unary(op: str, rnd: Random, levels: Levels) -> Call:
    names = [option.name for option in _ARGUMENTS.get(op, ())]
    return called(op, rnd, levels, {"input": _drawn_shapes(rnd, levels["shapes"], 1)[0]}, texts(levels, *names))


def family(op: str) -> Family:
    """The family of an elementwise operation.

    Example:
        >>> family("where").draw(Random(1)).op
        'where'
    """
    rules: tuple[tuple[str, str, str, str], ...]
    computed = (("fill", "special", "dtype", COMPLEX),) if POINTWISE[op].exact == "" else ()
    kind, fill = dtypes(_DTYPES.get(op, EVERY)), fills("real ties special")
    arguments = _ARGUMENTS.get(op, ())
    if op in _BINARY:
        others = [token for token in _DTYPES.get(op, EVERY).split() if token in ("f64", "f16", "i64", "u8", "bool")]
        number = () if op in _TENSORS_ONLY else ("number",)
        other = kinds("other", " ".join(("same", *others, *number)), _other)
        rules = (("other", "number", "shapes", "ones rank scalar"), ("other", "number", "dtype", "bool"))
        return family_of(partial(_binary, op), _SHAPES, other, *arguments, kind, fill, rules=(*rules, *computed))
    if op in _TERNARY:
        last = kinds("last", "tensor number", lambda call: "tensor" if len(call.operands) > 2 else "number")
        some = (last,) if op == "lerp" else ()
        return family_of(partial(_several, op), _SHAPES, *some, *arguments, kind, fill, rules=computed)
    if op == "where":
        other = kinds("other", "same f64 f16 i64 bool number", _where_other)
        rules = (("dtype", COMPLEX, "other", "f64 f16"),)
        return family_of(partial(_where, op), _SHAPES, other, kind, fill, rules=(*rules, *computed))
    if op == "clamp":
        limits = kinds("limits", "numbers tensors min max", _limits)
        rules = (
            ("limits", "!numbers", "min", "!absent"),
            ("limits", "!numbers", "max", "!absent"),
            ("limits", "numbers", "shapes", "ones rank scalar"),
            ("min", "!absent", "shapes", "ones rank scalar"),
            ("max", "!absent", "shapes", "ones rank scalar"),
        )
        return family_of(partial(_clamp, op), _SHAPES, limits, *arguments, kind, fill, rules=(*rules, *computed))
    rules = (("decimals", "!absent", "dtype", f"{WHOLE} bool"),)
    return family_of(partial(_unary, op), _ALONE, *arguments, kind, fill, rules=(*rules, *computed))
