"""The format of torch before 1.6: pickles one after the other, then the storages.

May import: the standard library, NumPy, `pyconv.serialization`.
"""

from __future__ import annotations

import io
import os
import pickle
import struct
import sys
from collections.abc import Callable
from typing import IO, Any

import numpy as np

from pyconv.serialization.pickler import Pickler
from pyconv.serialization.storage import Storage, storage_over
from pyconv.serialization.unpickler import unpickler

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001


def save(obj: Any, f: Any, protocol: int) -> None:
    """Write an object in the old format."""
    if isinstance(f, (str, os.PathLike)):
        with open(f, "wb") as file:
            save(obj, file, protocol)
        return
    about = {
        "protocol_version": _PROTOCOL,
        "little_endian": sys.byteorder == "little",
        "type_sizes": {"short": 2, "int": 4, "long": 4},
    }
    for part in (_MAGIC, _PROTOCOL, about):
        pickle.dump(part, f, protocol)
    data = io.BytesIO()
    pickler = Pickler(data, protocol, legacy=True)
    pickler.dump(obj)
    f.write(data.getvalue())
    pickle.dump(sorted(pickler.storages), f, protocol)
    for key in sorted(pickler.storages):
        owner = pickler.storages[key]
        f.write(struct.pack("<q", owner.array.nbytes // pickler.itemsizes[key]) + owner.tobytes())


def load(
    file: IO[bytes],
    place: Callable[[Storage, str], Storage],
    careful: bool,
    pickle_module: Any,
    **options: Any,
) -> Any:
    """Read an object in the old format.

    Raises:
        RuntimeError: it is of another format or protocol.
    """
    storages: dict[str, Storage] = {}
    itemsizes: dict[str, int] = {}

    def storage(described: Any) -> Any:
        if described[0] == "module":
            return described[1]
        if described[0] != "storage":
            raise RuntimeError(f"Unknown saved id type: {described[0]}")
        kind, key, location, count = described[1:5]
        if key not in storages:
            made = storage_over(np.empty(count * kind.itemsize, np.uint8), kind.dtype)
            storages[key], itemsizes[key] = place(made, location), kind.itemsize
        return _viewed(storages[key], described[5], kind.itemsize)

    def part() -> Any:
        return unpickler(file, storage, careful, pickle_module, **options).load()

    if part() != _MAGIC:
        raise RuntimeError("Invalid magic number; corrupt file?")
    protocol = part()
    if protocol != _PROTOCOL:
        raise RuntimeError(f"Invalid protocol version: {protocol}")
    part()
    found = part()
    for key in part():
        count = struct.unpack("<q", file.read(8))[0]
        storages[key].bytes[...] = np.frombuffer(file.read(count * itemsizes[key]), np.uint8)
    return found


def _viewed(storage: Storage, view: Any, itemsize: int) -> Storage:
    """The storage, or the part of it that the oldest files tell of."""
    if view is None:
        return storage
    _, offset, size = view
    return storage_over(storage.bytes[offset * itemsize : (offset + size) * itemsize], storage.dtype)
