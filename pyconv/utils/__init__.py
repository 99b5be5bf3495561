"""torch.utils: loading data, checkpoints of activations, downloads of models.

Imported when it is first asked for. May import: NumPy, the standard library, and all of pyconv.
"""

from pyconv.utils import _pytree, checkpoint, cpp_extension, data, deterministic, dlpack, file_baton, hooks, model_zoo

__all__ = [
    "_pytree",
    "checkpoint",
    "cpp_extension",
    "data",
    "deterministic",
    "dlpack",
    "file_baton",
    "hooks",
    "model_zoo",
]
