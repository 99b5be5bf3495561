"""ONNX's reference evaluator as a candidate: Conv, ConvTranspose, Col2Im for fold, and Pad.

May import: NumPy, `conformance.case`, `conformance.fills`, `base.py`, `foreign.py`; onnx when the adapter is made,
never at import.

A case becomes a model in ONNX's own text, which the checker must accept before the evaluator runs it: what ONNX
refuses by its types and shapes counts as refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from conformance.adapters.base import Adapter, Maps
from conformance.adapters.foreign import (
    NUMPY_MODES,
    common_reasons,
    first_reason,
    output_padding,
    pad_reason,
    pad_width,
)
from conformance.case import DTYPES, Case, Sizes
from conformance.fills import Operands, numpy_dtype

_TYPES = DTYPES | {"f64": "double", "f32": "float"}
_WORDS = {"same": "SAME_UPPER", "valid": "VALID"}
_NAMES = {"input": "x", "weight": "w", "bias": "b"}
_HEADER = '<ir_version: 10, opset_import: ["": 22]>'


class OnnxReference(Adapter):
    """`onnx.reference.ReferenceEvaluator`, of onnx 1.17 or newer. It has no gradients.

    Example:
        >>> OnnxReference.orders
        0
    """

    name = "onnx"
    orders = 0
    skips = frozenset({"error type", "error text", "threads"})

    def __init__(self) -> None:
        import onnx
        import onnx.checker
        import onnx.parser
        import onnx.reference

        self.onnx: Any = onnx

    def lacks(self, case: Case) -> str | None:
        """See `Adapter.lacks`."""
        if case.op == "pad":
            return pad_reason(case)
        if not case.is_convolution and case.op != "fold":
            return f"no {case.op}"
        return first_reason(common_reasons(case))

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        model = self.onnx.parser.parse_model(model_text(case))
        self.onnx.checker.check_model(model, full_check=True)
        feeds = {_NAMES[name]: array for name, array in operands.arrays.items()}
        if case.op == "pad":
            feeds["v"] = np.asarray(case.value or 0, numpy_dtype(case.dtype))
        (output,) = self.onnx.reference.ReferenceEvaluator(model).run(None, feeds)
        return {"output": output}

    def code(self, case: Case) -> list[str]:
        """The call in Python: of `x`, `w` and `b`, ndarrays, it makes `y`, one too."""
        feeds = [f'"{_NAMES[name]}": {_NAMES[name]}' for name in case.shapes()]
        if case.op == "pad":
            feeds.append(f'"v": numpy.asarray({case.value or 0}, x.dtype)')
        return [
            "import numpy, onnx, onnx.checker, onnx.parser, onnx.reference",
            f"model = onnx.parser.parse_model('''{model_text(case)}''')",
            "onnx.checker.check_model(model, full_check=True)",
            f"(y,) = onnx.reference.ReferenceEvaluator(model).run(None, {{{', '.join(feeds)}}})",
        ]


def model_text(case: Case) -> str:
    """The case as a model in ONNX's text; its inputs are x, w, b, and v for the value of a pad.

    Example:
        >>> print(model_text(Case("conv1d", 1, 2, 3, (5,), 3, stride=2)))
        <ir_version: 10, opset_import: ["": 22]>
        g (float[1,2,5] x, float[3,2,3] w) => (float[i,j,k] y) {
            y = Conv <strides=[2], dilations=[1], pads=[0,0], group=1> (x, w)
        }
    """
    shapes, dtypes = case.shapes(), case.dtypes()
    inputs = [f"{_TYPES[dtypes[name]]}{_bracketed(shape)} {_NAMES[name]}" for name, shape in shapes.items()]
    rank = len(shapes["input"])
    if case.op == "pad":
        inputs.append(f"{_TYPES[case.dtype]} v")
        befores, afters = zip(*pad_width(case))
        body = [_constant("pads", befores + afters), f'y = Pad <mode="{NUMPY_MODES[case.mode]}"> (x, pads, v)']
    elif case.op == "fold":
        rank = 2 + len(case.axes(case.output_size))
        sizes = [_constant("image", case.axes(case.output_size)), _constant("block", case.axes(case.kernel))]
        body = [*sizes, f"y = Col2Im <{_attributes(case)}> (x, image, block)"]
    else:
        kind = "ConvTranspose" if case.is_transposed else "Conv"
        body = [f"y = {kind} <{_attributes(case)}> ({', '.join(_NAMES[name] for name in shapes)})"]
    output = _TYPES[case.dtype] + _bracketed("ijklmnop"[:rank])
    return "\n".join([_HEADER, f"g ({', '.join(inputs)}) => ({output} y) {{", *(f"    {line}" for line in body), "}"])


def _bracketed(values: Iterable[object]) -> str:
    """The values between brackets; of none, nothing: so ONNX writes the shape of a scalar."""
    return f"[{','.join(map(str, values))}]" if values else ""


def _constant(name: str, values: Sizes) -> str:
    return f"{name} = Constant <value_ints={_bracketed(values)}> ()"


def _attributes(case: Case) -> str:
    """The attributes that say where the windows lie."""
    attributes = {"strides": case.axes(case.stride), "dilations": case.axes(case.dilation)}
    if not isinstance(case.padding, str):
        attributes["pads"] = case.axes(case.padding, 0) * 2
    if case.is_transposed:
        attributes["output_padding"] = output_padding(case)
    words = [f"{name}={_bracketed(values)}" for name, values in attributes.items()]
    if isinstance(case.padding, str):
        words.append(f'auto_pad="{_WORDS[case.padding]}"')
    if case.is_convolution:
        words.append(f"group={1 if case.groups is None else case.groups}")
    return ", ".join(words)
