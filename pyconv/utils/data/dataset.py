"""Datasets: what a loader takes its samples from, whole or divided at random.

In one file, a little long, as torch's are in one module. May import: the standard library, `pyconv.random`,
`pyconv.tensor`.
"""

from __future__ import annotations

import bisect
import itertools
import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from pyconv.random import Generator, default_generator
from pyconv.tensor import Tensor

T_co = TypeVar("T_co", covariant=True)


class Dataset(Generic[T_co]):
    """Samples by index: a subclass has `__getitem__`, and `__len__` for most samplers.

    A subclass may have `__getitems__`, which gives the samples of a list of indices at once.

    Example:
        >>> class Squares(Dataset):
        ...     def __getitem__(self, index):
        ...         return index * index
        >>> Squares()[3]
        9
    """

    def __getitem__(self, index: Any) -> T_co:
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other: Dataset[Any]) -> Any:
        return ConcatDataset([self, other])


class IterableDataset(Dataset[T_co], Iterable[T_co]):
    """Samples one after the other: a subclass has `__iter__`.

    Example:
        >>> class Letters(IterableDataset):
        ...     def __iter__(self):
        ...         return iter("abc")
        >>> list(Letters() + Letters())
        ['a', 'b', 'c', 'a', 'b', 'c']
    """

    def __add__(self, other: Dataset[Any]) -> Any:
        return ChainDataset([self, other])


class TensorDataset(Dataset[tuple[Tensor, ...]]):
    """Tensors whose first dimension is the samples; a sample has one slice of each.

    Args:
        tensors: of the same first size.

    Raises:
        AssertionError: their first sizes differ.

    Example:
        >>> import pyconv
        >>> TensorDataset(pyconv.arange(3), pyconv.arange(3) * 10)[2]
        (tensor(2), tensor(20))
    """

    tensors: tuple[Tensor, ...]

    def __init__(self, *tensors: Tensor) -> None:
        if any(tensors[0].size(0) != tensor.size(0) for tensor in tensors):
            raise AssertionError("Size mismatch between tensors")
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Tensor, ...]:
        return tuple(tensor[index] for tensor in self.tensors)

    def __len__(self) -> int:
        count: int = self.tensors[0].size(0)
        return count


class StackDataset(Dataset[Any]):
    """Datasets side by side: a sample has one of each, in a tuple or by name in a dict.

    Args:
        args: datasets of the same length, for tuples.
        kwargs: likewise, for dicts.

    Raises:
        ValueError: there are none, there are both, or their lengths differ.

    Example:
        >>> StackDataset(image=[1, 2], label=["one", "two"])[1]
        {'image': 2, 'label': 'two'}
    """

    datasets: tuple[Any, ...] | dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if args and kwargs:
            raise ValueError(
                "Supported either ``tuple``- (via ``args``) or``dict``- (via ``kwargs``) like input/output, but both "
                "types are given."
            )
        every = args or tuple(kwargs.values())
        if not every:
            raise ValueError("At least one dataset should be passed")
        self._length = len(every[0])
        if any(len(dataset) != self._length for dataset in every):
            raise ValueError("Size mismatch between datasets")
        self.datasets = args or kwargs

    def __getitem__(self, index: Any) -> Any:
        if isinstance(self.datasets, dict):
            return {name: dataset[index] for name, dataset in self.datasets.items()}
        return tuple(dataset[index] for dataset in self.datasets)

    def __getitems__(self, indices: list[Any]) -> list[Any]:
        if isinstance(self.datasets, dict):
            columns = {name: _samples(dataset, indices) for name, dataset in self.datasets.items()}
            return [{name: column[i] for name, column in columns.items()} for i in range(len(indices))]
        every = [_samples(dataset, indices) for dataset in self.datasets]
        return [tuple(column[i] for column in every) for i in range(len(indices))]

    def __len__(self) -> int:
        return self._length


def _samples(dataset: Any, indices: list[Any]) -> Sequence[Any]:
    """The samples of some indices, taken at once where the dataset can."""
    if not callable(getattr(dataset, "__getitems__", None)):
        return [dataset[index] for index in indices]
    items: Sequence[Any] = dataset.__getitems__(indices)
    if len(items) != len(indices):
        raise ValueError(f"Nested dataset's output size mismatch. Expected {len(indices)}, got {len(items)}")
    return items


class ConcatDataset(Dataset[T_co]):
    """Datasets one after the other.

    Args:
        datasets: at least one, each with a length.

    Raises:
        AssertionError: there is none, or one is an IterableDataset.

    Example:
        >>> both = ConcatDataset(["ab", "cde"])
        >>> len(both), both[3], both[-5]
        (5, 'd', 'a')
    """

    datasets: list[Any]
    cumulative_sizes: list[int]

    @staticmethod
    def cumsum(sequence: Iterable[Any]) -> list[int]:
        """The running sums of the lengths."""
        return list(itertools.accumulate(len(dataset) for dataset in sequence))

    def __init__(self, datasets: Iterable[Any]) -> None:
        super().__init__()
        self.datasets = list(datasets)
        if not self.datasets:
            raise AssertionError("datasets should not be an empty iterable")
        if any(isinstance(dataset, IterableDataset) for dataset in self.datasets):
            raise AssertionError("ConcatDataset does not support IterableDataset")
        self.cumulative_sizes = self.cumsum(self.datasets)

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, idx: int) -> T_co:
        if idx < 0:
            if -idx > len(self):
                raise ValueError("absolute value of index should not exceed dataset length")
            idx += len(self)
        which = bisect.bisect_right(self.cumulative_sizes, idx)
        before = self.cumulative_sizes[which - 1] if which else 0
        sample: T_co = self.datasets[which][idx - before]
        return sample

    @property
    def cummulative_sizes(self) -> list[int]:
        """The former spelling of `cumulative_sizes`."""
        warnings.warn("`cummulative_sizes` attribute is renamed to `cumulative_sizes`", FutureWarning, stacklevel=2)
        return self.cumulative_sizes


class ChainDataset(IterableDataset[Any]):
    """Iterable datasets one after the other.

    Args:
        datasets: each an IterableDataset.

    Raises:
        AssertionError: one is not, when it is reached.

    Example:
        >>> class Two(IterableDataset):
        ...     def __iter__(self):
        ...         return iter((1, 2))
        >>> list(ChainDataset([Two(), Two()]))
        [1, 2, 1, 2]
    """

    def __init__(self, datasets: Iterable[Any]) -> None:
        super().__init__()
        self.datasets = datasets

    def _checked(self) -> Iterator[Any]:
        for dataset in self.datasets:
            if not isinstance(dataset, IterableDataset):
                raise AssertionError("ChainDataset only supports IterableDataset")
            yield dataset

    def __iter__(self) -> Iterator[Any]:
        for dataset in self._checked():
            yield from dataset

    def __len__(self) -> int:
        return sum(len(dataset) for dataset in self._checked())


class Subset(Dataset[T_co]):
    """Some samples of a dataset.

    Args:
        dataset: any dataset.
        indices: of the samples, in order.

    Raises:
        NotImplementedError: a subclass has its own `__getitem__` without a `__getitems__` to go with it.

    Example:
        >>> Subset("abcde", [4, 0])[0]
        'e'
    """

    dataset: Any
    indices: Sequence[int]

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices
        kind = type(self)
        if kind.__getitem__ is not Subset.__getitem__ and kind.__getitems__ is Subset.__getitems__:
            raise NotImplementedError(
                f"{kind.__name__} overrides __getitem__ but not __getitems__. When subclassing Subset and overriding "
                "__getitem__, you must also override __getitems__ to ensure DataLoader works correctly with your "
                "custom logic. A simple implementation:\n\n"
                "def __getitems__(self, indices):\n    return [self.__getitem__(idx) for idx in indices]"
            )

    def __getitem__(self, idx: Any) -> Any:
        if isinstance(idx, list):
            return self.dataset[[self.indices[i] for i in idx]]
        return self.dataset[self.indices[idx]]

    def __getitems__(self, indices: list[int]) -> list[T_co]:
        chosen = [self.indices[i] for i in indices]
        if callable(getattr(self.dataset, "__getitems__", None)):
            found: list[T_co] = self.dataset.__getitems__(chosen)
            return found
        return [self.dataset[i] for i in chosen]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(
    dataset: Any, lengths: Sequence[int | float], generator: Generator | None = default_generator
) -> list[Subset[Any]]:
    """Divide a dataset at random into parts of given lengths.

    Args:
        dataset: any dataset with a length.
        lengths: of the parts; or fractions that sum to 1, where what rounding leaves over goes to the first parts,
            one to each in turn.
        generator: what to draw from.

    Raises:
        ValueError: the lengths do not sum to the dataset's, or a fraction is not one.

    Example:
        >>> parts = random_split(range(10), [0.7, 0.3], generator=Generator().manual_seed(0))
        >>> [len(part) for part in parts]
        [7, 3]
    """
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        lengths = _of_fractions(len(dataset), lengths)
        for i, length in enumerate(lengths):
            if length == 0:
                warnings.warn(
                    f"Length of split at index {i} is 0. This might result in an empty dataset.", stacklevel=2
                )
    if sum(lengths) != len(dataset):
        raise ValueError("Sum of input lengths does not equal the length of the input dataset!")
    source = default_generator if generator is None else generator
    indices = source.permutation(int(sum(lengths))).tolist()
    counts = [int(length) for length in lengths]
    ends = itertools.accumulate(counts)
    return [Subset(dataset, indices[end - count : end]) for end, count in zip(ends, counts, strict=True)]


def _of_fractions(size: int, fractions: Sequence[float]) -> list[int]:
    for i, fraction in enumerate(fractions):
        if fraction < 0 or fraction > 1:
            raise ValueError(f"Fraction at index {i} is not between 0 and 1")
    counts = [math.floor(size * fraction) for fraction in fractions]
    for i in range(size - sum(counts)):
        counts[i % len(counts)] += 1
    return counts
