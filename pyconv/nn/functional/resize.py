"""torch's interpolate, and the deprecated upsample, upsample_nearest and upsample_bilinear.

May import: NumPy, `pyconv.ops`, `pyconv.nn.functional`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv.nn.functional.pooling import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d
from pyconv.nn.functional.resize_builtins import ANTIALIASED, BICUBIC, LINEAR, NEAREST, call
from pyconv.ops.cast import array_of

__all__ = ["interpolate", "upsample", "upsample_bilinear", "upsample_nearest"]

Size = tuple[int, ...]

_NEAREST = ("nearest", "nearest-exact")
_LINEAR = {"linear": 1, "bilinear": 2, "trilinear": 3}
_AREA = {1: adaptive_avg_pool1d, 2: adaptive_avg_pool2d, 3: adaptive_avg_pool3d}


def interpolate(
    input: Any,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Any:
    """Resize the spatial dimensions.

    Args:
        input: (N, C, W), (N, C, H, W) or (N, C, D, H, W), floating point, or uint8 for the nearest modes and in 2-D; a
            Tensor or an ndarray.
        size: of the result, an int or one for each spatial dimension.
        scale_factor: instead of a size, what to multiply it with, a number or one for each spatial dimension.
        mode: 'nearest', 'nearest-exact', 'area', and 'linear', 'bilinear', 'bicubic' or 'trilinear' for as many
            dimensions as they say; 'lanczos' with antialiasing.
        align_corners: whether the middles of the corner elements fall together, rather than their outer edges.
        recompute_scale_factor: whether the scale is that of the sizes, which are whole, rather than `scale_factor`.
        antialias: whether a smaller result is made of all elements that it stands for, in 2-D.

    Returns:
        A tensor of the dtype of `input`.

    Raises:
        ValueError: arguments do not go together.
        NotImplementedError: torch has no such mode for the shape or the dtype.
        RuntimeError: there is nothing to resize, or nothing would be left.
        TypeError: an argument is of the wrong type.

    Example:
        >>> interpolate(np.array([[[1.0, 2.0]]]), scale_factor=2)
        array([[[1., 1., 2., 2.]]])
        >>> interpolate(np.array([[[1.0, 3.0]]]), size=3, mode="linear", align_corners=True)
        array([[[1., 2., 3.]]])
    """
    if mode in (*_NEAREST, "area"):
        if align_corners is not None:
            raise ValueError(
                "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | "
                "trilinear"
            )
    elif align_corners is None:
        align_corners = False
    shape = _shape_of(input)
    output_size, factors = _size_or_factors(shape, size, scale_factor)
    if recompute_scale_factor and size is not None:
        raise ValueError("recompute_scale_factor is not meaningful with an explicit size.")
    if recompute_scale_factor or (mode == "area" and output_size is None):
        output_size = [int(n * factor) for n, factor in zip(shape[2:], factors, strict=True)]
        factors = None
    if antialias and not (mode in ANTIALIASED and len(shape) == 4):
        raise ValueError(
            "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input"
        )
    return _dispatch(input, output_size, factors, mode, align_corners, antialias)


def _shape_of(input: Any) -> Size:
    """The shape of a tensor.

    Raises:
        AttributeError: it is none.
    """
    if not hasattr(input, "shape"):
        raise AttributeError(f"'{type(input).__name__}' object has no attribute 'dim'")
    return tuple(array_of(input).shape)


def _size_or_factors(shape: Size, size: Any, scale_factor: Any) -> tuple[Any, Any]:
    """The size and the factors, one of which is None, and the other a sequence."""
    ndim = len(shape) - 2
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    if size is not None:
        if not isinstance(size, (list, tuple)):
            return [size for _ in range(ndim)], None
        if len(size) != ndim:
            raise ValueError(
                "Input and output must have the same number of spatial dimensions, but got input with spatial "
                f"dimensions of {list(shape[2:])} and output size of {size}. Please provide input tensor in (N, C, d1, "
                "d2, ...,dK) format and output size in (o1, o2, ...,oK) format."
            )
        if not all(_is_integer(n) for n in size):
            raise TypeError(
                "expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, int], but got size "
                f"with types {[type(n) for n in size]}"
            )
        return size, None
    if scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")
    if not isinstance(scale_factor, (list, tuple)):
        return None, [scale_factor for _ in range(ndim)]
    if len(scale_factor) != ndim:
        raise ValueError(
            "Input and scale_factor must have the same number of spatial dimensions, but got input with spatial "
            f"dimensions of {list(shape[2:])} and scale_factor of shape {scale_factor}. Please provide input tensor in "
            "(N, C, d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format."
        )
    return None, scale_factor


def _is_integer(value: Any) -> bool:
    if isinstance(value, (int, np.integer)):
        return True
    try:
        array = array_of(value)
        return bool(array.dtype.kind in "iu")
    except AttributeError:
        return False


def _dispatch(
    input: Any, output_size: Any, factors: Any, mode: str, align_corners: bool | None, antialias: bool
) -> Any:
    """What torch does for a mode and a number of dimensions."""
    ndim = len(array_of(input).shape)
    if ndim in (3, 4, 5) and isinstance(mode, str):
        if mode in _NEAREST:
            return call(NEAREST[mode, ndim - 2], input, output_size, factors)
        if mode == "area":
            return _AREA[ndim - 2](input, output_size)
        if mode == "lanczos" and ndim == 4:
            if align_corners:
                raise ValueError("Lanczos mode does not support align_corners=True")
            if not antialias:
                raise ValueError("Lanczos mode requires antialias=True")
        if antialias:
            return call(ANTIALIASED[mode], input, output_size, factors, align_corners)
        if mode == "bicubic" and ndim == 4:
            return call(BICUBIC, input, output_size, factors, align_corners)
        if _LINEAR.get(mode) == ndim - 2:
            return call(LINEAR[mode], input, output_size, factors, align_corners)
        if mode in _LINEAR:
            raise NotImplementedError(f"Got {ndim}D input, but {mode} mode needs {_LINEAR[mode] + 2}D input")
    raise NotImplementedError(
        f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {ndim}D) for the modes: nearest | linear | "
        f"bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got {mode})"
    )


def upsample(
    input: Any, size: Any = None, scale_factor: Any = None, mode: str = "nearest", align_corners: bool | None = None
) -> Any:
    """`interpolate`, under its old name, with a warning.

    Args:
        input: as of `interpolate`, like the other arguments.
        size: of the result.
        scale_factor: instead of a size.
        mode: as of `interpolate`.
        align_corners: likewise.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     upsample(np.array([[[1.0, 2.0]]]), scale_factor=2)
        array([[[1., 1., 2., 2.]]])
    """
    _deprecated("upsample")
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    """`interpolate` with the mode 'nearest', under an old name, with a warning.

    Args:
        input: as of `interpolate`, like the other arguments.
        size: of the result.
        scale_factor: instead of a size.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     upsample_nearest(np.array([[[1.0, 2.0]]]), size=3)
        array([[[1., 1., 2.]]])
    """
    _deprecated("upsample_nearest")
    return interpolate(input, size, scale_factor, mode="nearest")


def upsample_bilinear(input: Any, size: Any = None, scale_factor: Any = None) -> Any:
    """`interpolate` with the mode 'bilinear' and corners aligned, under an old name, with a warning.

    Args:
        input: (N, C, H, W), as of `interpolate`, like the other arguments.
        size: of the result.
        scale_factor: instead of a size.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     upsample_bilinear(np.array([[[[1.0, 3.0]]]]), size=(1, 3))
        array([[[[1., 2., 3.]]]])
    """
    _deprecated("upsample_bilinear")
    return interpolate(input, size, scale_factor, mode="bilinear", align_corners=True)


def _deprecated(name: str) -> None:
    warnings.warn(
        f"`nn.functional.{name}` is deprecated. Use `nn.functional.interpolate` instead.", UserWarning, stacklevel=3
    )
