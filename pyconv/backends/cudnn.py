"""torch.backends.cudnn without cuDNN: its switches can be set, and change nothing, as on torch's CPU build.

May import: the standard library.
"""

from __future__ import annotations

enabled = True
benchmark = False
deterministic = False
allow_tf32 = True
benchmark_limit = 10


def is_available() -> bool:
    """False.

    Example:
        >>> is_available()
        False
    """
    return False


def version() -> None:
    """None: there is no cuDNN."""
