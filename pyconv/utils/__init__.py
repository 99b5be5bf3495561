"""torch.utils: loading data, checkpoints of activations, downloads of models.

Imported when it is first asked for. May import: NumPy, the standard library, and all of pyconv.
"""

from pyconv.utils import checkpoint, data, model_zoo

__all__ = ["checkpoint", "data", "model_zoo"]
