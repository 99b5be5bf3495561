"""One pass over a loader's data, in this process.

May import: the standard library, `pyconv.utils.data`.
"""

from __future__ import annotations

import warnings
from typing import Any

from pyconv.utils.data.fetch import IterableFetcher, MapFetcher
from pyconv.utils.data.sampler import draw_seed


class BaseIterator:
    """What passes have in common: the indices to come, the seed of the workers, the count of batches."""

    def __init__(self, loader: Any) -> None:
        self._dataset = loader.dataset
        self._iterable = loader._iterable
        self._index_sampler = loader._index_sampler
        self._num_workers = loader.num_workers
        if loader.pin_memory:
            _warn_of_pinning(loader.pin_memory_device)
        self._timeout = loader.timeout
        self._sampler_iter = iter(self._index_sampler)
        self._base_seed = draw_seed(loader.generator)
        self._told_length = loader._told_length
        self._num_yielded = 0
        self._fetcher = IterableFetcher if loader._iterable else MapFetcher
        self._options = (loader._auto_collation, loader.collate_fn, loader.drop_last)

    def __iter__(self) -> BaseIterator:
        return self

    def reset(self, loader: Any) -> None:
        """Begin another pass."""
        self._sampler_iter = iter(self._index_sampler)
        self._num_yielded = 0
        self._told_length = loader._told_length

    def __next__(self) -> Any:
        data = self._next_data()
        self._num_yielded += 1
        if self._iterable and self._told_length is not None and self._num_yielded > self._told_length:
            self._warn_of_length()
        return data

    def _next_data(self) -> Any:
        raise NotImplementedError

    def _warn_of_length(self) -> None:
        text = (
            f"Length of IterableDataset {self._dataset} was reported to be {self._told_length}(when accessing "
            f"len(dataloader)), but {self._num_yielded} samples have been fetched. "
        )
        if self._num_workers > 0:
            text += (
                "For multiprocessing data-loading, this could be caused by not properly configuring the "
                "IterableDataset replica at each worker. Please see https://pytorch.org/docs/stable/data.html#torch."
                "utils.data.IterableDataset for examples."
            )
        warnings.warn(text, stacklevel=3)

    def __len__(self) -> int:
        return len(self._index_sampler)

    def __getstate__(self) -> Any:
        raise NotImplementedError("{} cannot be pickled", type(self).__name__)


class SingleProcessIterator(BaseIterator):
    """A pass that takes the samples itself."""

    def __init__(self, loader: Any) -> None:
        super().__init__(loader)
        if self._timeout != 0:
            raise AssertionError("_SingleProcessDataLoaderIter requires timeout == 0")
        self._source: Any = self._fetcher(self._dataset, *self._options)

    def _next_data(self) -> Any:
        return self._source.fetch(next(self._sampler_iter))


def _warn_of_pinning(device: str) -> None:
    if device:
        warnings.warn(
            "pin_memory_device is deprecated, the current accelerator will be used as the device,"
            f"ignore pin_memory_device='{device}'.",
            stacklevel=5,
        )
    warnings.warn(
        "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.",
        stacklevel=5,
    )
