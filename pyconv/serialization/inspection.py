"""What a file would need to be allowed.

May import: the standard library, `pyconv.serialization`.
"""

from __future__ import annotations

import io
import os
import pickle
import pickletools
from typing import Any

from pyconv.serialization.archive import Reader, is_archive
from pyconv.serialization.unpickler import careful_find


def get_unsafe_globals_in_checkpoint(f: Any) -> list[str]:
    """The full names in a file that `load` refuses by default.

    Args:
        f: a path, or a file open for reading bytes.

    Raises:
        ValueError: the file is of the old format.

    Example:
        >>> import fractions, pyconv
        >>> file = io.BytesIO()
        >>> pyconv.save(fractions.Fraction(1, 2), file)
        >>> _ = file.seek(0)
        >>> get_unsafe_globals_in_checkpoint(file)
        ['fractions.Fraction']
    """
    if isinstance(f, (str, os.PathLike)):
        with open(f, "rb") as file:
            return get_unsafe_globals_in_checkpoint(file)
    if not is_archive(f):
        raise ValueError("Expected input to be a checkpoint returned by torch.save")
    data = Reader(f).read("data.pkl")
    named = {
        tuple(str(argument).split(" ", 1))
        for op, argument, _ in pickletools.genops(io.BytesIO(data))
        if op.name == "GLOBAL"
    }
    return [f"{module}.{name}" for module, name in sorted(named) if not _is_allowed(module, name)]


def _is_allowed(module: str, name: str) -> bool:
    try:
        careful_find(module, name)
    except pickle.UnpicklingError:
        return False
    return True
