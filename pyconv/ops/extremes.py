"""The larger and the smaller of two operands, and values clamped between bounds.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.primitive import Primitive
from pyconv.autograd.traced import Traced
from pyconv.kernels.bounds import at_least, at_most
from pyconv.ops.arithmetic import BAREBONES, COMPLEX, as_operand, binary, check_broadcast, div, promoted, refuse, where
from pyconv.ops.cast import array_of
from pyconv.ops.shape import sum_to

Array = np.ndarray[Any, Any]


def _share(g: Any, a: Any, b: Any, larger: bool) -> Any:
    """The cotangent of the operand that is chosen, half of it where both are equal."""
    x, y = array_of(a), array_of(b)
    return where((x < y) if larger else (x > y), 0, where(x == y, div(g, 2), g))


def _extreme(name: str, kernel: np.ufunc, larger: bool) -> Primitive:
    op = Primitive(lambda a, b: np.asarray(kernel(a, b)), name, False)
    op.defvjp(0, lambda g, a, b: sum_to(_share(g, a, b, larger), array_of(a).shape), saves=(0, 1))
    op.defvjp(1, lambda g, a, b: sum_to(_share(g, b, a, larger), array_of(b).shape), saves=(0, 1))
    return op


_maximum, _minimum = _extreme("Maximum", np.maximum, True), _extreme("Minimum", np.minimum, False)


def _takes_first(a: Any, b: Any, larger: bool) -> Array:
    """Where fmax or fmin takes its first operand."""
    x, y = array_of(a), array_of(b)
    return ((x >= y) if larger else (x <= y)) | np.isnan(y)


def _nan_ignoring(name: str, kernel: np.ufunc, larger: bool) -> Primitive:
    op = Primitive(lambda a, b: np.asarray(kernel(a, b)), name, False)
    op.defvjp(0, lambda g, a, b: sum_to(where(_takes_first(a, b, larger), g, 0), array_of(a).shape), saves=(0, 1))
    op.defvjp(1, lambda g, a, b: sum_to(where(_takes_first(a, b, larger), 0, g), array_of(b).shape), saves=(0, 1))
    return op


_fmax, _fmin = _nan_ignoring("Fmax", np.fmax, True), _nan_ignoring("Fmin", np.fmin, False)


def _of_two(name: str, stub: str, op: Primitive) -> Any:
    def apply(a: Any, b: Any) -> Any:
        kind = promoted(a, b)
        if any(dtypes.of(array_of(x)).is_complex for x in (a, b)):
            raise RuntimeError(f"{name} not implemented for complex tensors.")
        refuse(stub, kind, BAREBONES)
        return binary(op, a, b, kind)

    apply.__doc__ = f"torch.{name}, elementwise."
    return apply


maximum, minimum = _of_two("maximum", "maximum_cpu", _maximum), _of_two("minimum", "minimum_cpu", _minimum)
fmax, fmin = _of_two("fmax", "maximum_cpu", _fmax), _of_two("fmin", "minimum_cpu", _fmin)


def _between(x: Array, low: Any, high: Any) -> Array:
    if low is not None:
        x = np.maximum(x, low)
    return np.asarray(x if high is None else np.minimum(x, high))


def _between_numbers(x: Array, low: Any, high: Any) -> Array:
    if low is not None:
        x = at_least(x, low)
    return x if high is None else at_most(x, high)


_clamp_tensor, _clamp = (Primitive(kernel, "Clamp", False, i) for i, kernel in enumerate((_between, _between_numbers)))
_clamp_min = [
    Primitive(at_least, "ClampMin", False, 0),
    Primitive(lambda x, low: _between(x, low, None), "ClampMin", False, 1),
]
_clamp_max = [
    Primitive(at_most, "ClampMax", False, 0),
    Primitive(lambda x, high: _between(x, None, high), "ClampMax", False, 1),
]


def _within(x: Any, low: Any, high: Any) -> Array:
    """Where clamping changes nothing."""
    inside = np.ones((), np.bool_)
    if low is not None:
        inside = inside & (array_of(x) >= array_of(low))
    return inside if high is None else inside & (array_of(x) <= array_of(high))


def _x_vjp(g: Any, x: Any, low: Any, high: Any) -> Any:
    return sum_to(where(_within(x, low, high), g, 0), array_of(x).shape)


def _low_vjp(g: Any, x: Any, low: Any, high: Any) -> Any:
    below = array_of(x) < array_of(low)
    if high is not None:
        below = below & (array_of(low) < array_of(high))
    return sum_to(where(below, g, 0), array_of(low).shape)


def _high_vjp(g: Any, x: Any, low: Any, high: Any) -> Any:
    above = array_of(x) > array_of(high)
    if low is not None:
        above = above | (array_of(high) < array_of(low))
    return sum_to(where(above, g, 0), array_of(high).shape)


for _op in (_clamp, _clamp_tensor):
    _op.defvjp(0, _x_vjp, saves=(0, 1, 2))
    _op.defvjp(1, _low_vjp, saves=(0, 1, 2))
    _op.defvjp(2, _high_vjp, saves=(0, 1, 2))
for _op in _clamp_min:
    _op.defvjp(0, lambda g, x, low: _x_vjp(g, x, low, None), saves=(0, 1))
    _op.defvjp(1, lambda g, x, low: _low_vjp(g, x, low, None), saves=(0, 1))
for _op in _clamp_max:
    _op.defvjp(0, lambda g, x, high: _x_vjp(g, x, None, high), saves=(0, 1))
    _op.defvjp(1, lambda g, x, high: _high_vjp(g, x, None, high), saves=(0, 1))


def _check_clamp(kind: dtypes.dtype, stub: str, *, bools: bool) -> None:
    if kind.is_complex:
        raise NotImplementedError("clamp is not supported for complex types")
    refuse(stub, kind, BAREBONES if bools else (dtypes.bool_, *BAREBONES))


def _stub(low: Any, high: Any, tensors: bool) -> str:
    """The name of torch's kernel for these bounds."""
    if low is not None and high is not None:
        return "clamp_cpu" if tensors else "clamp_scalar_cpu"
    if tensors:
        return "maximum_cpu" if high is None else "minimum_cpu"
    return "clamp_min_scalar_cpu" if high is None else "clamp_max_scalar_cpu"


def clamp(x: Any, low: Any = None, high: Any = None) -> Any:
    """`x` raised to `low` where it is below and lowered to `high` where it is above; `high` wins.

    Args:
        x: a Tensor or an ndarray.
        low: a Tensor, an ndarray, a number or None.
        high: likewise.

    Raises:
        RuntimeError: neither bound is there.
        NotImplementedError: the dtype is complex.
    """
    if low is None and high is None:
        raise RuntimeError("torch.clamp: At least one of 'min' or 'max' must not be None")
    given = [bound for bound in (low, high) if bound is not None]
    kind = promoted(x, *given)
    tensors = any(isinstance(bound, (Traced, np.ndarray)) for bound in given)
    _check_clamp(kind, _stub(low, high, tensors), bools=tensors and len(given) == 1)
    x = as_operand(x, kind.numpy)
    bounds = [None if bound is None else as_operand(bound, kind.numpy) for bound in (low, high)]
    shape = array_of(x).shape
    for bound in bounds:
        if bound is not None:
            check_broadcast(shape, array_of(bound).shape)
            shape = np.broadcast_shapes(shape, array_of(bound).shape)
    return (_clamp_tensor if tensors else _clamp)(x, *bounds)


def clamp_min(x: Any, low: Any) -> Any:
    """`x` raised to `low` where it is below.

    Raises:
        NotImplementedError: the dtype is complex.
    """
    tensor = isinstance(low, (Traced, np.ndarray))
    kind = promoted(x, low)
    if tensor:
        refuse("maximum_cpu", kind, COMPLEX)
    _check_clamp(kind, _stub(low, None, tensor), bools=tensor)
    return binary(_clamp_min[tensor], x, low, kind)


def clamp_max(x: Any, high: Any) -> Any:
    """`x` lowered to `high` where it is above.

    Raises:
        NotImplementedError: the dtype is complex.
    """
    tensor = isinstance(high, (Traced, np.ndarray))
    kind = promoted(x, high)
    if tensor:
        refuse("minimum_cpu", kind, COMPLEX)
    _check_clamp(kind, _stub(None, high, tensor), bools=tensor)
    return binary(_clamp_max[tensor], x, high, kind)
