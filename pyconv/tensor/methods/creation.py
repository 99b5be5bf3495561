"""New tensors of another's dtype, as methods: x.new_zeros(...) and its kin.

May import: NumPy, and all of pyconv below `tensor.tensor`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.determinism import settle
from pyconv.functions.dims import new_shape
from pyconv.functions.views import ints
from pyconv.meta import Meta
from pyconv.ops import layout as orders
from pyconv.ops.cast import array_of, from_number
from pyconv.signatures import function, is_int, method
from pyconv.size import on_meta
from pyconv.tensor.data import as_array

_PLACE = (
    "torch.dtype dtype = None, torch.layout layout = None, torch.device device = None, bool pin_memory = False, "
    "bool requires_grad = False)"
)


def _numpy(input: Any, dtype: Any) -> np.dtype[Any]:
    return array_of(input).dtype if dtype is None else dtypes.PYTHON.get(dtype, dtype).numpy


def _like(input: Any, array: Any, device: Any = None, requires_grad: bool = False, **_: Any) -> Any:
    if on_meta(input.device if device is None else device):
        array = Meta.like(array)
    value = input._wrap(array)
    if requires_grad and dtypes.category(dtypes.of(array)) < 2:
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    return value.requires_grad_(requires_grad)


@function(f"(Tensor input, tuple of ints size, *, {_PLACE}")
def new_empty(input: Any, size: Any, *, dtype: Any = None, **options: Any) -> Any:
    """An uninitialised tensor of this one's dtype.

    Example:
        >>> import pyconv
        >>> pyconv.ones(1).new_empty(2, 3).shape
        torch.Size([2, 3])
    """
    return _like(input, settle(orders.empty(new_shape("new_empty", (ints(size),)), _numpy(input, dtype))), **options)


@function(f"(Tensor input, tuple of ints size, *, {_PLACE}")
def new_zeros(input: Any, size: Any, *, dtype: Any = None, **options: Any) -> Any:
    """Zeros of this tensor's dtype.

    Example:
        >>> import pyconv
        >>> pyconv.ones(1).new_zeros(2)
        tensor([0., 0.])
    """
    return _like(input, np.zeros(new_shape("new_zeros", (ints(size),)), _numpy(input, dtype)), **options)


@function(f"(Tensor input, tuple of ints size, *, {_PLACE}")
def new_ones(input: Any, size: Any, *, dtype: Any = None, **options: Any) -> Any:
    """Ones of this tensor's dtype.

    Example:
        >>> import pyconv
        >>> pyconv.zeros(1).new_ones(2)
        tensor([1., 1.])
    """
    return _like(input, np.ones(new_shape("new_ones", (ints(size),)), _numpy(input, dtype)), **options)


@function(f"(Tensor input, tuple of ints size, Number fill_value, *, {_PLACE}")
def new_full(input: Any, size: Any, fill_value: Any, *, dtype: Any = None, **options: Any) -> Any:
    """One value in this tensor's dtype.

    Raises:
        RuntimeError: the dtype cannot hold it.

    Example:
        >>> import pyconv
        >>> pyconv.zeros(1).new_full((2,), 3)
        tensor([3., 3.])
    """
    if not isinstance(size, (tuple, list)):
        raise TypeError("new_full(): argument 'size' (position 1) must be tuple of ints, not int")
    value = fill_value.item() if hasattr(fill_value, "item") else fill_value
    shape = new_shape("new_full", (ints(size),))
    return _like(input, np.full(shape, from_number(value, _numpy(input, dtype))), **options)


@function(f"(Tensor input, tuple of ints size, tuple of ints stride, *, {_PLACE}")
def new_empty_strided(input: Any, size: Any, stride: Any, *, dtype: Any = None, **options: Any) -> Any:
    """An uninitialised tensor of strides, of this one's dtype.

    Raises:
        RuntimeError: there are not as many strides as sizes.

    Example:
        >>> import pyconv
        >>> pyconv.ones(1).new_empty_strided((2, 3), (1, 2)).stride()
        (1, 2)
    """
    shape, steps = ints(size), ints(stride)
    if len(shape) != len(steps):
        raise RuntimeError(
            f"dimensionality of sizes ({len(shape)}) must match dimensionality of strides ({len(steps)})"
        )
    return _like(input, orders.with_strides(shape, _numpy(input, dtype), steps), **options)


def _spread(declared: Any) -> Any:
    made = method(declared)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return made(self, args, **kwargs) if args and is_int(args[0]) else made(self, *args, **kwargs)

    call.__name__, call.__qualname__, call.__doc__ = made.__name__, made.__qualname__, made.__doc__
    return call


def refuse_device(args: tuple[Any, ...], options: dict[str, Any], form: str, instead: str) -> None:
    """Check that the old way of making tensors is not given both a tensor and a device.

    Raises:
        RuntimeError: it is, even if the device is None.
    """
    if "device" in options and args and isinstance(args[0], Traced):
        raise RuntimeError(f"Legacy tensor {form} is not supported.  Use {instead} instead.")


CONSTRUCTOR = "constructor of the form torch.Tensor(tensor, device=device)", "torch.tensor(...) or torch.as_tensor(...)"
_NEW = "new of the form tensor.new(tensor, device=device)", "torch.as_tensor(...)"


class CreationMethods:
    """The methods that make new tensors of this one's dtype."""

    __slots__ = ()

    new_empty = _spread(new_empty)
    new_zeros = _spread(new_zeros)
    new_ones = _spread(new_ones)
    new_full = method(new_full)
    new_empty_strided = method(new_empty_strided)

    def new(self, *args: Any, **options: Any) -> Any:
        """A tensor of this one's dtype in the old way: uninitialised from sizes, holding data, or another's memory.

        Args:
            args: sizes one by one, a Size, a tensor, a storage, or anything that nests numbers.
            options: size, instead of these; device.

        Raises:
            RuntimeError: a size is negative, the device is not the CPU, or there is one next to a tensor.
            TypeError: it is no data, or a tensor of another dtype.

        Example:
            >>> import pyconv
            >>> pyconv.ones(1).new([1, 2]), pyconv.ones(1).new(2, 3).shape
            (tensor([1., 2.]), torch.Size([2, 3]))
        """
        from pyconv.tensor.legacy import made

        refuse_device(args, options, *_NEW)
        return made(dtypes.of(array_of(self)), *args, **options)

    def new_tensor(self, data: Any, *, dtype: Any = None, **options: Any) -> Any:
        """A tensor that copies data, of this one's dtype.

        Args:
            data: numbers, nested sequences of them, an ndarray or a tensor.
            dtype: of the result.
            options: device, requires_grad.

        Example:
            >>> import pyconv
            >>> pyconv.ones(1).new_tensor([1, 2])
            tensor([1., 2.])
        """
        if hasattr(data, "_array"):
            warnings.warn(
                "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
                "sourceTensor.detach().clone().requires_grad_(True), rather than tensor.new_tensor(sourceTensor).",
                UserWarning,
                stacklevel=2,
            )
        kind = dtypes.of(_numpy(self, dtype))
        return _like(self, np.array(as_array(data, kind)), **options)
