"""torch.fft: discrete Fourier transforms.

May import: NumPy, and all of pyconv below it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.dims import dimension
from pyconv.functions.fourier.declared import fft_fft as fft
from pyconv.functions.fourier.declared import fft_hfft as hfft
from pyconv.functions.fourier.declared import fft_ifft as ifft
from pyconv.functions.fourier.declared import fft_ihfft as ihfft
from pyconv.functions.fourier.declared import fft_irfft as irfft
from pyconv.functions.fourier.declared import fft_rfft as rfft
from pyconv.functions.fourier.declared_many import fft_fft2 as fft2
from pyconv.functions.fourier.declared_many import fft_fftn as fftn
from pyconv.functions.fourier.declared_many import fft_hfft2 as hfft2
from pyconv.functions.fourier.declared_many import fft_hfftn as hfftn
from pyconv.functions.fourier.declared_many import fft_ifft2 as ifft2
from pyconv.functions.fourier.declared_many import fft_ifftn as ifftn
from pyconv.functions.fourier.declared_many import fft_ihfft2 as ihfft2
from pyconv.functions.fourier.declared_many import fft_ihfftn as ihfftn
from pyconv.functions.fourier.declared_many import fft_irfft2 as irfft2
from pyconv.functions.fourier.declared_many import fft_irfftn as irfftn
from pyconv.functions.fourier.declared_many import fft_rfft2 as rfft2
from pyconv.functions.fourier.declared_many import fft_rfftn as rfftn
from pyconv.functions.moving import roll
from pyconv.functions.products import shape_of
from pyconv.signatures import function
from pyconv.tensor import Tensor
from pyconv.tensor.options import finished

__all__ = [
    "fft",
    "fft2",
    "fftfreq",
    "fftn",
    "fftshift",
    "hfft",
    "hfft2",
    "hfftn",
    "ifft",
    "ifft2",
    "ifftn",
    "ifftshift",
    "ihfft",
    "ihfft2",
    "ihfftn",
    "irfft",
    "irfft2",
    "irfftn",
    "rfft",
    "rfft2",
    "rfftfreq",
    "rfftn",
]


def _shifted(input: Any, dim: Any, inverse: bool) -> Any:
    size = shape_of(input)
    dims = range(len(size)) if dim is None else (dim,) if isinstance(dim, int) else dim
    axes = tuple(dimension(d, len(size)) for d in dims)
    return roll.raw(input, tuple((size[axis] + inverse) // 2 for axis in axes), axes)  # type: ignore[attr-defined]


@function("(Tensor input, tuple of ints dim = None)")
def fft_fftshift(input: Any, dim: Any = None) -> Any:
    """Move the frequency 0 to the middle.

    Args:
        input: a spectrum.
        dim: along which dimensions; all by default.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.fftshift(torch.tensor([0, 1, 2, -2, -1]))
        tensor([-2, -1,  0,  1,  2])
    """
    return _shifted(input, dim, False)


@function("(Tensor input, tuple of ints dim = None)")
def fft_ifftshift(input: Any, dim: Any = None) -> Any:
    """Move the frequency 0 from the middle to the beginning.

    Args:
        input: a spectrum.
        dim: along which dimensions; all by default.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.ifftshift(torch.tensor([-2, -1, 0, 1, 2]))
        tensor([ 0,  1,  2, -2, -1])
    """
    return _shifted(input, dim, True)


_FREQUENCIES = (
    "(int n, float d = 1.0, *, Tensor out = None, torch.dtype dtype = None, torch.layout layout = torch.strided, "
    "torch.device device = None, bool pin_memory = False, bool requires_grad = False)"
)


def _frequencies(numbers: Any, n: int, d: float, dtype: dtypes.dtype | None, **options: Any) -> Tensor:
    kind = (dtype or dtypes.get_default_dtype()).numpy
    with np.errstate(all="ignore"):
        scaled = numbers.astype(kind) * np.asarray(np.float64(1) / (n * np.float64(d))).astype(kind)
    return finished(scaled, **options)


@function(_FREQUENCIES)
def fft_fftfreq(
    n: int,
    d: float = 1.0,
    *,
    dtype: dtypes.dtype | None = None,
    **options: Any,
) -> Tensor:
    """The frequencies of what `fft` gives: 0, the positive ones, then the negative ones.

    Args:
        n: how many numbers are transformed.
        d: how far apart they are.
        dtype: the default one by default.
        options: layout, device, pin_memory, requires_grad.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.fftfreq(4)
        tensor([ 0.0000,  0.2500, -0.5000, -0.2500])
    """
    numbers = np.arange(n)
    return _frequencies(np.where(numbers < (n + 1) // 2, numbers, numbers - n), n, d, dtype, **options)


@function(_FREQUENCIES)
def fft_rfftfreq(
    n: int,
    d: float = 1.0,
    *,
    dtype: dtypes.dtype | None = None,
    **options: Any,
) -> Tensor:
    """The frequencies of what `rfft` gives.

    Args:
        n: how many numbers are transformed.
        d: how far apart they are.
        dtype: the default one by default.
        options: layout, device, pin_memory, requires_grad.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.rfftfreq(4)
        tensor([0.0000, 0.2500, 0.5000])
    """
    return _frequencies(np.arange(n // 2 + 1), n, d, dtype, **options)


fftshift, ifftshift, fftfreq, rfftfreq = fft_fftshift, fft_ifftshift, fft_fftfreq, fft_rfftfreq
