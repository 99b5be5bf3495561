"""MegEngine's face of pyconv, `import pyconv.megengine as mge`: its names and layouts, nothing computed twice.

May import: all of pyconv but `optim`.
"""

from pyconv.megengine import autodiff, functional, module
from pyconv.megengine.layout import from_torch_layout, to_torch_layout
from pyconv.megengine.tensor import Parameter, Tensor

tensor = Tensor

__all__ = ["Parameter", "Tensor", "autodiff", "from_torch_layout", "functional", "module", "tensor", "to_torch_layout"]
