"""Weights with a structure: the identity, orthogonal matrices, sparse columns.

May import: NumPy, the standard library, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.random`, `pyconv.tensor`
and `pyconv.nn.init.fill`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes, random
from pyconv.autograd import no_grad
from pyconv.nn.init.fill import normal_, zeros_
from pyconv.random import Generator
from pyconv.tensor import Tensor

Array = np.ndarray[Any, Any]


def eye_(tensor: Tensor) -> Tensor:
    """Make a matrix the identity: as many inputs of a linear layer as possible pass unchanged.

    Args:
        tensor: (rows, columns), any dtype; overwritten and returned.

    Raises:
        ValueError: another number of dimensions.

    Example:
        >>> eye_(Tensor(2, 3))
        tensor([[1., 0., 0.],
                [0., 1., 0.]])
    """
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    zeros_(tensor)
    diagonal = np.arange(min(tensor.shape))
    tensor._array[diagonal, diagonal] = 1
    return tensor


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """Make a convolution the identity: as many channels as possible of each group pass unchanged.

    Args:
        tensor: weight (O, C, *kernel) of one, two or three spatial dimensions; overwritten and returned.
        groups: number of groups of the convolution.

    Raises:
        ValueError: another number of dimensions, or O is not divisible by `groups`.

    Example:
        >>> dirac_(Tensor(2, 2, 3))
        tensor([[[0., 1., 0.],
                 [0., 0., 0.]],
        <BLANKLINE>
                [[0., 0., 0.],
                 [0., 1., 0.]]])
    """
    if tensor.dim() not in (3, 4, 5):
        raise ValueError("Only tensors with 3, 4, or 5 dimensions are supported")
    out_channels, in_channels, *kernel = tensor.shape
    if out_channels % groups != 0:
        raise ValueError("dim 0 must be divisible by groups")
    zeros_(tensor)
    group_size = out_channels // groups
    first = np.arange(groups)[:, None] * group_size
    channel = np.arange(min(group_size, in_channels))
    ones: tuple[Any, ...] = (first + channel, channel, *(size // 2 for size in kernel))
    tensor._array[ones] = 1
    return tensor


def orthogonal_(tensor: Tensor, gain: float = 1, generator: Generator | None = None) -> Tensor:
    """Fill with a matrix whose rows, or whose columns if those are fewer, are orthonormal, times `gain`.

    A. Saxe, J. McClelland, S. Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear
    neural networks", 2013, https://arxiv.org/abs/1312.6120

    The factorisation is LAPACK's, and another build of LAPACK than torch's rounds otherwise: expect agreement
    with torch to a few units in the last place of the largest elements, not to the bit.

    Args:
        tensor: (rows, ...), float32 or float64, trailing dimensions taken as one; overwritten and returned.
        gain: factor of the result.
        generator: source of the numbers; the default generator if not given.

    Raises:
        ValueError: fewer than two dimensions.
        NotImplementedError: another dtype.

    Example:
        >>> w = orthogonal_(Tensor(2, 2), generator=Generator().manual_seed(0))
        >>> bool(np.allclose(w._array @ w._array.T, np.eye(2), atol=1e-6))
        True
    """
    if tensor.dim() < 2:
        raise ValueError("Only tensors with 2 or more dimensions are supported")
    if tensor.numel() == 0 or tensor.is_meta:
        return tensor
    rows = tensor.shape[0]
    columns = tensor.numel() // rows
    source = random.default_generator if generator is None else generator
    flat = source.normal((rows, columns), dtype=tensor._array.dtype)
    q = _orthonormal_columns(flat if rows >= columns else flat.T)
    with no_grad():
        tensor.view(rows, columns).copy_(Tensor._wrap(q if rows >= columns else q.T))
        tensor.mul_(gain)
    return tensor


def _orthonormal_columns(matrix: Array) -> Array:
    """Q of the QR factorisation whose R has a positive diagonal, which makes Q uniformly distributed."""
    kind = dtypes.of(matrix)
    if kind in (dtypes.float16, dtypes.bfloat16):
        raise NotImplementedError(f"\"geqrf_cpu\" not implemented for '{kind.scalar_name}'")
    if kind.is_complex:
        raise NotImplementedError(
            "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead."
        )
    q, r = np.linalg.qr(matrix)
    oriented: Array = q * np.sign(np.diagonal(r))
    return oriented


def sparse_(tensor: Tensor, sparsity: float, std: float = 0.01, generator: Generator | None = None) -> Tensor:
    """Fill a matrix from the normal distribution and set a part of each column, chosen at random, to zero.

    J. Martens, "Deep learning via Hessian-free optimization", 2010.

    As in torch the zeros are placed by the default generator, whatever `generator` is.

    Args:
        tensor: (rows, columns), floating-point or complex; overwritten and returned.
        sparsity: fraction of the elements of each column that become zero, rounded up.
        std: standard deviation of the others.
        generator: source of the normal numbers; the default generator if not given.

    Raises:
        ValueError: another number of dimensions.

    Example:
        >>> w = sparse_(Tensor(4, 3), 0.5)
        >>> (w == 0).sum(0)
        tensor([2, 2, 2])
    """
    if tensor.dim() != 2:
        raise ValueError("Only tensors with 2 dimensions are supported")
    if tensor.is_meta:
        return tensor
    rows, columns = tensor.shape
    zeros = math.ceil(sparsity * rows)
    normal_(tensor, 0, std, generator)
    for column in range(columns):
        tensor._array[random.default_generator.permutation(rows)[:zeros], column] = 0
    return tensor
