"""torch.save.

May import: the standard library, `pyconv.serialization`.
"""

from __future__ import annotations

import io
import os
import pickle
import sys
from typing import Any

from pyconv.serialization import legacy
from pyconv.serialization.archive import ALIGNMENT, Writer
from pyconv.serialization.pickler import Pickler


def save(
    obj: Any,
    f: Any,
    pickle_module: Any = pickle,  # noqa: ARG001 (torch's names need a pickler of our own)
    pickle_protocol: int = 2,
    _use_new_zipfile_serialization: bool = True,
) -> None:
    """Write an object to a file that torch, too, reads.

    Tensors that share memory share it in the file.

    Args:
        obj: tensors, parameters, modules, state dicts, and containers and plain Python objects around them.
        f: a path, or a file open for writing bytes.
        pickle_module: as torch has it; not used.
        pickle_protocol: of pickle.
        _use_new_zipfile_serialization: False for the format of torch before 1.6.

    Raises:
        AttributeError: `f` is neither a path nor a file.
        RuntimeError: there are tensors that look at the same memory as different types, or no such folder.

    Example:
        >>> import pyconv
        >>> file = io.BytesIO()
        >>> save({"weight": pyconv.ones(2)}, file)
        >>> _ = file.seek(0)
        >>> pyconv.load(file)
        {'weight': tensor([1., 1.])}
    """
    is_path = isinstance(f, (str, os.PathLike))
    if not is_path and not hasattr(f, "write"):
        raise AttributeError("expected 'f' to be string, path, or a file-like object with a 'write' attribute")
    _save(obj, f, is_path, pickle_protocol, _use_new_zipfile_serialization)
    if not is_path and hasattr(f, "flush"):
        f.flush()


def _save(obj: Any, f: Any, is_path: bool, pickle_protocol: int, zipped: bool) -> None:
    if not zipped:
        legacy.save(obj, f, pickle_protocol)
        return
    folder = os.path.dirname(os.fspath(f)) if is_path else ""
    if folder and not os.path.isdir(folder):
        raise RuntimeError(f"Parent directory {folder} does not exist.")
    data = io.BytesIO()
    pickler = Pickler(data, pickle_protocol)
    pickler.dump(obj)
    with Writer(f) as writer:
        writer.write("data.pkl", data.getvalue())
        writer.write(".format_version", b"1")
        writer.write(".storage_alignment", str(ALIGNMENT).encode())
        writer.write("byteorder", sys.byteorder.encode())
        for key in sorted(pickler.storages):
            writer.write(f"data/{key}", pickler.storages[key].tobytes())
