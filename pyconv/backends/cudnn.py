"""torch.backends.cudnn without cuDNN: its switches can be set, and change nothing, as on torch's CPU build.

May import: the standard library, `pyconv.backends.switches`.
"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager

from pyconv.backends.switches import held

enabled = True
benchmark = False
deterministic = False
allow_tf32 = True
benchmark_limit = 10
fp32_precision = "none"
depthwise_kernel = "auto"


def is_available() -> bool:
    """False.

    Example:
        >>> is_available()
        False
    """
    return False


def version() -> None:
    """None: there is no cuDNN."""


def flags(
    enabled: bool = False,
    benchmark: bool = False,
    benchmark_limit: int = 10,
    deterministic: bool = False,
    allow_tf32: bool = True,
    fp32_precision: str = "none",
    depthwise_kernel: str = "auto",
) -> AbstractContextManager[None]:
    """Set the switches inside a `with` block.

    Args:
        enabled: as the module's.
        benchmark: likewise.
        benchmark_limit: likewise.
        deterministic: likewise.
        allow_tf32: likewise.
        fp32_precision: likewise.
        depthwise_kernel: likewise.

    Example:
        >>> import pyconv
        >>> with flags(enabled=True, benchmark=True):
        ...     print(pyconv.backends.cudnn.benchmark)
        True
    """
    return held(sys.modules[__name__], dict(locals()))
