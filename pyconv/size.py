"""torch.Size and torch.device: what a tensor says of its shape and its place.

May import: the standard library.
"""

from __future__ import annotations

import math
from typing import Any


class Size(tuple[int, ...]):
    """The shape of a tensor: a tuple that prints as torch's.

    Example:
        >>> Size((2, 3)), Size((2, 3)).numel(), Size((2, 3))[:1]
        (torch.Size([2, 3]), 6, torch.Size([2]))
    """

    __slots__ = ()

    def numel(self) -> int:
        """The number of elements of a tensor of this shape."""
        return math.prod(self)

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return Size(found) if isinstance(key, slice) else found

    def __add__(self, other: Any) -> Size:
        return Size(super().__add__(tuple(other)))


class device:
    """Where a tensor lives: always the CPU.

    Args:
        type: 'cpu', or a device.
        index: ignored, as torch does for the CPU.

    Raises:
        RuntimeError: any other place.

    Example:
        >>> device("cpu"), device("cpu").type
        (device(type='cpu'), 'cpu')
    """

    __slots__ = ("index", "type")

    type: str
    index: int | None

    def __init__(self, type: Any = "cpu", index: int | None = None) -> None:
        name = type.type if isinstance(type, device) else str(type)
        kind, _, number = name.partition(":")
        if kind != "cpu":
            raise RuntimeError(f"pyconv runs on the CPU alone: there is no device {name!r}")
        self.type = "cpu"
        self.index = int(number) if number else index

    def __repr__(self) -> str:
        return "device(type='cpu')" if self.index is None else f"device(type='cpu', index={self.index})"

    def __str__(self) -> str:
        return "cpu" if self.index is None else f"cpu:{self.index}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and self.index == other.index

    def __hash__(self) -> int:
        return hash(("cpu", self.index))
