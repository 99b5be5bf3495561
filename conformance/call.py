"""A configuration of any other operation: a call of it, with its tensors and its other arguments.

May import: the standard library and `conformance.case`; `conformance.call_tokens`, which knows the text of a call, when
a call is printed or its arguments are read.

`case.Case` knows the geometry of a convolution, and what may be expected of its sums. A call knows nothing of its
operation: `operations.py` says how it is called, `cases/` draws calls of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conformance.case import DTYPES, LAYOUTS, Case, Sizes

CALL_DTYPES = {**DTYPES, "bool": "bool"}
INEXACT = ("f64", "f32", "f16", "bf16", "complex64", "complex128")
CALL_LAYOUTS = ("contiguous", *LAYOUTS)
ABSENT = "absent"


@dataclass(frozen=True)
class Operand:
    """A tensor of a call: its shape, and where they are not the call's own its dtype, its fill and its layout."""

    shape: Sizes
    dtype: str | None = None
    fill: str | None = None
    layout: str | None = None


@dataclass(frozen=True)
class TorchName:
    """What stands for an attribute of the library among the arguments, such as `torch.float64`."""

    name: str


@dataclass(frozen=True)
class Call:
    """One configuration of an operation that is called with tensors and other arguments.

    `str(call)` is its line, and `tokens.parse` reads that back.

    Attributes:
        op: the name in `operations.OPERATIONS`.
        operands: the tensors by the names of the parameters, in the order of the line; `tensors.0`, `tensors.1` are
            the members of a list.
        arguments: the others by name, each as its text.
        layout: of all tensors that have none of their own; contiguous where None.
        dtype: of the tensors likewise.
        fill: of the tensors likewise; `call_fills.py` knows the words.
        seed: of the numbers in the tensors, and of the library where the operation draws.

    Example:
        >>> from conformance.tokens import parse
        >>> call = parse("max_pool2d input=2x3x8x9 kernel_size=3,2 ceil_mode=True f16")
        >>> call.shapes(), call.given()
        ({'input': (2, 3, 8, 9)}, {'kernel_size': (3, 2), 'ceil_mode': True})
    """

    op: str
    operands: tuple[tuple[str, Operand], ...] = ()
    arguments: tuple[tuple[str, str], ...] = ()
    layout: str | None = None
    dtype: str = "f32"
    fill: str = "real"
    seed: int = 0

    is_convolution = False
    is_transposed = False
    through_module = False

    def __str__(self) -> str:
        from conformance.call_tokens import to_text

        return to_text(self)

    def shapes(self) -> dict[str, Sizes]:
        """The shape of each tensor by name."""
        return {name: operand.shape for name, operand in self.operands}

    def dtypes(self) -> dict[str, str]:
        """The dtype's token of each tensor by name."""
        return {name: operand.dtype or self.dtype for name, operand in self.operands}

    def given(self) -> dict[str, Any]:
        """The arguments that are no tensors, by name."""
        from conformance.call_tokens import read

        return {name: read(text) for name, text in self.arguments}

    def text(self, name: str) -> str:
        """The text of an argument, or `absent`.

        Example:
            >>> Call("topk", arguments=(("k", "3"),)).text("k"), Call("topk").text("dim")
            ('3', 'absent')
        """
        return dict(self.arguments).get(name, ABSENT)

    def operand(self, name: str) -> Operand | None:
        """A tensor by name, or None."""
        return dict(self.operands).get(name)


Configuration = Case | Call
