"""Reverse-mode differentiation: torch.autograd's functions over a tape that knows no op.

May import: NumPy, `pyconv.dtypes`.
"""

from pyconv.autograd.backward import backward, grad
from pyconv.autograd.gradcheck import gradcheck, gradgradcheck
from pyconv.autograd.mode import enable_grad, no_grad, set_grad_enabled

__all__ = [
    "backward",
    "enable_grad",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "no_grad",
    "set_grad_enabled",
]
