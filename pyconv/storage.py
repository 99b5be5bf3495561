"""torch.storage: the memory under tensors.

Imported when it is first asked for. May import: `pyconv.tensor`.
"""

from pyconv.tensor.storage import UntypedStorage
from pyconv.tensor.typed_storage import TypedStorage

__all__ = ["TypedStorage", "UntypedStorage"]
