"""Where a file's storages go: to the CPU, or not at all.

May import: `pyconv.size`, `pyconv.serialization`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyconv.serialization.storage import Storage
from pyconv.size import device

Place = Callable[[Storage, str], Storage]


def place(map_location: Any) -> Place:
    """What to do with a storage, by the `map_location` of `load`."""
    if map_location is None:
        return restored
    if isinstance(map_location, dict):
        return lambda storage, location: restored(storage, map_location.get(location, location))
    if isinstance(map_location, (str, bytes, device)):
        target = map_location.decode() if isinstance(map_location, bytes) else str(map_location)
        return lambda storage, location: restored(storage, target)  # noqa: ARG005
    return lambda storage, location: _chosen(map_location(storage, location), storage, location)


def _chosen(found: Any, storage: Storage, location: str) -> Storage:
    return restored(storage, location) if found is None else found


def restored(storage: Storage, location: str) -> Storage:
    """The storage, if it is of the CPU.

    Raises:
        RuntimeError: it is of another device.
    """
    kind = str(location).partition(":")[0]
    if kind == "cpu":
        return storage
    if kind == "cuda":
        raise RuntimeError(
            "Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is False. If you are "
            "running on a CPU-only machine, please use torch.load with map_location=torch.device('cpu') to map your "
            "storages to the CPU."
        )
    raise RuntimeError(
        f"don't know how to restore data location of torch.storage.UntypedStorage (tagged with {location})"
    )
