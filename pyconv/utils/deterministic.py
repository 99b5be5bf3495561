"""torch.utils.deterministic: whether new memory gets known values where `use_deterministic_algorithms` holds.

May import: the standard library, `pyconv.functions.determinism`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from pyconv.functions.determinism import State


class _Deterministic(ModuleType):
    """The module, with a setting that can be assigned to."""

    @property
    def fill_uninitialized_memory(self) -> bool:
        """Whether new memory is filled, with NaN or the largest integer.

        Raises:
            RuntimeError: it is set to something that is no bool.
        """
        return State.fill

    @fill_uninitialized_memory.setter
    def fill_uninitialized_memory(self, mode: Any) -> None:
        if not isinstance(mode, bool):
            raise RuntimeError(f"expected a bool, but got {type(mode).__name__}")
        State.fill = mode


sys.modules[__name__].__class__ = _Deterministic
