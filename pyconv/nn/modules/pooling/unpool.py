"""Max unpooling modules.

May import: all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyconv.naming import own
from pyconv.nn import functional as F
from pyconv.nn.modules.conv_nd import ntuple
from pyconv.nn.modules.module import Module

Ints = int | tuple[int, ...]


class _MaxUnpoolNd(Module):
    """What all of them have."""

    _ndim: int

    def __init__(self, kernel_size: Ints, stride: Ints | None = None, padding: Ints = 0) -> None:
        super().__init__()
        self.kernel_size = ntuple(kernel_size, self._ndim)
        self.stride = ntuple(stride if stride is not None else kernel_size, self._ndim)
        self.padding = ntuple(padding, self._ndim)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


@own("__init__")
class MaxUnpool1d(_MaxUnpoolNd):
    """Zeros with values where `MaxPool1d` found them: `functional.max_unpool1d` with its sizes kept.

    Args:
        kernel_size: of the pooling, an int.
        stride: of the pooling, `kernel_size` by default.
        padding: of the pooling.

    Shape:
        - Input: (N, C, L) or (C, L)
        - Output: (N, C, L_out) or (C, L_out)

    Example:
        >>> MaxUnpool1d(3)
        MaxUnpool1d(kernel_size=(3,), stride=(3,), padding=(0,))
    """

    _ndim = 1

    def forward(self, input: Any, indices: Any, output_size: Sequence[int] | None = None) -> Any:
        """The values in their places; `output_size` says which of the sizes that pool to the input's is meant."""
        return F.max_unpool1d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


@own("__init__")
class MaxUnpool2d(_MaxUnpoolNd):
    """Zeros with values where `MaxPool2d` found them: `functional.max_unpool2d` with its sizes kept.

    Args:
        kernel_size: of the pooling, one int or (kH, kW).
        stride: of the pooling, `kernel_size` by default.
        padding: of the pooling.

    Shape:
        - Input: (N, C, H, W) or (C, H, W)
        - Output: (N, C, H_out, W_out) or (C, H_out, W_out)

    Example:
        >>> MaxUnpool2d(3)
        MaxUnpool2d(kernel_size=(3, 3), stride=(3, 3), padding=(0, 0))
    """

    _ndim = 2

    def forward(self, input: Any, indices: Any, output_size: Sequence[int] | None = None) -> Any:
        """The values in their places; `output_size` says which of the sizes that pool to the input's is meant."""
        return F.max_unpool2d(input, indices, self.kernel_size, self.stride, self.padding, output_size)


@own("__init__")
class MaxUnpool3d(_MaxUnpoolNd):
    """Zeros with values where `MaxPool3d` found them: `functional.max_unpool3d` with its sizes kept.

    Args:
        kernel_size: of the pooling, one int or (kD, kH, kW).
        stride: of the pooling, `kernel_size` by default.
        padding: of the pooling.

    Shape:
        - Input: (N, C, D, H, W) or (C, D, H, W)
        - Output: (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out)

    Example:
        >>> MaxUnpool3d(3)
        MaxUnpool3d(kernel_size=(3, 3, 3), stride=(3, 3, 3), padding=(0, 0, 0))
    """

    _ndim = 3

    def forward(self, input: Any, indices: Any, output_size: Sequence[int] | None = None) -> Any:
        """The values in their places; `output_size` says which of the sizes that pool to the input's is meant."""
        return F.max_unpool3d(input, indices, self.kernel_size, self.stride, self.padding, output_size)
