"""The samples of a batch, taken from a dataset.

May import: the standard library, `pyconv.utils.data`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

Collate = Callable[[Any], Any]


class MapFetcher:
    """Takes samples by index."""

    def __init__(self, dataset: Any, batched: bool, collate_fn: Collate, drop_last: bool) -> None:  # noqa: ARG002
        self._dataset = dataset
        self._batched = batched
        self._collate = collate_fn

    def fetch(self, index: Any) -> Any:
        """The batch of a list of indices, or the sample of one."""
        if not self._batched:
            return self._collate(self._dataset[index])
        if getattr(self._dataset, "__getitems__", None):
            return self._collate(self._dataset.__getitems__(index))
        return self._collate([self._dataset[i] for i in index])


class IterableFetcher:
    """Takes as many samples as there are indices, which count for nothing else."""

    def __init__(self, dataset: Any, batched: bool, collate_fn: Collate, drop_last: bool) -> None:
        self._samples = iter(dataset)
        self._batched = batched
        self._collate = collate_fn
        self._drop_last = drop_last
        self._ended = False

    def fetch(self, index: Any) -> Any:
        """The next batch, or the next sample.

        Raises:
            StopIteration: there is none.
        """
        if self._ended:
            raise StopIteration
        if not self._batched:
            return self._collate(next(self._samples))
        batch = list(itertools.islice(self._samples, len(index)))
        self._ended = len(batch) < len(index)
        if not batch or (self._drop_last and len(batch) < len(index)):
            raise StopIteration
        return self._collate(batch)
