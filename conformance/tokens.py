"""A case as one line of text, and back.

May import: the standard library, `conformance.case`, and for other operations `conformance.call_tokens`.

A line is an operation and tokens, in any order. Those of the operations in `operations.py` are explained in
`call_tokens.py`; those of the convolutions, of unfold, fold and pad are such as

    conv2d n2 c4 o6 h9x10 k3x5 s2 p1,2 d1 g2 bias reflect f32 real seed17

======================  ==================================================================================
`n2 c4 h9x10`           input: batch, channels, spatial size; without `n` the input is unbatched
`o6 k3x5 bias`          output channels, kernel, whether there is a bias
`s2 p1,2 d1 g2 op1`     stride, padding, dilation, groups, output_padding, passed just so: `2` is an int,
                        `1,2` a pair, `2,` a tuple of one; an absent token is an argument not passed
`psame pvalid`          padding by name; any other word is passed too
`os12x13`               output_size, of a transposed convolution or of fold
`reflect`               a padding mode, also `replicate`, `circular`, `constant`, `zeros`, or `mode=word`
`v1.5`                  the value of a constant pad
`module`                through `nn.Conv2d` and its kin, not through `nn.functional` (implied by a
                        convolution's padding mode)
`lists`                 sequences are passed as lists
`f32`                   dtype: f64 f32 f16 bf16 complex64 complex128 i64 i32 i16 i8 u8
`strided`               the memory of input, weight and cotangent: every second element of a larger array;
                        also `fortran` (the first axis is the fastest), `reversed` (negative strides),
                        `readonly`, and `overlapping` (elements share memory); contiguous where absent
`real` or `ints`        fill: bell-shaped, or integers so small that the results are exact (in an
                        integer dtype: its full range)
`seed17`                of the numbers in the tensors
`input=2x4x5`           this shape, whatever the other tokens say; so too `weight=`, `bias=`; `()` has no
                        axes
`weight=f64`            this dtype, unlike the input's; so too `bias=f64`
======================  ==================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conformance.call import Configuration
from conformance.call_tokens import parse_call
from conformance.case import DTYPES, FILLS, LAYOUTS, MODES, SPATIAL_AXES, Argument, Case, Sizes
from conformance.operations import OPERATIONS


def parse(line: str) -> Configuration:
    """The case that a line of text describes: of a convolution and what belongs to it, or a call of another operation.

    Raises:
        ValueError: an unknown operation, an unknown token, or one given twice.

    Example:
        >>> str(parse("unfold f64 c3 n1 k2x3 h5x6 real"))
        'unfold n1 c3 h5x6 k2x3 f64 real seed0'
    """
    op, *words = line.split() or [""]
    if op in OPERATIONS:
        return parse_call(line)
    if op not in SPATIAL_AXES:
        raise ValueError(f"unknown operation {op!r}, should be one of: {', '.join((*SPATIAL_AXES, *OPERATIONS))}")
    values: dict[str, Any] = {}
    for word in words:
        found = [(token, match) for token in _TOKENS if (match := token.match(word))]
        if not found:
            raise ValueError(f"unknown token {word!r} in the case {line!r}")
        token, match = found[0]
        if token.field in values:
            raise ValueError(f"the token {word!r} gives {token.field} a second time in the case {line!r}")
        values[token.field] = token.read(match[1])
    return Case(op, **values)


def to_text(case: Case) -> str:
    """The line of a case; what `str` of it gives.

    Example:
        >>> to_text(Case("pad", channels=1, size=(3,), padding=(1, 1)))
        'pad c1 h3 p1,1 f32 ints seed0'
    """
    values = ((token, getattr(case, token.field)) for token in _TOKENS)
    words = [token.text(value) for token, value in values if value is not None and value is not False]
    return " ".join([case.op, *words])


@dataclass(frozen=True)
class _Token:
    """How one field of a case is written: a prefix and a value of its own pattern."""

    field: str
    prefix: str
    pattern: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str

    def match(self, word: str) -> re.Match[str] | None:
        return re.fullmatch(f"{self.prefix}({self.pattern})", word)

    def text(self, value: Any) -> str:
        return self.prefix + self.write(value)


def _read_sizes(text: str) -> Sizes:
    """`3x5`, `1,2`, `4,` (one) and `()` (none) as a tuple."""
    return () if text == "()" else tuple(int(part) for part in re.split("[x,]", text.removesuffix(",")))


def _read_argument(text: str) -> int | Sizes:
    return _read_sizes(text) if re.search(r"[x,(]", text) else int(text)


def _read_padding(text: str) -> int | Sizes | str:
    return text if text.isalpha() else _read_argument(text)


def _write_shape(value: Sizes) -> str:
    return "x".join(map(str, value)) or "()"


def _write_argument(value: Argument | str, separator: str = ",") -> str:
    if not isinstance(value, tuple):
        return str(value)
    return f"{value[0]}," if len(value) == 1 else separator.join(map(str, value)) or "()"


def _write_sizes(value: Argument) -> str:
    return _write_argument(value, "x")


def _write_mode(mode: str) -> str:
    return mode if mode in MODES else f"mode={mode}"


_INT = r"-?\d+"
_SIZES = r"\(\)|-?\d+(?:[x,]-?\d+)*,?"
_DTYPE = "|".join(DTYPES)
_TOKENS = (
    _Token("batch", "n", _INT, int),
    _Token("channels", "c", _INT, int),
    _Token("out_channels", "o", _INT, int),
    _Token("size", "h", _SIZES, _read_sizes, _write_shape),
    _Token("kernel", "k", _SIZES, _read_argument, _write_sizes),
    _Token("stride", "s", _SIZES, _read_argument, _write_argument),
    _Token("padding", "p", f"{_SIZES}|[a-z]+", _read_padding, _write_argument),
    _Token("dilation", "d", _SIZES, _read_argument, _write_argument),
    _Token("groups", "g", _INT, int),
    _Token("output_padding", "op", _SIZES, _read_argument, _write_argument),
    _Token("output_size", "os", _SIZES, _read_argument, _write_sizes),
    _Token("bias", "", "bias", bool, lambda _: "bias"),
    _Token("mode", "", "|".join(MODES) + "|mode=.+", lambda text: text.removeprefix("mode="), _write_mode),
    _Token("value", "v", r"-?\d.*", float, repr),
    _Token("module", "", "module", bool, lambda _: "module"),
    _Token("lists", "", "lists", bool, lambda _: "lists"),
    _Token("input_shape", "input=", _SIZES, _read_sizes, _write_shape),
    _Token("weight_shape", "weight=", _SIZES, _read_sizes, _write_shape),
    _Token("weight_dtype", "weight=", _DTYPE, str),
    _Token("bias_shape", "bias=", _SIZES, _read_sizes, _write_shape),
    _Token("bias_dtype", "bias=", _DTYPE, str),
    _Token("layout", "", "|".join(LAYOUTS), str),
    _Token("dtype", "", _DTYPE, str),
    _Token("fill", "", "|".join(FILLS), str),
    _Token("seed", "seed", r"\d+", int),
)
