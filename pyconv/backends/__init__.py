"""torch.backends: what a program may ask and set about libraries that are not here.

May import: the standard library.
"""

from pyconv.backends import cudnn, mkldnn, mps

__all__ = ["cudnn", "mkldnn", "mps"]
