"""Arrays that have no elements: what a tensor on the 'meta' device has in the place of an ndarray.

Kernels take them like ndarrays. What follows from shapes, strides and dtypes alone goes through. A kernel that would
read elements is run on zeros for the shape and dtype of what it gives, unless there are too many; what would hand out
values, or a shape that depends on them, raises. May import: NumPy.
"""

from __future__ import annotations

import math
import mmap
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple
from numpy.lib.mixins import NDArrayOperatorsMixin

Array = np.ndarray[Any, Any]

NO_DATA = "Cannot copy out of meta tensor; no data!"

_SHAPES = {"shape", "strides", "dtype", "ndim", "size", "itemsize", "nbytes", "flags"}
_REDUCTIONS = {
    "sum": np.add, "prod": np.multiply, "max": np.maximum, "min": np.minimum,
    "any": np.logical_or, "all": np.logical_and,
}  # fmt: skip
_VIEWS = {"reshape", "transpose", "swapaxes", "squeeze", "view", "ravel", "diagonal"}
_VIEW_FUNCTIONS: set[Callable[..., Any]] = {
    np.transpose, np.swapaxes, np.moveaxis, np.expand_dims, np.squeeze, np.broadcast_to, np.reshape, np.ravel,
    np.split, np.array_split, np.diagonal, np.flip, np.may_share_memory, np.shares_memory, np.shape, np.ndim, np.size,
    np.result_type, np.iscomplexobj, np.isrealobj,
}  # fmt: skip
_LIKE_FUNCTIONS: set[Callable[..., Any]] = {np.empty_like, np.zeros_like, np.ones_like, np.full_like}


class Meta(NDArrayOperatorsMixin):
    """An array of which there are shape, strides and dtype, and no elements.

    NumPy finds out what a view of it is by a frame: an ndarray over memory that is mapped, but never touched, and so
    takes no room.

    Example:
        >>> x = Meta.empty((10**6, 10**6), np.dtype(np.float32))
        >>> x[0].shape, x.T.strides, (x + 1).dtype
        ((1000000,), (4, 4000000), dtype('float32'))
        >>> x.argsort()
        Traceback (most recent call last):
        NotImplementedError: a tensor on the meta device has no data: 'argsort' is not known by shapes alone
    """

    __slots__ = ("frame",)

    base = None

    def __init__(self, frame: Array) -> None:
        self.frame = frame

    @classmethod
    def empty(cls, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
        """One whose elements would lie one after the other."""
        return cls(_mapped(math.prod(shape), dtype).reshape(shape))

    @classmethod
    def like(cls, array: Any, dtype: np.dtype[Any] | None = None, strides: tuple[int, ...] | None = None) -> Any:
        """One of the shape and dtype of another, without gaps, with the dimensions in the order of some strides."""
        steps = array.strides if strides is None else strides
        order = sorted(range(array.ndim), key=lambda i: -steps[i])
        made = cls.empty(tuple(array.shape[i] for i in order), array.dtype if dtype is None else dtype)
        return cls(made.frame.transpose([order.index(i) for i in range(array.ndim)]))

    def __getattr__(self, name: str) -> Any:
        if name in _SHAPES:
            return getattr(self.frame, name)
        if name in _VIEWS:
            method = getattr(self.frame, name)
            return lambda *args, **kwargs: Meta(method(*args, **kwargs))
        if name in _REDUCTIONS:
            return lambda axis=None, **kwargs: _reduced(_REDUCTIONS[name], self, axis, **kwargs)
        if name == "__array_interface__":
            raise NotImplementedError(NO_DATA)
        if name.startswith("__"):
            raise AttributeError(f"'Meta' object has no attribute '{name}'")
        raise NotImplementedError(_unknown(name))

    @property
    def T(self) -> Meta:
        """The same with its dimensions in reverse."""
        return Meta(self.frame.T)

    @property
    def real(self) -> Meta:
        """The real parts."""
        return Meta(self.frame.real)

    @property
    def imag(self) -> Meta:
        """The imaginary parts."""
        return Meta(self.frame.imag)

    def astype(self, dtype: Any, **_: Any) -> Meta:
        """The same in another dtype."""
        return Meta.like(self, np.dtype(dtype))

    def copy(self) -> Meta:
        """Another, contiguous."""
        return Meta.empty(self.shape, self.dtype)

    def __getitem__(self, key: Any) -> Meta:
        keys = key if isinstance(key, tuple) else (key,)
        if any(isinstance(k, Meta) for k in keys):
            raise NotImplementedError(_unknown("an index on it"))
        return Meta(self.frame[keys if any(k is Ellipsis for k in keys) else (*keys, ...)])

    def item(self) -> Any:
        """Refuse: there is no element."""
        raise NotImplementedError(NO_DATA)

    tolist = item

    def __setitem__(self, key: Any, value: Any) -> None:
        view = self[key]
        np.broadcast_shapes(np.shape(value), view.shape)

    def __len__(self) -> int:
        return len(self.frame)

    def __bool__(self) -> bool:
        raise NotImplementedError(NO_DATA)

    def __reduce__(self) -> tuple[Any, ...]:
        order = sorted(range(self.ndim), key=lambda i: -self.strides[i])
        sizes = tuple(self.shape[i] for i in order)
        return _rebuilt, (sizes, self.dtype, [order.index(i) for i in range(self.ndim)])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        raise NotImplementedError(NO_DATA)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = (), **kwargs: Any) -> Any:
        if method == "reduce" and not out:
            return _reduced(ufunc, *inputs, **kwargs)
        if method != "__call__" or ufunc.signature is not None or not all(isinstance(value, Meta) for value in out):
            raise NotImplementedError(_unknown(ufunc.__name__))
        if any(not isinstance(value, Meta) and np.ndim(value) for value in inputs):
            raise NotImplementedError(_unknown(ufunc.__name__))
        shape = np.broadcast_shapes(*(np.shape(value) for value in inputs))
        found = ufunc(*(np.empty(0, v.dtype) if isinstance(v, Meta) else v for v in inputs), **kwargs)
        results = tuple(Meta.empty(shape, r.dtype) for r in (found if isinstance(found, tuple) else (found,)))
        results = out or results
        return results if len(results) > 1 else results[0]

    def __array_function__(self, func: Callable[..., Any], types: Any, args: Any, kwargs: Any) -> Any:
        if func is np.copyto:
            if not isinstance(args[0], Meta):
                raise NotImplementedError(NO_DATA)
            return None
        if func in _LIKE_FUNCTIONS and isinstance(args[0], Meta):
            dtype = kwargs.get("dtype")
            return Meta.like(args[0], None if dtype is None else np.dtype(dtype))
        if func in _MADE:
            return _MADE[func](*args, **kwargs)
        if func in _VIEW_FUNCTIONS:
            return _wrapped(func(*(a.frame if isinstance(a, Meta) else a for a in args), **kwargs))
        raise NotImplementedError(_unknown(func.__name__))


def check_places(values: Any) -> None:
    """Raise RuntimeError where some arrays have elements and some have none; those without dimensions go with both."""
    arrays = [value for value in values if isinstance(value, (Meta, np.ndarray)) and value.ndim]
    places = ["meta" if isinstance(array, Meta) else "cpu" for array in arrays]
    other = [place for place in places if place != places[0]]
    if other:
        raise RuntimeError(f"Tensor on device {other[0]} is not on the expected device {places[0]}!")


def pointwise(kernel: Callable[..., Any], *operands: Any, **static: Any) -> Meta:
    """What an elementwise kernel gives where an operand has no elements: found from operands of none."""
    shapes = [np.shape(value) for value in operands]
    shape = np.broadcast_shapes(*shapes)
    found = np.asarray(kernel(*map(_of_few, operands), **static))
    like = next((v for v in operands if isinstance(v, Meta) and v.shape == shape and 0 not in v.strides), None)
    return Meta.empty(shape, found.dtype) if like is None else Meta.like(like, found.dtype)


def _of_few(value: Any) -> Any:
    """An operand of the same dtype with no element, or with one where it has no dimension."""
    if np.ndim(value):
        return np.empty(0, value.dtype)
    return np.ones((), value.dtype) if isinstance(value, Meta) else value


def by_zeros(kernel: Callable[..., Any], operands: Sequence[Any], static: dict[str, Any]) -> Any:
    """What a kernel that wants elements gives: it is run on zeros.

    Raises:
        NotImplementedError: there are too many elements for that, or a result depends on them.
    """
    if sum(value.size for value in operands if isinstance(value, Meta)) > _MOST_ZEROS:
        raise NotImplementedError
    try:
        found = kernel(*map(zeros, operands), **{name: zeros(value) for name, value in static.items()})
    except (np.linalg.LinAlgError, ValueError):
        raise NotImplementedError from None
    return [Meta.like(array) for array in found] if isinstance(found, tuple) else Meta.like(found)


_MOST_ZEROS = 2**26


def zeros(value: Any) -> Any:
    """Zeros in the place of an array without elements, which take no room; anything else as it is."""
    return value.frame if isinstance(value, Meta) else value


def undrawn(static: dict[str, Any]) -> dict[str, Any]:
    """The keyword arguments of a kernel with copies of the generators, from which it may draw."""
    drawn = {name: v for name, v in static.items() if hasattr(type(v), "clone_state")}
    return {**static, **{name: source.clone_state() for name, source in drawn.items()}}


def _reduced(ufunc: np.ufunc, x: Meta, axis: Any = 0, dtype: Any = None, keepdims: bool = False, **_: Any) -> Meta:
    """What `ufunc.reduce` makes of an array without elements."""
    axes = tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim)
    sizes = [1 if at in axes else n for at, n in enumerate(x.shape) if keepdims or at not in axes]
    return Meta.empty(tuple(sizes), np.dtype(ufunc.reduce(np.ones(1, x.dtype), dtype=dtype).dtype))


def _concatenated(arrays: Any, axis: int = 0, **_: Any) -> Meta:
    """What `numpy.concatenate` makes of arrays without elements."""
    check_places(arrays)
    first = arrays[0].shape
    (at,) = normalize_axis_tuple(axis, len(first))
    total = sum(array.shape[at] for array in arrays)
    return Meta.empty((*first[:at], total, *first[at + 1 :]), np.result_type(*(array.dtype for array in arrays)))


def _stacked(arrays: Any, axis: int = 0, **_: Any) -> Meta:
    """What `numpy.stack` makes of arrays without elements."""
    check_places(arrays)
    return _concatenated([np.expand_dims(array, axis) for array in arrays], axis)


def _chosen(condition: Any, x: Any, y: Any) -> Meta:
    """What `numpy.where` makes of arrays without elements."""
    shape = np.broadcast_shapes(np.shape(condition), np.shape(x), np.shape(y))
    return Meta.empty(shape, np.result_type(*(v.dtype if isinstance(v, Meta) else v for v in (x, y))))


_MADE: dict[Callable[..., Any], Callable[..., Meta]] = {
    np.concatenate: _concatenated,
    np.stack: _stacked,
    np.where: _chosen,
    np.roll: lambda x, *_: Meta.like(x),
}


def asarray(value: Any) -> Any:
    """`numpy.asarray`, which leaves an array without elements as it is."""
    return value if type(value) is Meta else np.asarray(value)


def as_strided(x: Any, shape: tuple[int, ...], strides: tuple[int, ...]) -> Any:
    """`numpy.lib.stride_tricks.as_strided`, of an array without elements too."""
    if type(x) is Meta:
        return Meta(np.lib.stride_tricks.as_strided(x.frame, shape, strides))
    return np.lib.stride_tricks.as_strided(x, shape, strides)


def refused(name: str) -> NotImplementedError:
    """What an operation raises that needs elements."""
    return NotImplementedError(
        f"{name}: not known for tensors on the meta device, which have shapes and dtypes and no data"
    )


def _wrapped(found: Any) -> Any:
    if isinstance(found, list):
        return [Meta(part) for part in found]
    return Meta(found) if isinstance(found, np.ndarray) else found


def _unknown(name: str) -> str:
    return f"a tensor on the meta device has no data: '{name}' is not known by shapes alone"


def _mapped(count: int, dtype: np.dtype[Any]) -> Array:
    """A one-dimensional array over memory that is not there until it is touched, and cannot be written to."""
    size = max(count * dtype.itemsize, 1)
    if hasattr(mmap, "PROT_READ"):
        memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ)
    else:
        memory = mmap.mmap(-1, size, access=mmap.ACCESS_READ)
    return np.frombuffer(memory, np.uint8, count * dtype.itemsize).view(dtype)


def _rebuilt(sizes: tuple[int, ...], dtype: np.dtype[Any], axes: list[int]) -> Meta:
    """The inverse of pickling."""
    return Meta(Meta.empty(sizes, dtype).frame.transpose(axes))
