"""Memory formats of convolution weights, of which there is one here.

May import: `pyconv.nn.modules`.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pyconv.nn.modules.module import Module

M = TypeVar("M", bound=Module)


def convert_conv2d_weight_memory_format(module: M, memory_format: Any) -> M:  # noqa: ARG001
    """Return the module: a weight's values do not depend on the order of its memory, and that is fixed here.

    Args:
        module: left as it is.
        memory_format: means nothing here.

    Example:
        >>> import pyconv.nn as nn
        >>> convert_conv2d_weight_memory_format(nn.Conv2d(1, 1, 1), None)
        Conv2d(1, 1, kernel_size=(1, 1), stride=(1, 1))
    """
    return module


def convert_conv3d_weight_memory_format(module: M, memory_format: Any) -> M:
    """The same for convolutions of three dimensions.

    Args:
        module: left as it is.
        memory_format: means nothing here.

    Example:
        >>> import pyconv.nn as nn
        >>> convert_conv3d_weight_memory_format(nn.Conv3d(1, 1, 1), None)
        Conv3d(1, 1, kernel_size=(1, 1, 1), stride=(1, 1, 1))
    """
    return convert_conv2d_weight_memory_format(module, memory_format)
