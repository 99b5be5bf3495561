"""What stands at torch's paths below torch.utils.data._utils, where programs take `collate` from.

May import: `pyconv.utils.data._utils`.
"""

from pyconv.utils.data._utils import collate

__all__ = ["collate"]
