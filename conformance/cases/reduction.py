"""Calls of the reductions, the cumulative operations and the sorts.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

from conformance.call import Call, Operand
from conformance.case import Sizes
from conformance.cases.called import (
    COMPLEX,
    FLOATING,
    LAYOUT,
    WHOLE,
    called,
    choice,
    dtypes,
    family_of,
    fills,
    kinds,
    shape_of,
    texts,
)
from conformance.cases.option import Family, Levels, Option

_REAL, _EVERY = f"{FLOATING} {WHOLE} bool", f"{FLOATING} {COMPLEX} {WHOLE} bool"
_KEEP = choice("keepdim", "absent True")
_KIND = choice("dtype=", "absent torch.float64 torch.float32 torch.int64")
_CORRECTION = choice("correction", "absent 0 2")
_ONE, _SOME = "absent 0 -1", "absent 0 -1 (0,1) [-1]"
_REQUIRED = "0 -1"
_ARGUMENTS: dict[str, tuple[str, tuple[Option, ...], str]] = {
    "sum": (_SOME, (_KEEP, _KIND), _EVERY),
    "mean": (_SOME, (_KEEP, choice("dtype=", "absent torch.float64 torch.float32")), f"{FLOATING} {COMPLEX}"),
    "nansum": (_SOME, (_KEEP, _KIND), _REAL),
    "prod": (_ONE, (_KEEP, _KIND), _EVERY),
    "var": (_SOME, (_KEEP, _CORRECTION), f"{FLOATING} {COMPLEX}"),
    "std": (_SOME, (_KEEP, _CORRECTION), f"{FLOATING} {COMPLEX}"),
    "logsumexp": ("0 -1 (0,1)", (_KEEP,), f"{FLOATING} i64"),
    "norm": (_SOME, (_KEEP, choice("p", "absent 1 2 3.0 inf -inf 0")), FLOATING),
    "amax": (_SOME, (_KEEP,), _REAL),
    "amin": (_SOME, (_KEEP,), _REAL),
    "aminmax": (_ONE, (_KEEP,), _REAL),
    "max": (_ONE, (_KEEP,), _REAL),
    "min": (_ONE, (_KEEP,), _REAL),
    "median": (_ONE, (_KEEP,), f"{FLOATING} {WHOLE}"),
    "argmax": (_ONE, (_KEEP,), f"{FLOATING} {WHOLE}"),
    "argmin": (_ONE, (_KEEP,), f"{FLOATING} {WHOLE}"),
    "any": (_SOME, (_KEEP,), _EVERY),
    "all": (_SOME, (_KEEP,), _EVERY),
    "count_nonzero": (_SOME, (), _EVERY),
    "cumsum": (_REQUIRED, (_KIND,), _EVERY),
    "cumprod": (_REQUIRED, (_KIND,), _EVERY),
    "logcumsumexp": (_REQUIRED, (), FLOATING),
    "cummax": (_REQUIRED, (), _REAL),
    "cummin": (_REQUIRED, (), _REAL),
    "sort": (_ONE, (choice("descending", "absent True"), choice("stable", "True")), _REAL),
    "argsort": (_ONE, (choice("descending", "absent True"), choice("stable", "True")), _REAL),
    "topk": (_ONE, (choice("k", "0 1 2"), choice("largest", "absent False")), f"{FLOATING} {WHOLE}"),
    "kthvalue": (_ONE, (choice("k", "1 2"), _KEEP), f"{FLOATING} {WHOLE}"),
}
_WITHOUT_TIES = ("topk", "kthvalue", "median")
"""Those that leave it open which of several equal numbers they name."""
_DISTINCT = "f32 f64 i64 i32"
"""The dtypes in which two random numbers are hardly equal."""


def _shape(call: Call) -> str:
    shape = shape_of(call)
    return "empty" if 0 in shape else str(len(shape)) if len(shape) < 3 else "more"


def family(op: str) -> Family:
    """The family of a reduction.

    Example:
        >>> family("topk").draw(Random(1)).op
        'topk'
    """
    dim, options, tokens = _ARGUMENTS[op]
    shape = kinds("shape", "0 1 2 more empty:0.3", _shape)
    rules: tuple[Any, ...] = (
        ("shape", "0 1", "dim", "(0,1)"),
        ("shape", "0 1 empty", "k", "!1"),
        ("fill", "special", "dtype", COMPLEX),
    )
    if op in ("sum", "mean", "prod", "nansum", "max", "min", "median", "any", "all"):
        rules += (("dim", "absent", "keepdim", "True"),)
    if op in ("norm", "count_nonzero"):
        rules += (("shape", "0", "dim", "[-1]"),)
    numbers = (
        (dtypes(_DISTINCT), fills("real")) if op in _WITHOUT_TIES else (dtypes(tokens), fills("real ties special"))
    )
    layout = Option(LAYOUT.name, {level: w for level, w in LAYOUT.weights.items() if level != "overlapping"}, LAYOUT.of)
    options = (shape, choice("dim", dim), *options, *numbers)
    realise = partial(_realise, op)
    return family_of(realise, *options, rules=rules, layout=layout if op in _WITHOUT_TIES else LAYOUT)


def _realise(op: str, rnd: Random, levels: Levels) -> Call:
    rank = {"0": 0, "1": 1, "2": 2}.get(levels["shape"], rnd.randint(2, 4))
    shape: Sizes = tuple(rnd.randint(2, 5) for _ in range(rank))
    if levels["shape"] == "empty":
        place = rnd.randrange(rank)
        shape = (*shape[:place], 0, *shape[place + 1 :])
    _, options, _ = _ARGUMENTS[op]
    names = [option.name for option in options]
    return called(op, rnd, levels, {"input": shape}, texts(levels, "k", "dim", *(n for n in names if n != "k")))


def is_undefined(call: Call) -> bool:
    """Whether equal numbers may meet where it is left open which of them is named.

    Example:
        >>> from conformance.tokens import parse
        >>> [is_undefined(parse(f"topk input=4x k=2 f32 {fill}")) for fill in ("real", "ties")]
        [False, True]
    """
    plain = call.fill == "real" and call.layout != "overlapping" and call.dtype in _DISTINCT.split()
    return call.op in _WITHOUT_TIES and not (plain and all(_is_plain(operand) for _, operand in call.operands))


def _is_plain(operand: Operand) -> bool:
    return (operand.dtype, operand.fill, operand.layout) == (None, None, None)


def without_ties(call: Call) -> Call:
    """The call with numbers that are hardly equal.

    Example:
        >>> from conformance.tokens import parse
        >>> str(without_ties(parse("topk input=4x:i8 k=2 f16 ties")))
        'topk input=4x k=2 f32 real seed0'
    """
    operands = tuple((name, Operand(operand.shape)) for name, operand in call.operands)
    return replace(call, operands=operands, dtype="f32", fill="real", layout=None)
