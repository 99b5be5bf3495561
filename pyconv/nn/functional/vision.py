"""torch's grid_sample and affine_grid, and the builtins under them.

May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`, `pyconv.ops`, `pyconv.signatures`, `pyconv.nn.functional`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.kernels.sample import Sampling
from pyconv.ops.cast import array_of
from pyconv.ops.sample import affine, sample
from pyconv.signatures import function
from pyconv.size import Size

__all__ = ["affine_grid", "grid_sample"]

_MODES = ("bilinear", "nearest", "bicubic")
_PADDINGS = ("zeros", "border", "reflection")
_CHANGED = (
    "Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please specify "
    "align_corners=True if the old behavior is desired. See the documentation of grid_sample for details."
)
_GRID_SAMPLER = "(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners)"


def grid_sample(
    input: Any,
    grid: Any,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Any:
    """The values of an input at the points of a grid.

    M. Jaderberg, K. Simonyan, A. Zisserman, K. Kavukcuoglu, "Spatial Transformer Networks", NeurIPS 2015.

    Args:
        input: (N, C, H, W) or (N, C, D, H, W), floating point; a Tensor or an ndarray.
        grid: (N, H', W', 2) or (N, D', H', W', 3), of the dtype of `input`: for each point where it lies along the
            width, the height and the depth, from -1 to 1.
        mode: 'bilinear', 'nearest', or, in 2-D, 'bicubic'.
        padding_mode: what lies outside: 'zeros', 'border' or 'reflection'.
        align_corners: whether -1 and 1 are the middles of the corner elements, rather than their outer edges.

    Returns:
        (N, C, H', W') or (N, C, D', H', W').

    Raises:
        ValueError: there is no such mode.
        RuntimeError: the shapes or the dtypes do not fit.
        NotImplementedError: torch has no kernel for the dtype.
        TypeError: an argument is of the wrong type.

    Example:
        >>> grid_sample(np.array([[[[1.0, 2.0]]]]), np.zeros((1, 1, 1, 2)), align_corners=True)
        array([[[[1.5]]]])
    """
    if mode not in _MODES:
        raise ValueError(
            f"nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '{mode}'"
        )
    if padding_mode not in _PADDINGS:
        raise ValueError(
            "nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: "
            f"'{padding_mode}'"
        )
    if align_corners is None:
        warnings.warn(_CHANGED, UserWarning, stacklevel=2)
        align_corners = False
    return grid_sampler(input, grid, _MODES.index(mode), _PADDINGS.index(padding_mode), align_corners)


@function(_GRID_SAMPLER)
def grid_sampler(input: Any, grid: Any, interpolation_mode: int, padding_mode: int, align_corners: bool) -> Any:
    """`grid_sample` with numbers for the modes, for either number of dimensions.

    Args:
        input: as of `grid_sample`.
        grid: likewise.
        interpolation_mode: 0 'bilinear', 1 'nearest', 2 'bicubic'.
        padding_mode: 0 'zeros', 1 'border', 2 'reflection'.
        align_corners: as of `grid_sample`.

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.

    Example:
        >>> grid_sampler(np.array([[[[1.0, 2.0]]]]), np.zeros((1, 1, 1, 2)), 0, 0, True)
        array([[[[1.5]]]])
    """
    shape, points = array_of(input).shape, array_of(grid).shape
    _check_common(shape, points)
    ndim = len(shape) - 2 if len(shape) == 5 else 2
    _check_dimensions(shape, points, ndim)
    return _sampled(input, grid, interpolation_mode, padding_mode, align_corners, ndim)


@function(_GRID_SAMPLER)
def grid_sampler_2d(input: Any, grid: Any, interpolation_mode: int, padding_mode: int, align_corners: bool) -> Any:
    """`grid_sampler` in 2-D.

    Args:
        input: (N, C, H, W).
        grid: (N, H', W', 2).
        interpolation_mode: as of `grid_sampler`.
        padding_mode: likewise.
        align_corners: as of `grid_sample`.

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.

    Example:
        >>> grid_sampler_2d(np.array([[[[1.0, 2.0]]]]), np.zeros((1, 1, 1, 2)), 0, 0, True)
        array([[[[1.5]]]])
    """
    return _checked(input, grid, interpolation_mode, padding_mode, align_corners, 2)


@function(_GRID_SAMPLER)
def grid_sampler_3d(input: Any, grid: Any, interpolation_mode: int, padding_mode: int, align_corners: bool) -> Any:
    """`grid_sampler` in 3-D.

    Args:
        input: (N, C, D, H, W).
        grid: (N, D', H', W', 3).
        interpolation_mode: 0 'bilinear', 1 'nearest'.
        padding_mode: as of `grid_sampler`.
        align_corners: as of `grid_sample`.

    Raises:
        RuntimeError: the shapes or the dtypes do not fit.

    Example:
        >>> grid_sampler_3d(np.array([[[[[1.0, 2.0]]]]]), np.zeros((1, 1, 1, 1, 3)), 0, 0, True)
        array([[[[[1.5]]]]])
    """
    return _checked(input, grid, interpolation_mode, padding_mode, align_corners, 3)


def _checked(input: Any, grid: Any, mode: int, padding: int, corners: bool, ndim: int) -> Any:
    shape, points = array_of(input).shape, array_of(grid).shape
    _check_common(shape, points)
    _check_dimensions(shape, points, ndim)
    return _sampled(input, grid, mode, padding, corners, ndim)


def _check_common(shape: tuple[int, ...], points: tuple[int, ...]) -> None:
    if not shape or not points:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    if shape[0] != points[0]:
        raise RuntimeError(
            "grid_sampler(): expected grid and input to have same batch size, but got input with sizes "
            f"{list(shape)} and grid with sizes {list(points)}"
        )
    if points[-1] != len(shape) - 2:
        raise RuntimeError(
            f"grid_sampler(): expected grid to have size {len(shape) - 2} in last dimension, but got grid with sizes "
            f"{list(points)}"
        )
    for at, n in enumerate(shape[2:], start=2):
        if not n:
            raise RuntimeError(
                "grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes "
                f"{list(shape)} with dimension {at} being empty"
            )


def _check_dimensions(shape: tuple[int, ...], points: tuple[int, ...], ndim: int) -> None:
    if len(shape) != ndim + 2 or len(points) != ndim + 2:
        raise RuntimeError(
            f"grid_sampler(): expected {ndim + 2}D input and grid with same number of dimensions, but got input with "
            f"sizes {list(shape)} and grid with sizes {list(points)}"
        )


def _sampled(input: Any, grid: Any, mode: int, padding: int, corners: bool, ndim: int) -> Any:
    if not isinstance(corners, (bool, np.bool_)):
        raise TypeError("a bool")
    if ndim == 3 and mode == 2:
        raise RuntimeError("grid_sampler(): bicubic interpolation only supports 4D input")
    kind, other = dtypes.of(array_of(input)), dtypes.of(array_of(grid))
    if not (kind.is_floating_point and kind.itemsize > 1):
        stub = "grid_sampler_2d_cpu_kernel_impl" if ndim == 2 else "grid_sampler3d_cpu"
        raise NotImplementedError(f"\"{stub}\" not implemented for '{kind.scalar_name}'")
    if kind is not other:
        raise RuntimeError(f"expected scalar type {kind.scalar_name} but found {other.scalar_name}")
    return sample(input, grid, Sampling(_MODES[mode], _PADDINGS[padding], bool(corners)))


def affine_grid(theta: Any, size: Sequence[int], align_corners: bool | None = None) -> Any:
    """The grids on which affine maps put the points of regular ones.

    Args:
        theta: (N, 2, 3) or (N, 3, 4), floating point; a Tensor or an ndarray.
        size: of the result of `grid_sample`, (N, C, H, W) or (N, C, D, H, W).
        align_corners: as of `grid_sample`.

    Returns:
        (N, H, W, 2) or (N, D, H, W, 3).

    Raises:
        ValueError: the maps are not floating point, or not of the right shape, or something has no elements.
        NotImplementedError: for another number of dimensions.
        TypeError: an argument is of the wrong type.

    Example:
        >>> affine_grid(np.array([[[1.0, 0, 0], [0, 1, 0]]]), (1, 1, 1, 2), align_corners=False)[0, 0]
        array([[-0.5,  0. ],
               [ 0.5,  0. ]])
    """
    if align_corners is None:
        warnings.warn(_CHANGED, UserWarning, stacklevel=2)
        align_corners = False
    kind, shape = dtypes.of(array_of(theta)), array_of(theta).shape
    if not kind.is_floating_point:
        raise ValueError(f"Expected theta to have floating point type, but got {kind}")
    if len(size) not in (4, 5):
        raise NotImplementedError(
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size "
            f"{size}."
        )
    ndim = len(size) - 2
    if len(shape) != 3 or shape[1:] != (ndim, ndim + 1):
        raise ValueError(
            f"Expected a batch of {ndim}D affine matrices of shape Nx{ndim}x{ndim + 1} for size {size}. Got "
            f"{Size(shape)}."
        )
    if align_corners and min(size[-ndim:]) == 1:
        warnings.warn(
            "Since version 1.3.0, affine_grid behavior has changed for unit-size grids when align_corners=True. This "
            "is not an intended use case of affine_grid. See the documentation of affine_grid for details.",
            UserWarning,
            stacklevel=2,
        )
    elif min(size) <= 0:
        raise ValueError(f"Expected non-zero, positive output size. Got {size}")
    return affine_grid_generator(theta, size, align_corners)


@function("(Tensor theta, tuple of ints size, bool align_corners)")
def affine_grid_generator(theta: Any, size: Sequence[int], align_corners: bool) -> Any:
    """`affine_grid` without its checks.

    Args:
        theta: (N, 2, 3) or (N, 3, 4).
        size: (N, C, H, W) or (N, C, D, H, W).
        align_corners: as of `grid_sample`.

    Raises:
        RuntimeError: the size is of another length, or there are not N maps.

    Example:
        >>> affine_grid_generator(np.array([[[1.0, 0, 5], [0, 1, 0]]]), (1, 1, 1, 2), True)[0, 0]
        array([[4., 0.],
               [6., 0.]])
    """
    if len(size) not in (4, 5):
        raise RuntimeError("AffineGridGenerator needs 4d (spatial) or 5d (volumetric) inputs.")
    sizes, ndim = tuple(int(n) for n in size[2:]), len(size) - 2
    if len(array_of(theta)) != int(size[0]):
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{size[0]}, {ndim + 1}] but got: "
            f"[{len(array_of(theta))}, {ndim + 1}]."
        )
    return affine(theta, sizes=sizes, corners=bool(align_corners))
