"""New tensors of evenly spaced values: torch.arange, torch.linspace and their kin.

May import: NumPy, `pyconv.dtypes`, `pyconv.signatures`, `pyconv.tensor`.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.meta import Meta
from pyconv.ops.arithmetic import COMPLEX, refuse
from pyconv.ops.cast import from_number
from pyconv.signatures import signature
from pyconv.signatures.out_rules import check_memory
from pyconv.tensor.options import OUT, PLACE, made, plain_dtype
from pyconv.tensor.tensor import Tensor

__all__ = ["arange", "linspace", "logspace", "range"]

Array = np.ndarray[Any, Any]


def _number(value: Any) -> Any:
    return value.item() if isinstance(value, (Tensor, np.generic)) else value


def _check_bounds(start: Any, end: Any, step: Any) -> None:
    if not step:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {_printed(start)} -> {_printed(end)}")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")


def _printed(bound: Any) -> str:
    return f"{bound:g}"


def _line(count: int, write: Callable[[Array], Any], *, out: Tensor | None = None, **options: Any) -> Tensor:
    """So many numbers in a row; `out` keeps the shape that it has where it has as many.

    Raises:
        RuntimeError: elements of `out` share memory.
    """
    if out is None or out._array.size != count or isinstance(out._array, Meta):
        return made((count,), write, out=out, **options)

    check_memory("arange", out._array, [])

    def fill(array: Array) -> None:
        row = np.empty(count, array.dtype)
        write(row)
        array[...] = row.reshape(array.shape)

    return made(out._array.shape, fill, out=out, **options)


@signature(
    f"(Number end, *, {OUT}",
    f"(Number start, Number end, *, {PLACE}",
    f"(Number start, Number end, Number step = 1, *, {OUT}",
)
def arange(
    start: Any = 0, end: Any = None, step: Any = 1, *, dtype: Any = None, out: Tensor | None = None, **options: Any
) -> Tensor:
    """Values from `start` up to but not including `end`.

    Args:
        start: the first; 0 where only one bound is given.
        end: what no value reaches.
        step: by which they rise.
        dtype: of the result; int64 by default where all three are integers.
        out: a tensor to write to instead.
        options: layout, device, pin_memory, requires_grad.

    Raises:
        TypeError: there is no bound.
        ValueError: the step is less than one for int64.
        RuntimeError: the step is zero or leads away from `end`, or a bound is not finite.

    Example:
        >>> arange(1, 2, 0.5)
        tensor([1.0000, 1.5000])
    """
    start, end, step = _number(start), _number(end), _number(step)
    integral = all(isinstance(value, int) for value in (start, end, step))
    kind = plain_dtype(dtype, dtypes.int64 if integral else dtypes.get_default_dtype()) if out is None else out.dtype
    _check_bounds(start, end, step)
    if kind is dtypes.int64:
        start, end, step = int(start), int(end), int(step)
        if not step:
            raise ValueError("step must be nonzero")
    refuse("arange_cpu", kind, (dtypes.bool_, *COMPLEX))
    exact = integral or kind is dtypes.int64
    count = -((start - end) // step) if exact else math.ceil((end - start) / step)
    if count >= 2**63:
        raise RuntimeError("invalid size, possible overflow?")
    if kind.numpy.kind in "iu":
        start, step = int(start), int(step)

    def write(array: Array) -> None:
        array[...] = (start + np.arange(count) * step).astype(array.dtype)

    return _line(count, write, dtype=dtype, default=kind, out=out, **options)


@signature(f"(Number start, Number end, Number step = 1, *, {OUT}")
def range(start: Any, end: Any, step: Any = 1, *, dtype: Any = None, **options: Any) -> Tensor:
    """Values from `start` to `end`, both included; deprecated in favour of `arange`.

    Args:
        start: the first.
        end: what the last does not pass.
        step: by which they rise.
        dtype: of the result.
        options: out, layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the step is zero or leads away from `end`, or a bound is not finite.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     range(0, 2)
        tensor([0., 1., 2.])
    """
    warnings.warn(
        "torch.range is deprecated and will be removed in a future release because its behavior is inconsistent with "
        "Python's range builtin. Instead, use torch.arange, which produces values in [start, end).",
        UserWarning,
        stacklevel=3,
    )
    first, last, rise = _number(start), _number(end), _number(step)
    _check_bounds(first, last, rise)
    count = math.floor((last - first) / rise) + 1

    def write(array: Array) -> None:
        array[...] = (first + np.arange(count) * rise).astype(array.dtype)

    return _line(count, write, dtype=dtype, **options)


def _spaced_texts(base: str) -> tuple[str, ...]:
    kinds = (("Tensor", "Tensor"), ("Number", "Tensor"), ("Tensor", "Number"), ("Number", "Number"))
    return tuple(f"({start} start, {end} end, int steps, {base}*, {OUT}" for start, end in kinds)


def _ends(name: str, start: Any, end: Any, steps: int) -> tuple[Any, Any]:
    shapes = [value._array.ndim if isinstance(value, Traced) else 0 for value in (start, end)]
    if any(shapes):
        raise RuntimeError(_dimensioned(name, start, end, shapes))
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    return _number(start), _number(end)


def _dimensioned(name: str, start: Any, end: Any, ndims: list[int]) -> str:
    both = isinstance(start, Traced) and isinstance(end, Traced)
    if both:
        found = f"start with {ndims[0]} dimension(s) and end with {ndims[1]} dimension(s)."
        return f"{name} only supports 0-dimensional start and end tensors, but got {found}"
    which = "start" if isinstance(start, Traced) else "end"
    return f"{name} only supports 0-dimensional start and end tensors, but got {which} with {max(ndims)} dimension(s)."


def _spaced_dtype(name: str, start: Any, end: Any, dtype: Any, out: Tensor | None) -> dtypes.dtype:
    if out is not None:
        return out.dtype
    default = dtypes.get_default_dtype()
    if isinstance(start, complex) or isinstance(end, complex):
        default = default.to_complex()
    kind = plain_dtype(dtype, default)
    if default.is_complex and not kind.is_complex:
        found = f"inferred dtype {default.cpp_name} can't be safely cast to passed dtype {kind.scalar_name}"
        raise RuntimeError(f"torch.{name}(): {found}")
    return kind


def _spaced(start: Any, end: Any, steps: int, kind: np.dtype[Any]) -> Array:
    """Values from `start` to `end`, counted from the nearer of both."""
    wide = np.dtype(np.complex128 if kind.kind == "c" else np.float64)
    if not steps:
        return np.empty(0, wide)
    if kind.kind != "c":
        start, end = (from_number(x, kind).item() if isinstance(x, complex) else x for x in (start, end))
    if kind.kind in "iu":
        start, end = int(start), int(end)
    if steps == 1:
        return np.full(1, start, wide)
    step = (wide.type(end) - wide.type(start)) / max(steps - 1, 1)
    places = np.arange(steps)
    near = places < steps // 2
    return np.where(near, start + step * places, end - step * (steps - 1 - places))


@signature(*_spaced_texts(""))
def linspace(
    start: Any, end: Any, steps: int, *, dtype: Any = None, out: Tensor | None = None, **options: Any
) -> Tensor:
    """Evenly spaced values from `start` to `end`, both included.

    Args:
        start: the first, a number or a tensor without dimensions.
        end: the last, likewise.
        steps: how many.
        dtype: of the result.
        out: a tensor to write to instead.
        options: layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the number is negative, an end has dimensions, or it is complex and the dtype is not.

    Example:
        >>> linspace(0, 1, 3)
        tensor([0.0000, 0.5000, 1.0000])
    """
    first, last = _ends("linspace", start, end, steps)
    kind = _spaced_dtype("linspace", first, last, dtype, out)
    refuse("linspace_cpu", kind, (dtypes.bool_,))

    def write(array: Array) -> None:
        array[...] = _spaced(first, last, steps, array.dtype).astype(array.dtype)

    return _line(steps, write, dtype=dtype, default=kind, out=out, **options)


@signature(*_spaced_texts("float base = 10.0, "))
def logspace(
    start: Any,
    end: Any,
    steps: int,
    base: float = 10.0,
    *,
    dtype: Any = None,
    out: Tensor | None = None,
    **options: Any,
) -> Tensor:
    """Powers of a base, whose exponents are evenly spaced from `start` to `end`, both included.

    Args:
        start: the first exponent, a number or a tensor without dimensions.
        end: the last, likewise.
        steps: how many.
        base: of the powers.
        dtype: of the result.
        out: a tensor to write to instead.
        options: layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the number is negative, an end has dimensions, or it is complex and the dtype is not.

    Example:
        >>> logspace(0, 2, 3)
        tensor([  1.,  10., 100.])
    """
    first, last = _ends("logspace", start, end, steps)
    kind = _spaced_dtype("logspace", first, last, dtype, out)
    refuse("logspace_cpu", kind, (dtypes.bool_,))

    def write(array: Array) -> None:
        with np.errstate(all="ignore"):
            powers = np.power(float(base), _spaced(first, last, steps, array.dtype))
            array[...] = powers.astype(array.dtype)

    return _line(steps, write, dtype=dtype, default=kind, out=out, **options)
