"""torch.fft's transforms over several dimensions.

May import: NumPy, `pyconv.functions`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.fourier.transforms import (
    hermitian_many,
    inverse_hermitian_many,
    inverse_real_many,
    plain_many,
    real_many,
)
from pyconv.signatures import function


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = (-2,-1), str norm = None, *, Tensor out = None)")
def fft_fft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Any:
    """The discrete Fourier transform over two dimensions.

    Args:
        input: any numbers.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; the last two by default.
        norm: 'backward' for no factor, 'ortho' for 1/√n, 'forward' for 1/n.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.fft2(torch.ones(3, 4)).shape
        torch.Size([3, 4])
    """
    return plain_many(input, s, dim, norm, True)


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = (-2,-1), str norm = None, *, Tensor out = None)")
def fft_ifft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Any:
    """The inverse of `fft2`.

    Args:
        input: any numbers.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; the last two by default.
        norm: 'backward' for 1/n, 'ortho' for 1/√n, 'forward' for no factor.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.ifft2(torch.ones(3, 4)).shape
        torch.Size([3, 4])
    """
    return plain_many(input, s, dim, norm, False)


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = (-2,-1), str norm = None, *, Tensor out = None)")
def fft_rfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Any:
    """`fft2` of real numbers: half the spectrum of the last dimension.

    Args:
        input: real numbers.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; the last two by default.
        norm: 'backward' for no factor, 'ortho' for 1/√n, 'forward' for 1/n.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.rfft2(torch.ones(3, 4)).shape
        torch.Size([3, 3])
    """
    return real_many(input, s, dim, norm)


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = (-2,-1), str norm = None, *, Tensor out = None)")
def fft_irfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Any:
    """The inverse of `rfft2`.

    Args:
        input: half a spectrum.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; the last two by default.
        norm: 'backward' for 1/n, 'ortho' for 1/√n, 'forward' for no factor.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.irfft2(torch.ones(3, 4)).shape
        torch.Size([3, 6])
    """
    return inverse_real_many(input, s, dim, norm)


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = (-2,-1), str norm = None, *, Tensor out = None)")
def fft_hfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Any:
    """`fft2` of numbers of which half are given along the last dimension: real results.

    Args:
        input: half of the numbers.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; the last two by default.
        norm: 'backward' for no factor, 'ortho' for 1/√n, 'forward' for 1/n.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.hfft2(torch.ones(3, 4)).shape
        torch.Size([3, 6])
    """
    return hermitian_many(input, s, dim, norm)


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = (-2,-1), str norm = None, *, Tensor out = None)")
def fft_ihfft2(input: Any, s: Any = None, dim: Any = (-2, -1), norm: str | None = None) -> Any:
    """The inverse of `hfft2`.

    Args:
        input: real numbers.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; the last two by default.
        norm: 'backward' for 1/n, 'ortho' for 1/√n, 'forward' for no factor.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.ihfft2(torch.ones(3, 4)).shape
        torch.Size([3, 3])
    """
    return inverse_hermitian_many(input, s, dim, norm)


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = None, str norm = None, *, Tensor out = None)")
def fft_fftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
    """The discrete Fourier transform over several dimensions.

    Args:
        input: any numbers.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; all, or the last ones that `s` has sizes for by default.
        norm: 'backward' for no factor, 'ortho' for 1/√n, 'forward' for 1/n.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.fftn(torch.ones(3, 4)).shape
        torch.Size([3, 4])
    """
    return plain_many(input, s, dim, norm, True)


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = None, str norm = None, *, Tensor out = None)")
def fft_ifftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
    """The inverse of `fftn`.

    Args:
        input: any numbers.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; all, or the last ones that `s` has sizes for by default.
        norm: 'backward' for 1/n, 'ortho' for 1/√n, 'forward' for no factor.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.ifftn(torch.ones(3, 4)).shape
        torch.Size([3, 4])
    """
    return plain_many(input, s, dim, norm, False)


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = None, str norm = None, *, Tensor out = None)")
def fft_rfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
    """`fftn` of real numbers: half the spectrum of the last dimension.

    Args:
        input: real numbers.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; all, or the last ones that `s` has sizes for by default.
        norm: 'backward' for no factor, 'ortho' for 1/√n, 'forward' for 1/n.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.rfftn(torch.ones(3, 4)).shape
        torch.Size([3, 3])
    """
    return real_many(input, s, dim, norm)


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = None, str norm = None, *, Tensor out = None)")
def fft_irfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
    """The inverse of `rfftn`.

    Args:
        input: half a spectrum.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; all, or the last ones that `s` has sizes for by default.
        norm: 'backward' for 1/n, 'ortho' for 1/√n, 'forward' for no factor.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.irfftn(torch.ones(3, 4)).shape
        torch.Size([3, 6])
    """
    return inverse_real_many(input, s, dim, norm)


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = None, str norm = None, *, Tensor out = None)")
def fft_hfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
    """`fftn` of numbers of which half are given along the last dimension: real results.

    Args:
        input: half of the numbers.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; all, or the last ones that `s` has sizes for by default.
        norm: 'backward' for no factor, 'ortho' for 1/√n, 'forward' for 1/n.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.hfftn(torch.ones(3, 4)).shape
        torch.Size([3, 6])
    """
    return hermitian_many(input, s, dim, norm)


@function("(Tensor input, tuple of ints s = None, tuple of ints dim = None, str norm = None, *, Tensor out = None)")
def fft_ihfftn(input: Any, s: Any = None, dim: Any = None, norm: str | None = None) -> Any:
    """The inverse of `hfftn`.

    Args:
        input: real numbers.
        s: sizes to cut the dimensions to, or fill them up to with zeros; -1 leaves one as it is.
        dim: the dimensions; all, or the last ones that `s` has sizes for by default.
        norm: 'backward' for 1/n, 'ortho' for 1/√n, 'forward' for no factor.

    Raises:
        RuntimeError: the dtype does not do, there is no such norm, or nothing to transform.

    Example:
        >>> import pyconv as torch
        >>> torch.fft.ihfftn(torch.ones(3, 4)).shape
        torch.Size([3, 3])
    """
    return inverse_hermitian_many(input, s, dim, norm)
