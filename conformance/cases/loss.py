"""Calls of the losses and of the distances.

May import: the standard library, `conformance.call` and its neighbours in `cases`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from conformance.call import Call, Operand
from conformance.case import Sizes
from conformance.cases.called import called, choice, dtypes, family_of, fills, kinds, shape_of, tensor, texts
from conformance.cases.option import Family, Levels, Option

Operands = dict[str, Sizes | Operand]

_REDUCTION = choice("reduction", "absent none mean sum")
_RANK = kinds("rank", "0 1 2 3", lambda call: str(len(shape_of(call))))
_PLAIN = fills("real ties ints")


def _broadcast(call: Call) -> str:
    shapes = [shape for name, shape in call.shapes().items() if name != "weight"]
    return "yes" if len(set(shapes)) > 1 else "no"


_BROADCAST = kinds("broadcast", "no yes:0.4", _broadcast)
_ELEMENTWISE: dict[str, tuple[tuple[Option, ...], str, str | None]] = {
    "l1_loss": ((_BROADCAST, tensor("weight")), "target", None),
    "mse_loss": ((_BROADCAST, tensor("weight")), "target", None),
    "smooth_l1_loss": ((_BROADCAST, choice("beta", "absent 0.0 0.5 2")), "target", None),
    "huber_loss": ((_BROADCAST, choice("delta", "absent 0.5 2")), "target", None),
    "soft_margin_loss": ((), "target", "signs"),
    "hinge_embedding_loss": ((choice("margin", "absent 0.5"),), "target", "signs"),
    "poisson_nll_loss": ((choice("log_input", "absent False"), choice("full", "absent True")), "target", "positive"),
    "gaussian_nll_loss": ((choice("full", "absent True"), choice("eps", "absent 0.5")), "target", None),
    "kl_div": ((choice("log_target", "absent True"),), "target", "unit"),
    "binary_cross_entropy": ((tensor("weight"),), "target", "unit"),
    "binary_cross_entropy_with_logits": ((tensor("weight"), tensor("pos_weight")), "target", "unit"),
}


def _elementwise(op: str, rnd: Random, levels: Levels) -> Call:
    options, name, fill = _ELEMENTWISE[op]
    shape = tuple(rnd.randint(1, 5) for _ in range(int(levels["rank"])))
    other = tuple(rnd.choice((1, length)) for length in shape) if levels.get("broadcast") == "yes" else shape
    operands: Operands = {"input": Operand(shape, fill="unit" if op == "binary_cross_entropy" else None)}
    operands[name] = Operand(other, fill=fill)
    if op == "gaussian_nll_loss":
        operands["var"] = Operand(shape, fill="positive")
    operands |= {n: Operand(shape, fill="positive") for n in ("weight", "pos_weight") if levels.get(n) == "yes"}
    names = [option.name for option in options if option.name not in ("broadcast", "weight", "pos_weight")]
    return called(op, rnd, levels, operands, texts(levels, *names, "reduction"))


def _classes(op: str, rnd: Random, levels: Levels) -> Call:
    """A call of cross_entropy or nll_loss, with classes as numbers or as probabilities."""
    classes, batch = rnd.randint(2, 5), rnd.randint(1, 4)
    space = tuple(rnd.randint(1, 3) for _ in range(int(levels["axes"])))
    leading = () if levels["batch"] == "none" and not space else (batch,)
    shape = (*leading, classes, *space)
    operands: Operands = {"input": shape}
    if levels.get("target") == "probabilities":
        operands["target"] = Operand(shape, fill="unit")
    else:
        operands["target"] = Operand((*leading, *space), "i64", f"below{classes}")
    if levels["weight"] == "yes":
        operands["weight"] = Operand((classes,), fill="positive")
    names = ("ignore_index", "label_smoothing", "reduction")
    return called(op, rnd, levels, operands, texts(levels, *names))


def _class_options(op: str) -> tuple[Option, ...]:
    axes = kinds("axes", "0 1 2", lambda call: str(max(len(shape_of(call)) - 2, 0)))
    batch = kinds("batch", "none some", lambda call: "none" if len(shape_of(call)) == 1 else "some")
    options = (axes, batch, tensor("weight"), choice("ignore_index", "absent 1 0"), _REDUCTION)
    if op == "nll_loss":
        return options
    return (*options, kinds("target", "numbers probabilities", _target), choice("label_smoothing", "absent 0.1 1.0"))


def _target(call: Call) -> str:
    operand = call.operand("target")
    return "numbers" if operand is not None and operand.dtype == "i64" else "probabilities"


def _margins(op: str, rnd: Random, levels: Levels) -> Call:
    """A call of a loss of many classes: multi_margin, multilabel_margin, multilabel_soft_margin."""
    classes, batch = rnd.randint(2, 5), rnd.randint(1, 4)
    leading = () if levels["batch"] == "none" else (batch,)
    operands: Operands = {"input": (*leading, classes)}
    if op == "multi_margin_loss":
        operands["target"] = Operand(leading, "i64", f"below{classes}")
    elif op == "multilabel_margin_loss":
        operands["target"] = Operand((*leading, classes), "i64", f"below{classes}")
    else:
        operands["target"] = Operand((*leading, classes), fill="unit")
    if levels.get("weight") == "yes":
        operands["weight"] = Operand((classes,), fill="positive")
    return called(op, rnd, levels, operands, texts(levels, "p", "margin", "reduction"))


def _vectors(op: str, rnd: Random, levels: Levels) -> Call:
    """A call on rows that belong together."""
    rows, columns = rnd.randint(1, 4), rnd.randint(1, 6)
    shape = (columns,) if levels["batch"] == "none" else (rows, columns)
    signs: Operand = Operand(shape[:-1], fill="signs")
    operands: dict[str, Operands] = {
        "margin_ranking_loss": {"input1": shape, "input2": shape, "target": Operand(shape, fill="signs")},
        "cosine_embedding_loss": {"input1": shape, "input2": shape, "target": signs},
        "triplet_margin_loss": {"anchor": shape, "positive": shape, "negative": shape},
        "cosine_similarity": {"x1": shape, "x2": shape},
        "pairwise_distance": {"x1": shape, "x2": shape},
    }
    names = [option.name for option in _VECTORS[op]]
    return called(op, rnd, levels, operands[op], texts(levels, *names))


_MARGIN = choice("margin", "absent 0.5")
_VECTORS: dict[str, tuple[Option, ...]] = {
    "margin_ranking_loss": (_MARGIN, _REDUCTION),
    "cosine_embedding_loss": (_MARGIN, _REDUCTION),
    "triplet_margin_loss": (_MARGIN, choice("p", "absent 1 3.0"), choice("swap", "absent True"), _REDUCTION),
    "cosine_similarity": (choice("dim", "absent 0 -1"), choice("eps", "absent 0.5")),
    "pairwise_distance": (choice("p", "absent 1 3.0 inf"), choice("keepdim", "absent True")),
}


def _ctc(op: str, rnd: Random, levels: Levels) -> Call:
    """A call of ctc_loss; the logarithms of the probabilities need not add up to one."""
    times, batch, classes, longest = rnd.randint(4, 8), rnd.randint(1, 3), rnd.randint(2, 4), rnd.randint(1, 3)
    lengths: dict[str, Any] = {
        "input_lengths": tuple(rnd.randint(2, times) for _ in range(batch)),
        "target_lengths": tuple(rnd.randint(0, longest) for _ in range(batch)),
    }
    targets: Operands = {"targets": Operand((batch, longest), "i64", f"below{classes}")}
    operands: Operands = {"log_probs": (times, batch, classes)}
    arguments = lengths | texts(levels, "blank", "reduction", "zero_infinity")
    return called(op, rnd, levels, operands | targets, arguments)


def family(op: str) -> Family:
    """The family of a loss.

    Example:
        >>> family("cross_entropy").draw(Random(1)).op
        'cross_entropy'
    """
    realise: Callable[[str, Random, Levels], Call]
    rules: tuple[tuple[str, str, str, str], ...]
    some = kinds("batch", "none some", lambda call: "none" if len(shape_of(call)) == 1 else "some")
    if op in _ELEMENTWISE:
        options, _, _ = _ELEMENTWISE[op]
        found = (_RANK, *options, _REDUCTION, dtypes(), _PLAIN)
        return family_of(partial(_elementwise, op), *found, rules=(("rank", "0", "broadcast", "yes"),))
    if op in ("cross_entropy", "nll_loss"):
        rules = (("batch", "none", "axes", "!0"), ("target", "probabilities", "ignore_index", "!absent"))
        return family_of(partial(_classes, op), *_class_options(op), dtypes("f32 f64 bf16"), _PLAIN, rules=rules)
    if op == "ctc_loss":
        blank = choice("blank", "absent 1")
        infinite = choice("zero_infinity", "absent True")
        return family_of(partial(_ctc, op), blank, _REDUCTION, infinite, dtypes("f32 f64"), fills("real"))
    if op in _VECTORS:
        realise, options = _vectors, _VECTORS[op]
    else:
        margin = (choice("p", "absent 2"), _MARGIN) if op == "multi_margin_loss" else ()
        weight = () if op == "multilabel_margin_loss" else (tensor("weight"),)
        realise, options = _margins, (*weight, *margin, _REDUCTION)
    kind = dtypes("f32 f64" if op in ("multi_margin_loss", "multilabel_margin_loss") else "f32 f64 f16 bf16")
    rules = (("batch", "none", "dim", "absent"),) if op == "cosine_similarity" else ()
    return family_of(partial(realise, op), some, *options, kind, _PLAIN, rules=rules)
