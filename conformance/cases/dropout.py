"""Calls of what draws random numbers: the dropouts, rrelu, gumbel_softmax. Under one seed torch's bits are wanted.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

from functools import partial
from random import Random

from conformance.call import Call
from conformance.case import Sizes
from conformance.cases.called import called, choice, dtypes, family_of, fills, kinds, shape_of, texts
from conformance.cases.option import Family, Levels, Option

_RANKS = {
    "dropout": "0 1 2 3 4",
    "alpha_dropout": "0 1 2 3 4",
    "rrelu": "0 1 2 3",
    "gumbel_softmax": "1 2 3",
    "feature_alpha_dropout": "2 3 4",
    "dropout1d": "2 3",
    "dropout2d": "3 4",
    "dropout3d": "4 5",
}
_TRAINING = choice("training", "absent True False")
_ARGUMENTS: dict[str, tuple[Option, ...]] = {
    "rrelu": (choice("lower", "absent 0.1"), choice("upper", "absent 0.5"), _TRAINING),
    "gumbel_softmax": (choice("tau", "absent 0.5 2"), choice("hard", "absent True"), choice("dim", "absent -1 0")),
}
_DROPPING = (choice("p", "absent 0.0 0.3 1.0"), _TRAINING)
_SIZE = kinds("size", "empty:0.1 few many", lambda call: _size(shape_of(call)))


def _size(shape: Sizes) -> str:
    return "empty" if 0 in shape else "many" if shape and max(shape) >= 9 else "few"


def family(op: str) -> Family:
    """The family of an operation that draws.

    Example:
        >>> family("dropout").draw(Random(1)).op
        'dropout'
    """
    rank = kinds("rank", _RANKS[op], lambda call: str(len(shape_of(call))))
    options = (rank, _SIZE, *_ARGUMENTS.get(op, _DROPPING), dtypes(), fills("real ties"))
    return family_of(
        partial(_realise, op), *options, rules=(("rank", "0", "size", "!few"), ("hard", "True", "size", "empty"))
    )


def _realise(op: str, rnd: Random, levels: Levels) -> Call:
    shape = [rnd.randint(1, 4) for _ in range(int(levels["rank"]))]
    if shape and levels["size"] != "few":
        shape[rnd.randrange(len(shape))] = 0 if levels["size"] == "empty" else rnd.randint(9, 20)
    names = [option.name for option in _ARGUMENTS.get(op, _DROPPING)]
    return called(op, rnd, levels, {"input": tuple(shape)}, texts(levels, *names))
