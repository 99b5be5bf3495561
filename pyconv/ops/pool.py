"""Average pooling over windows, and maxima picked by their places.

Average pooling is linear, so its gradient is its transpose and the other way round. Max pooling finds values and
places at once; its gradient puts cotangents at the places, and the gradient of that picks there again. Of windows of
2×2 side by side, as images are halved, a byte each says which element it is, unless the places are asked for.

May import: NumPy, `pyconv.geometry`, `pyconv.autograd`, `pyconv.kernels`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.mode import is_grad_enabled
from pyconv.autograd.primitive import Primitive
from pyconv.autograd.traced import Traced
from pyconv.geometry.pool import Axes
from pyconv.geometry.sizes import Size
from pyconv.kernels import planes, pool, pool_max, pool_quarters
from pyconv.kernels.memory_order import channels_last, suggests_channels_last
from pyconv.ops.cast import array_of
from pyconv.ops.index import take
from pyconv.ops.shape import reshape
from pyconv.ops.undifferentiated import undifferentiated

Array = np.ndarray[Any, Any]


def _in_order(x: Array) -> Array:
    """The elements with channels next to one another where strides suggest it, contiguous otherwise."""
    return channels_last(x) if suggests_channels_last(x) else np.ascontiguousarray(x)


def _batch_of(x: Array) -> Array:
    """A batch of one volume, with the stride that it has where channels lie next to one another."""
    shape, strides = (1, *x.shape), (x.strides[1] * x.shape[1], *x.strides)
    return np.lib.stride_tricks.as_strided(x, shape, strides)


def _in_order_of(values: Array, at: Array, ndim: int) -> Array:
    """Values in the order of the places that they were put at."""
    batch = _batch_of(at) if at.ndim == 4 and ndim == 3 else at
    if not suggests_channels_last(batch):
        return values
    return channels_last(values.reshape(*batch.shape[:2], *values.shape[-ndim:])).reshape(values.shape)


def _averaging(name: str, ndim: int) -> Primitive:
    order = _in_order if ndim == 2 else np.ascontiguousarray
    forward = Primitive(lambda x, **static: pool.average(order(x), **static), name, False)
    backward = Primitive(lambda g, **static: pool.average_spread(order(g), **static), f"{name}Backward", False)
    forward.defvjp(0, lambda g, x, **static: backward(g, **static))
    backward.defvjp(0, lambda h, g, **static: forward(h, **static))
    return forward


_SLIDING = {n: _averaging(f"AvgPool{n}D", n) for n in (2, 3)}
_ADAPTIVE = {n: _averaging(f"AdaptiveAvgPool{n}D", n) for n in (2, 3)}


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
    backward = Primitive(
        lambda g, at, *, size: _in_order_of(planes.scatter_add(g, at, size), at, len(size)), f"{name}Backward", False
    )
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


def _largest(x: Array, axes: Axes, kind: str) -> Array:
    if x.ndim == 4 and len(axes) == 3:
        return _largest(_batch_of(x), axes, kind)[0]
    return pool_max.maximum(_windowed(x, axes, kind), axes)


def _largest_with_places(x: Array, axes: Axes, kind: str) -> tuple[Array, Array]:
    if x.ndim == 4 and len(axes) == 3:
        values, at = _largest_with_places(_batch_of(x), axes, kind)
        return values[0], at[0]
    return pool_max.maximum_with_places(_windowed(x, axes, kind), axes)


def _windowed(x: Array, axes: Axes, kind: str) -> Array:
    """The elements in the order in which torch lays the maxima: those of adaptive windows of volumes contiguous."""
    return np.ascontiguousarray(x) if (kind, len(axes)) == ("AdaptiveMaxPool", 3) else _in_order(x)


def _picking_of_quarters() -> Primitive:
    forward = Primitive(lambda x, *, values, taken: values, "MaxPool2DWithIndices", False)
    backward = Primitive(lambda g, *, taken: pool_quarters.spread(g, taken), "MaxPool2DWithIndicesBackward", False)
    again = Primitive(lambda h, *, taken: pool_quarters.gather(h, taken), "MaxPool2DWithIndicesBackwardBackward", False)
    forward.defvjp(0, lambda g, x, *, values, taken: backward(g, taken=taken))
    backward.defvjp(0, lambda h, g, *, taken: again(h, taken=taken))
    again.defvjp(0, lambda g, h, *, taken: backward(g, taken=taken))
    return forward


_QUARTERS = _picking_of_quarters()


def _largest_of_quarters(x: Traced, axes: Axes, kind: str) -> Any:
    """`maximum` of windows of 2×2 side by side, without their places; None where it is not that, or there is a NaN."""
    array = x._array
    if kind != "MaxPool" or type(array) is not np.ndarray or suggests_channels_last(array):
        return None
    if not pool_quarters.divides(axes, array):
        return None
    values, taken = pool_quarters.search(array)
    return None if np.isnan(values).any() else _QUARTERS(x, values=values, taken=taken)


_maximum = Primitive(lambda x, *, axes, kind: _largest(x, axes, kind), "MaxPool", False)


def maximum(x: Any, axes: Axes, kind: str = "MaxPool") -> Any:
    """The largest element of each window; its gradient goes to the first of those that are as large.

    Args:
        x: (..., *spatial); a Tensor or an ndarray of floats or integers.
        axes: one for each of two or three spatial dimensions.
        kind: "MaxPool" or "AdaptiveMaxPool".
    """
    if isinstance(x, Traced) and x._requires_grad and is_grad_enabled():
        found = _largest_of_quarters(x, axes, kind)
        return maximum_with_places(x, axes, kind)[0] if found is None else found
    return _maximum(x, axes=axes, kind=kind)


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
    return _picked(x, *_largest_with_places(array_of(x), axes, kind), kind, len(axes))


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


def _placed(x: Array, at: Array, *, size: Size) -> Array:
    """`x` at its places: images lie in the order of `x`, volumes contiguous."""
    found = planes.scatter(x, at, size)
    return _in_order_of(found, x, 2) if len(size) == 2 else found


def _unpooling(name: str) -> Primitive:
    forward = Primitive(_placed, name, False)
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
        flat, first = array_of(at).ndim - len(size), int(array_of(at).flat[0])
        reason = f"index {first} is out of bounds for dimension {flat} with size 0"
        none = take(reshape(x, shape=(-1,)), index=(slice(0, 0),))
        return undifferentiated(reshape(none, shape=(*array_of(x).shape[: -len(size)], *size)), reason=reason)
    wrong = planes.last_outside(array_of(at), plane)
    if wrong is not None:
        volume = "x".join(map(str, size))
        raise RuntimeError(f"Found an invalid max index: {wrong} (output volumes are of size {volume})")
    return _UNPOOL[len(size)](x, at, size=size)
