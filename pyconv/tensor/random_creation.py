"""Tensors drawn at random: torch.rand and its kin.

A tensor given as `out` is filled in its own dtype, as in torch, so that these functions see it. May import: NumPy,
`pyconv.dtypes`, `pyconv.random`, `pyconv.ops`, `pyconv.functions`, `pyconv.signatures`, `pyconv.tensor`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.dims import new_shape
from pyconv.functions.random import source_of
from pyconv.ops import random as ops
from pyconv.ops.arithmetic import check_broadcast
from pyconv.ops.cast import from_number
from pyconv.ops.layout import empty, new_like, new_meta
from pyconv.random import Generator
from pyconv.signatures import signature
from pyconv.signatures.out import check_out
from pyconv.size import on_meta
from pyconv.tensor.creation import empty_like
from pyconv.tensor.options import plain_dtype
from pyconv.tensor.tensor import Tensor

__all__ = ["normal", "rand", "rand_like", "randint", "randint_like", "randn", "randn_like", "randperm"]

Array = np.ndarray[Any, Any]

_PLACE = (
    "torch.dtype dtype = None, torch.layout layout = None, torch.device device = None, bool pin_memory = False, "
    "bool requires_grad = False)"
)
_OUT = f"Tensor out = None, {_PLACE}"
_LIKE = f"torch.memory_format memory_format = None, {_PLACE}"
_GENERATOR = "torch.Generator generator, "
_SIZE = "(tuple of ints size, *, "


def _filled(
    shape: tuple[int, ...],
    write: Callable[[Array], Any],
    out: Tensor | None = None,
    *,
    dtype: dtypes.dtype | None = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    default: dtypes.dtype | None = None,
    **_: Any,
) -> Tensor:
    """A new tensor, or `out` resized, that `write` has filled."""
    if pin_memory:
        raise RuntimeError(
            "pin_memory=True requires a CUDA or other accelerator backend; no pinned memory allocator is available "
            "on this system."
        )
    if out is not None:
        return _write(out, shape, write)
    kind = plain_dtype(dtype, default)
    value = Tensor._wrap(new_meta(shape, kind.numpy) if on_meta(device) else empty(shape, kind.numpy))
    return _finished(value, write, requires_grad)


def _finished(value: Tensor, write: Callable[[Array], Any], requires_grad: bool) -> Tensor:
    if not value.is_meta:
        write(value._array)
    if requires_grad and dtypes.category(value.dtype) < 2:
        raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
    return value.requires_grad_(requires_grad)


def _write(out: Tensor, shape: tuple[int, ...], write: Callable[[Array], Any]) -> Tensor:
    if out._array.shape != shape:
        out._array = new_meta(shape, out._array.dtype) if out.is_meta else empty(shape, out._array.dtype)
    if not out.is_meta:
        write(out._array)
    out._counter.count += 1
    return out


@signature(f"{_SIZE}{_GENERATOR}{_OUT}", f"{_SIZE}{_OUT}")
def rand(size: Any, *, generator: Generator | None = None, out: Tensor | None = None, **options: Any) -> Tensor:
    """Uniform numbers from [0, 1).

    Args:
        size: the shape, as one sequence or as several ints.
        generator: what to draw from; the default generator if None.
        out: a tensor to fill instead of a new one, in its dtype.
        options: dtype, layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: a size is negative.
        NotImplementedError: the dtype is not floating point or complex.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> rand(2)
        tensor([0.4963, 0.7682])
    """
    source = source_of(generator)
    return _filled(new_shape("rand", (size,)), source.fill_uniform, out, **options)


@signature(f"{_SIZE}{_GENERATOR}{_OUT}", f"{_SIZE}{_OUT}")
def randn(size: Any, *, generator: Generator | None = None, out: Tensor | None = None, **options: Any) -> Tensor:
    """Normal numbers of mean 0 and variance 1.

    Args:
        size: the shape, as one sequence or as several ints.
        generator: what to draw from; the default generator if None.
        out: a tensor to fill instead of a new one, in its dtype.
        options: dtype, layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: a size is negative.
        NotImplementedError: the dtype is not floating point or complex.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> randn(2)
        tensor([ 1.5410, -0.2934])
    """
    source = source_of(generator)
    return _filled(new_shape("randn", (size,)), source.fill_normal, out, **options)


_RANDINT = ("(int high, tuple of ints size, *, ", "(int low, int high, tuple of ints size, *, ")


@signature(*(f"{start}{extra}{_OUT}" for start in _RANDINT for extra in (_GENERATOR, "")))
def randint(
    high: int,
    size: Any,
    low: int = 0,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    **options: Any,
) -> Tensor:
    """Integers from `low` to `high - 1`.

    Args:
        high: the bound, never drawn.
        size: the shape.
        low: the least integer, which comes before `high` in a call by position.
        generator: what to draw from; the default generator if None.
        out: a tensor to fill instead of a new one, in its dtype.
        options: dtype (int64 by default), layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the range is empty, or exceeds what the dtype holds.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> randint(3, 10, (2,))
        tensor([7, 6])
    """
    source = source_of(generator)
    if isinstance(size, int):
        raise TypeError("randint(): argument 'size' (position 2) must be tuple of ints, not int")
    shape = new_shape("randint", (size,))
    return _filled(shape, lambda array: source.fill_integers(array, low, high), out, default=dtypes.int64, **options)


@signature(f"(Tensor input, *, {_GENERATOR}{_LIKE}", f"(Tensor input, *, {_LIKE}")
def rand_like(input: Tensor, *, generator: Generator | None = None, **options: Any) -> Tensor:
    """`rand` with the shape, strides and dtype of another tensor.

    Example:
        >>> import pyconv
        >>> rand_like(pyconv.ones(2, 3)).shape
        torch.Size([2, 3])
    """
    return _like(input, source_of(generator).fill_uniform, **options)


@signature(f"(Tensor input, *, {_GENERATOR}{_LIKE}", f"(Tensor input, *, {_LIKE}")
def randn_like(input: Tensor, *, generator: Generator | None = None, **options: Any) -> Tensor:
    """`randn` with the shape, strides and dtype of another tensor.

    Example:
        >>> import pyconv
        >>> randn_like(pyconv.ones(2, 3)).shape
        torch.Size([2, 3])
    """
    return _like(input, source_of(generator).fill_normal, **options)


_BOUNDS = ("int low, int high", "Tensor high", "int high")


@signature(*(f"(Tensor input, {bounds}, *, {extra}{_LIKE}" for bounds in _BOUNDS for extra in (_GENERATOR, "")))
def randint_like(
    input: Tensor, high: Any, low: int = 0, *, generator: Generator | None = None, **options: Any
) -> Tensor:
    """`randint` with the shape, strides and dtype of another tensor.

    Raises:
        RuntimeError: the range is empty, or exceeds what the dtype holds.

    Example:
        >>> import pyconv
        >>> randint_like(pyconv.ones(2), 1, 2)
        tensor([1., 1.])
    """
    if isinstance(high, Tensor):
        if high.ndim:
            raise RuntimeError("high must be a scalar tensor and on CPU")
        high = int(high.item())
    source = source_of(generator)
    return _like(input, lambda array: source.fill_integers(array, low, high), **options)


def _like(
    input: Tensor,
    write: Callable[[Array], Any],
    *,
    memory_format: Any = None,
    requires_grad: bool = False,
    **options: Any,
) -> Tensor:
    if memory_format is not None:
        kept = {name: options[name] for name in ("dtype", "device") if name in options}
        return _finished(empty_like(input, **kept, memory_format=memory_format), write, requires_grad)
    kind = plain_dtype(options.get("dtype"), input.dtype)
    is_meta = on_meta(input.device if options.get("device") is None else options["device"])
    return _finished(Tensor._wrap(new_like(input._array, kind.numpy, None, is_meta)), write, requires_grad)


@signature(f"(int n, *, {_GENERATOR}{_OUT}", f"(int n, *, {_OUT}")
def randperm(n: int, *, generator: Generator | None = None, out: Tensor | None = None, **options: Any) -> Tensor:
    """The integers from 0 to `n - 1` in random order.

    Args:
        n: how many.
        generator: what to draw from; the default generator if None.
        out: a tensor to fill instead of a new one, in its dtype.
        options: dtype (int64 by default), layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: `n` is negative, or more than the dtype can hold.
        NotImplementedError: a complex dtype, or bool.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> randperm(5)
        tensor([4, 0, 1, 3, 2])
    """
    kind = plain_dtype(options.get("dtype"), dtypes.int64)
    if out is not None:
        kind = out.dtype
    _check_permutation(n, kind)
    shape = new_shape("randperm", ((n,),))
    source = source_of(generator)

    def write(array: Array) -> None:
        array[...] = source.permutation(n)

    return _filled(shape, write, out, default=dtypes.int64, **options)


_MOST = {"float16": 2**11 + 1, "bfloat16": 2**8 + 1, "float32": 2**24 + 1}


def _check_permutation(n: int, kind: dtypes.dtype) -> None:
    if n < 0:
        return
    if n and dtypes.category(kind) == 1:
        from_number(n - 1, kind.numpy)
    if kind.name in _MOST and n > _MOST[kind.name] and kind.name != "bfloat16":
        raise RuntimeError(f"n cannot be greater than {_MOST[kind.name]} for {kind.scalar_name} type.")
    if kind.is_complex or kind is dtypes.bool_:
        raise NotImplementedError(f"\"randperm\" not implemented for '{kind.scalar_name}'")


_DRAW = "torch.Generator generator = None, Tensor out = None"


@signature(
    f"(Tensor mean, Tensor std, *, {_DRAW})",
    f"(Tensor mean, float std = 1, *, {_DRAW})",
    f"(float mean, Tensor std, *, {_DRAW})",
    f"(float mean, float std, tuple of ints size, *, {_DRAW}, {_PLACE}",
)
def normal(
    mean: Any,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    **options: Any,
) -> Any:
    """Normal numbers with given means and standard deviations.

    Args:
        mean: a tensor, or a number.
        std: likewise; not negative.
        size: the shape, where both are numbers.
        generator: what to draw from; the default generator if None.
        out: a tensor to fill instead of a new one, in its dtype.
        options: dtype, layout, device, pin_memory, requires_grad, with `size`.

    Raises:
        RuntimeError: a standard deviation is negative or complex, or the shapes do not broadcast.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> normal(pyconv.tensor([1.0, 10.0]), 0.5)
        tensor([1.7705, 9.8533])
    """
    source = source_of(generator)
    if size is not None:
        shape = new_shape("normal", (size,))
        return _filled(shape, lambda array: source.fill_normal(array, mean, std), out, **options)
    if out is not None:
        check_out("normal", out, (mean, std), {})
        made = _like_out(mean, out), _like_out(std, out)
        drawn = _normal(*made, source)
        return _write(out, drawn._array.shape, lambda array: np.copyto(array, drawn._array, casting="unsafe"))
    return _normal(mean, std, source)


def _like_out(value: Any, out: Tensor) -> Any:
    return value.detach().to(out.dtype) if isinstance(value, Tensor) else value


def _normal(mean: Any, std: Any, source: Generator) -> Any:
    if isinstance(std, Tensor):
        _check_deviations(std)
    if not isinstance(std, Tensor):
        return ops.normal_mean(mean, std=float(std), source=source)
    if not isinstance(mean, Tensor):
        return ops.normal_std(std, mean=float(mean), source=source)
    check_broadcast(tuple(mean.shape), tuple(std.shape))
    return ops.normal(mean, std, source=source)


def _check_deviations(std: Tensor) -> None:
    if std.is_complex():
        raise RuntimeError("normal expects standard deviation to be non-complex")
    if std.numel() and std._array.min() < 0:
        raise RuntimeError("normal expects all elements of std >= 0.0")
