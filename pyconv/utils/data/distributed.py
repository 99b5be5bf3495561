"""A sampler for several processes that train together.

May import: the standard library, `pyconv.random`, `pyconv.utils.data`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pyconv.random import Generator
from pyconv.utils.data.sampler import Sampler


class DistributedSampler(Sampler[int]):
    """Each process's share of a dataset: every `num_replicas`-th sample of one order that all agree on.

    Args:
        dataset: anything with a length.
        num_replicas: how many processes there are; there is no process group to ask.
        rank: which of them this is.
        shuffle: whether the order is random.
        seed: of that order, the same for all processes.
        drop_last: whether to leave samples out, instead of taking some twice, for equal shares.

    Raises:
        RuntimeError: `num_replicas` or `rank` is missing.
        ValueError: `rank` is out of range.

    Example:
        >>> list(DistributedSampler(range(5), num_replicas=2, rank=1, shuffle=False))
        [1, 3, 0]
    """

    def __init__(
        self,
        dataset: Any,
        num_replicas: int | None = None,
        rank: int | None = None,
        shuffle: bool = True,
        seed: int = 0,
        drop_last: bool = False,
    ) -> None:
        if num_replicas is None or rank is None:
            raise RuntimeError("Requires distributed package to be available")
        if rank >= num_replicas or rank < 0:
            raise ValueError(f"Invalid rank {rank}, rank should be in the interval [0, {num_replicas - 1}]")
        self.dataset = dataset
        self.num_replicas = num_replicas
        self.rank = rank
        self.epoch = 0
        self.drop_last = drop_last
        count = len(dataset)
        if drop_last and count % num_replicas:
            count -= num_replicas
        self.num_samples = math.ceil(count / num_replicas)
        self.total_size = self.num_samples * num_replicas
        self.shuffle = shuffle
        self.seed = seed

    def __iter__(self) -> Iterator[int]:
        count = len(self.dataset)
        indices = list(range(count))
        if self.shuffle:
            indices = Generator().manual_seed(self.seed + self.epoch).permutation(count).tolist()
        if not self.drop_last:
            indices *= max(math.ceil(self.total_size / count), 1)
        return iter(indices[self.rank : self.total_size : self.num_replicas])

    def __len__(self) -> int:
        return self.num_samples

    def set_epoch(self, epoch: int) -> None:
        """Choose another order, the same in all processes.

        Args:
            epoch: the number of the pass.
        """
        self.epoch = epoch
