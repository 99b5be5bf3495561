"""torch's pooling functions, those that nn.functional builds on among them.

May import: NumPy, and all of pyconv below `functions`.
"""

from pyconv.functions.pooling.adaptive import adaptive_avg_pool1d, adaptive_max_pool1d
from pyconv.functions.pooling.average import avg_pool1d
from pyconv.functions.pooling.maximum import max_pool1d, max_pool1d_with_indices, max_pool2d, max_pool3d

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_max_pool1d",
    "avg_pool1d",
    "max_pool1d",
    "max_pool1d_with_indices",
    "max_pool2d",
    "max_pool3d",
]
