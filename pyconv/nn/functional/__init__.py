"""torch.nn.functional: torch's signatures over the ops.

Every function takes Tensors and returns a Tensor, or takes ndarrays throughout and returns an ndarray. May import:
NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from pyconv.nn.functional.conv import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from pyconv.nn.functional.fold import fold, unfold
from pyconv.nn.functional.pad import pad

__all__ = [
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "fold",
    "pad",
    "unfold",
]
