"""torch's pixel_shuffle, pixel_unshuffle and channel_shuffle, which are functions of torch itself too.

May import: NumPy, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.ops import shuffle as ops
from pyconv.ops.cast import array_of, clone
from pyconv.ops.undifferentiated import undifferentiated
from pyconv.signatures import function

__all__ = ["channel_shuffle", "native_channel_shuffle", "pixel_shuffle", "pixel_unshuffle"]


def _checked(name: str, factor_name: str, input: Any, factor: Any) -> tuple[tuple[int, ...], int]:
    shape, factor = array_of(input).shape, _plain(factor)
    if len(shape) < 3:
        raise RuntimeError(
            f"{name} expects input to have at least 3 dimensions, but got input with {len(shape)} dimension(s)"
        )
    if factor <= 0:
        raise RuntimeError(f"{name} expects a positive {factor_name}, but got {factor}")
    return shape, factor


def _plain(value: Any) -> int:
    """An int for what torch takes for one.

    Raises:
        TypeError: it takes it for none.
    """
    if isinstance(value, (bool, float)):
        raise TypeError("an int")
    return int(value.__index__())


@function("(Tensor input, int upscale_factor)")
def pixel_shuffle(input: Any, upscale_factor: int) -> Any:
    """Elements of r² channels side by side in one that is r times as high and wide.

    W. Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional
    Neural Network", CVPR 2016.

    Args:
        input: (..., C·r², H, W), of any dtype; a Tensor or an ndarray.
        upscale_factor: r.

    Returns:
        (..., C, H·r, W·r).

    Raises:
        RuntimeError: the shape does not fit, or r is not positive.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> pixel_shuffle(np.arange(4.0).reshape(4, 1, 1), 2)
        array([[[0., 1.],
                [2., 3.]]])
    """
    shape, factor = _checked("pixel_shuffle", "upscale_factor", input, upscale_factor)
    if shape[-3] % (factor * factor):
        raise RuntimeError(_indivisible(shape[-3], factor))
    found = ops.pixel_shuffle(input, factor=factor)
    return found if array_of(input).size else _not_back("PixelShuffle", found, array_of(found).shape, shape)


def _not_back(name: str, found: Any, gradient: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    """A result without elements, to which torch has a gradient of a wrong shape unless nothing is moved."""
    if gradient == shape:
        return found
    reason = (
        f"Function {name}Backward0 returned an invalid gradient at index 0 - got {list(gradient)} but expected shape "
        f"compatible with {list(shape)}"
    )
    return undifferentiated(found, reason=reason)


@function("(Tensor input, int downscale_factor)")
def pixel_unshuffle(input: Any, downscale_factor: int) -> Any:
    """What `pixel_shuffle` does, undone.

    Args:
        input: (..., C, H·r, W·r), of any dtype; a Tensor or an ndarray.
        downscale_factor: r.

    Returns:
        (..., C·r², H, W).

    Raises:
        RuntimeError: the shape does not fit, or r is not positive.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> pixel_unshuffle(np.ones((1, 4, 6)), 2).shape
        (4, 2, 3)
    """
    shape, factor = _checked("pixel_unshuffle", "downscale_factor", input, downscale_factor)
    for name, at in (("height", -2), ("width", -1)):
        if shape[at] % factor:
            raise RuntimeError(
                f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but input.size({at})="
                f"{shape[at]} is not divisible by {factor}"
            )
    if array_of(input).size:
        return ops.pixel_unshuffle(input, factor=factor)
    if shape[-3] % (factor * factor):
        return undifferentiated(input, reason=_indivisible(shape[-3], factor))
    gradient = (*shape[:-3], shape[-3] // factor**2, shape[-2] * factor, shape[-1] * factor)
    return _not_back("PixelUnshuffle", clone(input), gradient, shape)


def _indivisible(channels: int, factor: int) -> str:
    return (
        "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but "
        f"input.size(-3)={channels} is not divisible by {factor * factor}"
    )


@function("(Tensor input, int groups)")
def channel_shuffle(input: Any, groups: int) -> Any:
    """The channels of groups in turn: the first of each, then the second of each, and so on.

    X. Zhang, X. Zhou, M. Lin, J. Sun, "ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile
    Devices", CVPR 2018.

    Args:
        input: (N, C, ...), of any dtype; a Tensor or an ndarray.
        groups: how many groups the channels are divided into.

    Returns:
        A tensor of the shape of `input`.

    Raises:
        RuntimeError: the shape does not fit, or there are no groups.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> channel_shuffle(np.arange(4.0).reshape(1, 4, 1), 2).ravel()
        array([0., 2., 1., 3.])
    """
    shape, groups = array_of(input).shape, _plain(groups)
    if len(shape) <= 2:
        raise RuntimeError(f"channel_shuffle expects input with > 2 dims, but got input with sizes {list(shape)}")
    if groups <= 0:
        raise RuntimeError(f"Number of groups to divide channels in must be positive. Value of groups:{groups}")
    if shape[1] % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {shape[1]} channels and {groups} groups."
        )
    found = ops.channel_shuffle(input, groups=groups)
    if shape[1]:
        return found
    reason = "Number of groups to divide channels in must be positive. Value of groups:0"
    return undifferentiated(found, reason=reason)


@function("(Tensor input, int groups)")
def native_channel_shuffle(input: Any, groups: int) -> Any:
    """`channel_shuffle`, under the name of torch's kernel.

    Args:
        input: (N, C, ...).
        groups: how many groups the channels are divided into.

    Raises:
        RuntimeError: the shape does not fit, or there are no groups.

    Example:
        >>> import numpy as np
        >>> native_channel_shuffle(np.arange(4.0).reshape(1, 4, 1), 2).ravel()
        array([0., 2., 1., 3.])
    """
    return channel_shuffle(input, groups)
