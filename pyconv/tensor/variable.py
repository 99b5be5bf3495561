"""torch.autograd.Variable: what tensors with a gradient were called once.

May import: `pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.tensor.tensor import Tensor


class _Variables(type):
    """Makes every tensor an instance of Variable."""

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, Tensor)


class Variable(metaclass=_Variables):
    """A tensor with another's data and no history.

    Args:
        data: a tensor; an empty one where it is not given.
        requires_grad: whether gradients are wanted for it.

    Raises:
        TypeError: `data` is no tensor.
        RuntimeError: gradients are wanted for a type that has none.

    Example:
        >>> import pyconv
        >>> Variable(pyconv.ones(2), requires_grad=True), isinstance(pyconv.ones(2), Variable)
        (tensor([1., 1.], requires_grad=True), True)
    """

    def __new__(cls, data: Any = None, requires_grad: bool = False) -> Any:
        if data is None:
            data = Tensor()
        if not isinstance(data, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(data).__name__}")
        made = data.detach()
        return made.requires_grad_() if requires_grad else made
