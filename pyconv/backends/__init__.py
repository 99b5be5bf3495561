"""torch.backends: what a program may ask and set about libraries that are not here.

May import: the standard library, `pyconv.runtime`.
"""

from pyconv.backends import cuda, cudnn, mkldnn, mps

__all__ = ["cuda", "cudnn", "mkldnn", "mps"]
