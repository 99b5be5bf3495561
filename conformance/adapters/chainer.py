"""Chainer as a candidate: its convolutions and deconvolutions, im2col and pad, with their derivatives.

May import: NumPy, `conformance.case`, `conformance.fills`, `base.py`, `foreign.py`; chainer when the adapter is
made, never at import.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np

from conformance.adapters.base import Adapter, Maps
from conformance.adapters.foreign import (
    NUMPY_MODES,
    common_reasons,
    first_reason,
    output_padding,
    pad_reason,
    pad_width,
    symmetric_padding,
    transposed_output,
)
from conformance.case import SPATIAL_AXES, Case, is_integer
from conformance.fills import Operands

_COMPATIBILITY = (
    "import sys, types, numpy",
    'numpy.sctypes = {"int": [numpy.int8, numpy.int16, numpy.int32, numpy.int64]}',
    'sys.modules["chainer._environment_check"] = types.SimpleNamespace(check=lambda: None)',
)


class Chainer(Adapter):
    """Chainer 7, the last of its line.

    Two-dimensional convolutions go through the functions for two dimensions, and by the algorithm `nd` through
    those for any number of them.

    Example:
        >>> Chainer.orders
        2
    """

    name = "chainer"
    orders = 2
    algorithms = ("nd",)
    skips = frozenset({"error type", "error text", "threads"})

    def __init__(self) -> None:
        with _importable():
            import chainer
            import chainer.functions

        self.chainer: Any = chainer
        self._any_dimensions = False

    def lacks(self, case: Case) -> str | None:
        """See `Adapter.lacks`."""
        number = {
            "no bfloat16": case.dtype == "bf16",
            "no integers": is_integer(case.dtype),
            "no complex": case.dtype.startswith("complex"),
        }
        if case.op == "pad":
            crops = isinstance(case.padding, tuple) and min(case.padding, default=0) < 0
            return first_reason(number | {"no cropping": crops}) or pad_reason(case)
        if not case.is_convolution and case.op != "unfold":
            return f"no {case.op}"
        reasons = number | common_reasons(case)
        if case.is_convolution:
            reasons["any rank"] = len(case.shapes()["input"]) != SPATIAL_AXES[case.op] + 2
        return first_reason(reasons) or first_reason(_window_reasons(case))

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        leaves, output = self._output(case, operands)
        cotangent = self.chainer.Variable(operands.draw("cotangent", output.shape))
        gradients = self.chainer.grad([output], list(leaves.values()), [cotangent])
        return {"output": output.array} | {f"{name} gradient": g.array for name, g in zip(leaves, gradients)}

    def second(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.second`."""
        variable, grad = self.chainer.Variable, self.chainer.grad
        leaves, output = self._output(case, operands)
        cotangent = variable(operands.draw("cotangent", output.shape))
        gradients = grad([output], list(leaves.values()), [cotangent], enable_double_backprop=True)
        directions = [variable(operands.draw(f"{n} direction", g.shape)) for n, g in zip(leaves, gradients)]
        sources = {name: leaf for name, leaf in leaves.items() if name != "bias"} | {"cotangent": cotangent}
        found = grad(gradients, list(sources.values()), directions)
        return {f"second derivative by {n}": g.array for n, g in zip(sources, found) if g is not None}

    @contextmanager
    def using(self, algorithm: str) -> Iterator[None]:
        """See `Adapter.using`."""
        with mock.patch.object(self, "_any_dimensions", algorithm == "nd"):
            yield

    def code(self, case: Case) -> list[str]:
        """The call in Python: of `x`, `w` and `b`, ndarrays, it makes `y`, one too."""
        name, arguments = self._call(case)
        tensors = [letter for letter, tensor in zip("xwb", ("input", "weight", "bias")) if tensor in case.shapes()]
        told = ", ".join([*tensors, *(f"{key}={value!r}" for key, value in arguments.items())])
        lines = [*_COMPATIBILITY, "import chainer.functions", f"y = chainer.functions.{name}({told}).array"]
        return [*lines, "y = y.reshape(*y.shape[:2], -1)"] if case.op == "unfold" else lines

    def _output(self, case: Case, operands: Operands) -> tuple[dict[str, Any], Any]:
        functions = self.chainer.functions
        leaves = {name: self.chainer.Variable(array) for name, array in operands.arrays.items()}
        name, arguments = self._call(case)
        output = getattr(functions, name)(*leaves.values(), **arguments)
        if case.op == "unfold":
            rows, columns = output.shape[2:]
            output = functions.reshape(output, (*output.shape[:2], rows * columns))
        return leaves, output

    def _call(self, case: Case) -> tuple[str, dict[str, Any]]:
        """The function's name, and its arguments but for the tensors."""
        if case.op == "pad":
            arguments: dict[str, Any] = {"pad_width": pad_width(case), "mode": NUMPY_MODES[case.mode]}
            return "pad", arguments | ({} if case.value is None else {"constant_values": case.value})
        window = {
            "stride": case.axes(case.stride),
            "pad": symmetric_padding(case),
            "dilate": case.axes(case.dilation),
        }
        if case.op == "unfold":
            return "im2col", {"ksize": case.axes(case.kernel)} | window
        arguments = window | {"groups": 1 if case.groups is None else case.groups}
        if case.is_transposed and (case.output_padding is not None or case.output_size is not None):
            sizes = zip(transposed_output(case), output_padding(case))
            arguments["outsize"] = tuple(size + more for size, more in sizes)
        plane = SPATIAL_AXES[case.op] == 2 and not self._any_dimensions
        return f"{'de' * case.is_transposed}convolution_{'2d' if plane else 'nd'}", arguments


def _window_reasons(case: Case) -> dict[str, bool]:
    if not case.is_convolution:
        return {}
    more = output_padding(case) if case.is_transposed else ()
    return {
        "no unequal padding": symmetric_padding(case) is None,
        "no longer outputs": any(extra >= step > 0 for extra, step in zip(more, case.axes(case.stride))),
        "shorter outputs": any(extra < 0 for extra in more),
    }


@contextmanager
def _importable() -> Iterator[None]:
    """Inside, chainer can be imported beside a NumPy and a setuptools newer than itself.

    It asks NumPy for `sctypes`, which NumPy 2 has not, and its look at the environment needs `numpy.distutils` and
    `pkg_resources`. Nothing that it computes comes from either.
    """
    integers = {"int": [np.int8, np.int16, np.int32, np.int64]}
    sys.modules.setdefault("chainer._environment_check", SimpleNamespace(check=lambda: None))  # type: ignore[arg-type]
    with mock.patch.object(np, "sctypes", getattr(np, "sctypes", integers), create=True):
        yield
