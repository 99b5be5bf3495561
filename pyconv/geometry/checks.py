"""The checks that torch makes of a convolution's sizes, with its types and texts.

May import: `pyconv.geometry` and the standard library. The order in which the checks are made is that of
`pyconv.geometry.conv`.
"""

from __future__ import annotations

from pyconv.geometry.sizes import Size, per_channel, size_text
from pyconv.geometry.window import Window


def check_rank(shape: Size, ndim: int, name: str) -> bool:
    """Whether an input is batched.

    Raises:
        RuntimeError: it has neither `ndim` + 1 nor `ndim` + 2 dimensions.
    """
    if len(shape) not in (ndim + 1, ndim + 2):
        raise RuntimeError(
            f"Expected {ndim + 1}D (unbatched) or {ndim + 2}D (batched) input to {name}, "
            f"but got input of size: {size_text(shape)}"
        )
    return len(shape) == ndim + 2


def check_weight_rank(w_shape: Size, groups: int) -> None:
    """The weight has a spatial dimension, and there are groups."""
    if len(w_shape) < 3:
        raise RuntimeError("weight should have at least three dimensions")
    if groups <= 0:
        raise RuntimeError("non-positive groups is not supported")


def check_signs(padding: Size, output_padding: Size, stride: Size, dilation: Size) -> None:
    """Paddings and dilations are not negative, strides positive."""
    if any(p < 0 for p in padding):
        raise RuntimeError("negative padding is not supported")
    if any(p < 0 for p in output_padding):
        raise RuntimeError("negative output_padding is not supported")
    if any(s <= 0 for s in stride):
        raise RuntimeError("non-positive stride is not supported")
    if any(d < 0 for d in dilation):
        raise RuntimeError("dilation should be greater than zero")


def check_ranks(x_shape: Size, w_shape: Size) -> None:
    """Input and weight have the same number of dimensions."""
    if len(x_shape) != len(w_shape):
        raise RuntimeError(
            f"Expected {len(w_shape)}-dimensional input for {len(w_shape)}-dimensional weight {size_text(w_shape)}, "
            f"but got {len(x_shape)}-dimensional input of size {size_text(x_shape)} instead"
        )


def check_empty_batch(w_shape: Size) -> None:
    """An empty batch needs a weight that is not empty."""
    if 0 in w_shape:
        raise IndexError("select(): index 0 out of range for tensor of size [0] at dimension 0")


def check_empty_size(lead: Size, spatial: Size) -> None:
    """The output of an empty batch has no negative size; torch finds them as it reshapes."""
    size = (*lead, *_as_2d(spatial, 1))
    for axis, n in enumerate(size):
        if n < -1:
            raise RuntimeError(f"invalid shape dimension {n} at index {axis} of shape {size_text(size)}")
    if size.count(-1) > 1:
        raise RuntimeError("only one dimension can be inferred")
    if -1 in size:
        raise RuntimeError(
            f"cannot reshape tensor of 0 elements into shape {size_text(size)} because the unspecified dimension "
            "size -1 can be any value and is ambiguous"
        )


def check_weight(w_shape: Size, groups: int) -> None:
    """The first dimension of the weight can be cut into groups."""
    if w_shape[0] < groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be at least {groups} at dimension 0, "
            f"but got weight of size {size_text(w_shape)} instead"
        )
    if w_shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, "
            f"but got weight of size [{size_text(w_shape)}] instead"
        )


def check_channels(x_shape: Size, w_shape: Size, b_shape: Size | None, groups: int) -> None:
    """Input and bias have the channels that the weight says."""
    channels = w_shape[1] * groups
    if x_shape[1] != channels:
        raise RuntimeError(
            f"Given groups={groups}, weight of size {size_text(w_shape)}, expected input{size_text(x_shape)} "
            f"to have {channels} channels, but got {x_shape[1]} channels instead"
        )
    if b_shape is not None and b_shape != (w_shape[0],):
        raise RuntimeError(
            f"Given weight of size {size_text(w_shape)}, expected bias to be 1-dimensional with {w_shape[0]} "
            f"elements, but got bias of size {size_text(b_shape)} instead"
        )


def check_transposed_channels(x_shape: Size, w_shape: Size, b_shape: Size | None, groups: int) -> None:
    """Input and bias have the channels that the weight of a transposed convolution says."""
    given = f"Given transposed=1, weight of size {size_text(w_shape)}, expected"
    if x_shape[1] != w_shape[0]:
        raise RuntimeError(
            f"{given} input{size_text(x_shape)} to have {w_shape[0]} channels, but got {x_shape[1]} channels instead"
        )
    if b_shape is not None and b_shape != (w_shape[1] * groups,):
        raise RuntimeError(
            f"{given} bias to be 1-dimensional with {w_shape[1] * groups} elements, "
            f"but got bias of size {size_text(b_shape)} instead"
        )


def check_not_empty(x_shape: Size) -> None:
    """The input has elements."""
    if 0 in x_shape:
        shape = (*x_shape[:2], *_as_2d(x_shape[2:], 1))
        raise RuntimeError(
            f"Only zero batch or zero channel inputs are supported, but got input shape: {size_text(shape)}"
        )


def check_kernel(window: Window) -> None:
    """Kernel and dilation are positive."""
    if 0 in window.kernel:
        kernel = _as_2d(window.kernel, 1)
        if any(d != 1 for d in window.dilation):
            text = size_text(kernel)
        elif len(kernel) == 2:
            text = _named("kernel", kernel)
        else:
            raise RuntimeError(
                f"kernel size should be greater than zero, but got: {' x '.join(map(str, kernel))} (TxHxW)"
            )
        raise RuntimeError(f"kernel size should be greater than zero, but got {text}")
    if 0 in window.dilation:
        raise RuntimeError(f"dilation should be greater than zero, but got {size_text(_as_2d(window.dilation, 1))}")


def check_transposed_sizes(x_shape: Size, w_shape: Size, window: Window, extras: Size, size: Size, groups: int) -> None:
    """The sizes of a transposed convolution are such that its output has elements."""
    check_not_empty(x_shape)
    _check_transposed_kernel(window)
    if any(e >= s and e >= d for e, s, d in zip(extras, window.stride, window.dilation, strict=True)):
        given = (
            ("output_padding", _as_2d(extras, 0)),
            ("stride", _as_2d(window.stride, 1)),
            ("dilation", _as_2d(window.dilation, 1)),
        )
        raise RuntimeError(
            "output padding must be smaller than either stride or dilation, but got "
            + " ".join(_named(name, values) for name, values in given)
        )
    _check_transposed_weight(w_shape, groups)
    if any(n < 1 for n in size):
        raise RuntimeError(
            f"Given input size per channel: {per_channel(_as_2d(x_shape[2:], 1))}. "
            f"Calculated output size per channel: {per_channel(_as_2d(size, 1))}. Output size is too small"
        )


def _check_transposed_kernel(window: Window) -> None:
    kernel = _as_2d(window.kernel, 1)
    if len(kernel) == 2 and 0 in kernel:
        raise RuntimeError(f"kernel size should be greater than zero, but got {_named('kernel', kernel)}")
    if 0 in window.dilation:
        dilation = _named("dilation", _as_2d(window.dilation, 1), ", ")
        raise RuntimeError(f"dilation should be greater than zero, but got {dilation}")


def _check_transposed_weight(w_shape: Size, groups: int) -> None:
    kernel = _as_2d(w_shape[2:], 1)
    if 0 in w_shape:
        what = (
            "non-empty 2D or 4D weight tensor expected"
            if len(kernel) == 2
            else (
                "non-empty 5D (n_output_plane x n_input_plane x kernel_depth x kernel_height x kernel_width) "
                "tensor expected for weight"
            )
        )
        shape = (w_shape[0] // groups, w_shape[1], *kernel)
        raise RuntimeError(f"{what}, but got: {size_text(shape)}")


def _as_2d(size: Size, missing: int) -> Size:
    """Torch runs one spatial dimension as two, and says so in its texts."""
    return (missing, *size) if len(size) == 1 else size


def _named(name: str, size: Size, separator: str = " ") -> str:
    names = ("depth", "height", "width")[-len(size) :]
    return separator.join(f"{name}_{axis}: {n}" for axis, n in zip(names, size, strict=True))
