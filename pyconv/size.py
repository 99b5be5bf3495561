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


_KINDS = [
    "cpu",
    "cuda",
    "ipu",
    "xpu",
    "mkldnn",
    "opengl",
    "opencl",
    "ideep",
    "hip",
    "ve",
    "fpga",
    "maia",
    "xla",
    "lazy",
    "vulkan",
    "mps",
    "meta",
    "hpu",
    "mtia",
    "privateuseone",
]


class device:
    """A place for tensors. Only the CPU has any: `require_cpu` refuses the others.

    Args:
        type: as 'cpu' or 'cuda:0', or a device, or the number of a device of the kind that is not here.
        index: which of several.

    Raises:
        RuntimeError: there is no such kind.

    Example:
        >>> device("cpu"), device("cuda:1")
        (device(type='cpu'), device(type='cuda', index=1))
    """

    __slots__ = ("index", "type")

    type: str
    index: int | None

    def __init__(self, type: Any = "cpu", index: int | None = None) -> None:
        if isinstance(type, int):
            type, index = "cuda", int(type)
        if isinstance(type, device):
            self.type, self.index = type.type, type.index if index is None else index
            return
        if not isinstance(type, str):
            raise TypeError(
                f"device(): argument 'type' (position 1) must be str, not {getattr(type, '__class__', object).__name__}"
            )
        kind, colon, number = type.partition(":")
        if kind not in _KINDS:
            raise RuntimeError(f"Expected one of {', '.join(_KINDS)} device type at start of device string: {kind}")
        if colon and not number.isdigit():
            raise RuntimeError(f"Invalid device string: '{type}'")
        if number and index is not None:
            raise RuntimeError(f"type (string) must not include an index because index was passed explicitly: {type}")
        self.type = kind
        self.index = int(number) if number else index

    def __repr__(self) -> str:
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{index})"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __reduce__(self) -> tuple[Any, ...]:
        return (device, (self.type,) if self.index is None else (self.type, self.index))


def require_cpu(place: Any) -> None:
    """Check that a place, if there is one, is the CPU.

    Args:
        place: a device, what makes one, or None.

    Raises:
        AssertionError: it is a CUDA device, with torch's text.
        RuntimeError: it is another, or none at all.

    Example:
        >>> require_cpu("cuda")
        Traceback (most recent call last):
        AssertionError: Torch not compiled with CUDA enabled
    """
    if place is None:
        return
    kind = device(place).type
    if kind == "cuda":
        raise AssertionError("Torch not compiled with CUDA enabled")
    if kind != "cpu":
        raise RuntimeError(f"PyTorch is not linked with support for {kind} devices")


class memory_format:
    """In which order a tensor's elements lie in memory: `pyconv.channels_last` and its kin.

    Example:
        >>> import pyconv
        >>> pyconv.channels_last
        torch.channels_last
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name

    @property
    def order(self) -> tuple[int, ...]:
        """The dimensions from the slowest to the fastest, of a format that has an order of its own."""
        return {"channels_last": (0, 2, 3, 1), "channels_last_3d": (0, 2, 3, 4, 1)}[self.name]


contiguous_format = memory_format("contiguous_format")
preserve_format = memory_format("preserve_format")
channels_last = memory_format("channels_last")
channels_last_3d = memory_format("channels_last_3d")


class layout:
    """How a tensor keeps its elements: always `pyconv.strided`.

    Example:
        >>> import pyconv
        >>> pyconv.strided
        torch.strided
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name


strided = layout("strided")
