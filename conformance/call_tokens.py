"""A call as one line of text, and back.

May import: the standard library, `conformance.case`, `conformance.call`.

A line is an operation and tokens, such as

    max_pool2d input=2x3x8x9 kernel_size=(3,2) stride=2 ceil_mode=True strided f32 real seed5
    where condition=3x1:bool input=3x4 other=x:f64:contiguous f32 ties seed1

==========================  ==================================================================================
`input=2x3x8x9`             a tensor of this shape; `3x` has one axis, `x` has none
`index=3x:i64:below7`       with a dtype, a fill and a layout of its own, in any order
`tensors.0=3x tensors.1=2x` the members of a list of tensors
`kernel_size=(3,2)`         any other argument as Python writes it, without spaces; also `3,2` for a tuple, `inf`
                            and `nan` for these floats, bare words for text, `torch.float64` for a dtype
`f32 real strided seed17`   dtype, fill, layout of the tensors that have none of their own, and the seed
==========================  ==================================================================================

Dtypes and layouts are those of `tokens.py`, and `bool`; fills are those of `call_fills.py`.
"""

from __future__ import annotations

import ast
import functools
import re
from typing import Any

from conformance.call import CALL_DTYPES, CALL_LAYOUTS, Call, Operand, TorchName
from conformance.case import Sizes

FILL = r"ints|real|ties|signs|unit|positive|infinite|special|below\d+"
_SHAPE = re.compile(r"x|\d+x|\d+(?:x\d+)+")
_NAME = re.compile(r"([A-Za-z_]\w*(?:\.\d+)?)=(.+)")
_NUMBERS = {"inf": float("inf"), "nan": float("nan")}


def parse_call(line: str) -> Call:
    """The call that a line of text describes.

    Raises:
        ValueError: an unknown token, or one given twice.

    Example:
        >>> parse_call("gather input=3x4 index=2x4:i64:below3 dim=0").operand("index")
        Operand(shape=(2, 4), dtype='i64', fill='below3', layout=None)
    """
    op, *words = line.split()
    operands: dict[str, Operand] = {}
    arguments: dict[str, str] = {}
    numbers: dict[str, Any] = {}
    for word in words:
        named = _NAME.fullmatch(word)
        field, value = _number(word) if named is None else (named[1], named[2])
        if field is None:
            raise ValueError(f"unknown token {word!r} in the case {line!r}")
        if field in (numbers if named is None else operands.keys() | arguments.keys()):
            raise ValueError(f"the token {word!r} gives {field} a second time in the case {line!r}")
        if named is None:
            numbers[field] = value
        elif _SHAPE.fullmatch(named[2].partition(":")[0]):
            operands[field] = _read_operand(named[2], line)
        else:
            arguments[field] = write(read(named[2]))
    return Call(op, tuple(operands.items()), tuple(arguments.items()), **numbers)


def to_text(call: Call) -> str:
    """The line of a call; what `str` of it gives.

    Example:
        >>> to_text(Call("relu", (("input", Operand((3,))),)))
        'relu input=3x f32 real seed0'
    """
    operands = [f"{name}={_write_operand(operand)}" for name, operand in call.operands]
    arguments = [f"{name}={text}" for name, text in call.arguments]
    layout = [] if call.layout is None else [call.layout]
    return " ".join([call.op, *operands, *arguments, *layout, call.dtype, call.fill, f"seed{call.seed}"])


def read(text: str) -> Any:
    """The value that an argument's text stands for; what is not a literal is text itself.

    Example:
        >>> read("3,2"), read("[1,inf]"), read("bilinear"), read("torch.float64"), read("'3'")
        ((3, 2), [1, inf], 'bilinear', TorchName(name='float64'), '3')
    """
    try:
        syntax, value = _parsed(text)
    except (SyntaxError, ValueError):
        return text
    return _value(syntax) if value is _CHANGEABLE else value


@functools.lru_cache(4096)
def _parsed(text: str) -> tuple[ast.expr, Any]:
    """The text's syntax, and its value unless that may change; a run's arguments come again and again."""
    syntax = ast.parse(text, mode="eval").body
    value = _value(syntax)
    try:
        hash(value)
    except TypeError:
        value = _CHANGEABLE
    return syntax, value


_CHANGEABLE = object()


def write(value: Any) -> str:
    """The text of an argument's value, without spaces where the value has none.

    Example:
        >>> write((3, 2)), write([1.5, float("inf")]), write("bilinear"), write("3"), write(TorchName("float64"))
        ('(3,2)', '[1.5,inf]', 'bilinear', "'3'", 'torch.float64')
    """
    if isinstance(value, TorchName):
        return f"torch.{value.name}"
    if isinstance(value, list):
        return f"[{','.join(map(_member, value))}]"
    if isinstance(value, tuple):
        return f"({','.join(map(_member, value))}{',' * (len(value) == 1)})"
    if isinstance(value, str):
        bare = bool(value) and not re.search(r"\s", value) and read(value) == value
        return value if bare and not _SHAPE.fullmatch(value.partition(":")[0]) else repr(value)
    return repr(value)


def _member(value: Any) -> str:
    """The text of a value in a sequence, where words are not bare."""
    return repr(value) if isinstance(value, str) else write(value)


def _value(node: ast.AST) -> Any:
    """The value of a literal, where `inf` and `nan` are floats and `torch.x` is a name."""
    if isinstance(node, (ast.Tuple, ast.List)):
        items = [_value(item) for item in node.elts]
        return tuple(items) if isinstance(node, ast.Tuple) else items
    if isinstance(node, ast.Name) and node.id in _NUMBERS:
        return _NUMBERS[node.id]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "torch":
        return TorchName(node.attr)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    return ast.literal_eval(node)


def _number(word: str) -> tuple[str | None, Any]:
    """The field and the value of a token without a name."""
    if word in CALL_LAYOUTS:
        return "layout", word
    if word in CALL_DTYPES:
        return "dtype", word
    if re.fullmatch(FILL, word):
        return "fill", word
    seed = re.fullmatch(r"seed(\d+)", word)
    return (None, None) if seed is None else ("seed", int(seed[1]))


def _read_operand(text: str, line: str) -> Operand:
    shape, *words = text.split(":")
    found: dict[str, str] = {}
    for word in words:
        field, value = _number(word)
        if field in (None, "seed") or field in found:
            raise ValueError(f"unknown word {word!r} of a tensor in the case {line!r}")
        found[str(field)] = value
    return Operand(_read_shape(shape), **found)


def _read_shape(text: str) -> Sizes:
    return tuple(int(length) for length in text.split("x") if length)


def _write_operand(operand: Operand) -> str:
    shape = "x".join(map(str, operand.shape)) + "x" * (len(operand.shape) < 2)
    own = [word for word in (operand.dtype, operand.fill, operand.layout) if word is not None]
    return ":".join([shape, *own])
