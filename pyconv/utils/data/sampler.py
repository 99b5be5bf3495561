"""Samplers: the order in which a loader takes samples.

May import: the standard library, `pyconv.dtypes`, `pyconv.random`, `pyconv.tensor`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from pyconv import dtypes
from pyconv.functions.random import multinomial, source_of
from pyconv.random import Generator
from pyconv.tensor.creation import as_tensor, empty

T_co = TypeVar("T_co", covariant=True)


class Sampler(Generic[T_co]):
    """Indices of samples, or lists of them, in the order to take them: a subclass has `__iter__`.

    Example:
        >>> class Evens(Sampler):
        ...     def __iter__(self):
        ...         return iter(range(0, 6, 2))
        >>> list(Evens())
        [0, 2, 4]
    """

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError


class SequentialSampler(Sampler[int]):
    """From the first sample to the last.

    Args:
        data_source: anything with a length.

    Example:
        >>> list(SequentialSampler("abc"))
        [0, 1, 2]
    """

    def __init__(self, data_source: Any) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """At random.

    Args:
        data_source: anything with a length.
        replacement: whether to draw a sample again before all were drawn.
        num_samples: how many to draw; the length if None.
        generator: what to draw from; if None, a new generator for each pass, whose seed the default one draws.

    Raises:
        TypeError: `replacement` is no bool.
        ValueError: `num_samples` is no positive int.

    Example:
        >>> list(RandomSampler("abcde", generator=Generator().manual_seed(0)))
        [4, 0, 1, 3, 2]
    """

    def __init__(
        self,
        data_source: Any,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Generator | None = None,
    ) -> None:
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples
        self.generator = generator
        if not isinstance(replacement, bool):
            raise TypeError(f"replacement should be a boolean value, but got replacement={replacement}")
        if not isinstance(self.num_samples, int) or self.num_samples <= 0:
            raise ValueError(f"num_samples should be a positive integer value, but got num_samples={self.num_samples}")

    @property
    def num_samples(self) -> int:
        """How many are drawn in a pass."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        generator = self.generator
        if generator is None:
            generator = Generator().manual_seed(draw_seed(None))
        yield from self._with_replacement(generator) if self.replacement else self._in_passes(generator)

    def _with_replacement(self, generator: Generator) -> Iterator[int]:
        size = len(self.data_source)
        whole, rest = divmod(self.num_samples, 32)
        for count in (*itertools.repeat(32, whole), rest):
            yield from generator.integers(0, size, (count,)).tolist()

    def _in_passes(self, generator: Generator) -> Iterator[int]:
        size = len(self.data_source)
        whole, rest = divmod(self.num_samples, size)
        for count in (*itertools.repeat(size, whole), rest):
            yield from generator.permutation(size).tolist()[:count]

    def __len__(self) -> int:
        return self.num_samples


def draw_seed(generator: Generator | None) -> int:
    """A seed of 63 bits from a generator, the default one if None.

    Example:
        >>> draw_seed(Generator().manual_seed(0))
        900450186894289455
    """
    return int(empty((), dtype=dtypes.int64).random_(generator=generator).item())


class SubsetRandomSampler(Sampler[int]):
    """Some indices in random order.

    Args:
        indices: a sequence.
        generator: what to draw from; the default generator if None.

    Example:
        >>> list(SubsetRandomSampler([10, 20, 30], generator=Generator().manual_seed(0)))
        [30, 10, 20]
    """

    def __init__(self, indices: Sequence[int], generator: Generator | None = None) -> None:
        self.indices = indices
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        for i in source_of(self.generator).permutation(len(self.indices)).tolist():
            yield self.indices[i]

    def __len__(self) -> int:
        return len(self.indices)


class WeightedRandomSampler(Sampler[int]):
    """At random, each index with a probability of its own.

    Args:
        weights: of the indices; they need not sum to one.
        num_samples: how many to draw.
        replacement: whether an index can be drawn again.
        generator: what to draw from; the default generator if None.

    Raises:
        ValueError: an argument is not what it should be.

    Example:
        >>> list(WeightedRandomSampler([0.0, 1.0], 3))
        [1, 1, 1]
    """

    def __init__(
        self, weights: Any, num_samples: int, replacement: bool = True, generator: Generator | None = None
    ) -> None:
        _check_positive("num_samples", num_samples)
        if not isinstance(replacement, bool):
            raise ValueError(f"replacement should be a boolean value, but got replacement={replacement}")
        self.weights = as_tensor(weights, dtype=dtypes.float64)
        if self.weights.ndim != 1:
            raise ValueError(
                f"weights should be a 1d sequence but given weights have shape {tuple(self.weights.shape)}"
            )
        self.num_samples = num_samples
        self.replacement = replacement
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        drawn = multinomial(self.weights, self.num_samples, self.replacement, generator=self.generator)
        yield from drawn.tolist()

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """Lists of the indices of another sampler.

    Args:
        sampler: any iterable of indices.
        batch_size: how many to a list.
        drop_last: whether to leave out a last list that is shorter.

    Raises:
        ValueError: an argument is not what it should be.

    Example:
        >>> list(BatchSampler(range(5), batch_size=2, drop_last=False))
        [[0, 1], [2, 3], [4]]
    """

    def __init__(self, sampler: Any, batch_size: int, drop_last: bool) -> None:
        _check_positive("batch_size", batch_size)
        if not isinstance(drop_last, bool):
            raise ValueError(f"drop_last should be a boolean value, but got drop_last={drop_last}")
        self.sampler: Iterable[int] = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        indices = iter(self.sampler)
        while batch := list(itertools.islice(indices, self.batch_size)):
            if self.drop_last and len(batch) < self.batch_size:
                return
            yield batch

    def __len__(self) -> int:
        count = len(self.sampler)  # type: ignore[arg-type]
        return count // self.batch_size if self.drop_last else -(-count // self.batch_size)


def _check_positive(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise ValueError(f"{name} should be a positive integer value, but got {name}={value}")
