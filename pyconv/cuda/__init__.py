"""torch.cuda where there is no such device: what a program may ask and set without one.

May import: `pyconv.lazy`.
"""

from __future__ import annotations

from typing import Any

from pyconv import lazy

__all__ = [
    "current_device",
    "device_count",
    "empty_cache",
    "get_rng_state_all",
    "is_available",
    "is_initialized",
    "manual_seed",
    "manual_seed_all",
    "seed",
    "seed_all",
    "set_rng_state_all",
    "synchronize",
]

_NONE = "Torch not compiled with CUDA enabled"

_TYPES = ["BFloat16Tensor", "BoolTensor", "ByteTensor", "CharTensor", "DoubleTensor"]
_TYPES += ["FloatTensor", "HalfTensor", "IntTensor", "LongTensor", "ShortTensor"]

lazy.package(__name__, {"tensor_types": _TYPES}, ["amp"])


def is_available() -> bool:
    """False.

    Example:
        >>> is_available()
        False
    """
    return False


def is_initialized() -> bool:
    """False."""
    return False


def device_count() -> int:
    """0."""
    return 0


def manual_seed(seed: int) -> None:
    """Seed the generator of the current device, of which there is none.

    Args:
        seed: anything that `int()` takes.
    """
    int(seed)


def manual_seed_all(seed: int) -> None:
    """Seed the generators of all devices, of which there are none.

    Args:
        seed: anything that `int()` takes.
    """
    int(seed)


def seed() -> None:
    """Seed the generator of the current device by chance; there is none."""


def seed_all() -> None:
    """Seed the generators of all devices by chance; there are none."""


def get_rng_state_all() -> list[Any]:
    """The states of all devices' generators: none."""
    return []


def set_rng_state_all(new_states: Any) -> None:
    """Set the states of all devices' generators.

    Raises:
        AssertionError: there is a state to set.
    """
    if len(new_states):
        raise AssertionError(_NONE)


def empty_cache() -> None:
    """Release memory of the device; there is none."""


def synchronize(device: Any = None) -> None:  # noqa: ARG001 (there is none)
    """Wait for a device.

    Raises:
        AssertionError: always.
    """
    raise AssertionError(_NONE)


def current_device() -> int:
    """The number of the current device.

    Raises:
        AssertionError: always.
    """
    raise AssertionError(_NONE)
