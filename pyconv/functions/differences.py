"""Differences, numerical gradients and integrals along dimensions.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.dims import dimension, dimensions
from pyconv.ops import joining
from pyconv.ops.arithmetic import add, div, mul, neg, promoted, sub
from pyconv.ops.cast import array_of, cast, clone
from pyconv.ops.cumulative import cumsum, whole
from pyconv.ops.index import narrow, select
from pyconv.ops.logic import logical_xor
from pyconv.ops.reduce import total
from pyconv.ops.shape import reshape
from pyconv.signatures import function

__all__ = ["cumulative_trapezoid", "diff", "gradient", "trapezoid", "trapz"]


def _part(x: Any, axis: int, start: int | None, stop: int | None = None) -> Any:
    return narrow(x, index=(*(slice(None),) * axis, slice(start, stop)))


def _join(parts: Sequence[Any], axis: int) -> Any:
    """The parts one after the other along a dimension, in their common dtype."""
    kind = promoted(*parts).numpy
    lengths = [array_of(part).shape[axis] for part in parts]
    starts = tuple(itertools.accumulate(lengths[:-1], initial=0))
    return joining.cat(*(cast(part, kind) for part in parts), dim=axis, starts=starts)


@function("(Tensor input, int n = 1, int dim = -1, Tensor prepend = None, Tensor append = None, *, Tensor out = None)")
def diff(input: Any, n: int = 1, dim: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """The differences of neighbours along a dimension, `n` times over; of bool, whether they differ.

    Args:
        input: of one or more dimensions.
        n: how many times, 0 or more.
        dim: the dimension.
        prepend: put in front first, of the same shape but for `dim`.
        append: put behind, likewise.

    Raises:
        RuntimeError: `input` has no dimensions, a shape does not fit, or `n` is negative.

    Example:
        >>> import pyconv
        >>> diff(pyconv.tensor([1, 4, 9]))
        tensor([3, 5])
    """
    shape = array_of(input).shape
    if not shape:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    axis = dimension(dim, len(shape))
    for other in (prepend, append):
        if other is not None:
            _check_like(shape, array_of(other).shape, axis)
    if n == 0:
        return clone(input)
    parts = [part for part in (prepend, input, append) if part is not None]
    found = _join(parts, axis) if len(parts) > 1 else input
    whole = array_of(found).dtype == np.bool_
    for _ in range(min(n, array_of(found).shape[axis])):
        left, right = _part(found, axis, 0, -1), _part(found, axis, 1)
        found = logical_xor(right, left) if whole else sub(right, left)
    return found


def _check_like(shape: tuple[int, ...], other: tuple[int, ...], axis: int) -> None:
    if len(other) != len(shape):
        raise RuntimeError("diff expects prepend or append to be the same dimension as input")
    for i, (n, m) in enumerate(zip(shape, other, strict=True)):
        if n != m and i != axis:
            raise RuntimeError(
                "diff expects the shape of tensor to prepend or append to match that of input except along the "
                f"differencing dimension; input.size({i}) = {n}, but got tensor.size({i}) = {m}"
            )


def _samples(y: Any, dim: int) -> int:
    shape = array_of(y).shape
    if not shape:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    return dimension(dim, len(shape))


def _check_step(caller: str, y: Any, dx: Any) -> None:
    if array_of(y).dtype == np.bool_:
        raise RuntimeError(f"{caller}: received a bool input for `y`, but bool is not supported")
    if isinstance(dx, (bool, complex)):
        raise RuntimeError(f"{caller}: Currently, we only support dx as a real number.")


def _steps(caller: str, y: Any, x: Any, axis: int) -> Any:
    """The distances of the sample points, in a shape that broadcasts with that of `y`."""
    if np.bool_ in (array_of(y).dtype, array_of(x).dtype):
        raise RuntimeError(f"{caller}: received a bool input for `x` or `y`, but bool is not supported")
    shape, given = array_of(y).shape, array_of(x).shape
    if len(given) == 1:
        if given[0] != shape[axis]:
            raise RuntimeError(f"{caller}: There must be one `x` value for each sample point")
        x = reshape(x, shape=tuple(given[0] if i == axis else 1 for i in range(len(shape))))
    elif len(given) < len(shape):
        x = reshape(x, shape=(1,) * (len(shape) - len(given)) + given)
    return sub(_part(x, axis, 1), _part(x, axis, 0, -1))


def _sums(y: Any, axis: int) -> Any:
    return add(_part(y, axis, 0, -1), _part(y, axis, 1))


def _trapezoid(y: Any, x: Any, dx: Any, dim: int) -> Any:
    axis = _samples(y, dim)
    shape = array_of(y).shape
    if not shape[axis]:
        return total(y, (axis,), dtype=array_of(y).dtype)
    if x is not None:
        steps = _steps("trapezoid", y, x, axis)
        return div(total(mul(_sums(y, axis), steps), (axis,)), 2.0)
    _check_step("trapezoid", y, dx)
    ends = add(_end(y, axis, 0), _end(y, axis, -1))
    return mul(sub(total(y, (axis,)), mul(ends, 0.5)), dx)


def _end(y: Any, axis: int, place: int) -> Any:
    return select(y, index=(*(slice(None),) * axis, place))


@function("(Tensor y, Tensor x, *, int dim = -1)", "(Tensor y, *, Number dx = 1, int dim = -1)")
def trapezoid(y: Any, x: Any = None, *, dx: Any = 1, dim: int = -1) -> Any:
    """The integral along a dimension by the trapezoidal rule.

    Args:
        y: the samples.
        x: where they are: `(n)` for the dimension, or of a shape that broadcasts with that of `y`.
        dx: the distance of neighbours, without `x`.
        dim: the dimension.

    Raises:
        RuntimeError: `x` does not fit, or something is bool.

    Example:
        >>> import pyconv
        >>> trapezoid(pyconv.tensor([1.0, 2.0, 4.0]))
        tensor(4.5000)
    """
    return _trapezoid(y, x, dx, dim)


@function("(Tensor y, *, float dx = 1, int dim = -1)", "(Tensor y, Tensor x, *, int dim = -1)")
def trapz(y: Any, x: Any = None, *, dx: Any = 1, dim: int = -1) -> Any:
    """`trapezoid` by its older name.

    Args:
        y: the samples.
        x: where they are.
        dx: the distance of neighbours, without `x`.
        dim: the dimension.

    Example:
        >>> import pyconv
        >>> trapz(pyconv.tensor([1.0, 2.0, 4.0]), dx=2.0)
        tensor(9.)
    """
    return _trapezoid(y, x, dx, dim)


@function("(Tensor y, Tensor x, *, int dim = -1)", "(Tensor y, *, Number dx = 1, int dim = -1)")
def cumulative_trapezoid(y: Any, x: Any = None, *, dx: Any = 1, dim: int = -1) -> Any:
    """The running integral along a dimension by the trapezoidal rule, one element shorter.

    Args:
        y: the samples.
        x: where they are: `(n)` for the dimension, or of a shape that broadcasts with that of `y`.
        dx: the distance of neighbours, without `x`.
        dim: the dimension.

    Raises:
        RuntimeError: `x` does not fit, or something is bool.

    Example:
        >>> import pyconv
        >>> cumulative_trapezoid(pyconv.tensor([1.0, 2.0, 4.0]))
        tensor([1.5000, 4.5000])
    """
    axis = _samples(y, dim)
    if x is not None:
        steps = _steps("cumulative_trapezoid", y, x, axis)
        return div(cumsum(whole(mul(_sums(y, axis), steps)), axis=axis), 2.0)
    _check_step("cumulative_trapezoid", y, dx)
    return cumsum(mul(dx / 2.0, _sums(y, axis)), axis=axis)


_TAIL = "int edge_order = 1)"


@function(
    f"(Tensor input, *, tuple of ints! dim, {_TAIL}",
    f"(Tensor input, *, Number spacing, tuple of ints! dim, {_TAIL}",
    f"(Tensor input, *, Number spacing = None, int dim = None, {_TAIL}",
    f"(Tensor input, *, tuple of Scalars spacing, int dim = None, {_TAIL}",
    f"(Tensor input, *, tuple of Scalars spacing, tuple of ints! dim, {_TAIL}",
    f"(Tensor input, *, tuple of Tensors spacing, int dim = None, {_TAIL}",
    f"(Tensor input, *, tuple of Tensors spacing, tuple of ints! dim, {_TAIL}",
)
def gradient(input: Any, *, spacing: Any = None, dim: Any = None, edge_order: int = 1) -> tuple[Any, ...]:
    """The derivatives along dimensions, from the differences of neighbours on both sides.

    Args:
        input: values of a function on a grid; integers give the default floating-point dtype.
        spacing: the distance of the grid's points, a number for each dimension, or a tensor of coordinates for each.
        dim: an int or several; all dimensions if None.
        edge_order: the order of the formula at the ends, 1 or 2.

    Returns:
        A tensor of the shape of `input` for each dimension.

    Raises:
        RuntimeError: a length does not fit, or `edge_order` is another.

    Example:
        >>> import pyconv
        >>> gradient(pyconv.tensor([1.0, 4.0, 9.0]))
        (tensor([3., 4., 5.]),)
    """
    array = array_of(input)
    dims = None if dim is None else [dim] if isinstance(dim, int) else list(dim)
    several = isinstance(spacing, (tuple, list))
    _check_gradient(array, len(spacing) if several else None, dims, edge_order)
    axes = tuple(range(array.ndim)) if dims is None else dimensions(dims, array.ndim)
    for axis in axes:
        if array.shape[axis] < edge_order + 1:
            raise RuntimeError("torch.gradient expected each dimension size to be at least edge_order+1")
    if several and spacing and isinstance(spacing[0], (Traced, np.ndarray)):
        for coordinates in spacing:
            ndim = array_of(coordinates).ndim
            if ndim != 1:
                raise RuntimeError(
                    "torch.gradient expected each element of spacing to have one dimension, but got an element with "
                    f"{ndim} dimensions!"
                )
        return tuple(_uneven(input, axis, at, edge_order) for axis, at in zip(axes, spacing, strict=True))
    steps = spacing if several else [1 if spacing is None else spacing] * len(axes)
    return tuple(_even(input, axis, step, edge_order) for axis, step in zip(axes, steps, strict=True))


def _check_gradient(array: Any, count: int | None, dims: list[int] | None, edge_order: int) -> None:
    if dtypes.of(array) is dtypes.uint8:
        raise RuntimeError("torch.gradient does not support uint8 input.")
    if count is not None and dims is None and count != array.ndim:
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to 'self.dim() = "
            f"{array.ndim}', since dim argument was not given, but got a list of length {count}"
        )
    if count is not None and dims is not None and count != len(dims):
        raise RuntimeError(
            "torch.gradient expected spacing to be unspecified, a scalar or it's spacing and dim arguments to have the "
            f"same length, but got a spacing argument of length {count} and a dim argument of length {len(dims)}."
        )
    if edge_order not in (1, 2):
        raise RuntimeError("torch.gradient only supports edge_order=1 and edge_order=2.")


def _combined(x: Any, axis: int, terms: Sequence[tuple[Any, int]]) -> Any:
    """The sum of single slices, each times a weight."""
    size = array_of(x).shape[axis]
    total_: Any = None
    for weight, place in terms:
        start = place % size
        term = mul(_part(x, axis, start, start + 1), weight)
        total_ = term if total_ is None else add(total_, term)
    return total_


def _even(x: Any, axis: int, step: Any, edge_order: int) -> Any:
    centre = div(div(sub(_part(x, axis, 2), _part(x, axis, 0, -2)), 2), step)
    if edge_order == 1:
        first, last = _combined(x, axis, [(1, 1), (-1, 0)]), _combined(x, axis, [(1, -1), (-1, -2)])
    else:
        first = _combined(x, axis, [(-1.5, 0), (2, 1), (-0.5, 2)])
        last = _combined(x, axis, [(0.5, -3), (-2, -2), (1.5, -1)])
    return _join([div(first, step), centre, div(last, step)], axis)


def _uneven(x: Any, axis: int, coordinates: Any, edge_order: int) -> Any:
    steps = sub(_part(coordinates, 0, 1), _part(coordinates, 0, 0, -1))
    shape = tuple(-1 if i == axis else 1 for i in range(array_of(x).ndim))
    before, after = (reshape(part, shape=shape) for part in (_part(steps, 0, 0, -1), _part(steps, 0, 1)))
    both = add(before, after)
    weights = (
        div(neg(after), mul(before, both)),
        div(sub(after, before), mul(before, after)),
        div(before, mul(after, both)),
    )
    slices = (_part(x, axis, 0, -2), _part(x, axis, 1, -1), _part(x, axis, 2))
    terms = [mul(weight, part) for weight, part in zip(weights, slices, strict=True)]
    centre = add(add(terms[0], terms[1]), terms[2])
    size = array_of(steps).size
    ends = [_end(steps, 0, 0), _end(steps, 0, size - 1)]
    if edge_order == 1:
        first = div(_combined(x, axis, [(1, 1), (-1, 0)]), ends[0])
        last = div(_combined(x, axis, [(1, -1), (-1, -2)]), ends[1])
    else:
        near = _edge_weights(ends[0], _end(steps, 0, 1))
        far = _edge_weights(ends[1], _end(steps, 0, size - 2))
        first = _combined(x, axis, list(zip(near, (0, 1, 2), strict=True)))
        last = neg(_combined(x, axis, list(zip(far, (-1, -2, -3), strict=True))))
    return _join([first, centre, last], axis)


def _edge_weights(a: Any, b: Any) -> tuple[Any, Any, Any]:
    """The weights of three points for the derivative at the first, from the two distances."""
    both = add(a, b)
    return (
        mul(div(add(mul(a, 2.0), b), mul(a, both)), -1),
        div(both, mul(a, b)),
        mul(div(a, mul(b, both)), -1),
    )
