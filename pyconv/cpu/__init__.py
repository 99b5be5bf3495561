"""torch.cpu: what a program may ask of the CPU as of a device.

May import: `pyconv.lazy`.
"""

from __future__ import annotations

from typing import Any

from pyconv import lazy

__all__ = ["current_device", "device_count", "is_available", "is_initialized", "set_device", "synchronize"]

lazy.package(__name__, {}, ["amp"])


def is_available() -> bool:
    """True.

    Example:
        >>> is_available()
        True
    """
    return True


def is_initialized() -> bool:
    """True."""
    return True


def device_count() -> int:
    """1."""
    return 1


def current_device() -> str:
    """'cpu'."""
    return "cpu"


def set_device(device: Any) -> None:
    """Choose among the one."""


def synchronize(device: Any = None) -> None:
    """Wait until everything is computed, which it is."""
