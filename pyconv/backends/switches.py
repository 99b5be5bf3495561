"""Switches of a module, set for the time of a block.

May import: the standard library.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def held(module: ModuleType, values: Mapping[str, object]) -> Iterator[None]:
    """Give attributes of a module other values inside a `with` block.

    Args:
        module: the module.
        values: by name.
    """
    before = {name: getattr(module, name) for name in values}
    module.__dict__.update(values)
    try:
        yield
    finally:
        module.__dict__.update(before)
