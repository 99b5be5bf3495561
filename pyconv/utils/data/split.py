"""Datasets divided at random.

May import: the standard library, `pyconv.random`, `pyconv.utils.data`.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Sequence
from typing import Any

from pyconv.random import Generator, default_generator
from pyconv.utils.data.dataset import Subset


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
