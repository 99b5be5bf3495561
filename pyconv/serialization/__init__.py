"""torch.save and torch.load: torch's files written and read, without torch.

A file of tensors, parameters, containers and state dicts that either library writes, the other reads. May import:
NumPy, the standard library, and all of pyconv but `nn.modules`, `optim` and `utils`; modules in a file are found by
name when it is read.
"""

from pyconv.serialization.allowed import (
    add_safe_globals,
    clear_safe_globals,
    get_safe_globals,
    safe_globals,
)
from pyconv.serialization.inspection import get_unsafe_globals_in_checkpoint
from pyconv.serialization.load import load
from pyconv.serialization.save import save

__all__ = [
    "add_safe_globals",
    "clear_safe_globals",
    "get_safe_globals",
    "get_unsafe_globals_in_checkpoint",
    "load",
    "safe_globals",
    "save",
]
