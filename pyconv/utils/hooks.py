"""torch.utils.hooks: the handle that registering a hook gives.

May import: `pyconv.autograd`.
"""

from __future__ import annotations

from typing import TypeVar

from pyconv.autograd.handles import RemovableHandle

__all__ = ["RemovableHandle", "unserializable_hook"]

F = TypeVar("F")


def unserializable_hook(f: F) -> F:
    """Mark a hook as one that a file need not hold, as torch does; tensors are saved without theirs in any case.

    Example:
        >>> @unserializable_hook
        ... def double(grad):
        ...     return grad * 2
        >>> double.__torch_unserializable__
        True
    """
    f.__torch_unserializable__ = True  # type: ignore[attr-defined]
    return f
