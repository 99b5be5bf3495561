"""The tables that are looked up by number, under the name of torch's module.

May import: `pyconv.nn.modules`.
"""

from pyconv.nn.modules.embedding import Embedding
from pyconv.nn.modules.embedding_bag import EmbeddingBag

__all__ = ["Embedding", "EmbeddingBag"]
