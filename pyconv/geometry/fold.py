"""The checks that torch makes of unfold and fold, and the windows of them.

May import: `pyconv.geometry` and the standard library.
"""

from __future__ import annotations

import math

from pyconv.geometry.sizes import Size, size_text
from pyconv.geometry.window import Window


def window_of(kernel: Size, dilation: Size, padding: Size, stride: Size) -> Window:
    """The window of two spatial dimensions that `unfold` and `fold` slide.

    Raises:
        RuntimeError: a list has another length than 2, or holds a value that is out of range.

    Example:
        >>> window_of((3, 3), (1, 1), (1, 1), (2, 2)).output((5, 5))
        (3, 3)
    """
    named = (("kernel_size", kernel), ("dilation", dilation), ("padding", padding), ("stride", stride))
    for name, values in named:
        _check_length(name, values)
    _check_positive("kernel size", "kernel", kernel)
    _check_positive("dilation", "dilation", dilation)
    if min(padding) < 0:
        raise RuntimeError(f"padding should be non-negative, but got pad_height: {padding[0]} pad_width: {padding[1]}")
    _check_positive("stride", "stride", stride)
    return Window(kernel, stride, tuple((p, p) for p in padding), dilation)


def check_unfold(shape: Size, window: Window) -> None:
    """Check an input of `unfold`.

    Raises:
        IndexError: it has fewer than three dimensions.
        RuntimeError: it is empty, of another rank than 3 or 4, or smaller than the window.
    """
    if not shape:
        raise IndexError("Dimension specified as 1 but tensor has no dimensions")
    if len(shape) < 3:
        last = len(shape) - 1
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-last - 1}, {last}], but got {last + 1})"
        )
    if len(shape) not in (3, 4) or 0 in shape[-3:]:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, "
            f"but got: {size_text(shape)}"
        )
    blocks = window.output(shape[-2:])
    if min(blocks) < 1:
        raise RuntimeError(
            f"Given input with spatial size {shape[-2:]}, kernel_size={window.kernel}, dilation={window.dilation}, "
            f"padding={_low(window)}, calculated shape of the array of sliding blocks as {blocks}, "
            "but its components must be at least one."
        )


def check_fold(shape: Size, output_size: Size, window: Window) -> None:
    """Check an input of `fold`.

    Raises:
        RuntimeError: it is empty, of another rank than 2 or 3, or does not fit the window and the output size.
    """
    if len(shape) not in (2, 3) or 0 in shape[-2:]:
        raise RuntimeError(
            "Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for "
            f"input, but got: {size_text(shape)}"
        )
    channels, length = shape[-2:]
    if channels % math.prod(window.kernel):
        raise RuntimeError(
            "Expected size of input's dimension 1 to be divisible by the product of kernel_size, "
            f"but got input.size(1)={channels} and kernel_size={window.kernel}."
        )
    blocks = tuple(_toward_zero(n, window, i) for i, n in enumerate(output_size))
    if blocks[0] * blocks[1] != length:
        raise RuntimeError(
            f"Given output_size={output_size}, kernel_size={window.kernel}, dilation={window.dilation}, "
            f"padding={_low(window)}, stride={window.stride}, expected size of input's dimension 2 to match "
            f"the calculated number of sliding blocks {blocks[0]} * {blocks[1]} = {blocks[0] * blocks[1]}, "
            f"but got input.size(2)={length}."
        )
    if min(output_size) < 1:
        raise RuntimeError(f"Expected output spatial size to be positive, but got: output_size={output_size}.")


def check_output_size(output_size: Size) -> None:
    """Raise RuntimeError unless there are two sizes."""
    _check_length("output_size", output_size)


def _toward_zero(size: int, window: Window, axis: int) -> int:
    """The positions along one dimension as torch counts them, whose division rounds towards zero."""
    low, high = window.padding[axis]
    return int((size + low + high - window.extent[axis]) / window.stride[axis]) + 1


def _low(window: Window) -> Size:
    return tuple(low for low, _ in window.padding)


def _check_length(name: str, values: Size) -> None:
    if len(values) != 2:
        raise RuntimeError(f"It is expected {name} equals to 2, but got size {len(values)}")


def _check_positive(what: str, name: str, values: Size) -> None:
    if min(values) <= 0:
        raise RuntimeError(
            f"{what} should be greater than zero, but got {name}_height: {values[0]} {name}_width: {values[1]}"
        )
