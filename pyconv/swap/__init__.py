"""pyconv in torch's place: for the imports of a block, and for whole programs that nobody edits.

May import: all of pyconv.
"""

from pyconv.swap.finder import as_torch

__all__ = ["as_torch"]
