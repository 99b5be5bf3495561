"""torch.Size and torch.device: what a tensor says of its shape and its place.

May import: the standard library.
"""

from __future__ import annotations

import math
import operator
import threading
from typing import Any


class Size(tuple[int, ...]):
    """The shape of a tensor: a tuple that prints as torch's.

    Example:
        >>> Size((2, 3)), Size((2, 3)).numel(), Size((2, 3))[:1]
        (torch.Size([2, 3]), 6, torch.Size([2]))
    """

    __slots__ = ()

    def __new__(cls, sizes: Any = ()) -> Size:
        made = super().__new__(cls, sizes)
        if not set(map(type, made)) <= {int}:
            made = super().__new__(cls, [_integer(item, place) for place, item in enumerate(made)])
        return made

    def numel(self, *unexpected: Any) -> int:
        """The number of elements of a tensor of this shape."""
        if unexpected:
            raise TypeError(f"Size.numel() takes no arguments ({len(unexpected)} given)")
        return math.prod(self)

    def __repr__(self) -> str:
        return f"torch.Size({list(self)})"

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return Size(found) if isinstance(key, slice) else found

    def __add__(self, other: Any) -> Size:
        if not isinstance(other, tuple):
            raise TypeError(f"can only concatenate tuple (not {type(other).__name__}) to torch.Size")
        return Size(super().__add__(other))


def _integer(item: Any, place: int) -> int:
    """An item of a shape, as an int."""
    if not hasattr(item, "__index__"):
        raise TypeError(f"torch.Size() takes an iterable of 'int' (item {place} is '{type(item).__name__}')")
    return operator.index(item)


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
    """A place for tensors: the CPU, or 'meta', where they have shapes and no elements. `on_meta` refuses the others.

    In `with device(...):` new tensors are there, unless they are told otherwise.

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        type, index = _device_arguments(args, kwargs)
        if isinstance(type, int):
            if type < 0:
                raise RuntimeError("Device index must not be negative")
            self.type, self.index = "cuda", type
            return
        if isinstance(type, device):
            self.type, self.index = type.type, type.index
            return
        if isinstance(type, bytes):
            type = type.decode()
        kind, colon, number = type.partition(":")
        if not type:
            raise RuntimeError("Device string must not be empty")
        if any(character.isdigit() for character in kind):
            raise RuntimeError(f"Invalid device string: '{type}'")
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

    def __enter__(self) -> device:
        _default.entered.append(self)
        return self

    def __exit__(self, *raised: object) -> None:
        _default.entered.pop()

    def __reduce__(self) -> tuple[Any, ...]:
        return (device, (self.type,) if self.index is None else (self.type, self.index))


class _Default(threading.local):
    """Where new tensors are in this thread: what was set, and within that what was entered."""

    def __init__(self) -> None:
        self.set: device | None = None
        self.entered: list[device] = []


_default = _Default()


def default_device() -> device | None:
    """Where new tensors are; None if nothing was said."""
    return _default.entered[-1] if _default.entered else _default.set


def set_default(place: device | None) -> None:
    """Set where new tensors are in this thread, outside `with device(...):`."""
    _default.set = place


def on_meta(place: Any) -> bool:
    """Whether a new tensor is on the 'meta' device.

    Args:
        place: a device, what makes one, or None for the default one.

    Raises:
        AssertionError, RuntimeError: it is neither there nor on the CPU, as by `require_cpu`.
    """
    if place is None:
        place = default_device()
        if place is None:
            return False
    if isinstance(place, str):
        place = device(place)
    if isinstance(place, device) and place.type == "meta":
        return True
    require_cpu(place)
    return False


def _device_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, int | None]:
    """The type, or what stands for a device as it is, and the index."""
    given = {**dict(zip(("type", "index"), args, strict=False)), **kwargs}
    alone = given.get("device", args[0] if len(given) == 1 and args else None)
    if len(given) == 1 and not isinstance(alone, bool) and isinstance(alone, (device, str, bytes, int)):
        return alone, None
    if len(args) > 2 or not {"type"} <= given.keys() <= {"type", "index"} or (len(given) == 1 and "type" not in kwargs):
        raise TypeError(_no_such_device(args, kwargs))
    wrong = isinstance(given.get("index", 0), bool) or not isinstance(given.get("index", 0), (int, type(None)))
    for position, name, bad in ((1, "type", not isinstance(given["type"], (str, bytes))), (2, "index", wrong)):
        if bad:
            kind = {1: "str", 2: "int"}[position]
            raise TypeError(
                f"device(): argument '{name}' (position {position}) must be {kind}, not {_printed(given[name])}"
            )
    if given.get("index") is not None and given["index"] < 0:
        raise RuntimeError("Device index must not be negative")
    return given["type"], given.get("index")


def _printed(value: Any) -> str:
    return "torch.device" if isinstance(value, device) else type(value).__name__


def _no_such_device(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """The text for arguments that make no device."""
    got = ", ".join([*map(_printed, args), *(f"{name}={_printed(value)}" for name, value in kwargs.items())])
    why = ""
    if len(args) + len(kwargs) == 1:
        why = "\n      didn't match because some of the "
        why += (
            f"keywords were incorrect: {next(iter(kwargs))}" if kwargs else f"arguments have invalid types: (!{got}!)"
        )
    return (
        f"device() received an invalid combination of arguments - got ({got}{', ' if kwargs and not args else ''}), but "  # noqa: E501
        f"expected one of:\n * (torch.device device){why}\n * (str type, int index = -1)\n"
    )


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
    if isinstance(place, int) and not isinstance(place, bool) and place >= 0:
        raise RuntimeError("Cannot access accelerator device when none is available.")
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
