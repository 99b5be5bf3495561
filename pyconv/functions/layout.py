"""Copies in a memory format: torch.clone and what the Tensor's methods need.

May import: `pyconv.size`, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.ops import layout as ops
from pyconv.ops.cast import array_of
from pyconv.signatures import function
from pyconv.size import contiguous_format, memory_format, preserve_format

__all__ = ["clone"]


@function("(Tensor input, *, torch.memory_format memory_format = None)")
def clone(input: Any, *, memory_format: memory_format | None = None) -> Any:
    """A copy.

    Args:
        input: of any shape.
        memory_format: of the copy; that of `input` by default.

    Raises:
        RuntimeError: the format has another number of dimensions.

    Example:
        >>> import pyconv
        >>> clone(pyconv.tensor([1, 2]))
        tensor([1, 2])
    """
    return ops.clone(input, order=preserve_format if memory_format is None else memory_format)


@function("(Tensor input, *, torch.memory_format memory_format = torch.contiguous_format)")
def contiguous(input: Any, *, memory_format: memory_format = contiguous_format) -> Any:
    """The tensor itself where its elements lie in a memory format, else a copy whose do.

    Raises:
        RuntimeError: the format has another number of dimensions, or is that of the tensor.

    Example:
        >>> import pyconv
        >>> contiguous(pyconv.ones(2, 3).t()).stride()
        (2, 1)
    """
    if memory_format is preserve_format:
        if array_of(input).flags.c_contiguous:
            return input
        raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
    return input if ops.is_contiguous(array_of(input), memory_format) else ops.clone(input, order=memory_format)
