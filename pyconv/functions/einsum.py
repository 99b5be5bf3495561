"""torch.einsum: sums of products written as subscripts.

The operands are contracted from left to right, each pair by one product of stacks of matrices. May import: NumPy,
`pyconv.autograd`, `pyconv.ops`, `pyconv.functions`.
"""

from __future__ import annotations

import math
import string
from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.functions.products import bmm
from pyconv.ops import shape
from pyconv.ops.arithmetic import mul
from pyconv.ops.cast import array_of
from pyconv.ops.reduce import total
from pyconv.ops.strided import diagonal
from pyconv.signatures import type_name

__all__ = ["einsum"]

Labels = tuple[str, ...]
"""A name for each dimension: a letter, or `...0`, `...1` for those of an ellipsis, counted from the last."""

_ORDER = string.ascii_uppercase + string.ascii_lowercase


def einsum(*args: Any) -> Any:
    """The sum of products of elements of tensors that an equation says, as in Einstein's convention.

    Args:
        args: the equation as `ij,jk->ik`, then the operands; or every operand with its list of subscripts, numbers
            below 52 or an Ellipsis, and last the subscripts of the result.

    Returns:
        A tensor with the dimensions right of the arrow; without one, those of the subscripts that occur once, in
        alphabetical order after those of an ellipsis.

    Raises:
        ValueError: there are too few arguments, or a subscript in a list is no such number.
        TypeError: the equation is no text, or an operand no tensor.
        RuntimeError: the equation does not suit the operands.

    Example:
        >>> import pyconv as torch
        >>> torch.einsum("ij,j->i", torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([1.0, 1.0]))
        tensor([3., 7.])
    """
    if len(args) < 2:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or at least one operand and its "
            "subscripts list"
        )
    if not isinstance(args[0], (str, Traced, np.ndarray)):
        raise TypeError(f"einsum(): argument 'equation' (position 1) must be str, not {type_name(args[0])}")
    equation, operands = (args[0], args[1:]) if isinstance(args[0], str) else _from_lists(args)
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = tuple(operands[0])
    for i, operand in enumerate(operands):
        if not isinstance(operand, (Traced, np.ndarray)):
            raise TypeError(f"expected Tensor as element {i} in argument 1, but got {type(operand).__name__}")
    return _contract_all(equation, operands)


def _from_lists(args: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    parts = [_written(subscripts) for subscripts in args[1::2]]
    equation = ",".join(parts)
    if len(args) % 2:
        equation += "->" + _written(args[-1])
    return equation, args[: len(parts) * 2 : 2]


def _written(subscripts: Any) -> str:
    text = ""
    for subscript in subscripts:
        if subscript is Ellipsis:
            text += "..."
        elif 0 <= subscript < len(_ORDER):
            text += _ORDER[subscript]
        else:
            raise ValueError("einsum(): subscript in subscript list is not within the valid range [0, 52)")
    return text


def _contract_all(equation: str, operands: tuple[Any, ...]) -> Any:
    left, arrow, right = equation.partition("->")
    written = _subscripts(left, len(operands))
    labels = [_named(text, array_of(x).ndim, i) for i, (text, x) in enumerate(zip(written, operands, strict=True))]
    ellipsis = max((sum(label.startswith(".") for label in found) for found in labels), default=0)
    result = _result(right, len(left) + 2, ellipsis) if arrow else _implicit(labels, ellipsis)
    _check_result(result, labels)
    terms = [_diagonals(x, found, i) for i, (x, found) in enumerate(zip(operands, labels, strict=True))]
    broadcast = {label for label, n in _sizes(terms, ellipsis).items() if n != 1}
    terms = [_without_ones(x, found, broadcast) for x, found in terms]
    x, found = _summed_out(*terms[0], {*result, *(label for _, other in terms[1:] for label in other)})
    for i, (other, other_labels) in enumerate(terms[1:], 2):
        later = {*result, *(label for _, rest in terms[i:] for label in rest)}
        x, found = _pair(x, found, *_summed_out(other, other_labels, later | {*found}), later)
    x, found = _summed_out(x, found, set(result))
    return _arranged(x, found, result)


def _subscripts(left: str, count: int) -> list[str]:
    """The subscripts of every operand, of which there must be `count`."""
    texts = [""]
    at = 0
    while at < len(left):
        letter = left[at]
        if letter == ".":
            if left[at : at + 3] != "...":
                raise RuntimeError(f"einsum(): found '.' for operand {len(texts) - 1} that is not part of any ellipsis")
            if "." in texts[-1]:
                raise RuntimeError(
                    f"einsum(): found '.' for operand {len(texts) - 1} for which an ellipsis was already found"
                )
            texts[-1] += "."
            at += 2
        elif letter == ",":
            texts.append("")
            if len(texts) > count:
                raise RuntimeError("einsum(): fewer operands were provided than specified in the equation")
        elif letter != " ":
            _check_letter(letter, at)
            texts[-1] += letter
        at += 1
    if len(texts) < count:
        raise RuntimeError("einsum(): more operands were provided than specified in the equation")
    return texts


def _check_letter(letter: str, at: int) -> None:
    if letter not in _ORDER:
        raise RuntimeError(
            f"einsum(): invalid subscript given at index {at} in the equation string, subscripts must be in [a-zA-Z]"
        )


def _ellipsis(count: int) -> Labels:
    return tuple(f"...{i}" for i in reversed(range(count)))


def _named(text: str, ndim: int, operand: int) -> Labels:
    """The labels of an operand's dimensions."""
    letters = len(text) - ("." in text)
    if "." in text:
        if letters > ndim:
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({letters}) is more than the number of dimensions "
                f"({ndim}) for operand {operand}"
            )
        before, _, after = text.partition(".")
        return (*before, *_ellipsis(ndim - letters), *after)
    if letters != ndim:
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({letters}) does not match the number of dimensions "
            f"({ndim}) for operand {operand} and no ellipsis was given"
        )
    return tuple(text)


def _result(text: str, start: int, ellipsis: int) -> Labels:
    """The labels of the result from what stands right of the arrow."""
    found: list[str] = []
    seen = False
    at = 0
    while at < len(text):
        letter = text[at]
        if letter == ".":
            if text[at : at + 3] != "...":
                raise RuntimeError("einsum(): found '.' for output that is not part of any ellipsis (...)")
            if seen:
                raise RuntimeError("einsum(): found '.' for output but an ellipsis (...) was already found")
            seen = True
            found += _ellipsis(ellipsis)
            at += 2
        elif letter != " ":
            _check_letter(letter, start + at)
            if letter in found:
                raise RuntimeError(f"einsum(): output subscript {letter} appears more than once in the output")
            found.append(letter)
        at += 1
    return tuple(found)


def _implicit(labels: list[Labels], ellipsis: int) -> Labels:
    every = [label for found in labels for label in found]
    return (*_ellipsis(ellipsis), *(letter for letter in _ORDER if every.count(letter) == 1))


def _check_result(result: Labels, labels: list[Labels]) -> None:
    known = {label for found in labels for label in found}
    for label in result:
        if label not in known:
            raise RuntimeError(
                f"einsum(): output subscript {label} does not appear in the equation for any input operand"
            )


def _diagonals(x: Any, labels: Labels, operand: int) -> tuple[Any, Labels]:
    """An operand with every label once: of repeated ones, the diagonal."""
    for label in dict.fromkeys(labels):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            n, m = array_of(x).shape[first], array_of(x).shape[second]
            if n != m:
                raise RuntimeError(
                    f"einsum(): subscript {label} is repeated for operand {operand} but the sizes don't match, "
                    f"{m} != {n}"
                )
            x = diagonal(x, offset=0, dim1=first, dim2=second)
            labels = (*(other for i, other in enumerate(labels) if i not in (first, second)), label)
    return x, labels


def _sizes(terms: list[tuple[Any, Labels]], ellipsis: int) -> dict[str, int]:
    """The size of every label, over operands that broadcast."""
    found: dict[str, int] = dict.fromkeys(_ellipsis(ellipsis), 1)
    for i, (x, labels) in enumerate(terms):
        for label, n in zip(labels, array_of(x).shape, strict=True):
            before = found.get(label, 1)
            if before != 1 and n not in (1, before):
                name = label if len(label) == 1 else "..."
                raise RuntimeError(
                    f"einsum(): subscript {name} has size {n} for operand {i} which does not broadcast with previously "
                    f"seen size {before}"
                )
            found[label] = n if before == 1 else before
    return found


def _without_ones(x: Any, labels: Labels, gone: set[str]) -> tuple[Any, Labels]:
    """A term without those of some dimensions that have size 1: they broadcast, or there is nothing to sum."""
    size = array_of(x).shape
    kept = [i for i, label in enumerate(labels) if size[i] != 1 or label not in gone]
    if len(kept) == len(labels):
        return x, labels
    return shape.reshape(x, shape=tuple(size[i] for i in kept)), tuple(labels[i] for i in kept)


def _summed_out(x: Any, labels: Labels, needed: set[str]) -> tuple[Any, Labels]:
    """A term summed over the dimensions that nothing else has."""
    gone = tuple(i for i, label in enumerate(labels) if label not in needed)
    if not gone:
        return x, labels
    kind = array_of(x).dtype
    return total(x, gone, dtype=kind), tuple(label for label in labels if label in needed)


def _pair(a: Any, first: Labels, b: Any, second: Labels, needed: set[str]) -> tuple[Any, Labels]:
    """The product of two terms, summed over the labels that both have and nothing later needs."""
    gone = {label for label in first if label in second and label not in needed}
    (a, first), (b, second) = _without_ones(a, first, gone), _without_ones(b, second, gone)
    both = [label for label in first if label in second]
    batch = [label for label in both if label in needed]
    summed = [label for label in both if label not in needed]
    rows = [label for label in first if label not in second]
    columns = [label for label in second if label not in first]
    labels = (*batch, *rows, *columns)
    if not summed:
        left = _arranged(a, first, (*batch, *rows))
        right = _arranged(b, second, (*batch, *columns))
        size = array_of(left).shape
        spread = (*size[: len(batch)], *size[len(batch) :], *(1,) * len(columns))
        other = array_of(right).shape
        widened = (*other[: len(batch)], *(1,) * len(rows), *other[len(batch) :])
        return mul(shape.reshape(left, shape=spread), shape.reshape(right, shape=widened)), labels
    left = _arranged(a, first, (*batch, *rows, *summed))
    right = _arranged(b, second, (*batch, *summed, *columns))
    size, other = array_of(left).shape, array_of(right).shape
    n, r = len(batch), len(rows)
    stack, inner = math.prod(size[:n]), math.prod(size[n + r :])
    left = shape.reshape(left, shape=(stack, math.prod(size[n : n + r]), inner))
    right = shape.reshape(right, shape=(stack, inner, math.prod(other[n + len(summed) :])))
    product = bmm.raw(left, right)  # type: ignore[attr-defined]
    return shape.reshape(product, shape=(*size[: n + r], *other[n + len(summed) :])), labels


def _arranged(x: Any, labels: Labels, wanted: Labels) -> Any:
    """A term with its dimensions in another order."""
    if labels == tuple(wanted):
        return x
    return shape.permute(x, axes=tuple(labels.index(label) for label in wanted))
