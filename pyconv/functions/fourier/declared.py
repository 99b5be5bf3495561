"""torch.fft's transforms along one dimension.

May import: NumPy, `pyconv.functions`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.fourier.transforms import (
    hermitian,
    inverse_hermitian,
    inverse_real,
    plain,
    real,
)
from pyconv.signatures import function


@function("(Tensor input, int n = None, int dim = -1, str norm = None, *, Tensor out = None)")
def fft_fft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The discrete Fourier transform along a dimension.

    Args:
        input: any numbers.
        n: how many numbers to take, or fill up to with zeros.
        dim: the dimension.
        norm: 'backward' for no factor, 'ortho' for 1/√n, 'forward' for 1/n.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.fft(torch.tensor([1.0, 0.0]))
        tensor([1.+0.j, 1.+0.j])
    """
    return plain(input, n, dim, norm, True)


@function("(Tensor input, int n = None, int dim = -1, str norm = None, *, Tensor out = None)")
def fft_ifft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The inverse of `fft`.

    Args:
        input: any numbers.
        n: how many numbers to take, or fill up to with zeros.
        dim: the dimension.
        norm: 'backward' for 1/n, 'ortho' for 1/√n, 'forward' for no factor.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.ifft(torch.tensor([1.0, 1.0]))
        tensor([1.-0.j, 0.-0.j])
    """
    return plain(input, n, dim, norm, False)


@function("(Tensor input, int n = None, int dim = -1, str norm = None, *, Tensor out = None)")
def fft_rfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """`fft` of real numbers: half the spectrum, which the other half mirrors.

    Args:
        input: real numbers.
        n: how many numbers to take, or fill up to with zeros.
        dim: the dimension.
        norm: 'backward' for no factor, 'ortho' for 1/√n, 'forward' for 1/n.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.rfft(torch.tensor([1.0, 0.0]))
        tensor([1.+0.j, 1.+0.j])
    """
    return real(input, n, dim, norm)


@function("(Tensor input, int n = None, int dim = -1, str norm = None, *, Tensor out = None)")
def fft_irfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The inverse of `rfft`.

    Args:
        input: half a spectrum.
        n: the number of results; twice the size less 1 by default.
        dim: the dimension.
        norm: 'backward' for 1/n, 'ortho' for 1/√n, 'forward' for no factor.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.irfft(torch.tensor([1.0, 1.0]))
        tensor([1., 0.])
    """
    return inverse_real(input, n, dim, norm)


@function("(Tensor input, int n = None, int dim = -1, str norm = None, *, Tensor out = None)")
def fft_hfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """`fft` of numbers of which half are given, and the other half mirrors them: real results.

    Args:
        input: half of the numbers.
        n: the number of results; twice the size less 1 by default.
        dim: the dimension.
        norm: 'backward' for no factor, 'ortho' for 1/√n, 'forward' for 1/n.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.hfft(torch.tensor([1.0, 0.0]))
        tensor([1., 1.])
    """
    return hermitian(input, n, dim, norm)


@function("(Tensor input, int n = None, int dim = -1, str norm = None, *, Tensor out = None)")
def fft_ihfft(input: Any, n: int | None = None, dim: int = -1, norm: str | None = None) -> Any:
    """The inverse of `hfft`.

    Args:
        input: real numbers.
        n: how many numbers to take, or fill up to with zeros.
        dim: the dimension.
        norm: 'backward' for 1/n, 'ortho' for 1/√n, 'forward' for no factor.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.ihfft(torch.tensor([1.0, 1.0]))
        tensor([1.-0.j, 0.-0.j])
    """
    return inverse_hermitian(input, n, dim, norm)
