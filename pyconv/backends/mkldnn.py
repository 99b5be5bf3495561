"""torch.backends.mkldnn without oneDNN.

May import: the standard library, `pyconv.backends.switches`.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager

from pyconv.backends.switches import held

enabled = True
deterministic = False
allow_tf32 = True
fp32_precision = "none"


def is_available() -> bool:
    """False.

    Example:
        >>> is_available()
        False
    """
    return False


def flags(
    enabled: bool = False, deterministic: bool = False, allow_tf32: bool = True, fp32_precision: str = "none"
) -> AbstractContextManager[None]:
    """Set the switches inside a `with` block.

    Args:
        enabled: as the module's.
        deterministic: likewise.
        allow_tf32: likewise.
        fp32_precision: likewise.

    Example:
        >>> import pyconv
        >>> with flags(enabled=False):
        ...     print(pyconv.backends.mkldnn.enabled)
        False
    """
    return held(sys.modules[__name__], dict(locals()))
