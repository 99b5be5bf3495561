"""Average pooling over windows, and maxima picked by their places.

Average pooling is linear, so its gradient is its transpose and the other way round. Max pooling finds values and
places at once; its gradient puts cotangents at the places, and the gradient of that picks there again.

May import: NumPy, `pyconv.geometry`, `pyconv.autograd`, `pyconv.kernels`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.graph import Primitive, Traced
from pyconv.autograd.mode import is_grad_enabled
from pyconv.geometry.pool import Axes
from pyconv.geometry.sizes import Size
from pyconv.kernels import planes, pool, pool_max
from pyconv.ops.cast import array_of
from pyconv.ops.index import take
from pyconv.ops.shape import reshape
from pyconv.ops.undifferentiated import undifferentiated

Array = np.ndarray[Any, Any]


def _averaging(name: str) -> Primitive:
    forward = Primitive(pool.average, name, False)
    backward = Primitive(pool.average_spread, f"{name}Backward", False)
    forward.defvjp(0, lambda g, x, **static: backward(g, **static))
    backward.defvjp(0, lambda h, g, **static: forward(h, **static))
    return forward


_SLIDING = {n: _averaging(f"AvgPool{n}D") for n in (2, 3)}
_ADAPTIVE = {n: _averaging(f"AdaptiveAvgPool{n}D") for n in (2, 3)}


def average(x: Any, axes: Axes, divisors: tuple[Size, ...] | int) -> Any:
    """The sum over each window, divided.

    Args:
        x: (..., *spatial); a Tensor or an ndarray of floats or int64.
        axes: one for each of two or three spatial dimensions.
        divisors: a number, or for each dimension as many as it has windows, whose product counts.

    Example:
        >>> from pyconv.geometry.pool import sliding
        >>> average(np.array([[1.0, 3.0, 5.0]]), (sliding(1, 1, 1, 0, 1, 1), sliding(3, 2, 1, 0, 1, 2)), 2)
        array([[2., 4.]])
    """
    return _SLIDING[len(axes)](x, axes=axes, divisors=divisors)


def adaptive_average(x: Any, axes: Axes) -> Any:
    """The mean over each window of adaptive pooling."""
    return _ADAPTIVE[len(axes)](x, axes=axes, divisors=tuple(axis.reach for axis in axes))


def _picking(name: str) -> Primitive:
    forward = Primitive(lambda x, at, *, values, ndim: values, name, False)
    backward = Primitive(lambda g, at, *, size: planes.scatter_add(g, at, size), f"{name}Backward", False)
    again = Primitive(planes.gather, f"{name}BackwardBackward", False)
    forward.defvjp(0, lambda g, x, at, *, values, ndim: backward(g, at, size=x.shape[-ndim:]), saves=(1,))
    backward.defvjp(0, lambda h, g, at, *, size: again(h, at, ndim=len(size)), saves=(1,))
    again.defvjp(0, lambda g, h, at, *, ndim: backward(g, at, size=h.shape[-ndim:]), saves=(1,))
    return forward


_MAX = {
    (kind, n): _picking(f"{kind}{n}D{'WithIndices' if kind == 'MaxPool' else ''}")
    for kind in ("MaxPool", "AdaptiveMaxPool", "FractionalMaxPool")
    for n in (2, 3)
}

_places = Primitive(lambda x, *, at: at, "MaxPoolPlaces", False)
_maximum = Primitive(pool_max.maximum, "MaxPool", False)


def maximum(x: Any, axes: Axes, kind: str = "MaxPool") -> Any:
    """The largest element of each window; its gradient goes to the first of those that are as large.

    Args:
        x: (..., *spatial); a Tensor or an ndarray of floats or integers.
        axes: one for each of two or three spatial dimensions.
        kind: "MaxPool" or "AdaptiveMaxPool".
    """
    if isinstance(x, Traced) and x._requires_grad and is_grad_enabled():
        return maximum_with_places(x, axes, kind)[0]
    return _maximum(x, axes=axes)


def maximum_with_places(x: Any, axes: Axes, kind: str = "MaxPool") -> tuple[Any, Any]:
    """`maximum`, and where in their planes the elements are.

    Returns:
        The values, and places as int64.

    Example:
        >>> from pyconv.geometry.pool import sliding
        >>> windows = sliding(1, 1, 1, 0, 1, 1), sliding(3, 2, 1, 0, 1, 2)
        >>> maximum_with_places(np.array([[1.0, 3.0, 2.0]]), windows)
        (array([[3., 3.]]), array([[1, 1]]))
    """
    return _picked(x, *pool_max.maximum_with_places(array_of(x), axes), kind, len(axes))


def fractional_maximum(x: Any, starts: list[Array], kernel: Size) -> tuple[Any, Any]:
    """The largest elements of windows that start where each plane says, and their places.

    Args:
        x: (N, C, *spatial); a Tensor or an ndarray of floats.
        starts: for each spatial dimension (N, C, outputs).
        kernel: taps in each dimension.
    """
    return _picked(x, *pool_max.maximum_at_starts(array_of(x), starts, kernel), "FractionalMaxPool", len(kernel))


def _picked(x: Any, values: Array, at: Array, kind: str, ndim: int) -> tuple[Any, Any]:
    found = _places(x, at=at)
    return _MAX[kind, ndim](x, found, values=values, ndim=ndim), found


def _unpooling(name: str) -> Primitive:
    forward = Primitive(lambda x, at, *, size: planes.scatter(x, at, size), name, False)
    backward = Primitive(planes.gather, f"{name}Backward", False)
    again = Primitive(lambda h, at, *, size: planes.scatter_add(h, at, size), f"{name}BackwardBackward", False)
    forward.defvjp(0, lambda g, x, at, *, size: backward(g, at, ndim=len(size)), saves=(1,))
    backward.defvjp(0, lambda h, g, at, *, ndim: again(h, at, size=g.shape[-ndim:]), saves=(1,))
    again.defvjp(0, lambda g, h, at, *, size: backward(g, at, ndim=len(size)), saves=(1,))
    return forward


_UNPOOL = {n: _unpooling(f"MaxUnpool{n}D") for n in (2, 3)}


def unpool(x: Any, at: Any, size: Size) -> Any:
    """Zeros with the elements of `x` at places of their planes; of several at one place the last stays.

    Args:
        x: (..., *inputs); a Tensor or an ndarray.
        at: int64, of the shape of `x`.
        size: of the planes.

    Raises:
        RuntimeError: a place is outside.

    Example:
        >>> unpool(np.array([[7.0, 8.0]]), np.array([[2, 0]]), (1, 3))
        array([[8., 0., 7.]])
    """
    plane = int(np.prod(size))
    if not plane and array_of(at).size:
        reason = f"index {int(array_of(at).flat[0])} is out of bounds for dimension 1 with size 0"
        none = take(reshape(x, shape=(-1,)), index=(slice(0, 0),))
        return undifferentiated(reshape(none, shape=(*array_of(x).shape[: -len(size)], *size)), reason=reason)
    wrong = planes.last_outside(array_of(at), plane)
    if wrong is not None:
        volume = "x".join(map(str, size))
        raise RuntimeError(f"Found an invalid max index: {wrong} (output volumes are of size {volume})")
    return _UNPOOL[len(size)](x, at, size=size)
