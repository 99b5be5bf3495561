"""Calls of the activations and of the softmax family.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

from functools import partial
from random import Random

from conformance.call import Call, Operand
from conformance.case import Sizes
from conformance.cases.called import (
    COMPLEX,
    FLOATING,
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

_ANY, _SIGNED = f"{FLOATING} {WHOLE}", f"{FLOATING} {COMPLEX}"
_ARGUMENTS: dict[str, tuple[Option, ...]] = {
    "elu": (choice("alpha", "absent 0.5 2 -1.0"),),
    "celu": (choice("alpha", "absent 0.5 2"),),
    "leaky_relu": (choice("negative_slope", "absent 0.5 0.0 -0.2"),),
    "gelu": (choice("approximate", "absent none tanh"),),
    "softplus": (choice("beta", "absent 0.5 2"), choice("threshold", "absent 1 0.5")),
    "hardtanh": (choice("min_val", "absent -2 0.5"), choice("max_val", "absent 1 1.5")),
    "hardshrink": (choice("lambd", "absent 0.25 1 0"),),
    "softshrink": (choice("lambd", "absent 0.25 1 0.0"),),
    "threshold": (choice("threshold", "0 0.5 1"), choice("value", "0 -1.5 20")),
    "glu": (choice("dim", "absent -1 0"),),
    "softmax": (choice("dim", "-1 0"), choice("dtype=", "absent torch.float64 torch.float32")),
    "log_softmax": (choice("dim", "-1 0"), choice("dtype=", "absent torch.float64 torch.float32")),
    "softmin": (choice("dim", "-1 0"), choice("dtype=", "absent torch.float64")),
    "prelu": (kinds("slopes", "1 channels", lambda call: "1" if call.shapes().get("weight") == (1,) else "channels"),),
}
_OPTIONAL_INPLACE = (
    *("relu", "relu6", "elu", "selu", "celu", "leaky_relu", "silu", "mish"),
    *("hardtanh", "hardsigmoid", "hardswish", "threshold"),
)
_FILLS = {"gelu": fills("real ties")}
"""NaN has a gradient by its place in torch: one of its vector code, another of its scalar code; here infinity, too."""
_DTYPES = {"relu": _ANY, "relu6": _ANY, "hardtanh": _ANY, "threshold": _ANY} | dict.fromkeys(
    ("sigmoid", "tanh", "softsign", "tanhshrink"), _SIGNED
)
_RANK = kinds("rank", "0 1 2 3 4", lambda call: str(len(shape_of(call))))
_HALVED = kinds("rank", "1 2 3 4", _RANK.of)
_EMPTY = kinds("empty", "no yes:0.1", lambda call: "yes" if 0 in shape_of(call) else "no")


def family(op: str) -> Family:
    """The family of an activation.

    Example:
        >>> family("gelu").draw(Random(1)).op
        'gelu'
    """
    options = (
        _RANK,
        _EMPTY,
        *_ARGUMENTS.get(op, ()),
        dtypes(_DTYPES.get(op, FLOATING)),
        _FILLS.get(op, fills("real ties infinite")),
    )
    if op in _OPTIONAL_INPLACE:
        options += (choice("inplace", "absent False"),)
    if op == "glu":
        options = (_HALVED, *options[1:])
    rules = (("rank", "0", "empty", "yes"), ("rank", "0 1", "slopes", "channels"))
    return family_of(partial(_realise, op), *options, rules=rules)


def _realise(op: str, rnd: Random, levels: Levels) -> Call:
    shape: Sizes = tuple(rnd.randint(1, 5) for _ in range(int(levels["rank"])))
    if op == "glu":
        shape = tuple(2 * length for length in shape)
    if levels["empty"] == "yes" and shape:
        place = rnd.randrange(len(shape))
        shape = (*shape[:place], 0, *shape[place + 1 :])
    operands: dict[str, Sizes | Operand] = {"input": shape}
    if op == "prelu":
        operands["weight"] = (1,) if levels["slopes"] == "1" or len(shape) < 2 else (shape[1],)
    names = [option.name for option in _ARGUMENTS.get(op, ()) if option.name != "slopes"]
    return called(op, rnd, levels, operands, texts(levels, *names, "inplace"))
