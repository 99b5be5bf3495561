"""The Tensor, how tensors come to be, and the functions of them.

May import: NumPy, and all of pyconv but `nn`, `optim` and `megengine`.
"""

from pyconv.tensor.tensor import Tensor

__all__ = ["Tensor"]
