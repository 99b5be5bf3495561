"""Unpicklers that know torch's names: one for files that are trusted, one for the rest.

May import: the standard library, `pyconv.serialization`.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import IO, Any

from pyconv import dtypes
from pyconv.nn.parameter import Parameter
from pyconv.serialization import allowed, names, rebuild
from pyconv.serialization.storage import StorageType
from pyconv.size import Size, device
from pyconv.tensor import Tensor

_OWN = (
    Tensor,
    Parameter,
    Size,
    device,
    rebuild.tensor,
    rebuild.tensor_v2,
    rebuild.tensor_v3,
    rebuild.parameter,
    rebuild.parameter_with_state,
    rebuild.from_type,
)


def full_find(module: str, name: str, otherwise: Callable[[str, str], Any]) -> Any:
    """What a name stands for in a file that is trusted."""
    found = names.ours(module, name) if module.partition(".")[0] == "torch" else None
    return otherwise(module, name) if found is None else found


def careful_find(module: str, name: str) -> Any:
    """What a name stands for in a file that is not trusted.

    Raises:
        pickle.UnpicklingError: it is not allowed.
    """
    path = f"{module}.{name}"
    if module in allowed.BLOCKED:
        raise pickle.UnpicklingError(f"Trying to load unsupported GLOBAL {path} whose module {module} is blocked.")
    if path in allowed.PLAIN:
        return allowed.PLAIN[path]
    listed = allowed.listed()
    if path in listed:
        return listed[path]
    if module.partition(".")[0] == "torch":
        found = names.ours(module, name)
        if isinstance(found, (dtypes.dtype, StorageType)) or any(found is item for item in _OWN):
            return found
        if any(found is item for item in listed.values()):
            return found
    shown = name if module in ("builtins", "__builtin__") else path
    raise pickle.UnpicklingError(
        f"Unsupported global: GLOBAL {shown} was not an allowed global by default. Please use "
        f"`torch.serialization.add_safe_globals([{shown}])` or the `torch.serialization.safe_globals([{shown}])` "
        "context manager to allowlist this global if you trust this class/function."
    )


def unpickler(
    file: IO[bytes], storage: Callable[[Any], Any], careful: bool, pickle_module: Any = None, **options: Any
) -> Any:
    """An unpickler of a file in torch's format.

    Args:
        file: open for reading.
        storage: called with what the file says of a storage; gives the storage.
        careful: whether only names that are allowed are found.
        pickle_module: that of the file where it is trusted; the standard one by default.
        options: of the module's Unpickler.
    """
    base: Any = pickle.Unpickler if careful or pickle_module is None else pickle_module.Unpickler

    class Named(base):  # type: ignore[misc]
        """An unpickler whose names and storages are torch's."""

        def find_class(self, module: str, name: str) -> Any:
            return careful_find(module, name) if careful else full_find(module, name, super().find_class)

        def persistent_load(self, pid: Any) -> Any:
            return storage(pid)

    return Named(file, **options)
