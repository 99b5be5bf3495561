"""torch.version: which version this is, and that it is made for no accelerator.

May import: `pyconv`.
"""

from __future__ import annotations

from pyconv import __version__

__all__ = ["__version__", "cuda", "debug", "git_version", "hip", "rocm", "xpu"]

debug = False
git_version = "Unknown"
cuda: str | None = None
hip: str | None = None
rocm: str | None = None
xpu: str | None = None
