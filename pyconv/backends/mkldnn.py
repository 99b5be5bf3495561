"""torch.backends.mkldnn without oneDNN.

May import: the standard library.
"""

from __future__ import annotations

enabled = True


def is_available() -> bool:
    """False.

    Example:
        >>> is_available()
        False
    """
    return False
