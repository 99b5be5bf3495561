"""Fractional max pooling, with the random samples that torch draws.

B. Graham, "Fractional Max-Pooling", 2014. May import: NumPy, `pyconv.dtypes`, `pyconv.functions`, `pyconv.ops`,
`pyconv.tensor`, `pyconv.nn.functional`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.functions.dims import dimension
from pyconv.functions.pooling import fractional as builtin
from pyconv.nn.functional.pooling.arguments import by_return_indices, ntuple, size_of
from pyconv.ops.cast import array_of
from pyconv.tensor.random_creation import rand

Ints = int | tuple[int, ...]
Ratio = float | tuple[float, ...]


def _extent(size: tuple[int, ...], dim: int) -> int:
    if not size:
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    return size[dimension(dim, len(size))]


def _scaled(size: tuple[int, ...], ratios: tuple[float, ...], count: int) -> list[int]:
    """The output size by which a ratio stands for it."""
    return [int(_extent(size, i - count) * ratios[i]) for i in range(count)]


def _samples(input: Any, size: tuple[int, ...], count: int) -> Any:
    """What torch draws where it is given no samples: (N, C, count)."""
    batch = 1 if len(size) == count + 1 else _extent(size, 0)
    drawn = rand((batch, _extent(size, -count - 1), count), dtype=dtypes.of(array_of(input)))
    return drawn if isinstance(input, Traced) else drawn._array


def fractional_max_pool2d_with_indices(
    input: Any,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Ratio | None = None,
    return_indices: bool = False,  # noqa: ARG001
    _random_samples: Any = None,
) -> Any:
    """The largest elements of windows whose steps vary at random.

    Args:
        input: (N, C, H, W) or (C, H, W), of a float dtype.
        kernel_size: one int or (kH, kW).
        output_size: one int or (H_out, W_out).
        output_ratio: the size of the result as a part of the input's, one number or two.
        return_indices: whether `fractional_max_pool2d` gives the places of the elements too.
        _random_samples: (N, C, 2), in [0, 1) and of the dtype of the input; drawn where it is None.

    Returns:
        (N, C, H_out, W_out) or (C, H_out, W_out); with indices, a pair of these, places in the plane the second.

    Raises:
        ValueError: there is neither an output size nor a ratio.
        RuntimeError: sizes do not fit.

    Example:
        >>> import pyconv as torch
        >>> fractional_max_pool2d(torch.arange(25.0).reshape(1, 5, 5), 2, 2, _random_samples=torch.zeros(1, 1, 2))
        tensor([[[ 6.,  9.],
                 [21., 24.]]])
    """
    if output_size is None and output_ratio is None:
        raise ValueError("fractional_max_pool2d requires specifying either an output_size or an output_ratio")
    size: Any = output_size
    if size is None:
        if len(output_ratio) > 2:  # type: ignore[arg-type]
            raise ValueError("fractional_max_pool2d requires output_ratio to either be a single Int or tuple of Ints.")
        size = _scaled(size_of(input), ntuple(output_ratio, 2), 2)
    if _random_samples is None:
        _random_samples = _samples(input, size_of(input), 2)
    return builtin.fractional_max_pool2d(input, kernel_size, size, _random_samples)


def _fractional_max_pool2d(
    input: Any,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Ratio | None = None,
    return_indices: bool = False,
    _random_samples: Any = None,
) -> Any:
    arguments = (input, kernel_size, output_size, output_ratio, return_indices, _random_samples)
    return fractional_max_pool2d_with_indices(*arguments)[0]


def fractional_max_pool3d_with_indices(
    input: Any,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Ratio | None = None,
    return_indices: bool = False,  # noqa: ARG001
    _random_samples: Any = None,
) -> Any:
    """The largest elements of windows of volumes, whose steps vary at random.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W), of a float dtype.
        kernel_size: one int or (kD, kH, kW).
        output_size: one int or (D_out, H_out, W_out).
        output_ratio: the size of the result as a part of the input's, one number or three.
        return_indices: whether `fractional_max_pool3d` gives the places of the elements too.
        _random_samples: (N, C, 3), in [0, 1) and of the dtype of the input; drawn where it is None.

    Returns:
        (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out); with indices, a pair of these.

    Raises:
        ValueError: there is neither an output size nor a ratio.
        RuntimeError: sizes do not fit.

    Example:
        >>> import pyconv as torch
        >>> fractional_max_pool3d(torch.arange(27.0).reshape(1, 3, 3, 3), 2, 1, _random_samples=torch.zeros(1, 1, 3))
        tensor([[[[26.]]]])
    """
    if output_size is None and output_ratio is None:
        raise ValueError("fractional_max_pool3d requires specifying either an output_size or an output_ratio")
    size: Any = output_size
    if size is None:
        size = _scaled(size_of(input), ntuple(output_ratio, 3), 3)
    if _random_samples is None:
        _random_samples = _samples(input, size_of(input), 3)
    return builtin.fractional_max_pool3d(input, kernel_size, size, _random_samples)


def _fractional_max_pool3d(
    input: Any,
    kernel_size: Ints,
    output_size: Ints | None = None,
    output_ratio: Ratio | None = None,
    return_indices: bool = False,
    _random_samples: Any = None,
) -> Any:
    arguments = (input, kernel_size, output_size, output_ratio, return_indices, _random_samples)
    return fractional_max_pool3d_with_indices(*arguments)[0]


fractional_max_pool2d = by_return_indices(
    "fractional_max_pool2d", 4, fractional_max_pool2d_with_indices, _fractional_max_pool2d
)
fractional_max_pool3d = by_return_indices(
    "fractional_max_pool3d", 4, fractional_max_pool3d_with_indices, _fractional_max_pool3d
)
