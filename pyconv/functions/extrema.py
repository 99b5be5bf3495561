"""The largest and smallest elements, and where they are.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.dims import dimension, dimensions
from pyconv.ops import extrema, reduce
from pyconv.ops import extremes as pairs
from pyconv.ops.cast import array_of
from pyconv.return_types import named
from pyconv.signatures import function

__all__ = ["amax", "amin", "aminmax", "argmax", "argmin", "max", "min"]

_Max, _Min = named("max", "values", "indices"), named("min", "values", "indices")
_Aminmax = named("aminmax", "min", "max")
_EXTREME = (
    "(Tensor input, *, Tensor out = None)",
    "(Tensor input, Tensor other, *, Tensor out = None)",
    "(Tensor input, int dim, bool keepdim = False, *, tuple of Tensors out = None)",
)


def axis_of(caller: str, dim: int, input: Any) -> int:
    """A dimension that is to be reduced, counted from 0.

    Raises:
        IndexError: there is no such, or it has no elements.
    """
    shape = array_of(input).shape
    axis = dimension(dim, len(shape))
    _check_size(f"{caller}():", (axis,), shape)
    return axis


def _check_size(caller: str, axes: Sequence[int], shape: tuple[int, ...]) -> None:
    for axis in axes:
        if shape and not shape[axis]:
            raise IndexError(f"{caller} Expected reduction dim {axis} to have non-zero size.")


def _extreme(input: Any, args: tuple[Any, ...], named_args: dict[str, Any], largest: bool) -> Any:
    first = args[0] if args else named_args.get("other", named_args.get("dim"))
    if isinstance(first, (Traced, np.ndarray)):
        return (pairs.maximum if largest else pairs.minimum)(input, first)
    if first is None:
        return (reduce.largest if largest else reduce.smallest)(input)
    keepdim = args[1] if len(args) > 1 else named_args.get("keepdim", False)
    name, kind = ("max", _Max) if largest else ("min", _Min)
    return kind(*extrema.extreme_along(input, axis_of(name, first, input), keepdim, largest))


@function(*_EXTREME)
def max(input: Any, *args: Any, **kwargs: Any) -> Any:
    """The largest element; along a dimension, with its place; or the larger of two, element by element.

    max(input), max(input, dim, keepdim=False) or max(input, other).

    Args:
        input: of any shape, of a dtype with an order.
        args: nothing; the dimension and whether to keep it; or the other tensor.
        kwargs: the same by name.

    Returns:
        One tensor; with a dimension, the named tuple (values, indices). All equal elements share the gradient in the
        first case, the first of them has it in the second.

    Raises:
        RuntimeError: there are no elements, or `input` is complex.
        IndexError: there is no such dimension, or nothing in it.

    Example:
        >>> import pyconv
        >>> x = pyconv.tensor([[1, 5], [7, 3]])
        >>> max(x), max(x, 1).indices, max(x, pyconv.tensor(4))
        (tensor(7), tensor([1, 0]), tensor([[4, 5],
                [7, 4]]))
    """
    return _extreme(input, args, kwargs, True)


@function(*_EXTREME)
def min(input: Any, *args: Any, **kwargs: Any) -> Any:
    """The smallest element; along a dimension, with its place; or the smaller of two, element by element.

    min(input), min(input, dim, keepdim=False) or min(input, other).

    Args:
        input: of any shape, of a dtype with an order.
        args: nothing; the dimension and whether to keep it; or the other tensor.
        kwargs: the same by name.

    Returns:
        One tensor; with a dimension, the named tuple (values, indices).

    Raises:
        RuntimeError: there are no elements, or `input` is complex.
        IndexError: there is no such dimension, or nothing in it.

    Example:
        >>> import pyconv
        >>> min(pyconv.tensor([[1, 5], [7, 3]]), 1).values
        tensor([1, 3])
    """
    return _extreme(input, args, kwargs, False)


def _checked_axes(name: str, dim: Any, input: Any) -> tuple[int, ...]:
    array = array_of(input)
    axes = dimensions(() if dim is None else dim, array.ndim)
    if dim is None or (isinstance(dim, (tuple, list)) and not dim):
        if not array.size:
            raise RuntimeError(
                f"{name}(): Expected reduction dim to be specified for input.numel() == 0. "
                "Specify the reduction dim with the 'dim' argument."
            )
    else:
        _check_size(f"{name}():", dim if isinstance(dim, (tuple, list)) else (dim,), array.shape)
    return axes


@function("(Tensor input, tuple of ints dim = (), bool keepdim = False, *, Tensor out = None)")
def amax(input: Any, dim: Any = (), keepdim: bool = False) -> Any:
    """The largest elements over dimensions; all that are equal to one share its gradient.

    Args:
        input: of any shape, of a dtype with an order.
        dim: an int or several; all dimensions if empty.
        keepdim: keep them with size 1.

    Raises:
        RuntimeError: there are no elements.
        IndexError: there is no such dimension, or nothing in it.

    Example:
        >>> import pyconv
        >>> amax(pyconv.tensor([[1, 5], [7, 3]]), (0, 1))
        tensor(7)
    """
    return extrema.amax(input, _checked_axes("amax", dim, input), keepdim)


@function("(Tensor input, tuple of ints dim = (), bool keepdim = False, *, Tensor out = None)")
def amin(input: Any, dim: Any = (), keepdim: bool = False) -> Any:
    """The smallest elements over dimensions; all that are equal to one share its gradient.

    Args:
        input: of any shape, of a dtype with an order.
        dim: an int or several; all dimensions if empty.
        keepdim: keep them with size 1.

    Raises:
        RuntimeError: there are no elements.
        IndexError: there is no such dimension, or nothing in it.

    Example:
        >>> import pyconv
        >>> amin(pyconv.tensor([[1, 5], [7, 3]]), 0)
        tensor([1, 3])
    """
    return extrema.amin(input, _checked_axes("amin", dim, input), keepdim)


@function("(Tensor input, *, int dim = None, bool keepdim = False, tuple of Tensors out = None)")
def aminmax(input: Any, *, dim: int | None = None, keepdim: bool = False) -> Any:
    """The smallest and the largest elements, of all or along a dimension.

    Args:
        input: of any shape, of a dtype with an order.
        dim: the dimension; all if None.
        keepdim: keep it with size 1.

    Returns:
        The named tuple (min, max).

    Raises:
        RuntimeError: there are no elements.
        IndexError: there is no such dimension, or nothing in it.

    Example:
        >>> import pyconv
        >>> aminmax(pyconv.tensor([3, 1, 2])).max
        tensor(3)
    """
    array = array_of(input)
    if dim is None:
        if not array.size:
            raise RuntimeError(
                "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity."
            )
        axes: tuple[int, ...] = tuple(range(array.ndim))
    else:
        axes = dimensions(dim, array.ndim)
        if not array.ndim and array.dtype.kind == "c":
            raise RuntimeError(f"aminmax not implemented for {dtypes.of(array).scalar_name}")
        _check_size("aminmax:", axes, array.shape)
    return _Aminmax(*extrema.aminmax(input, axes, keepdim))


def _argument(input: Any, dim: int | None, keepdim: bool, largest: bool) -> Any:
    name = "argmax" if largest else "argmin"
    array = array_of(input)
    for kind, unfit in (("complex", array.dtype.kind == "c"), ("bool", array.dtype == np.bool_)):
        if unfit:
            raise RuntimeError(f"{name}(): does not support {kind} input")
    if dim is None:
        if not array_of(input).size:
            raise IndexError(f"{name}(): Expected reduction dim to be specified for input.numel() == 0.")
        return extrema.argument(input, None, keepdim, largest)
    return extrema.argument(input, axis_of(name, dim, input), keepdim, largest)


@function("(Tensor input, int dim = None, bool keepdim = False, *, Tensor out = None)")
def argmax(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """Where the first of the largest elements is, among all or along a dimension, as int64.

    Args:
        input: of any shape, of a dtype with an order.
        dim: the dimension; the index counts all elements if None.
        keepdim: keep the dimension with size 1.

    Raises:
        IndexError: there is no such dimension, or nothing in it.
        RuntimeError: `input` is complex or bool.

    Example:
        >>> import pyconv
        >>> argmax(pyconv.tensor([[1, 5], [7, 3]])), argmax(pyconv.tensor([[1, 5], [7, 3]]), dim=1)
        (tensor(2), tensor([1, 0]))
    """
    return _argument(input, dim, keepdim, True)


@function("(Tensor input, int dim = None, bool keepdim = False, *, Tensor out = None)")
def argmin(input: Any, dim: int | None = None, keepdim: bool = False) -> Any:
    """Where the first of the smallest elements is, among all or along a dimension, as int64.

    Args:
        input: of any shape, of a dtype with an order.
        dim: the dimension; the index counts all elements if None.
        keepdim: keep the dimension with size 1.

    Raises:
        IndexError: there is no such dimension, or nothing in it.
        RuntimeError: `input` is complex or bool.

    Example:
        >>> import pyconv
        >>> argmin(pyconv.tensor([[1, 5], [7, 3]]), dim=0)
        tensor([0, 1])
    """
    return _argument(input, dim, keepdim, False)
