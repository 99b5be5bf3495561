"""The checks that torch makes of unfold and fold, and the windows of them.

May import: `pyconv.geometry` and the standard library.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pyconv.geometry.sizes import Size, size_text
from pyconv.geometry.window import Window

UNFOLD_ORDER = ("kernel", "dilation", "pad", "stride")
"""The order in which torch looks at the sizes of `unfold`."""
FOLD_ORDER = ("kernel", "stride", "dilation", "pad")
"""The same for `fold`."""


def window_of(kernel: Size, dilation: Size, padding: Size, stride: Size, order: Sequence[str] = UNFOLD_ORDER) -> Window:
    """The window of two spatial dimensions that `unfold` and `fold` slide.

    Args:
        kernel: as given, like the rest.
        dilation: the distance between taps.
        padding: zeros on both sides.
        stride: the step.
        order: in which the values are checked.

    Raises:
        RuntimeError: a list has another length than 2, or holds a value that is out of range.

    Example:
        >>> window_of((3, 3), (1, 1), (1, 1), (2, 2)).output((5, 5))
        (3, 3)
    """
    for name, values in (("kernel_size", kernel), ("dilation", dilation), ("padding", padding), ("stride", stride)):
        _check_length(name, values)
    given = {"kernel": kernel, "dilation": dilation, "pad": padding, "stride": stride}
    for name in order:
        _check_range(name, given[name])
    return Window(kernel, stride, tuple((p, p) for p in padding), dilation)


def check_sizes_are_there(shape: Size) -> None:
    """Raise IndexError unless there are two dimensions, which torch reads first where a gradient is wanted."""
    if not shape:
        raise IndexError("Dimension specified as -1 but tensor has no dimensions")
    if len(shape) < 2:
        raise IndexError("Dimension out of range (expected to be in range of [-1, 0], but got -2)")


def check_unfold(shape: Size, window: Window) -> None:
    """Check an input of `unfold`.

    Raises:
        IndexError: it has fewer than three dimensions.
        RuntimeError: it is empty, of another rank than 3 or 4, or smaller than the window.
    """
    if not shape:
        raise IndexError("Dimension specified as 1 but tensor has no dimensions")
    if len(shape) < 3 and shape[1:] != (0,):  # torch looks no further than an empty dimension 1
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
    blocks = window.output(output_size)
    if blocks[0] * blocks[1] != length:
        raise RuntimeError(
            f"Given output_size={output_size}, kernel_size={window.kernel}, dilation={window.dilation}, "
            f"padding={_low(window)}, stride={window.stride}, expected size of input's dimension 2 to match "
            f"the calculated number of sliding blocks {blocks[0]} * {blocks[1]} = {blocks[0] * blocks[1]}, "
            f"but got input.size(2)={length}."
        )
    if min(blocks) < 1:
        raise RuntimeError(
            f"Given output_size={output_size}, kernel_size={window.kernel}, dilation={window.dilation}, "
            f"padding={_low(window)}, stride={window.stride}, calculated shape of the array of sliding blocks as "
            f"{blocks}, which is too small (non-positive)"
        )
    if min(output_size) < 1:
        raise RuntimeError(f"Expected output spatial size to be positive, but got: output_size={output_size}.")


def check_output_size(output_size: Size) -> None:
    """Raise RuntimeError unless there are two sizes."""
    _check_length("output_size", output_size)


def _low(window: Window) -> Size:
    return tuple(low for low, _ in window.padding)


def _check_length(name: str, values: Size) -> None:
    if len(values) != 2:
        raise RuntimeError(f"It is expected {name} equals to 2, but got size {len(values)}")


def _check_range(name: str, values: Size) -> None:
    shown = f"but got {name}_height: {values[0]} {name}_width: {values[1]}"
    if name == "pad":
        if min(values) < 0:
            raise RuntimeError(f"padding should be non-negative, {shown}")
    elif min(values) <= 0:
        what = "kernel size" if name == "kernel" else name
        raise RuntimeError(f"{what} should be greater than zero, {shown}")
