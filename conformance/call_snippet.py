"""A failing call as a few lines of Python that need torch, NumPy and the library under test, not the harness.

May import: NumPy and `conformance` below it; no library.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.adapters.any_call import output_names
from conformance.call import Call, TorchName
from conformance.case import Sizes
from conformance.fills import Array, Operands
from conformance.literals import laid_out_text, literal
from conformance.operations import OPERATIONS

_HEAD = """\
import numpy as np
import torch
import {candidate} as candidate
"""
_SHOWN = """\
for library in (torch, candidate):
    try:
        print(library.__name__, answer(library))
    except Exception as error:
        print(library.__name__, type(error).__name__ + ":", error)"""


def call_snippet(
    call: Call, operands: Operands, candidate: str, where: str = "output", shapes: Mapping[str, Sizes] | None = None
) -> str:
    """A program that shows what a call gives in torch and in the library under test.

    Args:
        call: the configuration.
        operands: what it is run on.
        candidate: the name of a module with torch's API.
        where: a map of `Adapter.run` or `second`, or `error`.
        shapes: those of torch's differentiable results, by name; where they are given and a derivative or an error
            is to be shown, the gradients are asked for.

    Example:
        >>> from conformance.operands import operands_of
        >>> from conformance.tokens import parse
        >>> call = parse("max_pool1d input=1x3 kernel_size=2 ints")
        >>> print(call_snippet(call, operands_of(call), "pyconv").partition("def ")[2].partition("for")[0].strip())
        answer(torch):
            input = torch.from_numpy(np.array([[14, 32, -28]], dtype=np.float32))
            results = torch.nn.functional.max_pool1d(input, kernel_size=2)
            return results
    """
    derived = shapes is not None and (where == "error" or "gradient" in where or where.startswith("second"))
    lines = [line for name, array in operands.arrays.items() for line in _tensor(call, name, array)]
    operation = OPERATIONS[call.op]
    leaves = [n for n, a in operands.arrays.items() if _is_inexact(a) and n not in operation.constants]
    if derived:
        lines += [f"{_variable(name)}.requires_grad_()" for name in leaves]
    lines += [f"torch.manual_seed({call.seed})"] * operation.draws
    lines.append(f"results = {call_text(call)}")
    if derived and shapes:
        lines += _gradients(operands, where, shapes, leaves)
    elif where.endswith(" afterwards"):
        lines.append(f"return {_variable(where.removesuffix(' afterwards'))}")
    else:
        lines.append("return results")
    body = "\n".join(f"    {line}" for line in lines)
    return f"{_HEAD.format(candidate=candidate)}\n\ndef answer(torch):\n{body}\n\n\n{_SHOWN}"


def call_text(call: Call) -> str:
    """The call as Python writes it, its tensors called by their names.

    Example:
        >>> from conformance.tokens import parse
        >>> call_text(parse("max_pool1d input=1x3 kernel_size=2 ceil_mode=True"))
        'torch.nn.functional.max_pool1d(input, kernel_size=2, ceil_mode=True)'
    """
    lists: dict[str, list[str]] = {}
    for name in call.shapes():
        lists.setdefault(name.partition(".")[0], []).append(_variable(name))
    single = {name.partition(".")[0] for name in call.shapes() if "." not in name}
    named = {name: v[0] if name in single else f"[{', '.join(v)}]" for name, v in lists.items()}
    named |= {name: _python(value) for name, value in call.given().items()}
    if "equation" in named:
        return f"torch.{OPERATIONS[call.op].path}({named['equation']}, {', '.join(sum(lists.values(), []))})"  # noqa: RUF017
    first = next(iter(lists), None)
    words = [value if name == first else f"{name}={value}" for name, value in named.items()]
    return f"torch.{OPERATIONS[call.op].path}({', '.join(words)})"


def _python(value: Any) -> str:
    """The value in Python's words."""
    if isinstance(value, TorchName):
        return f"torch.{value.name}"
    if isinstance(value, float) and value - value != 0:
        return f"float({str(value)!r})"
    if isinstance(value, tuple):
        return f"({', '.join(map(_python, value))}{',' * (len(value) == 1)})"
    return f"[{', '.join(map(_python, value))}]" if isinstance(value, list) else repr(value)


def _gradients(operands: Operands, where: str, shapes: Mapping[str, Sizes], leaves: list[str]) -> list[str]:
    """Lines that differentiate the results, once or twice."""
    second = where.startswith("second")
    lines = ["results = list(results) if isinstance(results, (tuple, list)) else [results]"]
    names, cotangents = list(shapes), []
    for number, (name, shape) in enumerate(shapes.items()):
        drawn = operands.draw("cotangent" + name.removeprefix("output"), shape)
        cotangents.append(f"g{number}")
        lines.append(f"g{number} = {_from_numpy(drawn)}.to(results[{_place(name)}].dtype)")
        lines += [f"g{number}.requires_grad_()"] * second
    roots = ", ".join(f"results[{_place(name)}]" for name in names)
    wanted = ", ".join(map(_variable, leaves))
    asked = f"[{roots}], [{wanted}], [{', '.join(cotangents)}], allow_unused=True"
    if not second:
        return [*lines, f"return torch.autograd.grad({asked})"]
    lines.append(f"first = torch.autograd.grad({asked}, create_graph=True)")
    lines.append("first = [g for g in first if g is not None and g.requires_grad]")
    sources = ", ".join([*map(_variable, leaves), *cotangents])
    lines.append(
        f"return torch.autograd.grad(first, [{sources}], [torch.ones_like(g) for g in first], allow_unused=True)"
    )
    return lines


def _place(name: str) -> int:
    return output_names(1 + int(name.removeprefix("output") or 0)).index(name)


def _tensor(call: Call, name: str, array: Array) -> list[str]:
    operand = call.operand(name)
    layout = (operand and operand.layout) or call.layout
    variable = _variable(name)
    if layout in (None, "contiguous") or array.ndim == 0 or array.size == 0:
        return [f"{variable} = {_from_numpy(array)}"]
    text = laid_out_text(variable, array.ndim, layout)
    copied = ".copy()" * (layout == "reversed")
    bits = array.dtype.name == "bfloat16"
    made = f"({literal(array)}.view(np.int32) >> 16).astype(np.int16)" if bits else literal(array)
    viewed = ".view(torch.bfloat16)" * bits
    return [
        f"{variable} = {made}",
        f"{variable} = {text}",
        f"{variable} = torch.from_numpy({variable}{copied}){viewed}",
    ]


def _from_numpy(array: Array) -> str:
    rounded = ".to(torch.bfloat16)" * (array.dtype.name == "bfloat16")
    return f"torch.from_numpy({literal(array)}){rounded}"


def _variable(name: str) -> str:
    return name.replace(".", "_")


def _is_inexact(array: Array) -> bool:
    return array.dtype.kind in "fc" or array.dtype.name == "bfloat16"
