"""Adaptive pooling: the windows are those that give a size of the result.

May import: `pyconv.functions`, `pyconv.nn.functional`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.pooling import adaptive as builtin
from pyconv.nn.functional.pooling.arguments import by_return_indices, size_of

OutputSize = int | tuple[int | None, ...]


def _with_default(output_size: Any, size: tuple[int, ...]) -> Any:
    """A size with the input's where it is None; a number as it is."""
    if isinstance(output_size, int):
        return output_size
    if len(size) <= len(output_size):
        raise ValueError(f"Input dimension should be at least {len(output_size) + 1}")
    return [n if o is None else o for o, n in zip(output_size, size[-len(output_size) :], strict=False)]


def adaptive_avg_pool2d(input: Any, output_size: OutputSize) -> Any:
    """The means of windows that divide an image.

    Args:
        input: (N, C, H, W) or (C, H, W), of a float dtype.
        output_size: one int or (H_out, W_out), None for the size of the input.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out).

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: another dtype.

    Example:
        >>> import pyconv as torch
        >>> adaptive_avg_pool2d(torch.arange(9.0).reshape(1, 3, 3), (1, None))
        tensor([[[3., 4., 5.]]])
    """
    return builtin.adaptive_avg_pool2d(input, _with_default(output_size, size_of(input)))


def adaptive_avg_pool3d(input: Any, output_size: OutputSize) -> Any:
    """The means of windows that divide a volume.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W), of a float dtype.
        output_size: one int or (D_out, H_out, W_out), None for the size of the input.

    Returns:
        (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out).

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: another dtype.

    Example:
        >>> import pyconv as torch
        >>> adaptive_avg_pool3d(torch.arange(8.0).reshape(1, 2, 2, 2), (1, 1, None))
        tensor([[[[3., 4.]]]])
    """
    return builtin.adaptive_avg_pool3d(input, _with_default(output_size, size_of(input)))


def adaptive_max_pool1d_with_indices(
    input: Any,
    output_size: int,
    return_indices: bool = False,  # noqa: ARG001
) -> Any:
    """The largest elements of windows that divide the last dimension.

    Args:
        input: (N, C, L) or (C, L), of a float dtype.
        output_size: how many there are.
        return_indices: whether `adaptive_max_pool1d` gives the places of the elements too.

    Returns:
        (N, C, output_size) or (C, output_size); with indices, a pair of these, places along L the second.

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: another dtype.

    Example:
        >>> import pyconv as torch
        >>> adaptive_max_pool1d(torch.tensor([[1.0, 3.0, 2.0]]), 2)
        tensor([[3., 3.]])
    """
    return builtin.adaptive_max_pool1d(input, output_size)


def _adaptive_max_pool1d(input: Any, output_size: int, return_indices: bool = False) -> Any:  # noqa: ARG001
    return adaptive_max_pool1d_with_indices(input, output_size)[0]


def adaptive_max_pool2d_with_indices(
    input: Any,
    output_size: OutputSize,
    return_indices: bool = False,  # noqa: ARG001
) -> Any:
    """The largest elements of windows that divide an image.

    Args:
        input: (N, C, H, W) or (C, H, W), of a float dtype.
        output_size: one int or (H_out, W_out), None for the size of the input.
        return_indices: whether `adaptive_max_pool2d` gives the places of the elements too.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out); with indices, a pair of these, places in the plane the second.

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: another dtype.

    Example:
        >>> import pyconv as torch
        >>> adaptive_max_pool2d(torch.arange(9.0).reshape(1, 3, 3), (1, None))
        tensor([[[6., 7., 8.]]])
    """
    return builtin.adaptive_max_pool2d(input, _with_default(output_size, size_of(input)))


def _adaptive_max_pool2d(input: Any, output_size: OutputSize, return_indices: bool = False) -> Any:  # noqa: ARG001
    return adaptive_max_pool2d_with_indices(input, output_size)[0]


def adaptive_max_pool3d_with_indices(
    input: Any,
    output_size: OutputSize,
    return_indices: bool = False,  # noqa: ARG001
) -> Any:
    """The largest elements of windows that divide a volume.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W), of a float dtype.
        output_size: one int or (D_out, H_out, W_out), None for the size of the input.
        return_indices: whether `adaptive_max_pool3d` gives the places of the elements too.

    Returns:
        (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out); with indices, a pair of these.

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: another dtype.

    Example:
        >>> import pyconv as torch
        >>> adaptive_max_pool3d(torch.arange(8.0).reshape(1, 2, 2, 2), 1)
        tensor([[[[7.]]]])
    """
    return builtin.adaptive_max_pool3d(input, _with_default(output_size, size_of(input)))


def _adaptive_max_pool3d(input: Any, output_size: OutputSize, return_indices: bool = False) -> Any:  # noqa: ARG001
    return adaptive_max_pool3d_with_indices(input, output_size)[0]


adaptive_max_pool1d = by_return_indices(
    "adaptive_max_pool1d", 2, adaptive_max_pool1d_with_indices, _adaptive_max_pool1d
)
adaptive_max_pool2d = by_return_indices(
    "adaptive_max_pool2d", 2, adaptive_max_pool2d_with_indices, _adaptive_max_pool2d
)
adaptive_max_pool3d = by_return_indices(
    "adaptive_max_pool3d", 2, adaptive_max_pool3d_with_indices, _adaptive_max_pool3d
)
