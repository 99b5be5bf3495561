"""torch.signal: windows.

May import: all of pyconv below it.
"""

from pyconv.signal import windows

__all__ = ["windows"]
