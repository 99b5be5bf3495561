"""Python's operators of the Tensor: arithmetic, comparison, bits; reflected and in place.

May import: NumPy, and all of pyconv below `tensor.tensor`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.lazy import family
from pyconv.ops import arithmetic
from pyconv.tensor.checks import is_operand

division = family("pyconv.ops.division")
logic = family("pyconv.ops.logic")
power = family("pyconv.ops.power")
unary = family("pyconv.ops.unary")

__all__ = ["OperatorMethods"]


def _operator(name: str, op: Callable[..., Any]) -> Any:
    """The operator of an op: NotImplemented for what is no operand.

    It complains of what is no tensor in the words that Python has for the C method which torch's is.
    """

    def call(self: Any, other: Any) -> Any:
        if not isinstance(self, Traced):
            kind = type(self).__name__
            raise TypeError(f"descriptor '{name}' for 'torch._C.TensorBase' objects doesn't apply to a '{kind}' object")
        return op(self, other) if is_operand(other) else NotImplemented

    return call


def _reflected(op: Callable[..., Any]) -> Any:
    """The operator with the tensor on the right."""

    def call(self: Any, other: Any) -> Any:
        return op(other, self) if is_operand(other) else NotImplemented

    return call


def _in_place(op: Callable[..., Any]) -> Any:
    """The operator that changes the tensor."""

    def call(self: Any, other: Any) -> Any:
        return self._update(op, other) if is_operand(other) else NotImplemented

    return call


def _comparison(name: str) -> Any:
    def call(self: Any, other: Any) -> Any:
        known = is_operand(other) or (name == "eq" and isinstance(other, np.ndarray))
        return logic.compared(name, self, other) if known else NotImplemented

    return call


class OperatorMethods:
    """The operators of the Tensor."""

    __slots__ = ()

    __add__ = _operator("__add__", arithmetic.add)
    __radd__ = _operator("__radd__", arithmetic.add)
    __sub__ = _operator("__sub__", arithmetic.sub)
    __rsub__ = _operator("__rsub__", arithmetic.rsub)
    __mul__ = _operator("__mul__", arithmetic.mul)
    __rmul__ = _operator("__rmul__", arithmetic.mul)
    __truediv__ = _operator("__truediv__", arithmetic.div)
    __div__ = _operator("__div__", arithmetic.div)
    __floordiv__ = _operator("__floordiv__", division.floor_divide)
    __rfloordiv__ = _reflected(division.floor_divide)
    __mod__ = _operator("__mod__", division.remainder)
    __rmod__ = _reflected(division.remainder)
    __pow__ = _operator("__pow__", power.power)
    __rpow__ = _reflected(power.power)
    __and__ = _operator("__and__", logic.bitwise_and)
    __rand__ = _operator("__rand__", logic.bitwise_and)
    __or__ = _operator("__or__", logic.bitwise_or)
    __ror__ = _operator("__ror__", logic.bitwise_or)
    __xor__ = _operator("__xor__", logic.bitwise_xor)
    __rxor__ = _operator("__rxor__", logic.bitwise_xor)
    __lshift__ = _operator("__lshift__", logic.left_shift)
    __rlshift__ = _reflected(logic.left_shift)
    __rshift__ = _operator("__rshift__", logic.right_shift)
    __rrshift__ = _reflected(logic.right_shift)

    __iadd__ = _in_place(arithmetic.add)
    __isub__ = _in_place(arithmetic.sub)
    __imul__ = _in_place(arithmetic.mul)
    __itruediv__ = __idiv__ = _in_place(arithmetic.div)
    __ifloordiv__ = _in_place(division.floor_divide)
    __imod__ = _in_place(division.remainder)
    __ipow__ = _in_place(power.power)
    __iand__ = _in_place(logic.bitwise_and)
    __ior__ = _in_place(logic.bitwise_or)
    __ixor__ = _in_place(logic.bitwise_xor)
    __ilshift__ = _in_place(logic.left_shift)
    __irshift__ = _in_place(logic.right_shift)

    __eq__ = _comparison("eq")
    __ne__ = _comparison("ne")
    __lt__ = _comparison("lt")
    __le__ = _comparison("le")
    __gt__ = _comparison("gt")
    __ge__ = _comparison("ge")

    def __rtruediv__(self, other: Any) -> Any:
        return self.reciprocal() * other if is_operand(other) else NotImplemented  # type: ignore[attr-defined]

    __rdiv__ = __rtruediv__

    def __neg__(self) -> Any:
        return arithmetic.neg(self)

    def __pos__(self) -> Any:
        return self.positive()  # type: ignore[attr-defined]

    def __abs__(self) -> Any:
        return unary.absolute(self)

    def __invert__(self) -> Any:
        if self._array.dtype.kind not in "iub":  # type: ignore[attr-defined]
            raise TypeError("~ (operator.invert) is only implemented on integer and Boolean-type tensors")
        return logic.bitwise_not(self)
