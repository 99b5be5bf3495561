"""Windows that are sums of cosines.

May import: `pyconv.functions`, `pyconv.size`, `pyconv.tensor`, its neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from pyconv.functions.trigonometry import cos
from pyconv.signal.windows.options import checked
from pyconv.size import strided
from pyconv.tensor.creation import ones
from pyconv.tensor.creation_data import tensor
from pyconv.tensor.creation_ranges import arange, linspace
from pyconv.tensor.tensor import Tensor


def general_cosine(
    M: int,
    *,
    a: Iterable[float],
    sym: bool = True,
    dtype: Any = None,
    layout: Any = strided,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A sum of cosines, a₀ - a₁ cos(2π n / (M - 1)) + a₂ cos(4π n / (M - 1)), every second one taken off.

    Args:
        M: the number of values.
        a: the sizes of the cosines.
        sym: whether it is symmetric.
        dtype: of the result, the default dtype if not given.
        layout: strided, the only one.
        device: of the result.
        requires_grad: whether gradients are kept for what it is made of.

    Raises:
        TypeError: `a` cannot be gone through.
        ValueError: it is empty, or the options do not fit.

    Example:
        >>> general_cosine(3, a=[0.5, 0.25, 0.25])
        tensor([0.5000, 1.0000, 0.5000])
    """
    options = checked("general_cosine", M, dtype, layout, device, requires_grad)
    if M < 2:
        return ones((M,), **options)
    if not isinstance(a, Iterable):
        raise TypeError("Coefficients must be a list/tuple")
    if not a:
        raise ValueError("Coefficients cannot be empty")
    constant = 2 * math.pi / (M if not sym else M - 1)
    places = linspace(0, (M - 1) * constant, M, **options)
    sizes = tensor([(-1) ** i * size for i, size in enumerate(a)], **options)
    numbers = arange(sizes.shape[0], **options)
    return (sizes.unsqueeze(-1) * cos(numbers.unsqueeze(-1) * places)).sum(0)


def general_hamming(
    M: int,
    *,
    alpha: float = 0.54,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = strided,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Alpha - (1 - alpha) cos(2π n / (M - 1)).

    Raises:
        ValueError: the options do not fit.
    """
    return general_cosine(
        M, a=[alpha, 1.0 - alpha], sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad
    )


def hamming(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = strided,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """0.54 - 0.46 cos(2π n / (M - 1)), a cosine on a pedestal.

    Raises:
        ValueError: the options do not fit.

    Example:
        >>> hamming(3)
        tensor([0.0800, 1.0000, 0.0800])
    """
    return general_hamming(M, sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad)


def hann(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = strided,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """1/2 - 1/2 cos(2π n / (M - 1)), a raised cosine.

    Raises:
        ValueError: the options do not fit.

    Example:
        >>> hann(5)
        tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    return general_hamming(
        M, alpha=0.5, sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad
    )


def blackman(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = strided,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A sum of three cosines.

    Raises:
        ValueError: the options do not fit.
    """
    checked("blackman", M, dtype, layout, device, requires_grad)
    return general_cosine(
        M, a=[0.42, 0.5, 0.08], sym=sym, dtype=dtype, layout=layout, device=device, requires_grad=requires_grad
    )


def nuttall(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = strided,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A sum of four cosines, with low lobes beside the main one (A. H. Nuttall, 1981).

    Raises:
        ValueError: the options do not fit.
    """
    return general_cosine(
        M,
        a=[0.3635819, 0.4891775, 0.1365995, 0.0106411],
        sym=sym,
        dtype=dtype,
        layout=layout,
        device=device,
        requires_grad=requires_grad,
    )
