"""What the C library does with the memory of large arrays that are freed.

Glibc maps an array above a threshold anew, and gives the end of its heap back to the system once more than twice the
threshold is free there; the next arrays then fault in every page again. ResNet-18's gradients did so at each step of
training, with 4000 faults of 1.6 µs. The threshold grows to the size of any mapped block that is freed, up to 32 MiB.
It is one for the whole process.

May import: NumPy and the standard library.
"""

from __future__ import annotations

import os
from contextlib import suppress

import numpy as np

LARGEST = (32 << 20) - 8192
"""Bytes of a block that the threshold just grows to."""


def keep_pages() -> None:
    """Have arrays below 32 MiB take pages again that were freed before; without glibc it does nothing.

    Example:
        >>> keep_pages()
    """
    if _is_glibc():
        with suppress(MemoryError):
            np.empty(LARGEST, np.uint8)


def _is_glibc() -> bool:
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") is not None
    except (AttributeError, ValueError, OSError):
        return False
