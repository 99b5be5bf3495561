"""MyGrad as a candidate: `mygrad.nnet.layers.conv_nd` and its gradients.

May import: `conformance.case`, `conformance.fills`, `base.py`, `foreign.py`; mygrad when the adapter is made, never
at import.
"""

from __future__ import annotations

import math
from typing import Any

from conformance.adapters.base import Adapter, Maps
from conformance.adapters.foreign import common_reasons, first_reason, symmetric_padding
from conformance.case import SPATIAL_AXES, Case, is_integer
from conformance.fills import Operands


class MyGrad(Adapter):
    """MyGrad 2. Its convolution has no bias: one is added to the result, as its users do.

    Example:
        >>> MyGrad.orders
        1
    """

    name = "mygrad"
    orders = 1
    skips = frozenset({"error type", "error text", "threads"})

    def __init__(self) -> None:
        import mygrad
        import mygrad.nnet.layers

        self.mygrad: Any = mygrad

    def lacks(self, case: Case) -> str | None:
        """See `Adapter.lacks`. It takes integers, where torch does; it refuses a stride that leaves a remainder."""
        if not case.is_convolution or case.is_transposed:
            return "no transposed" if case.is_transposed else f"no {case.op}"
        reasons = common_reasons(case) | {
            "no integers": is_integer(case.dtype) and (case.through_module or set(case.axes(case.dilation)) != {1}),
            "no bfloat16": case.dtype == "bf16",
            "no groups": case.groups not in (None, 1),
            "no bias of its own": case.bias_shape is not None,
            "any rank": len(case.shapes()["input"]) != SPATIAL_AXES[case.op] + 2,
        }
        return first_reason(reasons) or first_reason(_window_reasons(case))

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        tensors = {name: self.mygrad.astensor(array) for name, array in operands.arrays.items()}
        result = self.mygrad.nnet.layers.conv_nd(tensors["input"], tensors["weight"], **_keywords(case))
        if "bias" in tensors:
            result = result + tensors["bias"].reshape(_bias_shape(case))
        maps = {"output": result.data}
        if not is_integer(case.dtype):
            result.backward(operands.draw("cotangent", result.shape))
            maps |= {f"{name} gradient": tensor.grad for name, tensor in tensors.items()}
        return maps

    def code(self, case: Case) -> list[str]:
        """The call in Python: of `x`, `w` and `b`, ndarrays, it makes `y`, one too."""
        keywords = ", ".join(f"{name}={value!r}" for name, value in _keywords(case).items())
        lines = ["from mygrad.nnet.layers import conv_nd", f"y = conv_nd(x, w, {keywords}).data"]
        if "bias" in case.shapes():
            lines.append(f"y = y + b.reshape{_bias_shape(case)}")
        return lines


def _keywords(case: Case) -> dict[str, Any]:
    return {
        "stride": case.axes(case.stride),
        "padding": symmetric_padding(case),
        "dilation": case.axes(case.dilation),
    }


def _bias_shape(case: Case) -> tuple[int, ...]:
    return (1, -1, *case.axes(1))


def _window_reasons(case: Case) -> dict[str, bool]:
    padding = symmetric_padding(case)
    if padding is None:
        return {"no unequal padding": True}
    sizes, kernel = (case.shapes()[name][2:] for name in ("input", "weight"))
    steps = zip(sizes, padding, case.axes(case.dilation), kernel, case.axes(case.stride))
    rests = [math.fmod(n + 2 * p - d * (k - 1) - 1, s) for n, p, d, k, s in steps if s > 0]
    return {"no remainders": any(rests)}
