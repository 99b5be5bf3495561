"""The checks that torch makes of the sizes of pooling, with its types and texts.

May import: `pyconv.geometry` and the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyconv.geometry.pool import Axes, output_size, sliding
from pyconv.geometry.sizes import Size, size_text


@dataclass(frozen=True)
class Pool:
    """The sizes of a pooling window, one of each for every spatial dimension.

    Attributes:
        kernel: taps.
        stride: the step of the window.
        padding: elements added before and after.
        dilation: the distance between taps.
        ceil_mode: whether the last window may hang over the end.
    """

    kernel: Size
    stride: Size
    padding: Size
    dilation: Size
    ceil_mode: bool

    def output(self, size: Size) -> Size:
        """How many windows there are over a spatial size.

        Raises:
            RuntimeError: a stride is zero, or a padding negative or too wide.
        """
        each = zip(size, self.kernel, self.stride, self.padding, self.dilation, strict=True)
        return tuple(output_size(*one, self.ceil_mode) for one in each)

    def axes(self, size: Size, output: Size) -> Axes:
        """The windows over each dimension."""
        each = zip(size, self.kernel, self.stride, self.padding, self.dilation, output, strict=True)
        return tuple(sliding(*one) for one in each)


def axes_2d(shape: Size, pool: Pool) -> Axes:
    """The windows of a pool over two dimensions.

    Args:
        shape: of the input, with at least three dimensions.
        pool: what slides.

    Raises:
        RuntimeError: sizes are out of range, the input has no elements to pool, or the output would have none.
    """
    size = shape[-2:]
    output = pool.output(size)
    _check_positive(pool, "HW")
    filled = 0 not in shape[1:] and (shape[0] or len(shape) == 4)
    if len(shape) not in (3, 4) or not filled:
        raise RuntimeError(
            "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:"
            f"{size_text(shape)}"
        )
    if any(k // 2 < p for k, p in zip(pool.kernel, pool.padding, strict=True)):
        raise RuntimeError(
            "pad should be smaller than or equal to half of kernel size, but got padW = "
            f"{pool.padding[1]}, padH = {pool.padding[0]}, kW = {pool.kernel[1]}, kH = {pool.kernel[0]}"
        )
    _check_output(shape, output)
    return pool.axes(size, output)


def axes_3d(shape: Size, pool: Pool, caller: str, whole_kernel: bool) -> Axes:
    """The windows of a pool over three dimensions.

    Args:
        shape: of the input, with four or five dimensions.
        pool: what slides.
        caller: what torch calls the function.
        whole_kernel: whether the kernel must fit into the input.

    Raises:
        RuntimeError: sizes are out of range, the input has no elements to pool, or the output would have none.
    """
    size = shape[-3:]
    output = pool.output(size)
    _check_positive(pool, "THW")
    for n in shape[len(shape) - 4 :]:
        if not n:
            raise RuntimeError(
                f"{caller}: Expected input's non-batch dimensions to have positive length, but input has a shape of "
                f"{size_text(shape)} and non-batch dimension {n} has length zero!"
            )
    if whole_kernel and any(n < k for n, k in zip(size, pool.kernel, strict=True)):
        raise RuntimeError(
            f"input image ({_named(size, 'THW')}) smaller than kernel size ({_named(pool.kernel, 'THW', 'k')})"
        )
    if any(k // 2 < p for k, p in zip(pool.kernel, pool.padding, strict=True)):
        (kt, kh, kw), (pt, ph, pw) = pool.kernel, pool.padding
        raise RuntimeError(
            f"pad should be smaller than or equal to half of kernel size, but got kT: {kt} kW: {kw} kH: {kh} "
            f"padT: {pt} padW: {pw} padH: {ph}"
        )
    _check_output(shape, output)
    return pool.axes(size, output)


def _check_positive(pool: Pool, names: str) -> None:
    for what, prefix, values in (
        ("kernel size", "k", pool.kernel),
        ("stride", "d", pool.stride),
        ("dilation", "dilation", pool.dilation),
    ):
        if min(values) <= 0:
            raise RuntimeError(f"{what} should be greater than zero, but got {_named(values, names, prefix)}")


def _check_output(shape: Size, output: Size) -> None:
    if min(output) < 1:
        channels = shape[-len(output) - 1]
        given, made = (_times((channels, *size)) for size in (shape[-len(output) :], output))
        raise RuntimeError(f"Given input size: ({given}). Calculated output size: ({made}). Output size is too small")


def _named(values: Size, names: str, prefix: str = "") -> str:
    return " ".join(f"{prefix}{name}: {value}" for name, value in zip(names, values, strict=True))


def _times(size: Size) -> str:
    return "x".join(map(str, size))


def check_max_1d(shape: Size, sizes: tuple[Size, Size, Size, Size], ceil_mode: bool) -> Pool:
    """The pool of torch.max_pool1d, which checks more than the function that gives indices too.

    Args:
        shape: of the input.
        sizes: kernel, stride (empty for that of the kernel), padding and dilation.
        ceil_mode: whether the last window may hang over the end.

    Raises:
        RuntimeError: the input or a size is wrong.
    """
    if len(shape) not in (2, 3) or 0 in shape[1:] or (len(shape) == 2 and not shape[0]):
        raise RuntimeError(
            "max_pool1d: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:"
            f"{size_text(shape)}"
        )
    _check_lengths_1d(*sizes)
    kernel, stride, padding, dilation = sizes[0][0], (sizes[1] or sizes[0])[0], sizes[2][0], sizes[3][0]
    for name, value in (("kernel_size", kernel), ("stride", stride)):
        if value <= 0:
            raise RuntimeError(f"max_pool1d() {name} must be greater than zero, but got {value}")
    if padding < 0:
        raise RuntimeError(f"max_pool1d() padding must be non-negative, but got {padding}")
    if padding > kernel // 2:
        raise RuntimeError(
            f"max_pool1d() padding should be at most half of kernel size, but got padding={padding} and "
            f"kernel_size={kernel}"
        )
    if dilation <= 0:
        raise RuntimeError(f"max_pool1d() dilation must be greater than zero, but got {dilation}")
    pool = Pool((1, kernel), (1, stride), (0, padding), (1, dilation), ceil_mode)
    width = pool.output((1, shape[-1]))[1]
    if width <= 0:
        raise RuntimeError(f"max_pool1d() Invalid computed output size: {width}")
    return pool


def _check_lengths_1d(kernel: Size, stride: Size, padding: Size, dilation: Size) -> None:
    if len(kernel) != 1:
        raise RuntimeError(
            "max_pool1d() kernel_size must be an int, list of ints or tuple of ints of size 1 but got size "
            f"{len(kernel)}"
        )
    if len(stride) > 1:
        raise RuntimeError(
            "max_pool1d() stride must be None, an int, list of ints, or tuple of ints of size 1 but got size "
            f"{len(stride)}"
        )
    if len(padding) != 1:
        raise RuntimeError(
            f"max_pool1d() padding must be an int, list of ints, or tuple of ints of size 1 but got size {len(padding)}"
        )
    if len(dilation) != 1:
        raise RuntimeError(
            "max_pool1d() dilation must be an int, list of ints or tuple of ints of size 1 but got size "
            f"{len(dilation)}"
        )


def check_not_empty(shape: Size, lead: int, text: str) -> None:
    """Raise RuntimeError where a dimension from `lead` on is empty.

    Args:
        shape: of the input.
        lead: the first dimension that counts.
        text: what torch says, with `{size}` and `{axis}`.
    """
    for axis in range(lead, len(shape)):
        if not shape[axis]:
            raise RuntimeError(text.format(size=size_text(shape), axis=axis))


def check_fractional(shape: Size, kernel: Size, output: Size) -> None:
    """Check the sizes of a fractional max pool over two or three dimensions.

    Raises:
        RuntimeError: the input has another rank or no elements, or the windows do not fit.
    """
    ndim = len(kernel)
    name = "fractional_max_pool2d()" if ndim == 2 else "fractional_max_pool3d_out()"
    if len(shape) not in (ndim + 1, ndim + 2):
        raise RuntimeError(f"{name}: Expected {ndim + 1}D or {ndim + 2}D tensor, but got: {size_text(shape)}")
    check_not_empty(
        shape,
        1,
        f"{name}: Expected input to have non-zero size for non-batch dimensions, but got{{size}} with dimension "
        "{axis} being empty.",
    )
    names = ("time", "height", "width")[-ndim:]
    order = (0, 1) if ndim == 2 else (0, 2, 1)
    for axis in order:
        what, n, k = names[axis], shape[axis - ndim], kernel[axis]
        if output[axis] + k - 1 > n - (ndim == 3):
            raise RuntimeError(f"{name}: pool {what} {k} too large relative to input {what} {n}")


def check_samples(shape: Size, samples: Size, same_dtype: bool) -> None:
    """Check the random samples of a fractional max pool.

    Args:
        shape: of the input, (N, C, *spatial).
        samples: the shape of the samples.
        same_dtype: whether they have the dtype of the input.

    Raises:
        RuntimeError: they have another dtype or shape.
    """
    ndim = len(shape) - 2
    if not same_dtype:
        raise RuntimeError("Expect _random_samples to have the same dtype as input")
    if len(samples) != 3:
        raise RuntimeError(f"Expect _random_samples to have 3 dimensions, got {len(samples)}")
    if samples[0] < shape[0]:
        raise RuntimeError("Expect _random_samples.size(0) no less then input batch size.")
    if samples[1] != shape[1]:
        raise RuntimeError("Expect _random_samples.size(1) equals to input channel size.")
    if samples[2] != ndim:
        raise RuntimeError(f"Expect _random_samples.size(2) equals to {ndim}; got {samples[2]}.")
