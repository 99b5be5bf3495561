"""A failing case as a few lines of Python that need torch, NumPy and the library under test, not the harness.

May import: NumPy and `conformance` below it; no library.
"""

from __future__ import annotations

import re
from typing import Any

from conformance.adapters.call import by_function, make_module, spelled
from conformance.case import Case, Sizes, is_integer
from conformance.fills import Array, Operands
from conformance.literals import array_lines, is_laid_out

_LETTERS = {"input": "x", "weight": "w", "bias": "b", "cotangent": "gy"}
_FACTS = {"repr": "repr(m)", "constructor": "repr(m)", "state_dict keys": "list(m.state_dict())"}
_TAKES_ARRAYS = "pyconv"


def snippet(
    case: Case,
    operands: Operands,
    candidate_code: str,
    where: str = "output",
    output_shape: Sizes | None = None,
) -> str:
    """A program that shows what a case gives in torch and in the library under test.

    Args:
        case: the configuration.
        operands: what it is run on.
        candidate_code: the name of a module with torch's API; for other libraries lines that make `got` of the
            arrays x, w, b and gy (the cotangent).
        where: what to show: a map of `Adapter.run` or `second`; `error`; or what `Adapter.facts` has of a module,
            such as `repr`, `attribute stride`, `initial weight`.
        output_shape: that of torch's output, which the cotangent of a gradient has; with `error` given where torch
            raises nothing, so that the gradients are asked for too.

    Raises:
        ValueError: a gradient is asked for without the output's shape.

    Example:
        >>> from conformance.fills import draw
        >>> from conformance.tokens import parse
        >>> case = parse("pad c1 h2 p1,0")
        >>> print(snippet(case, draw(case), "pyconv"))
        import numpy as np
        import torch
        import pyconv as candidate
        <BLANKLINE>
        x = np.array([[16, 17]], dtype=np.float32)
        <BLANKLINE>
        def answer(torch, x):
            F = torch.nn.functional
            x = torch.tensor(x)
            return F.pad(x, (1, 0))
        <BLANKLINE>
        expected, got = answer(torch, x), answer(candidate, x)
        print("torch", expected.dtype, tuple(expected.shape), "candidate", got.dtype, tuple(got.shape))
        e, g = np.array(expected.tolist()), np.array(got.tolist())
        if e.shape == g.shape and e.size:
            worst = np.unravel_index(np.argmax(np.abs(e - g)), e.shape)
            print("at", tuple(map(int, worst)), "torch", e[worst], "candidate", g[worst])
        else:
            print("torch", e, "candidate", g)
    """
    if _is_fact(where):
        return _program(case, candidate_code, "", _fact_lines(case, where), _shown_texts(where))
    names = list(case.shapes())
    arrays = dict(operands.arrays)
    if "gradient" in where or "second" in where or (where == "error" and output_shape is not None):
        if output_shape is None:
            raise ValueError(f"the {where} needs the shape of torch's output")
        arrays["cotangent"] = operands.draw("cotangent", output_shape)
    if where.startswith("second"):
        arrays |= {f"{n} direction": operands.draw(f"{n} direction", arrays[n].shape) for n in _inexact(case, names)}
    letters = [_letter(name) for name in arrays]
    body = [*_tensor_lines(case, arrays, candidate_code), *_answer_lines(case, where, arrays)]
    call = ", ".join(["{}", *letters])
    shown = _shown_errors(call, candidate_code) if where == "error" else _shown_values(case, call, candidate_code)
    made = "\n".join(array_lines(case, arrays, dict(zip(arrays, letters))))
    return _program(case, candidate_code, made, body, shown, letters)


def call_text(case: Case) -> str:
    """The call that a case is: one expression, of a module after the lines that make it.

    Args:
        case: the configuration; its tensors are called x, w and b.

    Example:
        >>> from conformance.tokens import parse
        >>> call_text(parse("conv2d n1 c2 o2 h5x6 k3x3 s2 p1,2 bias"))
        'F.conv2d(x, w, b, stride=2, padding=(1, 2))'
        >>> print(call_text(parse("conv1d n1 c2 o2 h5 k3 p1 reflect")))
        m = nn.Conv1d(2, 2, 3, bias=False, padding=1, padding_mode='reflect')
        m.weight = w = nn.Parameter(w)
        m(x)
    """
    tensors = {name: _LETTERS[name] for name in case.shapes()}
    if not case.through_module:
        words = {name: _Words(letter) for name, letter in tensors.items()}
        return str(by_function(_Words("torch"), case, words)).replace("torch.nn.functional.", "F.")
    set_up = [f"m.{n} = {letter} = nn.Parameter({letter})" for n, letter in tensors.items() if letter != "x"]
    sized = case.is_transposed and case.output_size is not None
    last = f"m(x, {spelled(case, case.output_size)})" if sized else "m(x)"
    return "\n".join([_module_line(case), *set_up, last])


def _module_line(case: Case) -> str:
    return "m = " + str(make_module(_Words("torch"), case)).replace("torch.nn.", "nn.")


class _Words:
    """What stands for a library or a tensor, and answers each use with its text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __getattr__(self, name: str) -> _Words:
        return _Words(f"{self.text}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> _Words:
        passed = [repr(arg) for arg in args if arg is not None]
        passed += [text for name, value in kwargs.items() if (text := f"{name}={value!r}") not in _BY_DEFAULT]
        return _Words(f"{self.text}({', '.join(passed)})")

    def __repr__(self) -> str:
        return self.text


_BY_DEFAULT = ("bias=True", "dtype=torch.float32")


def _is_fact(where: str) -> bool:
    return where in _FACTS or where.startswith(("attribute ", "initial ", "state_dict "))


def _letter(name: str) -> str:
    return f"d{_LETTERS[name.split()[0]]}" if name.endswith("direction") else _LETTERS[name]


def _inexact(case: Case, names: list[str]) -> list[str]:
    """Those that have gradients."""
    return [name for name in names if not is_integer(case.dtypes()[name])]


def _dtype(case: Case, name: str) -> str:
    return case.dtypes().get(name.removesuffix(" direction"), case.dtype)


def _tensor_lines(case: Case, arrays: dict[str, Array], candidate: str) -> list[str]:
    """Arrays into tensors."""
    lines = []
    kinds = {name: _tensor_text(case, name, array) for name, array in arrays.items()}
    for kind in dict.fromkeys(kinds.values()):
        letters = [_letter(name) for name in arrays if kinds[name] == kind]
        if len(letters) == 1:
            lines.append(f"{letters[0]} = {kind.format(letters[0])}")
        else:
            lines.append(f"{', '.join(letters)} = ({kind.format('a')} for a in ({', '.join(letters)}))")
    function = not case.through_module and "cotangent" not in arrays
    if case.layout == "reversed" and candidate == _TAKES_ARRAYS and function and case.dtype != "bf16":
        return [f'if torch.__name__ != "{candidate}":  # which takes arrays', *(f"    {line}" for line in lines)]
    return lines


def _tensor_text(case: Case, name: str, array: Array) -> str:
    """The tensor of an array `{}`; `torch.tensor` copies it, and so it loses its layout."""
    bfloat16 = _dtype(case, name) == "bf16"
    if not is_laid_out(case, name, array):
        return "torch.tensor({}, dtype=torch.bfloat16)" if bfloat16 else "torch.tensor({})"
    text = "{}.copy()" if case.layout == "reversed" else "{}"
    return f"torch.from_numpy({text})" + ".view(torch.bfloat16)" * bfloat16


def _answer_lines(case: Case, where: str, arrays: dict[str, Array]) -> list[str]:
    """The call, and from its result what is to be shown."""
    *before, call = call_text(case).splitlines()
    if "cotangent" not in arrays:
        return [*before, f"return {call}"]
    names = _inexact(case, list(case.shapes()))
    letters = [_letter(name) for name in names]
    twice = where.startswith("second")
    leaves = [letter for letter in letters if letter == "x" or not case.through_module] + ["gy"] * twice
    lines = [f"{leaves[0]}.requires_grad_()"]
    if len(leaves) > 1:
        lines = [f"for leaf in ({', '.join(leaves)}):", "    leaf.requires_grad_()"]
    lines += [*before, f"y = {call}"]
    grad = f"torch.autograd.grad(y, [{', '.join(letters)}], gy"
    if where == "error":
        return [*lines, f"return {grad})[0]"]
    if not twice:
        return [*lines, f"return {grad})[{names.index(where.removesuffix(' gradient'))}]"]
    source = _LETTERS[where.removeprefix("second derivative by ")]
    directions = ", ".join(f"d{letter}" for letter in letters)
    lines.append(f"first = {grad}, create_graph=True)")
    lines.append(f"second = torch.autograd.grad(first, [{source}], [{directions}], allow_unused=True)[0]")
    return [*lines, f"return torch.zeros_like({source}) if second is None else second"]


def _fact_lines(case: Case, where: str) -> list[str]:
    kind, _, name = where.partition(" ")
    text = {"attribute": f"repr(m.{name})", "initial": f"m.state_dict()[{name!r}]"}.get(kind, _FACTS.get(where))
    text = text or f"m.state_dict()[{name!r}].dtype, m.state_dict()[{name!r}].shape"
    return [f"torch.manual_seed({case.seed})", _module_line(case), f"return {text}"]


def _shown_texts(where: str) -> list[str]:
    if where == "constructor":
        return _shown_errors("{}")
    return ['print("torch    ", answer(torch))', 'print("candidate", answer(candidate))']


def _shown_errors(call: str, candidate: str = "candidate") -> list[str]:
    both = {"torch": [f"got = answer({call.format('torch')})"], "candidate": candidate.splitlines()}
    if _is_module(candidate):
        both["candidate"] = [f"got = answer({call.format('candidate')})"]
    lines = []
    for name, code in both.items():
        lines += ["try:", *(f"    {line}" for line in code), f'    print("{name} raises nothing, gives", got)']
        lines += ["except Exception as error:", f'    print("{name} raises", type(error).__name__ + ":", error)']
    return lines


def _shown_values(case: Case, call: str, candidate: str) -> list[str]:
    apart = "e != g" if is_integer(case.dtype) else "np.abs(e - g)"
    if _is_module(candidate):
        both = [f"expected, got = answer({call.format('torch')}), answer({call.format('candidate')})"]
    else:
        both = [*candidate.splitlines(), f"expected = answer({call.format('torch')})"]
    return [
        *both,
        'print("torch", expected.dtype, tuple(expected.shape), "candidate", got.dtype, tuple(got.shape))',
        "e, g = np.array(expected.tolist()), np.array(got.tolist())",
        "if e.shape == g.shape and e.size:",
        f"    worst = np.unravel_index(np.argmax({apart}), e.shape)",
        '    print("at", tuple(map(int, worst)), "torch", e[worst], "candidate", g[worst])',
        "else:",
        '    print("torch", e, "candidate", g)',
    ]


def _is_module(candidate: str) -> bool:
    return all(part.isidentifier() for part in candidate.split("."))


def _program(
    case: Case, candidate: str, arrays: str, body: list[str], shown: list[str], letters: list[str] | None = None
) -> str:
    used = [("F", "torch.nn.functional"), ("nn", "torch.nn")]
    found = [(name, full) for name, full in used if re.search(rf"\b{name}\.", "\n".join(body))]
    names, fulls = (", ".join(part) for part in zip(*found))
    lines = [f"def answer({', '.join(['torch', *(letters or [])])}):", f"    {names} = {fulls}"]
    lines += [f"    {line}" for line in body]
    imports = ["import numpy as np", "import torch", *([f"import {candidate} as candidate"] * _is_module(candidate))]
    if {"f16", "bf16"} & set(case.dtypes().values()):
        imports.insert(0, 'import os; os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_BF16")')
    sections = ["\n".join(imports), arrays, "\n".join(lines), "\n".join(shown)]
    return "\n\n".join(section for section in sections if section)
