"""torch.backends.mps without such a device.

May import: the standard library.
"""

from __future__ import annotations


def is_available() -> bool:
    """False.

    Example:
        >>> is_available()
        False
    """
    return False


def is_built() -> bool:
    """False."""
    return False
