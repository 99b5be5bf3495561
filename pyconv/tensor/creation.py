"""How tensors come to be: from data, filled, and drawn at random.

May import: NumPy, `pyconv.dtypes`, `pyconv.random`, `pyconv.tensor`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.random import Generator, default_generator
from pyconv.size import device as _device
from pyconv.tensor.arguments import sizes
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
    return _made(np.array(_as_array(data, dtype)), requires_grad, device)


def _as_array(data: Any, dtype: dtypes.dtype | None) -> Array:
    if isinstance(data, Tensor):
        data = data._array
    if isinstance(data, (np.ndarray, np.generic)):
        array = np.asarray(data)
        dtypes.of(array)
    else:
        _check_sequence(data)
        array = np.array(_plain(data))
        if array.dtype.kind == "f":
            array = array.astype(_numpy_dtype(None))
        elif array.dtype.kind == "c":
            array = array.astype(dtypes.get_default_dtype().to_complex().numpy)
        if not array.size and not isinstance(data, (bool, int)):
            array = array.astype(_numpy_dtype(None))
    return array if dtype is None else array.astype(dtype.numpy)


def _plain(data: Any) -> Any:
    """Nested sequences with every tensor made a number or a list."""
    if isinstance(data, Tensor):
        return data.tolist()
    return [_plain(item) for item in data] if isinstance(data, (list, tuple)) else data


def _check_sequence(data: Any, depth: int = 0) -> None:
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'")
    if not isinstance(data, (list, tuple)):
        return
    lengths = [len(item) for item in data if isinstance(item, (list, tuple))]
    for length in lengths:
        if length != lengths[0]:
            raise ValueError(f"expected sequence of length {lengths[0]} at dim {depth + 1} (got {length})")
    for item in data:
        _check_sequence(item, depth + 1)


def as_tensor(data: Any, dtype: dtypes.dtype | None = None, device: Place = None) -> Tensor:
    """A tensor over data, sharing memory and history where no copy is needed."""
    if device is not None:
        _device(device)
    if isinstance(data, Tensor):
        return data if dtype is None else data.to(dtype)
    return Tensor._wrap(_as_array(data, dtype))


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
    """A tensor of one value, whose type decides the dtype where none is given."""
    kind = dtypes.result_type([(dtypes.of_number(fill_value), "number")]) if dtype is None else dtype
    return _made(np.full(sizes((size,)), fill_value, kind.numpy), requires_grad, device)


def empty(*size: Any, dtype: dtypes.dtype | None = None, device: Place = None, requires_grad: bool = False) -> Tensor:
    """An uninitialised tensor."""
    return _made(np.empty(_checked(size), _numpy_dtype(dtype)), requires_grad, device)


def zeros(*size: Any, dtype: dtypes.dtype | None = None, device: Place = None, requires_grad: bool = False) -> Tensor:
    """A tensor of zeros."""
    return _made(np.zeros(_checked(size, "zeros: "), _numpy_dtype(dtype)), requires_grad, device)


def ones(*size: Any, dtype: dtypes.dtype | None = None, device: Place = None, requires_grad: bool = False) -> Tensor:
    """A tensor of ones."""
    return _made(np.ones(_checked(size), _numpy_dtype(dtype)), requires_grad, device)


def _checked(size: tuple[Any, ...], caller: str = "") -> tuple[int, ...]:
    given = tuple(size[0]) if len(size) == 1 and isinstance(size[0], (tuple, list)) else size
    for position, n in enumerate(given):
        if isinstance(n, float):
            raise TypeError(
                f"empty(): argument 'size' failed to unpack the object at pos {position + 1} with error "
                '"type must be tuple of ints,but got float"'
            )
    shape = sizes(given)
    for n in shape:
        if n < 0 and caller:
            raise RuntimeError(f"{caller}Dimension size must be non-negative.")
        if n < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {n}: {list(shape)}")
    return shape


def arange(
    start: Any,
    end: Any = None,
    step: Any = 1,
    *,
    dtype: dtypes.dtype | None = None,
    device: Place = None,
    requires_grad: bool = False,
) -> Tensor:
    """Values from `start` (0 where only one bound is given) up to but not including `end`."""
    if end is None:
        start, end = 0, start
    kind = dtypes.result_type([(dtypes.of_number(v), "number") for v in (start, end, step)]) if dtype is None else dtype
    count = max(0, int(np.ceil((end - start) / step)))
    values = start + np.arange(count) * step
    return _made(np.asarray(values).astype(kind.numpy), requires_grad, device)


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
    return _made(source.rand(_checked(size), _numpy_dtype(dtype)), requires_grad, device)


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
    return _made(source.randn(_checked(size), _numpy_dtype(dtype)), requires_grad, device)


empty_like, zeros_like, ones_like = _like(empty), _like(zeros), _like(ones)
rand_like, randn_like = _like(rand), _like(randn)


def full_like(
    input: Tensor, fill_value: Any, *, dtype: dtypes.dtype | None = None, requires_grad: bool = False
) -> Tensor:
    """`full` with the shape and dtype of another tensor."""
    kind = input.dtype if dtype is None else dtype
    return full(tuple(input.shape), fill_value, dtype=kind, requires_grad=requires_grad)
