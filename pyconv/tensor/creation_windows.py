"""Windows for spectra: torch.hann_window, torch.hamming_window, torch.blackman_window and their kin.

Each is torch's row of operations in the dtype of the result, so that 16 bits are rounded wherever torch rounds them:
factors too, which its own `mul_` leaves in single precision, and that of these windows does not.

May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`, `pyconv.signatures`, `pyconv.tensor`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import no_grad
from pyconv.kernels.special import bessel
from pyconv.signatures import signature
from pyconv.size import on_meta
from pyconv.tensor.creation_ranges import arange
from pyconv.tensor.options import PLACE, finished, made, plain_dtype
from pyconv.tensor.tensor import Tensor

__all__ = ["bartlett_window", "blackman_window", "hamming_window", "hann_window", "kaiser_window"]

_SHORT, _PERIODIC = f"(int window_length, *, {PLACE}", f"(int window_length, bool periodic, *, {PLACE}"


def _window(
    name: str, length: int, periodic: bool, of: Callable[[Tensor, int], Tensor], dtype: Any, options: dict[str, Any]
) -> Tensor:
    """The window that a function makes of the numbers from 0 and the last of them; a periodic one lacks its end.

    Raises:
        RuntimeError: the dtype is not of floats, or the length is negative.
    """
    kind = plain_dtype(dtype)
    if dtypes.category(kind) < 2:
        raise RuntimeError(
            f"{name} expects floating point dtypes, got: TensorOptions(dtype={kind.cpp_name}, device=cpu, "
            "layout=Strided (default), requires_grad=false (default), pinned_memory=false, memory_format=(nullopt))"
        )
    if length < 0:
        raise RuntimeError(f"{name} requires non-negative window_length, got window_length={length}")
    if length < 2 or on_meta(options.get("device")):
        return made((length,), lambda array: array.fill(1), dtype=kind, **options)
    last = length if periodic else length - 1
    with no_grad():
        whole = of(arange(last + 1, dtype=kind, device="cpu"), last)
    return finished(whole._array[:length], **{**options, "device": "cpu"})


def _scaled(x: Tensor, factor: float) -> Tensor:
    """The tensor, multiplied in place by a factor of its own dtype."""
    return x.mul_(Tensor._wrap(np.asarray(factor, x._array.dtype)))


@signature(_SHORT, _PERIODIC)
def bartlett_window(window_length: int, periodic: bool = True, *, dtype: Any = None, **options: Any) -> Tensor:
    """A triangle from 0 to 1 and back.

    Args:
        window_length: the number of values.
        periodic: whether the last value, which is the first again, is left out.
        dtype: of the result.
        options: layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the dtype is not of floats, or the length is negative.

    Example:
        >>> bartlett_window(5, False)
        tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """

    def triangle(places: Tensor, last: int) -> Tensor:
        window = _scaled(places, 2 / last)
        window[last // 2 + 1 :].mul_(-1).add_(2)
        return window

    return _window("bartlett_window", window_length, periodic, triangle, dtype, options)


@signature(_SHORT, _PERIODIC)
def blackman_window(window_length: int, periodic: bool = True, *, dtype: Any = None, **options: Any) -> Tensor:
    """0.42 - 0.5 cos(x) + 0.08 cos(2x), x from 0 to a whole turn.

    Args:
        window_length: the number of values.
        periodic: whether the last value, which is the first again, is left out.
        dtype: of the result.
        options: layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the dtype is not of floats, or the length is negative.

    Example:
        >>> blackman_window(4).round(decimals=4).abs()
        tensor([0.0000, 0.3400, 1.0000, 0.3400])
    """

    def cosines(places: Tensor, last: int) -> Tensor:
        half = _scaled(places, math.pi / last)
        return _scaled(half.mul(4).cos_(), 0.08) - half.mul(2).cos_().mul_(0.5) + 0.42

    return _window("blackman_window", window_length, periodic, cosines, dtype, options)


def _cosine(alpha: float, beta: float) -> Callable[[Tensor, int], Tensor]:
    return lambda places, last: _scaled(_scaled(places, 2 * math.pi / last).cos_(), -beta).add_(alpha)


@signature(
    _SHORT,
    _PERIODIC,
    f"(int window_length, bool periodic, float alpha, *, {PLACE}",
    f"(int window_length, bool periodic, float alpha, float beta, *, {PLACE}",
)
def hamming_window(
    window_length: int,
    periodic: bool = True,
    alpha: float = 0.54,
    beta: float = 0.46,
    *,
    dtype: Any = None,
    **options: Any,
) -> Tensor:
    """`alpha` - `beta` cos(x), x from 0 to a whole turn.

    Args:
        window_length: the number of values.
        periodic: whether the last value, which is the first again, is left out.
        alpha: the mean.
        beta: the swing about it.
        dtype: of the result.
        options: layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the dtype is not of floats, or the length is negative.

    Example:
        >>> hamming_window(3, False)
        tensor([0.0800, 1.0000, 0.0800])
    """
    return _window("hamming_window", window_length, periodic, _cosine(alpha, beta), dtype, options)


@signature(_SHORT, _PERIODIC)
def hann_window(window_length: int, periodic: bool = True, *, dtype: Any = None, **options: Any) -> Tensor:
    """0.5 - 0.5 cos(x), x from 0 to a whole turn.

    Args:
        window_length: the number of values.
        periodic: whether the last value, which is the first again, is left out.
        dtype: of the result.
        options: layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the dtype is not of floats, or the length is negative.

    Example:
        >>> hann_window(4)
        tensor([0.0000, 0.5000, 1.0000, 0.5000])
    """
    return _window("hann_window", window_length, periodic, _cosine(0.5, 0.5), dtype, options)


@signature(_SHORT, _PERIODIC, f"(int window_length, bool periodic, float beta, *, {PLACE}")
def kaiser_window(
    window_length: int, periodic: bool = True, beta: float = 12.0, *, dtype: Any = None, **options: Any
) -> Tensor:
    """I0(`beta` sqrt(1 - x²)) / I0(`beta`), x from -1 to 1, with the modified Bessel function of order 0.

    Args:
        window_length: the number of values.
        periodic: whether the last value, which is the first again, is left out.
        beta: the larger, the narrower.
        dtype: of the result.
        options: layout, device, pin_memory, requires_grad.

    Raises:
        RuntimeError: the dtype is not of floats, or the length is negative.

    Example:
        >>> kaiser_window(3, False, 0.0)
        tensor([1., 1., 1.])
    """

    def bell(places: Tensor, last: int) -> Tensor:
        kind = np.float64 if places.dtype is dtypes.float64 else np.float32
        centre, height = kind(last / 2), bessel.i0(np.asarray(beta, kind))
        x = (places._array.astype(kind) - centre) / centre
        places._array[...] = bessel.i0(kind(beta) * np.sqrt(1 - x * x)) / height
        return places

    return _window("kaiser_window", window_length, periodic, bell, dtype, options)
