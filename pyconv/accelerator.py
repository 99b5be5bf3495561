"""torch.accelerator on a machine without one: what a program may ask and set.

May import: `pyconv.size`.
"""

from __future__ import annotations

import warnings
from typing import Any, NoReturn

from pyconv.size import device as Device

__all__ = [
    "current_accelerator",
    "current_device_idx",
    "current_device_index",
    "current_stream",
    "device_count",
    "device_index",
    "empty_cache",
    "get_device_capability",
    "get_memory_info",
    "is_available",
    "max_memory_allocated",
    "max_memory_reserved",
    "memory_allocated",
    "memory_reserved",
    "memory_stats",
    "reset_accumulated_memory_stats",
    "reset_peak_memory_stats",
    "set_device_idx",
    "set_device_index",
    "synchronize",
]


def _none() -> NoReturn:
    raise RuntimeError("Cannot access accelerator device when none is available.")


def _none_of(device: Any) -> NoReturn:
    if device is not None and not isinstance(device, int):
        Device(device)
        raise RuntimeError("Accelerator expected")
    _none()


def is_available() -> bool:
    """False.

    Example:
        >>> is_available()
        False
    """
    return False


def device_count() -> int:
    """0."""
    return 0


def current_accelerator(check_available: bool = False) -> None:
    """None: there is no accelerator."""


class device_index:
    """A region in which another accelerator is the current one.

    Args:
        device: its number; None for a region that changes nothing.

    Raises:
        RuntimeError: when it is entered with a number.

    Example:
        >>> with device_index(None):
        ...     print(device_count())
        0
    """

    def __init__(self, device: int | None, /) -> None:
        self.idx = device

    def __enter__(self) -> None:
        if self.idx is not None:
            _none()

    def __exit__(self, *exception: object) -> None:
        pass


def current_device_index() -> int:
    """The number of the current accelerator.

    Raises:
        RuntimeError: always.
    """
    _none()


def current_device_idx() -> int:
    """The old name of `current_device_index`."""
    warnings.warn("Use `current_device_index` instead.", FutureWarning, stacklevel=2)
    return current_device_index()


def set_device_index(device: Any, /) -> None:
    """Choose an accelerator.

    Raises:
        RuntimeError: always.
    """
    _none_of(device)


def set_device_idx(device: Any, /) -> None:
    """The old name of `set_device_index`."""
    warnings.warn("Use `set_device_index` instead.", FutureWarning, stacklevel=2)
    set_device_index(device)


def synchronize(device: Any = None, /) -> None:
    """Wait for an accelerator.

    Raises:
        RuntimeError: always.
    """
    _none_of(device)


def current_stream(device: Any = None, /) -> NoReturn:
    """The stream of an accelerator.

    Raises:
        RuntimeError: always.
    """
    _none_of(device)


def get_device_capability(device: Any = None, /) -> NoReturn:
    """What an accelerator is able to do.

    Raises:
        RuntimeError: always.
    """
    _none_of(device)


def get_memory_info(device_index: Any = None, /) -> NoReturn:
    """An accelerator's free memory and all of it.

    Raises:
        RuntimeError: always.
    """
    _none_of(device_index)


def empty_cache() -> None:
    """Release memory of the accelerator.

    Raises:
        RuntimeError: always.
    """
    _none()


def memory_stats(device_index: Any = None, /) -> NoReturn:  # noqa: ARG001 (there is none)
    """How an accelerator's memory was used.

    Raises:
        RuntimeError: always.
    """
    _none()


memory_allocated = memory_reserved = max_memory_allocated = max_memory_reserved = memory_stats
reset_accumulated_memory_stats = reset_peak_memory_stats = memory_stats
