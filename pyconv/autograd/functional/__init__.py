"""torch.autograd.functional: Jacobians and Hessians of functions, and their products with vectors.

May import: `pyconv.autograd`, `pyconv.functions`, `pyconv.tensor`.
"""

from pyconv.autograd.functional.jacobians import hessian, jacobian
from pyconv.autograd.functional.products import hvp, jvp, vhp, vjp

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]
