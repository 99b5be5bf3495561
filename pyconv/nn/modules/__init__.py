"""torch.nn's modules, one family a file.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from pyconv.nn.modules.container import ModuleDict, ModuleList, Sequential
from pyconv.nn.modules.conv import Conv1d, Conv2d, Conv3d
from pyconv.nn.modules.conv_transpose import ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from pyconv.nn.modules.fold import Fold, Unfold
from pyconv.nn.modules.lazy_conv import (
    LazyConv1d,
    LazyConv2d,
    LazyConv3d,
    LazyConvTranspose1d,
    LazyConvTranspose2d,
    LazyConvTranspose3d,
)
from pyconv.nn.modules.module import Module

__all__ = [
    "Conv1d",
    "Conv2d",
    "Conv3d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "ConvTranspose3d",
    "Fold",
    "LazyConv1d",
    "LazyConv2d",
    "LazyConv3d",
    "LazyConvTranspose1d",
    "LazyConvTranspose2d",
    "LazyConvTranspose3d",
    "Module",
    "ModuleDict",
    "ModuleList",
    "Sequential",
    "Unfold",
]
