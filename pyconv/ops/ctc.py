"""The CTC loss as an op, whose gradient has no derivative, as torch's has none.

May import: NumPy, `pyconv.autograd`, `pyconv.kernels`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.kernels import ctc as kernels
from pyconv.kernels.ctc import Problem

Array = np.ndarray[Any, Any]


@primitive("CtcLoss")
def ctc(logs: Array, *, given: Problem, zero_infinity: bool) -> Array:
    """The negative log-likelihood of each sequence, (N,); `logs` is (T, N, C)."""
    lost = kernels.forward(logs, given)[0]
    return np.where(np.isinf(lost), 0.0, lost).astype(logs.dtype) if zero_infinity else lost.astype(logs.dtype)


@primitive("torch::autograd::NotImplemented", variant=None)
def _ctc_back(g: Array, logs: Array, *, given: Problem, zero_infinity: bool) -> Array:
    lost, alphas = kernels.forward(logs, given)
    return kernels.input_grad(g, logs, lost, alphas, given, zero_infinity)


def _refuse(g: Any, position: int, *operands: Any, **static: Any) -> Any:
    raise RuntimeError("derivative for aten::_ctc_loss_backward is not implemented")


ctc.defvjp(0, lambda g, logs, **static: _ctc_back(g, logs, **static), saves=(0,))
_ctc_back.defvjp_any(_refuse)
