"""torch's names in a file, and what they stand for here.

May import: all of pyconv, by name, when it is asked for.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

from pyconv import dtypes
from pyconv.nn.parameter import Buffer, Parameter
from pyconv.serialization import rebuild
from pyconv.serialization.storage import storage_type_named
from pyconv.size import Size, device
from pyconv.tensor import Tensor

_FIXED: dict[tuple[str, str], Any] = {
    ("torch", "Tensor"): Tensor,
    ("torch", "Size"): Size,
    ("torch", "device"): device,
    ("torch._utils", "_rebuild_tensor"): rebuild.tensor,
    ("torch._utils", "_rebuild_tensor_v2"): rebuild.tensor_v2,
    ("torch._utils", "_rebuild_tensor_v3"): rebuild.tensor_v3,
    ("torch._utils", "_rebuild_parameter"): rebuild.parameter,
    ("torch._utils", "_rebuild_parameter_with_state"): rebuild.parameter_with_state,
    ("torch._tensor", "_rebuild_from_type_v2"): rebuild.from_type,
    ("torch.nn.parameter", "Parameter"): Parameter,
    ("torch.nn.parameter", "Buffer"): Buffer,
}
_OLD_STORAGES = {"torch", "torch.storage", "torch.cuda", "torch._tensor"}
_PUBLIC = ("torch.nn", "torch.optim", "torch.optim.lr_scheduler", "torch.nn.functional", "torch")


def ours(module: str, name: str) -> Any:
    """What a name of torch's stands for here; None where nothing does."""
    found = _FIXED.get((module, name))
    if found is None and module == "torch":
        kind = getattr(dtypes, "bool_" if name == "bool" else name, None)
        found = kind if isinstance(kind, dtypes.dtype) else None
    if found is None and module in _OLD_STORAGES:
        found = storage_type_named(name)
    return _found(module, name) if found is None else found


def _found(module: str, name: str) -> Any:
    """An object by its module's name with pyconv in place of torch, or in the public package around it."""
    parts = module.split(".")
    for end in range(len(parts), 0, -1):
        try:
            owner: Any = import_module(".".join(["pyconv", *parts[1:end]]))
        except ImportError:
            continue
        value = owner
        for attribute in name.split("."):
            value = getattr(value, attribute, None)
        if value is not None:
            return value
    return None


def theirs(value: Any) -> tuple[str, str] | None:
    """The module and the name by which torch knows a class or function of pyconv; None where it knows none."""
    for names, known in _FIXED.items():
        if known is value:
            return names
    module, name = getattr(value, "__module__", None) or "", getattr(value, "__qualname__", "")
    if module.partition(".")[0] != "pyconv":
        return None
    for public in _PUBLIC:
        package = sys.modules.get(public.replace("torch", "pyconv", 1))
        if getattr(package, name, None) is value:
            return public, name
    return None
