"""Padding as modules.

Past 300 lines because torch has fifteen of them. May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat
from typing import Any, ClassVar

from pyconv.naming import own
from pyconv.nn import functional as F
from pyconv.nn.modules.module import Module

__all__ = [
    "CircularPad1d",
    "CircularPad2d",
    "CircularPad3d",
    "ConstantPad1d",
    "ConstantPad2d",
    "ConstantPad3d",
    "ReflectionPad1d",
    "ReflectionPad2d",
    "ReflectionPad3d",
    "ReplicationPad1d",
    "ReplicationPad2d",
    "ReplicationPad3d",
    "ZeroPad1d",
    "ZeroPad2d",
    "ZeroPad3d",
]

Ints = int | tuple[int, ...]


def _amounts(count: int, given: Any) -> Any:
    """The amounts as they were given, or one of them for every side."""
    return tuple(given) if isinstance(given, Iterable) else tuple(repeat(given, count))


class _Padding(Module):
    """What all of these modules are made of: the amounts, for `sides` sides, and the mode."""

    __constants__: ClassVar[list[str]] = ["padding"]
    mode: ClassVar[str]
    sides: ClassVar[int]

    def __init__(self, padding: Ints) -> None:
        super().__init__()
        self.padding = _amounts(self.sides, padding)

    def forward(self, input: Any) -> Any:
        """The padded input, batched or not."""
        return F.pad(input, self.padding, self.mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class _ConstantPadNd(_Padding):
    """Padding with a constant."""

    __constants__: ClassVar[list[str]] = ["padding", "value"]
    mode = "constant"

    def __init__(self, padding: Ints, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Any) -> Any:
        """The padded input, batched or not."""
        return F.pad(input, self.padding, self.mode, self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class _CircularPadNd(_Padding):
    """Padding by going round, with a check of the number of dimensions."""

    mode = "circular"

    def forward(self, input: Any) -> Any:
        """The padded input, batched or not.

        Raises:
            ValueError: it has another number of dimensions.
        """
        least = self.sides // 2 + 1
        if input.ndim not in (least, least + 1):
            raise ValueError(f"expected {least}D or {least + 1}D input (got {input.ndim}D input)")
        return super().forward(input)


@own("__init__")
class CircularPad1d(_CircularPadNd):
    """Padding of one dimension with the elements of the other side.

    Args:
        padding: one amount for every side, or (left, right); a negative one crops.

    Shape:
        - Input: (C, W) or (N, C, W)
        - Output: (C, W') or (N, C, W')

    Example:
        >>> CircularPad1d(1)
        CircularPad1d((1, 1))
    """

    sides = 2


@own("__init__")
class CircularPad2d(_CircularPadNd):
    """Padding of 2 dimensions with the elements of the other side.

    Args:
        padding: one amount for every side, or (left, right, top, bottom); a negative one crops.

    Shape:
        - Input: (C, H, W) or (N, C, H, W)
        - Output: (C, H', W') or (N, C, H', W')

    Example:
        >>> CircularPad2d(1)
        CircularPad2d((1, 1, 1, 1))
    """

    sides = 4


@own("__init__")
class CircularPad3d(_CircularPadNd):
    """Padding of 3 dimensions with the elements of the other side.

    Args:
        padding: one amount for every side, or (left, right, top, bottom, front, back); a negative one crops.

    Shape:
        - Input: (C, D, H, W) or (N, C, D, H, W)
        - Output: (C, D', H', W') or (N, C, D', H', W')

    Example:
        >>> CircularPad3d(1)
        CircularPad3d((1, 1, 1, 1, 1, 1))
    """

    sides = 6


@own("__init__")
class ConstantPad1d(_ConstantPadNd):
    """Padding of one dimension with a constant.

    Args:
        padding: one amount for every side, or (left, right); a negative one crops.
        value: the constant.

    Shape:
        - Input: (C, W) or (N, C, W)
        - Output: (C, W') or (N, C, W')

    Example:
        >>> ConstantPad1d(1, 1.5)
        ConstantPad1d(padding=(1, 1), value=1.5)
    """

    sides = 2


@own("__init__")
class ConstantPad2d(_ConstantPadNd):
    """Padding of 2 dimensions with a constant.

    Args:
        padding: one amount for every side, or (left, right, top, bottom); a negative one crops.
        value: the constant.

    Shape:
        - Input: (C, H, W) or (N, C, H, W)
        - Output: (C, H', W') or (N, C, H', W')

    Example:
        >>> ConstantPad2d(1, 1.5)
        ConstantPad2d(padding=(1, 1, 1, 1), value=1.5)
    """

    sides = 4


@own("__init__")
class ConstantPad3d(_ConstantPadNd):
    """Padding of 3 dimensions with a constant.

    Args:
        padding: one amount for every side, or (left, right, top, bottom, front, back); a negative one crops.
        value: the constant.

    Shape:
        - Input: (C, D, H, W) or (N, C, D, H, W)
        - Output: (C, D', H', W') or (N, C, D', H', W')

    Example:
        >>> ConstantPad3d(1, 1.5)
        ConstantPad3d(padding=(1, 1, 1, 1, 1, 1), value=1.5)
    """

    sides = 6


@own("__init__")
class ReflectionPad1d(_Padding):
    """Padding of one dimension with the elements that lie as far inside.

    Args:
        padding: one amount for every side, or (left, right); a negative one crops.

    Shape:
        - Input: (C, W) or (N, C, W)
        - Output: (C, W') or (N, C, W')

    Example:
        >>> ReflectionPad1d(1)
        ReflectionPad1d((1, 1))
    """

    mode = "reflect"
    sides = 2


@own("__init__")
class ReflectionPad2d(_Padding):
    """Padding of 2 dimensions with the elements that lie as far inside.

    Args:
        padding: one amount for every side, or (left, right, top, bottom); a negative one crops.

    Shape:
        - Input: (C, H, W) or (N, C, H, W)
        - Output: (C, H', W') or (N, C, H', W')

    Example:
        >>> ReflectionPad2d(1)
        ReflectionPad2d((1, 1, 1, 1))
    """

    mode = "reflect"
    sides = 4


@own("__init__")
class ReflectionPad3d(_Padding):
    """Padding of 3 dimensions with the elements that lie as far inside.

    Args:
        padding: one amount for every side, or (left, right, top, bottom, front, back); a negative one crops.

    Shape:
        - Input: (C, D, H, W) or (N, C, D, H, W)
        - Output: (C, D', H', W') or (N, C, D', H', W')

    Example:
        >>> ReflectionPad3d(1)
        ReflectionPad3d((1, 1, 1, 1, 1, 1))
    """

    mode = "reflect"
    sides = 6


@own("__init__")
class ReplicationPad1d(_Padding):
    """Padding of one dimension with the element at the border.

    Args:
        padding: one amount for every side, or (left, right); a negative one crops.

    Shape:
        - Input: (C, W) or (N, C, W)
        - Output: (C, W') or (N, C, W')

    Example:
        >>> ReplicationPad1d(1)
        ReplicationPad1d((1, 1))
    """

    mode = "replicate"
    sides = 2


@own("__init__")
class ReplicationPad2d(_Padding):
    """Padding of 2 dimensions with the element at the border.

    Args:
        padding: one amount for every side, or (left, right, top, bottom); a negative one crops.

    Shape:
        - Input: (C, H, W) or (N, C, H, W)
        - Output: (C, H', W') or (N, C, H', W')

    Example:
        >>> ReplicationPad2d(1)
        ReplicationPad2d((1, 1, 1, 1))
    """

    mode = "replicate"
    sides = 4


@own("__init__")
class ReplicationPad3d(_Padding):
    """Padding of 3 dimensions with the element at the border.

    Args:
        padding: one amount for every side, or (left, right, top, bottom, front, back); a negative one crops.

    Shape:
        - Input: (C, D, H, W) or (N, C, D, H, W)
        - Output: (C, D', H', W') or (N, C, D', H', W')

    Example:
        >>> ReplicationPad3d(1)
        ReplicationPad3d((1, 1, 1, 1, 1, 1))
    """

    mode = "replicate"
    sides = 6


class ZeroPad1d(ConstantPad1d):
    """Padding of one dimension with zeros.

    Args:
        padding: one amount for every side, or (left, right); a negative one crops.

    Shape:
        - Input: (C, W) or (N, C, W)
        - Output: (C, W') or (N, C, W')

    Example:
        >>> ZeroPad1d(1)
        ZeroPad1d((1, 1))
    """

    def __init__(self, padding: Ints) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ZeroPad2d(ConstantPad2d):
    """Padding of 2 dimensions with zeros.

    Args:
        padding: one amount for every side, or (left, right, top, bottom); a negative one crops.

    Shape:
        - Input: (C, H, W) or (N, C, H, W)
        - Output: (C, H', W') or (N, C, H', W')

    Example:
        >>> ZeroPad2d(1)
        ZeroPad2d((1, 1, 1, 1))
    """

    def __init__(self, padding: Ints) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ZeroPad3d(ConstantPad3d):
    """Padding of 3 dimensions with zeros.

    Args:
        padding: one amount for every side, or (left, right, top, bottom, front, back); a negative one crops.

    Shape:
        - Input: (C, D, H, W) or (N, C, D, H, W)
        - Output: (C, D', H', W') or (N, C, D', H', W')

    Example:
        >>> ZeroPad3d(1)
        ZeroPad3d((1, 1, 1, 1, 1, 1))
    """

    def __init__(self, padding: Ints) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"
