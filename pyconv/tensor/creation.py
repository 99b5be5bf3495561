"""How tensors come to be: from data, filled, and drawn at random.

May import: NumPy, `pyconv.dtypes`, `pyconv.random`, `pyconv.tensor`.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.ops.cast import from_number
from pyconv.random import Generator, default_generator
from pyconv.size import device as _device
from pyconv.tensor.arguments import new_shape
from pyconv.tensor.data import as_array
from pyconv.tensor.tensor import Tensor

Array = np.ndarray[Any, Any]
Place = Any


def _made(array: Array, requires_grad: bool, device: Place = None) -> Tensor:
    if device is not None:
        _device(device)
    value = Tensor._wrap(array)
    if requires_grad and dtypes.category(value.dtype) < 2:
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    return value.requires_grad_(requires_grad)


def _numpy_dtype(dtype: dtypes.dtype | None) -> np.dtype[Any]:
    return (dtypes.get_default_dtype() if dtype is None else dtype).numpy


def tensor(
    data: Any, *, dtype: dtypes.dtype | None = None, device: Place = None, requires_grad: bool = False
) -> Tensor:
    """A tensor that copies numbers, nested sequences of them, an ndarray or a tensor.

    Args:
        data: what to copy. Python floats become the default dtype, ints int64.
        dtype: the dtype of the result.
        device: 'cpu'.
        requires_grad: whether gradients with respect to it are computed.

    Raises:
        ValueError: sequences of unequal length.
        TypeError: a value that is no number.

    Example:
        >>> tensor([[1, 2], [3, 4]])
        tensor([[1, 2],
                [3, 4]])
    """
    if isinstance(data, Tensor):
        warnings.warn(
            "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or "
            "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).",
            UserWarning,
            stacklevel=2,
        )
    return _made(np.array(as_array(data, dtype)), requires_grad, device)


def as_tensor(data: Any, dtype: dtypes.dtype | None = None, device: Place = None) -> Tensor:
    """A tensor over data, sharing memory and history where no copy is needed."""
    if device is not None:
        _device(device)
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    return Tensor._wrap(as_array(data, dtype))


def from_numpy(ndarray: Array) -> Tensor:
    """A tensor that shares the memory of an ndarray.

    Raises:
        TypeError: not an ndarray, or of a dtype that torch does not have.
        ValueError: a stride is negative.

    Example:
        >>> a = np.zeros(2)
        >>> t = from_numpy(a)
        >>> a[0] = 1
        >>> t
        tensor([1., 0.], dtype=torch.float64)
    """
    if not isinstance(ndarray, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(ndarray).__name__})")
    dtypes.of(ndarray)
    if any(step < 0 for step in ndarray.strides):
        raise ValueError(
            "At least one stride in the given numpy array is negative, and tensors with negative strides are not "
            "currently supported. (You can probably work around this by making a copy of your array  "
            "with array.copy().) "
        )
    return Tensor._wrap(ndarray)


def full(
    size: Any, fill_value: Any, *, dtype: dtypes.dtype | None = None, device: Place = None, requires_grad: bool = False
) -> Tensor:
    """A tensor of one value, whose type decides the dtype where none is given.

    Raises:
        TypeError: `size` is no tuple or list of integers, or `fill_value` is no number.
        RuntimeError: a size is negative, or the dtype cannot hold the value.

    Example:
        >>> full((2,), 3)
        tensor([3, 3])
    """
    if isinstance(size, int):
        raise TypeError("full(): argument 'size' (position 1) must be tuple of ints, not int")
    shape = new_shape("full", (size,))
    if isinstance(fill_value, np.generic) or (isinstance(fill_value, Tensor) and not fill_value.ndim):
        fill_value = fill_value.item()
    if not isinstance(fill_value, (bool, int, float, complex)):
        kind = type(fill_value).__name__
        raise TypeError(f"full(): argument 'fill_value' (position 2) must be Number, not {kind}")
    wanted = dtypes.result_type([(dtypes.of_number(fill_value), "number")]) if dtype is None else dtype
    return _made(np.full(shape, from_number(fill_value, wanted.numpy)), requires_grad, device)


def empty(*size: Any, dtype: dtypes.dtype | None = None, device: Place = None, requires_grad: bool = False) -> Tensor:
    """An uninitialised tensor."""
    return _made(np.empty(new_shape("empty", size), _numpy_dtype(dtype)), requires_grad, device)


def zeros(*size: Any, dtype: dtypes.dtype | None = None, device: Place = None, requires_grad: bool = False) -> Tensor:
    """A tensor of zeros."""
    return _made(np.zeros(new_shape("zeros", size), _numpy_dtype(dtype)), requires_grad, device)


def ones(*size: Any, dtype: dtypes.dtype | None = None, device: Place = None, requires_grad: bool = False) -> Tensor:
    """A tensor of ones."""
    return _made(np.ones(new_shape("ones", size), _numpy_dtype(dtype)), requires_grad, device)


def arange(
    start: Any = None,
    end: Any = None,
    step: Any = 1,
    *,
    dtype: dtypes.dtype | None = None,
    device: Place = None,
    requires_grad: bool = False,
) -> Tensor:
    """Values from `start` (0 where only one bound is given) up to but not including `end`.

    Raises:
        TypeError: there is no bound.
        ValueError: the step is less than one for int64.
        RuntimeError: the step is zero or leads away from `end`, or a bound is not finite.

    Example:
        >>> arange(1, 2, 0.5)
        tensor([1.0000, 1.5000])
    """
    if end is None:
        start, end = None, start
    if end is None:
        raise TypeError('arange() missing 1 required positional arguments: "end"')
    start = 0 if start is None else start
    start, end, step = (value.item() if isinstance(value, Tensor) else value for value in (start, end, step))
    if not step:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    integral = all(isinstance(value, int) for value in (start, end, step))
    if dtype is None:
        dtype = dtypes.int64 if integral else dtypes.get_default_dtype()
    if dtype is dtypes.int64:
        start, end, step = int(start), int(end), int(step)
        if not step:
            raise ValueError("step must be nonzero")
    count = -((start - end) // step) if integral or dtype is dtypes.int64 else math.ceil((end - start) / step)
    if dtype.numpy.kind in "iu":
        start, step = int(start), int(step)
    return _made((start + np.arange(count) * step).astype(dtype.numpy), requires_grad, device)


def _like(kind: Any) -> Any:
    def make(
        input: Tensor, *, dtype: dtypes.dtype | None = None, device: Place = None, requires_grad: bool = False
    ) -> Tensor:
        made: Tensor = kind(
            tuple(input.shape),
            dtype=input.dtype if dtype is None else dtype,
            device=device,
            requires_grad=requires_grad,
        )
        return made

    make.__name__ = f"{kind.__name__}_like"
    make.__doc__ = f"{kind.__name__} with the shape and dtype of another tensor."
    return make


def rand(
    *size: Any,
    generator: Generator | None = None,
    dtype: dtypes.dtype | None = None,
    device: Place = None,
    requires_grad: bool = False,
) -> Tensor:
    """Uniform numbers from [0, 1).

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> rand(2)
        tensor([0.4963, 0.7682])
    """
    source = default_generator if generator is None else generator
    return _made(source.rand(new_shape("rand", size), _numpy_dtype(dtype)), requires_grad, device)


def randn(
    *size: Any,
    generator: Generator | None = None,
    dtype: dtypes.dtype | None = None,
    device: Place = None,
    requires_grad: bool = False,
) -> Tensor:
    """Normal numbers of mean 0 and variance 1.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> randn(2)
        tensor([ 1.5410, -0.2934])
    """
    source = default_generator if generator is None else generator
    return _made(source.randn(new_shape("randn", size), _numpy_dtype(dtype)), requires_grad, device)


empty_like, zeros_like, ones_like = _like(empty), _like(zeros), _like(ones)
rand_like, randn_like = _like(rand), _like(randn)


def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: dtypes.dtype | None = None,
    device: Place = None,
    requires_grad: bool = False,
) -> Tensor:
    """`full` with the shape and dtype of another tensor."""
    kind = input.dtype if dtype is None else dtype
    return full(tuple(input.shape), fill_value, dtype=kind, device=device, requires_grad=requires_grad)
