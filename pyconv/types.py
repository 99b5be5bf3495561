"""torch.types: names for the annotations of functions.

May import: the standard library, and all of pyconv.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import IO, TypeAlias

from pyconv.dtypes import dtype
from pyconv.size import Size, layout
from pyconv.size import device as _device
from pyconv.storage import UntypedStorage
from pyconv.tensor import Tensor

__all__ = ["Device", "FileLike", "Number", "Storage"]

Number: TypeAlias = int | float | bool
Device: TypeAlias = _device | str | int | None
FileLike: TypeAlias = str | os.PathLike[str] | IO[bytes]
Storage = UntypedStorage

_int: TypeAlias = int
_float: TypeAlias = float
_bool: TypeAlias = bool
_complex: TypeAlias = complex
_str: TypeAlias = str
_bytes: TypeAlias = bytes
_dtype: TypeAlias = dtype
_layout: TypeAlias = layout
_size: TypeAlias = Size | list[int] | tuple[int, ...]
_Number = (int, float, bool)
_TensorOrTensors: TypeAlias = Tensor | Sequence[Tensor]
_TensorOrOptionalTensors: TypeAlias = Tensor | Sequence[Tensor | None]
