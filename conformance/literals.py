"""Arrays as Python text: their numbers while they are few, else the recipe by which the harness fills them.

May import: NumPy, `conformance.case`, `conformance.fills`.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from conformance.case import Case, is_integer
from conformance.fills import Array

LARGEST_LITERAL = 200
"""Of more elements an array is not written out where a recipe gives the same numbers."""
_STREAMS = ("input", "weight", "bias", "cotangent", "input direction", "weight direction", "bias direction")
_LAID_OUT = ("input", "weight", "cotangent")
_MOST_REDUCTIONS = 16
_LAYOUTS = {
    "strided": "np.repeat({0}, 2, -1)[..., ::2]",
    "fortran": "{0}.T.copy().T",
    "reversed": "np.flip(np.flip({0}).copy())",
    "readonly": "np.broadcast_to({0}, {0}.shape)",
    "overlapping": "np.lib.stride_tricks.sliding_window_view("
    "np.concatenate([{0}[..., 0, :], {0}[..., 1:, -1]], -1), {0}.shape[-1], -1)",
}
_RECIPE = {
    "ints": """\
def part(raw, shape, largest, zeros):
    bits = raw(shape)
    values = np.where(bits & 1, 1.0, -1.0) * (1 + (bits >> 1) % largest)
    for _ in range(zeros):
        values = values * (raw(shape) & 1)
    return values
""",
    "real": """\
def part(raw, shape):
    first, second = raw(shape), raw(shape)
    quarters = sum((first >> shift & 0xFFFF).astype(float) for shift in (0, 16, 32, 48))
    return (quarters - 131070) * 2.0**-15 + (second >> 11).astype(float) * 2.0**-53
""",
    "any": """\
def part(raw, shape):
    return raw(shape).astype(np.int64)
""",
}
_NUMBERS = """\
def numbers(stream, dtype, *fill):
    raw = np.random.PCG64(np.random.SeedSequence(({seed}, stream))).random_raw
    real = part(raw, *fill)
    return (real + 1j * part(raw, *fill) if dtype.startswith("complex") else real).astype(dtype)

"""


def array_lines(case: Case, arrays: dict[str, Array], letters: dict[str, str]) -> list[str]:
    r"""Lines that make the arrays, in the case's memory layout; bfloat16 as float32 of the same values.

    Args:
        case: the configuration.
        arrays: by name: input, weight, bias, cotangent, or a direction.
        letters: what to call them.

    Example:
        >>> from conformance.fills import draw
        >>> from conformance.tokens import parse
        >>> case = parse("pad c1 h3 p1,1 strided seed3")
        >>> print("\n".join(array_lines(case, draw(case).arrays, {"input": "x"})))
        x = np.array([[-29, 27, -28]], dtype=np.float32)
        x = np.repeat(x, 2, -1)[..., ::2]
    """
    lines: list[str] = []
    large = {name: array for name, array in arrays.items() if array.size > LARGEST_LITERAL}
    computed = {name: text for name, array in large.items() if (text := _computed(case, name, array))}
    for name, array in arrays.items():
        lines.append(f"{letters[name]} = {computed.get(name) or literal(array)}")
        lines += _layout_lines(case, name, array, letters[name])
    return (_functions(case).splitlines() if computed else []) + lines


def literal(array: Array) -> str:
    """An expression for an array, with as many digits as its numbers need.

    Example:
        >>> literal(np.float32([[0.1, 2.0]]))
        'np.array([[0.1, 2]], dtype=np.float32)'
    """
    if array.dtype.name == "bfloat16":
        array = array.astype(np.float32)
    dtype = f"dtype=np.{array.dtype}"
    if array.size == 0:
        return f"np.zeros({array.shape}, {dtype})"
    options: dict[str, Any] = {"threshold": array.size + 1, "max_line_width": 100, "formatter": {"all": _number}}
    text = np.array2string(array, separator=", ", prefix="x = np.array(", **options)
    return re.sub(r"\n\s*\n", "\n", f"np.array({text}, {dtype})")


def _number(number: Any) -> str:
    """As an integer where it is one and small; infinities, NaN and a negative zero as NumPy's."""
    if isinstance(number, (np.floating, float)) and not (np.isfinite(number) and (number or not np.signbit(number))):
        return "-0.0" if number == 0 else f"np.{number}" if not number < 0 else "-np.inf"
    if isinstance(number, (np.floating, float)) and abs(float(number)) < 1e6 and float(number).is_integer():
        return str(int(number))
    return str(number)


def is_laid_out(case: Case, name: str, array: Array) -> bool:
    """Whether an array has the case's memory layout.

    Example:
        >>> is_laid_out(Case("conv1d", layout="strided"), "bias", np.ones(3))
        False
    """
    return case.layout is not None and name in _LAID_OUT and array.ndim > 0 and array.size > 0


def _layout_lines(case: Case, name: str, array: Array, letter: str) -> list[str]:
    """What gives the array its layout; bfloat16 takes it as bits, in int16."""
    if not is_laid_out(case, name, array):
        return []
    bits = [f"{letter} = ({letter}.view(np.int32) >> 16).astype(np.int16)"] if array.dtype.name == "bfloat16" else []
    return [*bits, f"{letter} = {laid_out_text(letter, array.ndim, case.layout)}"]


def laid_out_text(letter: str, axes: int, layout: str) -> str:
    """An expression that gives an array a layout.

    Args:
        letter: the name of the array.
        axes: how many it has.
        layout: a word of `case.LAYOUTS`.

    Example:
        >>> laid_out_text("x", 2, "fortran"), laid_out_text("x", 1, "overlapping")
        ('x.T.copy().T', 'np.broadcast_to(x[:1], x.shape)')
    """
    if layout == "overlapping" and axes == 1:
        return f"np.broadcast_to({letter}[:1], {letter}.shape)"
    return _LAYOUTS[layout].format(letter)


def _functions(case: Case) -> str:
    kind = "any" if is_integer(case.dtype) else case.fill
    return _RECIPE[kind] + "\n" + _NUMBERS.format(seed=case.seed)


def _computed(case: Case, name: str, array: Array) -> str | None:
    """An expression by the recipe, where one gives just this array."""
    dtype = "float32" if array.dtype.name == "bfloat16" else array.dtype.name
    start = f"numbers({_STREAMS.index(name)}, {dtype!r}, {array.shape}"
    if is_integer(case.dtype) or case.fill == "real":
        fills = [""]
    else:
        ranges = (32, 16, 8, 4, 2, 1)
        fills = [f", {n}, 0" for n in ranges] + [f", 1, {zeros}" for zeros in range(1, _MOST_REDUCTIONS)]
    scope: dict[str, Any] = {"np": np}
    exec(_functions(case), scope)
    texts = (f"{start}{fill})" for fill in fills)
    return next((text for text in texts if _gives(eval(text, scope), array, case.layout)), None)


def _gives(found: Array, array: Array, layout: str | None) -> bool:
    """Whether these are the array's numbers; bfloat16 may be rounded to, unless its bits are taken for a layout."""
    return np.array_equal(found.astype(array.dtype), array) if layout is None else np.array_equal(found, array)
