"""Calls of linear maps and of products of matrices: linear, bilinear, embedding, matmul and its kin, einsum.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from conformance.call import Call, Operand
from conformance.case import Sizes
from conformance.cases.called import COMPLEX, FLOATING, called, choice, dtypes, family_of, fills, kinds, tensor, texts
from conformance.cases.option import Family, Levels, Option

Operands = dict[str, Sizes | Operand]
Made = tuple[Operands, dict[str, Any]]

_EQUATIONS = (
    "ij,jk->ik",
    "ij,kj->ik",
    "bij,bjk->bik",
    "bij,jk",
    "i,j->ij",
    "i,i->",
    "ij->ji",
    "ii->i",
    "ii",
    "ij->j",
    "...i,...j->...ij",
    "bhid,bhjd->bhij",
    "ij,jk,kl->il",
    "ij,ij->ij",
    "b...c,cd->b...d",
)


def _rank(name: str) -> Callable[[Call], str]:
    return lambda call: str(len(call.shapes().get(name, ())))


def _sizes(call: Call) -> str:
    lengths = [length for shape in call.shapes().values() for length in shape]
    return "empty" if 0 in lengths else "ones" if set(lengths) <= {1} else "some"


_SIZES, _FILLED = kinds("sizes", "some:4 ones empty:0.3", _sizes), kinds("sizes", "some ones", _sizes)


def _length(rnd: Random, levels: Levels) -> Callable[[], int]:
    """Draws a length of an axis."""
    return {"some": lambda: rnd.randint(1, 6), "ones": lambda: 1, "empty": lambda: rnd.choice((0, 1, 2))}[
        levels.get("sizes", "some")
    ]


def _linear(rnd: Random, levels: Levels) -> Made:
    n = _length(rnd, levels)
    features, out = n(), n()
    weight = (features,) if levels["weight"] == "1" else (out, features)
    operands: Operands = {"input": (*(n() for _ in range(int(levels["input"]) - 1)), features), "weight": weight}
    if levels["bias"] == "yes":
        operands["bias"] = weight[:-1]
    return operands, {}


def _bilinear(rnd: Random, levels: Levels) -> Made:
    n = _length(rnd, levels)
    first, second, out = n(), n(), n()
    leading = tuple(n() for _ in range(int(levels["input1"]) - 1))
    operands: Operands = {"input1": (*leading, first), "input2": (*leading, second), "weight": (out, first, second)}
    return operands | ({"bias": (out,)} if levels["bias"] == "yes" else {}), {}


def _embedding(rnd: Random, levels: Levels) -> Made:
    rows = rnd.randint(1, 6)
    shape = tuple(rnd.randint(1, 4) for _ in range(int(levels["input"])))
    index = Operand(shape, levels["index"], f"below{rows}")
    return {"input": index, "weight": (rows, rnd.randint(1, 5))}, texts(
        levels, "padding_idx", "max_norm", "norm_type", "scale_grad_by_freq"
    )


def _matmul(rnd: Random, levels: Levels) -> Made:
    n = _length(rnd, levels)
    rows, inner, columns = n(), n(), n()
    batch = tuple(n() for _ in range(2))
    axes = [int(levels[name]) for name in ("input", "other")]
    first = ((*batch, rows, inner)[-axes[0] :]) if axes[0] > 1 else (inner,)
    second = ((*batch, inner, columns)[-axes[1] :]) if axes[1] > 1 else (inner,)
    if axes[0] > 2 and rnd.random() < 0.3:
        first = (*(1 for _ in first[:-2]), rows, inner)
    return {"input": first, "other": second}, {}


def _fixed(op: str, rnd: Random, levels: Levels) -> Made:
    """A product of tensors that have one rank each."""
    n = _length(rnd, levels)
    b, i, j, k = n(), n(), n(), n()
    added = {"full": (i, k), "row": (k,), "one": (1, 1)}[levels.get("added", "full")]
    batched = {"full": (b, i, k), "row": (i, k), "one": (1, 1, 1)}[levels.get("added", "full")]
    shapes: dict[str, Operands] = {
        "mm": {"input": (i, j), "mat2": (j, k)},
        "bmm": {"input": (b, i, j), "mat2": (b, j, k)},
        "mv": {"input": (i, j), "vec": (j,)},
        "dot": {"input": (i,), "tensor": (i,)},
        "outer": {"input": (i,), "vec2": (j,)},
        "addmm": {"input": added, "mat1": (i, j), "mat2": (j, k)},
        "baddbmm": {"input": batched, "batch1": (b, i, j), "batch2": (b, j, k)},
    }
    return shapes[op], texts(levels, "beta", "alpha")


def _einsum(rnd: Random, levels: Levels) -> Made:
    n = _length(rnd, levels)
    equation = levels["equation"]
    lengths: dict[str, int] = {}
    operands: Operands = {}
    dots = tuple(n() for _ in range(2))
    for place, term in enumerate(equation.partition("->")[0].split(",")):
        letters = term.replace("...", ".")
        parts = (dots if letter == "." else (lengths.setdefault(letter, n()),) for letter in letters)
        operands[f"operands.{place}"] = sum(parts, ())
    return operands, {"equation": equation}


def _attention(rnd: Random, levels: Levels) -> Made:
    length, keys, width = rnd.randint(1, 4), rnd.randint(1, 4), rnd.randint(1, 4)
    keys = length if levels["is_causal"] == "True" else keys
    leading = tuple(rnd.randint(1, 3) for _ in range(int(levels["leading"])))
    operands: Operands = {
        "query": (*leading, length, width),
        "key": (*leading, keys, width),
        "value": (*leading, keys, rnd.randint(1, 4)),
    }
    if levels["attn_mask"] != "no":
        operands["attn_mask"] = Operand((length, keys), "bool" if levels["attn_mask"] == "bool" else None)
    return operands, texts(levels, "is_causal", "scale")


def _mask(call: Call) -> str:
    operand = call.operand("attn_mask")
    return "no" if operand is None else "bool" if operand.dtype == "bool" else "numbers"


def _one_hot(rnd: Random, levels: Levels) -> Made:
    shape = tuple(rnd.randint(1, 4) for _ in range(int(levels["input"])))
    return {"input": Operand(shape, "i64", "below5")}, texts(levels, "num_classes")


_BIAS = tensor("bias")
_INDEX = kinds("index", "i64 i32", lambda call: call.dtypes().get("input", ""))
_BETA, _ALPHA = choice("beta", "absent 0 0.5"), choice("alpha", "absent 2")
_ADDED = kinds("added", "full row one", lambda call: _added(call))
_EVERY = f"{FLOATING} {COMPLEX} i64 u8"


def _added(call: Call) -> str:
    shape, most = call.shapes().get("input", ()), 2 if call.op == "addmm" else 3
    return "row" if len(shape) < most else "one" if set(shape) <= {1} else "full"


_FREQUENT = (choice("padding_idx", "absent 0 -1"), choice("scale_grad_by_freq", "absent True"))
_FAMILIES: dict[str, tuple[Callable[[Random, Levels], Made], tuple[Option, ...], str]] = {
    "linear": (
        _linear,
        (kinds("input", "1 2 3", _rank("input")), kinds("weight", "1 2", _rank("weight")), _BIAS, _SIZES),
        f"{FLOATING} {COMPLEX}",
    ),
    "bilinear": (_bilinear, (kinds("input1", "1 2 3", _rank("input1")), _BIAS, _FILLED), FLOATING),
    "embedding": (_embedding, (kinds("input", "0 1 2", _rank("input")), _INDEX, *_FREQUENT), FLOATING),
    "matmul": (
        _matmul,
        (kinds("input", "1 2 3 4", _rank("input")), kinds("other", "1 2 3 4", _rank("other")), _SIZES),
        _EVERY,
    ),
    **{op: (partial(_fixed, op), (_SIZES,), _EVERY) for op in ("mm", "bmm", "mv", "dot", "outer")},
    **{op: (partial(_fixed, op), (_SIZES, _ADDED, _BETA, _ALPHA), FLOATING) for op in ("addmm", "baddbmm")},
    "einsum": (_einsum, (choice("equation", " ".join(_EQUATIONS)), _SIZES), f"{FLOATING} {COMPLEX} i64"),
    "scaled_dot_product_attention": (
        _attention,
        (
            kinds("leading", "0 1 2", lambda call: str(len(call.shapes().get("query", ())) - 2)),
            kinds("attn_mask", "no bool numbers", _mask),
            choice("is_causal", "absent True"),
            choice("scale", "absent 0.5"),
        ),
        FLOATING,
    ),
    "one_hot": (_one_hot, (kinds("input", "0 1 2", _rank("input")), choice("num_classes", "absent 5 7")), "f32"),
}


def family(op: str) -> Family:
    """The family of a product.

    Example:
        >>> family("einsum").draw(Random(1)).op
        'einsum'
    """
    made, options, tokens = _FAMILIES[op]

    def realise(rnd: Random, levels: Levels) -> Call:
        operands, arguments = made(rnd, levels)
        return called(op, rnd, levels, operands, arguments)

    rules = (
        ("attn_mask", "!no", "is_causal", "True"),
        ("weight", "1", "bias", "yes"),
        ("sizes", "ones", "added", "full"),
    )
    return family_of(realise, *options, dtypes(tokens), fills("real ints"), rules=rules)
