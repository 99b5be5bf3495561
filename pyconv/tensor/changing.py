"""torch's functions that change their first argument: torch.sigmoid_, torch.clamp_ and their kin.

Each is the method of its name, made when it is first asked for; `pyconv` lists those that torch has. May import:
`pyconv.signatures`, `pyconv.tensor`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyconv.signatures.values import type_name
from pyconv.tensor.tensor import Tensor


def _changing(name: str) -> Callable[..., Tensor]:
    method = getattr(Tensor, name)

    def call(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        if not isinstance(input, Tensor):
            raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type_name(input)}")
        changed: Tensor = method(input, *args, **kwargs)
        return changed

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"`Tensor.{name}` as a function: it changes `input`, and returns it."
    return call


def __getattr__(name: str) -> Callable[..., Tensor]:
    if name.startswith("_") or not name.endswith("_") or not hasattr(Tensor, name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    made = globals()[name] = _changing(name)
    return made
