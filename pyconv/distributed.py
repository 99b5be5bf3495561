"""torch.distributed in a single process.

May import: the standard library.
"""

from __future__ import annotations

__all__ = ["is_available", "is_initialized", "is_torchelastic_launched"]


def is_available() -> bool:
    """False: processes do not talk to each other here.

    Example:
        >>> is_available()
        False
    """
    return False


def is_initialized() -> bool:
    """False."""
    return False


def is_torchelastic_launched() -> bool:
    """False."""
    return False
