"""Fractional max pooling modules.

May import: all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pyconv.naming import own
from pyconv.nn import functional as F
from pyconv.nn.modules.conv_nd import ntuple
from pyconv.nn.modules.module import Module

Ints = int | tuple[int, ...]


class _FractionalMaxPoolNd(Module):
    """What both of them have."""

    __constants__: ClassVar[list[str]] = ["kernel_size", "return_indices", "output_size", "output_ratio"]
    _ndim: ClassVar[int]

    def __init__(
        self,
        kernel_size: Ints,
        output_size: Ints | None = None,
        output_ratio: float | tuple[float, ...] | None = None,
        return_indices: bool = False,
        _random_samples: Any = None,
    ) -> None:
        super().__init__()
        n = self._ndim
        if n == 3:
            _check_kernel_size(kernel_size)
        self.kernel_size = ntuple(kernel_size, n)
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        self.output_size = None if output_size is None else ntuple(output_size, n)
        self.output_ratio = None if output_ratio is None else ntuple(output_ratio, n)
        _check(f"FractionalMaxPool{n}d", output_size, output_ratio, self.output_ratio)

    def forward(self, input: Any) -> Any:
        """The largest elements, and where they are if that is wanted."""
        return getattr(F, f"fractional_max_pool{self._ndim}d")(
            input,
            self.kernel_size,
            self.output_size,
            self.output_ratio,
            self.return_indices,
            _random_samples=self._random_samples,
        )


@own("__init__", "forward")
class FractionalMaxPool2d(_FractionalMaxPoolNd):
    """The largest elements of windows whose steps vary at random: `functional.fractional_max_pool2d`.

    B. Graham, "Fractional Max-Pooling", 2014.

    Args:
        kernel_size: one int or (kH, kW).
        output_size: one int or (H_out, W_out).
        output_ratio: the size of the result as a part of the input's, between 0 and 1, one number or two.
        return_indices: whether to give the places of the elements too, as `MaxUnpool2d` takes them.
        _random_samples: (N, C, 2), in [0, 1): drawn in each call where it is None.

    Shape:
        - Input: (N, C, H, W) or (C, H, W)
        - Output: (N, C, H_out, W_out) or (C, H_out, W_out)

    Raises:
        ValueError: not just one of output size and ratio is there, or the ratio is out of range.

    Example:
        >>> FractionalMaxPool2d(2, output_size=5)
        FractionalMaxPool2d()
    """

    _ndim = 2


@own("__init__", "forward")
class FractionalMaxPool3d(_FractionalMaxPoolNd):
    """The largest elements of windows whose steps vary at random: `functional.fractional_max_pool3d`.

    B. Graham, "Fractional Max-Pooling", 2014.

    Args:
        kernel_size: one int or (kD, kH, kW).
        output_size: one int or (D_out, H_out, W_out).
        output_ratio: the size of the result as a part of the input's, between 0 and 1, one number or three.
        return_indices: whether to give the places of the elements too, as `MaxUnpool3d` takes them.
        _random_samples: (N, C, 3), in [0, 1): drawn in each call where it is None.

    Shape:
        - Input: (N, C, D, H, W) or (C, D, H, W)
        - Output: (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out)

    Raises:
        ValueError: not just one of output size and ratio is there, or a size or ratio is out of range.

    Example:
        >>> FractionalMaxPool3d(2, output_size=5)
        FractionalMaxPool3d()
    """

    _ndim = 3


def _check_kernel_size(kernel_size: Any) -> None:
    """Raise ValueError where it is not positive: in three dimensions alone, and only for ints and sequences."""
    if (isinstance(kernel_size, int) and kernel_size <= 0) or (
        isinstance(kernel_size, (tuple, list)) and not all(k > 0 for k in kernel_size)
    ):
        raise ValueError(f"kernel_size must be greater than 0, but got {kernel_size}")


def _check(name: str, output_size: Any, output_ratio: Any, ratios: Any) -> None:
    """Raise ValueError unless there is one of size and ratio, and the ratios are between 0 and 1."""
    if output_size is None and output_ratio is None:
        raise ValueError(f"{name} requires specifying either an output size, or a pooling ratio")
    if output_size is not None and output_ratio is not None:
        raise ValueError("only one of output_size and output_ratio may be specified")
    if ratios is not None and not all(0 < ratio < 1 for ratio in ratios):
        raise ValueError(f"output_ratio must be between 0 and 1 (got {output_ratio})")
