"""Windows of other curves: a triangle, half a wave, exponentials, a Bessel function.

May import: `pyconv.functions`, `pyconv.size`, `pyconv.tensor`, its neighbours.
"""

from __future__ import annotations

import math
from typing import Any

from pyconv.functions.exponential import exp
from pyconv.functions.special import i0
from pyconv.functions.trigonometry import sin
from pyconv.signal.windows.options import checked
from pyconv.size import strided
from pyconv.tensor.creation import empty, ones
from pyconv.tensor.creation_data import tensor
from pyconv.tensor.creation_ranges import linspace
from pyconv.tensor.tensor import Tensor


def bartlett(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = strided,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A triangle from 0 to 1 and back.

    Raises:
        ValueError: the options do not fit.

    Example:
        >>> bartlett(5)
        tensor([0.0000, 0.5000, 1.0000, 0.5000, 0.0000])
    """
    options = checked("bartlett", M, dtype, layout, device, requires_grad)
    if M < 2:
        return ones((M,), **options)
    constant = 2 / (M if not sym else M - 1)
    return 1 - abs(linspace(-1, -1 + (M - 1) * constant, M, **options))


def cosine(
    M: int,
    *,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = strided,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """sin(π (n + 1/2) / M), half a wave.

    Raises:
        ValueError: the options do not fit.

    Example:
        >>> cosine(3)
        tensor([0.5000, 1.0000, 0.5000])
    """
    options = checked("cosine", M, dtype, layout, device, requires_grad)
    if M == 0:
        return empty((0,), **options)
    constant = math.pi / (M + 1 if not sym and M > 1 else M)
    return sin(linspace(0.5 * constant, (0.5 + (M - 1)) * constant, M, **options))


def exponential(
    M: int,
    *,
    center: float | None = None,
    tau: float = 1.0,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = strided,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """exp(-|n - center| / tau), the window of Poisson.

    Args:
        M: the number of values.
        center: where the largest lies; only of a periodic window.
        tau: how slowly it decays.
        sym: whether it is symmetric.
        dtype: of the result, the default dtype if not given.
        layout: strided, the only one.
        device: of the result.
        requires_grad: whether gradients are kept for what it is made of.

    Raises:
        ValueError: `tau` is not positive, a symmetric window has a center, or the options do not fit.

    Example:
        >>> exponential(4)
        tensor([0.2231, 0.6065, 0.6065, 0.2231])
    """
    options = checked("exponential", M, dtype, layout, device, requires_grad)
    if tau <= 0:
        raise ValueError(f"Tau must be positive, got: {tau} instead.")
    if sym and center is not None:
        raise ValueError("Center must be None for symmetric windows")
    if M == 0:
        return empty((0,), **options)
    if center is None:
        center = (M if not sym and M > 1 else M - 1) / 2.0
    constant = 1 / tau
    places = linspace(-center * constant, (-center + (M - 1)) * constant, M, **options)
    return exp(-abs(places))


def gaussian(
    M: int,
    *,
    std: float = 1.0,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = strided,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """exp(-(n / std)² / 2), from the middle on.

    Raises:
        ValueError: `std` is not positive, or the options do not fit.

    Example:
        >>> gaussian(3)
        tensor([0.6065, 1.0000, 0.6065])
    """
    options = checked("gaussian", M, dtype, layout, device, requires_grad)
    if std <= 0:
        raise ValueError(f"Standard deviation must be positive, got: {std} instead.")
    if M == 0:
        return empty((0,), **options)
    start = -(M if not sym and M > 1 else M - 1) / 2.0
    constant = 1 / (std * math.sqrt(2))
    places = linspace(start * constant, (start + (M - 1)) * constant, M, **options)
    return exp(-(places**2))


def kaiser(
    M: int,
    *,
    beta: float = 12.0,
    sym: bool = True,
    dtype: Any = None,
    layout: Any = strided,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """The window of J. F. Kaiser, made of Bessel's function I₀.

    Args:
        M: the number of values.
        beta: how narrow it is.
        sym: whether it is symmetric.
        dtype: of the result, the default dtype if not given.
        layout: strided, the only one.
        device: of the result.
        requires_grad: whether gradients are kept for what it is made of.

    Raises:
        ValueError: `beta` is negative, or the options do not fit.

    Example:
        >>> kaiser(3, beta=2.0)
        tensor([0.4387, 1.0000, 0.4387])
    """
    options = checked("kaiser", M, dtype, layout, device, requires_grad)
    if beta < 0:
        raise ValueError(f"beta must be non-negative, got: {beta} instead.")
    if M < 2:
        return ones((M,), **options)
    shape = tensor(beta, dtype=options["dtype"], device=options["device"])
    constant = 2.0 * shape / (M if not sym else M - 1)
    end = shape.minimum(-shape + (M - 1) * constant)
    places = linspace(-shape, end, M, **options)
    return i0((shape * shape - places**2).sqrt()) / i0(shape)
