"""torch.amp: regions whose functions choose their dtypes, and the scaling of gradients.

May import: `pyconv.amp`.
"""

from pyconv.amp.autocast_mode import autocast, custom_bwd, custom_fwd, is_autocast_available
from pyconv.amp.grad_scaler import GradScaler

__all__ = ["GradScaler", "autocast", "custom_bwd", "custom_fwd", "is_autocast_available"]
