"""Max pooling.

May import: `pyconv.functions`, `pyconv.nn.functional`.
"""

from __future__ import annotations

from typing import Any

from pyconv.functions.pooling import maximum as builtin
from pyconv.nn.functional.pooling.arguments import by_return_indices, size_of

Ints = int | tuple[int, ...]


def max_pool1d_with_indices(
    input: Any,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,  # noqa: ARG001
) -> Any:
    """The largest element of each window along the last dimension.

    Args:
        input: (N, C, L) or (C, L).
        kernel_size: the taps of the window.
        stride: the step of the window, `kernel_size` by default.
        padding: elements added on both sides that no other is smaller than, at most half of `kernel_size`.
        dilation: the distance between taps.
        ceil_mode: whether the last window may hang over the end.
        return_indices: whether `max_pool1d` gives the places of the elements too.

    Returns:
        (N, C, L_out) or (C, L_out); with indices, a pair of these, places along L the second.

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: the dtype is bool or complex, or an integer where no indices are wanted.

    Example:
        >>> import pyconv as torch
        >>> max_pool1d(torch.tensor([[1.0, 3.0, 2.0, 4.0]]), 2, return_indices=True)
        (tensor([[3., 4.]]), tensor([[1, 3]]))
    """
    return builtin.max_pool1d_with_indices(
        input, kernel_size, () if stride is None else stride, padding, dilation, ceil_mode
    )


def max_pool2d_with_indices(
    input: Any,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,  # noqa: ARG001
) -> Any:
    """The largest element of each window of an image.

    Args:
        input: (N, C, H, W) or (C, H, W).
        kernel_size: the taps of the window, one int or (kH, kW).
        stride: the step of the window, `kernel_size` by default.
        padding: elements added on both sides that no other is smaller than, at most half of `kernel_size`.
        dilation: the distance between taps.
        ceil_mode: whether the last window may hang over the end.
        return_indices: whether `max_pool2d` gives the places of the elements too.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out); with indices, a pair of these, places in the plane the second.

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: the dtype is bool or complex.

    Example:
        >>> import pyconv as torch
        >>> max_pool2d(torch.arange(9.0).reshape(1, 3, 3), 2, stride=1)
        tensor([[[4., 5.],
                 [7., 8.]]])
    """
    return builtin.max_pool2d_with_indices(
        input, kernel_size, () if stride is None else stride, padding, dilation, ceil_mode
    )


def max_pool3d_with_indices(
    input: Any,
    kernel_size: Ints,
    stride: Ints | None = None,
    padding: Ints = 0,
    dilation: Ints = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,  # noqa: ARG001
) -> Any:
    """The largest element of each window of a volume.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W).
        kernel_size: the taps of the window, one int or (kD, kH, kW).
        stride: the step of the window, `kernel_size` by default.
        padding: elements added on both sides that no other is smaller than, at most half of `kernel_size`.
        dilation: the distance between taps.
        ceil_mode: whether the last window may hang over the end.
        return_indices: whether `max_pool3d` gives the places of the elements too.

    Returns:
        (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out); with indices, a pair of these.

    Raises:
        RuntimeError: sizes do not fit.
        NotImplementedError: the dtype is bool or complex.

    Example:
        >>> import pyconv as torch
        >>> max_pool3d(torch.arange(8.0).reshape(1, 2, 2, 2), 2)
        tensor([[[[7.]]]])
    """
    size_of(input, "is_cuda")
    return builtin.max_pool3d_with_indices(
        input, kernel_size, () if stride is None else stride, padding, dilation, ceil_mode
    )


def _values(name: str) -> Any:
    """The pooling of a name as it is without indices, which goes by torch's name for that."""
    pool = getattr(builtin, name)

    def values(
        input: Any,
        kernel_size: Ints,
        stride: Ints | None = None,
        padding: Ints = 0,
        dilation: Ints = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,  # noqa: ARG001
    ) -> Any:
        return pool(input, kernel_size, () if stride is None else stride, padding, dilation, ceil_mode)

    values.__name__ = values.__qualname__ = f"_{name}"
    return values


max_pool1d = by_return_indices("max_pool1d", 6, max_pool1d_with_indices, _values("max_pool1d"))
max_pool2d = by_return_indices("max_pool2d", 6, max_pool2d_with_indices, _values("max_pool2d"))
max_pool3d = by_return_indices("max_pool3d", 6, max_pool3d_with_indices, _values("max_pool3d"))
