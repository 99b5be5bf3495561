"""Reverse-mode differentiation: torch.autograd's functions over a tape that knows no op.

May import: NumPy, `pyconv.dtypes`, `pyconv.lazy`.
"""

import typing

from pyconv import lazy
from pyconv.autograd import graph
from pyconv.autograd.backward import backward, grad
from pyconv.autograd.mode import (
    detect_anomaly,
    enable_grad,
    inference_mode,
    no_grad,
    set_detect_anomaly,
    set_grad_enabled,
)

_HOMES = {"function": ["Function"], "pyconv.tensor.variable": ["Variable"], "gradcheck": ["gradcheck", "gradgradcheck"]}
"""The names by the module that they come from, which is imported when one is first asked for."""

__all__ = [
    *lazy.package(__name__, _HOMES, ["function", "functional", "profiler"]),
    "backward",
    "detect_anomaly",
    "enable_grad",
    "grad",
    "graph",
    "inference_mode",
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
]

if typing.TYPE_CHECKING:

    def __getattr__(name: str) -> typing.Any: ...
