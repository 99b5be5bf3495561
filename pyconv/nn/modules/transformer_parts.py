"""What encoders and decoders have in common: copies of a layer, activations by name, attention, causal masks.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from pyconv import dtypes
from pyconv.functions.triangles import triu
from pyconv.nn import functional as F
from pyconv.nn.modules.container import ModuleList
from pyconv.tensor.creation import full


def clones(module: Any, count: int) -> ModuleList:
    """So many copies of a module, with the same values."""
    return ModuleList([copy.deepcopy(module) for _ in range(count)])


def activation_of(activation: str | Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The activation of a name, a function itself.

    Raises:
        RuntimeError: there is none of that name.
    """
    if not isinstance(activation, str):
        return activation
    if activation not in ("relu", "gelu"):
        raise RuntimeError(f"activation should be relu/gelu, not {activation}")
    found: Callable[[Any], Any] = F.relu if activation == "relu" else F.gelu
    return found


def attended(attention: Any, x: Any, memory: Any, attn_mask: Any, key_padding_mask: Any, is_causal: bool) -> Any:
    """What attention gives a sequence for another one, or itself, without the weights."""
    masks = {"attn_mask": attn_mask, "key_padding_mask": key_padding_mask, "is_causal": is_causal}
    return attention(x, memory, memory, need_weights=False, **masks)[0]


def causal_mask(size: int, device: Any = None, dtype: dtypes.dtype | None = None) -> Any:
    """(size, size): -inf above the diagonal, 0 elsewhere."""
    return triu(full((size, size), float("-inf"), device=device, dtype=dtype), diagonal=1)


def is_causal_mask(mask: Any, is_causal: bool | None, size: int) -> bool:
    """Whether a mask is causal: as the caller says, or, for None, by its values."""
    if is_causal is None and mask is not None:
        causal = causal_mask(size, dtype=mask.dtype)
        return mask.size() == causal.size() and bool((mask == causal).all())
    return is_causal is True


def sequence_length(x: Any, batch_first: bool) -> int:
    """T of (T, N, E), (N, T, E) batch first, or (T, E)."""
    return int(x.size(1 if batch_first and x.dim() == 3 else 0))
