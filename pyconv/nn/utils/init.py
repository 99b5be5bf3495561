"""Modules made without drawing initial values.

May import: `pyconv.random`, `pyconv.nn.modules`.
"""

from __future__ import annotations

import inspect
from typing import Any

from pyconv.nn.modules.module import Module
from pyconv.random import default_generator


def skip_init(module_cls: Any, *args: Any, **kwargs: Any) -> Any:
    """Make a module whose initial values do not count: the default generator is left as it is.

    Args:
        module_cls: a class of modules whose constructor takes a `device`.
        args: of the constructor.
        kwargs: likewise; the device is 'cpu'.

    Raises:
        RuntimeError: no class of modules, or one whose constructor takes no `device`.

    Example:
        >>> import pyconv.nn as nn
        >>> skip_init(nn.Conv1d, 1, 2, 3)
        Conv1d(1, 2, kernel_size=(3,), stride=(1,))
    """
    if not issubclass(module_cls, Module):
        raise RuntimeError(f"Expected a Module; got {module_cls}")
    if "device" not in inspect.signature(module_cls).parameters:
        raise RuntimeError("Module must support a 'device' arg to skip initialization")
    device = kwargs.pop("device", "cpu")
    state = default_generator.get_state()
    try:
        made = module_cls(*args, device="cpu", **kwargs)
    finally:
        default_generator.set_state(state)
    return made.to_empty(device=device)
