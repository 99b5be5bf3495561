"""Calls of the normalizations, with running statistics and affine parameters.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from conformance.call import ABSENT, Call, Operand
from conformance.case import Sizes
from conformance.cases.called import called, choice, dtypes, family_of, fills, kinds, shape_of, tensor, texts
from conformance.cases.option import Family, Levels, Option

_BATCH = kinds("batch", "0:0.1 1 more", lambda call: {0: "0", 1: "1"}.get((shape_of(call) or (1,))[0], "more"))
_AXES = kinds("axes", "0 1 2 3", lambda call: str(max(len(shape_of(call)) - 2, 0)))
_SPATIAL = kinds("axes", "1 2 3", lambda call: str(max(len(shape_of(call)) - 2, 0)))
_WEIGHT, _BIAS = tensor("weight"), tensor("bias")
_EPS = choice("eps", "absent 0.1 1e-08")
_NUMBERS = (dtypes(), fills("real ints positive"))


def _parameter_dtype(call: Call) -> str:
    own = [operand.dtype for name, operand in call.operands if name != "input"]
    return "f32" if "f32" in own else "same"


_PARAMETERS = kinds("parameters", "same f32", _parameter_dtype)
_RULES = (("parameters", "f32", "dtype", "f64 f32"), ("parameters", "f32", "weight", "no"))


def _statistics(call: Call) -> str:
    return "yes" if call.operand("running_mean") else "no"


def family(op: str) -> Family:
    """The family of a normalization.

    Example:
        >>> family("group_norm").draw(Random(1)).op
        'group_norm'
    """
    realise, options, rules = _FAMILIES[op]
    return family_of(partial(realise, op), *options, *_NUMBERS, rules=rules)


def _leading(rnd: Random, levels: Levels) -> int:
    return {"0": 0, "1": 1, "more": rnd.randint(2, 4)}[levels["batch"]]


def _space(rnd: Random, levels: Levels) -> Sizes:
    return tuple(rnd.randint(1, 5) for _ in range(int(levels["axes"])))


def _affine(levels: Levels, shape: Sizes) -> dict[str, Operand]:
    dtype = "f32" if levels.get("parameters") == "f32" else None
    return {name: Operand(shape, dtype) for name in ("weight", "bias") if levels.get(name) == "yes"}


def _running(op: str, rnd: Random, levels: Levels) -> Call:
    """A call of batch_norm or instance_norm."""
    count = rnd.randint(1, 4)
    operands: dict[str, Sizes | Operand] = {
        "input": (_leading(rnd, levels), count, *(1 + n for n in _space(rnd, levels)))
    }
    dtype = "f32" if levels["parameters"] == "f32" else None
    arguments: dict[str, Any] = {}
    if levels["statistics"] == "yes":
        operands["running_mean"] = Operand((count,), dtype)
        operands["running_var"] = Operand((count,), dtype, "positive")
    elif op == "batch_norm":
        arguments = {"running_mean": None, "running_var": None}
    arguments |= texts(levels, "training", "use_input_stats", "momentum", "eps")
    return called(op, rnd, levels, operands | _affine(levels, (count,)), arguments)


def _groups(op: str, rnd: Random, levels: Levels) -> Call:
    groups, inner = {"1": (1, rnd.randint(1, 4)), "some": (2, rnd.randint(1, 3)), "each": (rnd.randint(2, 4), 1)}[
        levels["groups"]
    ]
    shape = (_leading(rnd, levels), groups * inner, *_space(rnd, levels))
    arguments = {"num_groups": groups, **texts(levels, "eps")}
    return called(op, rnd, levels, {"input": shape, **_affine(levels, (groups * inner,))}, arguments)


def _group_level(call: Call) -> str:
    groups, shape = call.given().get("num_groups"), shape_of(call)
    return "1" if groups == 1 else "each" if len(shape) > 1 and groups == shape[1] else "some"


def _layers(op: str, rnd: Random, levels: Levels) -> Call:
    normalized = tuple(rnd.randint(1, 6) for _ in range(int(levels["normalized"])))
    shape = (_leading(rnd, levels), *(rnd.randint(1, 3) for _ in range(rnd.randint(0, 2))), *normalized)
    value = list(normalized) if levels["sequences"] == "lists" else normalized
    return called(
        op,
        rnd,
        levels,
        {"input": shape, **_affine(levels, normalized)},
        {"normalized_shape": value, **texts(levels, "eps")},
    )


def _normalized(call: Call) -> str:
    value = call.given().get("normalized_shape")
    return str(len(value)) if isinstance(value, (list, tuple)) else "1"


def _sequences(call: Call) -> str:
    return "lists" if isinstance(call.given().get("normalized_shape"), list) else "tuples"


def _local(op: str, rnd: Random, levels: Levels) -> Call:
    shape = (_leading(rnd, levels), rnd.randint(1, 6), *_space(rnd, levels))
    return called(op, rnd, levels, {"input": shape}, texts(levels, "size", "alpha", "beta", "k"))


def _lengths(op: str, rnd: Random, levels: Levels) -> Call:
    shape = (_leading(rnd, levels), rnd.randint(1, 5), *_space(rnd, levels))
    return called(op, rnd, levels, {"input": shape}, texts(levels, "p", "dim", "eps"))


_STATS = kinds("statistics", "no yes", _statistics)
_LAYER = (
    _BATCH,
    kinds("normalized", "1 2 3", _normalized),
    kinds("sequences", "lists tuples", _sequences),
    _WEIGHT,
    _EPS,
)
_MOMENTUM = choice("momentum", "absent 0.0 0.3 1.0")
_BATCH_NORM = (_BATCH, _AXES, choice("training", "absent True False"), _STATS, _WEIGHT, _BIAS, _MOMENTUM, _EPS)
_INSTANCE_NORM = (_BATCH, _SPATIAL, choice("use_input_stats", "absent True False"), *_BATCH_NORM[3:])
_Realise = Callable[[str, Random, Levels], Call]
_FAMILIES: dict[str, tuple[_Realise, tuple[Option, ...], tuple[tuple[str, str, str, str], ...]]] = {
    "batch_norm": (
        _running,
        (*_BATCH_NORM, _PARAMETERS),
        (*_RULES, ("statistics", "no", "training", f"False {ABSENT}")),
    ),
    "instance_norm": (
        _running,
        (*_INSTANCE_NORM, _PARAMETERS),
        (*_RULES, ("statistics", "no", "use_input_stats", "False"), ("batch", "0", "statistics", "yes")),
    ),
    "group_norm": (
        _groups,
        (_BATCH, _AXES, kinds("groups", "1 some each", _group_level), _WEIGHT, _BIAS, _EPS, _PARAMETERS),
        (*_RULES, ("weight", "no", "bias", "yes")),
    ),
    "layer_norm": (_layers, (*_LAYER, _BIAS, _PARAMETERS), _RULES),
    "rms_norm": (_layers, _LAYER, ()),
    "local_response_norm": (
        _local,
        (
            _BATCH,
            _SPATIAL,
            choice("size", "1 2 3 5"),
            choice("alpha", "absent 0.5"),
            choice("beta", "absent 0.5"),
            choice("k", "absent 2.0"),
        ),
        (("axes", "2 3", "dtype", "f16 bf16"),),
    ),
    "normalize": (
        _lengths,
        (_BATCH, _AXES, choice("p", "absent 1 2.0 3 inf"), choice("dim", "absent 0 -1 1"), choice("eps", "absent 0.5")),
        (),
    ),
}
