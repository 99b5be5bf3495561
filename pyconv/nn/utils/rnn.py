"""Sequences of several lengths, padded or packed.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.functions.joining import cat
from pyconv.ops import packing
from pyconv.tensor import Tensor
from pyconv.tensor.creation import as_tensor

__all__ = [
    "PackedSequence",
    "invert_permutation",
    "pack_padded_sequence",
    "pack_sequence",
    "pad_packed_sequence",
    "pad_sequence",
    "unpack_sequence",
    "unpad_sequence",
]

Array = np.ndarray[Any, Any]


class _Fields(NamedTuple):
    """What a PackedSequence holds."""

    data: Any
    batch_sizes: Any
    sorted_indices: Any
    unsorted_indices: Any


class PackedSequence(_Fields):
    """Sequences packed step by step: all first elements, then all second ones, and so on.

    Made by `pack_padded_sequence` and `pack_sequence`.

    Args:
        data: the elements; or data and batch sizes as a pair.
        batch_sizes: int64, how many sequences have each step.
        sorted_indices: the order in which the sequences were sorted by length, or None.
        unsorted_indices: the inverse of that.

    Example:
        >>> import pyconv
        >>> pack_sequence([pyconv.tensor([1, 2]), pyconv.tensor([3])]).data
        tensor([1, 3, 2])
    """

    __slots__ = ()

    def __new__(
        cls, data: Any, batch_sizes: Any = None, sorted_indices: Any = None, unsorted_indices: Any = None
    ) -> PackedSequence:
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        if batch_sizes is None:
            if not (isinstance(data, (list, tuple)) and len(data) == 2):
                raise AssertionError("Expected data to be a list or tuple of length 2")
            data, batch_sizes = data
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """The same with its data converted as by `Tensor.to`; itself where nothing changes."""
        data = self.data.to(*args, **kwargs)
        return self if data is self.data else type(self)(data, *self[1:])

    def cpu(self) -> PackedSequence:
        """The sequence itself."""
        return self

    def cuda(self, *args: Any, **kwargs: Any) -> PackedSequence:
        """Refuse, as torch without CUDA.

        Raises:
            AssertionError: always.
        """
        return type(self)(self.data.cuda(*args, **kwargs), *self[1:])

    def pin_memory(self) -> PackedSequence:
        """Refuse, as torch without a device.

        Raises:
            RuntimeError: always.
        """
        return type(self)(self.data.pin_memory(), *self[1:])

    def is_pinned(self) -> bool:
        """False."""
        return False

    def double(self) -> PackedSequence:
        """With float64 data."""
        return self.to(dtypes.float64)

    def float(self) -> PackedSequence:
        """With float32 data."""
        return self.to(dtypes.float32)

    def half(self) -> PackedSequence:
        """With float16 data."""
        return self.to(dtypes.float16)

    def long(self) -> PackedSequence:
        """With int64 data."""
        return self.to(dtypes.int64)

    def int(self) -> PackedSequence:
        """With int32 data."""
        return self.to(dtypes.int32)

    def short(self) -> PackedSequence:
        """With int16 data."""
        return self.to(dtypes.int16)

    def char(self) -> PackedSequence:
        """With int8 data."""
        return self.to(dtypes.int8)

    def byte(self) -> PackedSequence:
        """With uint8 data."""
        return self.to(dtypes.uint8)

    @property
    def is_cuda(self) -> bool:
        """False."""
        return False


def invert_permutation(permutation: Tensor | None) -> Tensor | None:
    """The inverse of a permutation of indices, None for None.

    Example:
        >>> import pyconv
        >>> invert_permutation(pyconv.tensor([2, 0, 1]))
        tensor([1, 2, 0])
    """
    return None if permutation is None else Tensor._wrap(np.argsort(permutation._array))


def pack_padded_sequence(
    input: Any, lengths: Any, batch_first: bool = False, enforce_sorted: bool = True
) -> PackedSequence:
    """Pack sequences that stand side by side, padded to one length.

    Args:
        input: (T, B, ...), or (B, T, ...) with `batch_first`.
        lengths: of the B sequences, a list or a tensor.
        batch_first: whether the sequences are the first dimension.
        enforce_sorted: whether they must get shorter; else they are sorted here.

    Raises:
        RuntimeError: the lengths do not fit the input, one is not positive, or they are not sorted.

    Example:
        >>> import pyconv
        >>> packed = pack_padded_sequence(pyconv.tensor([[1, 3], [2, 0]]), [2, 1])
        >>> packed.data, packed.batch_sizes
        (tensor([1, 3, 2]), tensor([2, 1]))
    """
    sizes = as_tensor(lengths, dtype=dtypes.int64)._array
    order = None
    if not enforce_sorted:
        order = np.argsort(-sizes, kind="stable")
        sizes = sizes[order]
    batch = input.shape[0 if batch_first else 1] if input.dim() > 1 else 1
    _check_lengths(input, sizes, batch)
    if input.dim() < 2:
        raise IndexError("Dimension out of range (expected to be in range of [-1, 0], but got 1)")
    time, sequence = packing.steps(sizes)
    rows = sequence if order is None else order[sequence]
    data = packing.pack(input, at=(rows, time) if batch_first else (time, rows))
    counts = np.bincount(time, minlength=0).astype(np.int64)
    return PackedSequence(data, Tensor._wrap(counts), None if order is None else Tensor._wrap(order))


def _check_lengths(x: Any, lengths: Array, batch: int) -> None:
    if not x.numel():
        raise RuntimeError("Cannot pack empty tensors.")
    if len(lengths) != batch:
        raise RuntimeError(
            f"Expected `len(lengths)` to be equal to batch_size, but got {len(lengths)} (batch_size={batch})"
        )
    if lengths[-1] <= 0:
        raise RuntimeError(
            "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
        )
    if (np.diff(lengths) > 0).any():
        raise RuntimeError(
            "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
            "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you "
            "do not need ONNX exportability."
        )


def pad_packed_sequence(
    sequence: PackedSequence,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: int | None = None,
) -> tuple[Any, Any]:
    """The inverse of `pack_padded_sequence`.

    Args:
        sequence: packed.
        batch_first: whether the sequences are to be the first dimension.
        padding_value: what stands behind their ends.
        total_length: the length to pad to; that of the longest if None.

    Returns:
        (T, B, ...), or (B, T, ...), and the lengths, int64.

    Raises:
        ValueError: `total_length` is too short.

    Example:
        >>> import pyconv
        >>> pad_packed_sequence(pack_sequence([pyconv.tensor([1, 2]), pyconv.tensor([3])]), batch_first=True)
        (tensor([[1, 2],
                [3, 0]]), tensor([2, 1]))
    """
    counts = sequence.batch_sizes._array
    longest = len(counts)
    if total_length is not None and total_length < longest:
        raise ValueError(
            "Expected total_length to be at least the length of the longest sequence in input, but got total_length="
            f"{total_length} and max sequence length being {longest}"
        )
    time = np.repeat(np.arange(longest), counts)
    rows = np.arange(len(time)) - np.repeat(np.cumsum(counts) - counts, counts)
    lengths = np.bincount(rows).astype(np.int64)
    if sequence.unsorted_indices is not None:
        rows = sequence.sorted_indices._array[rows]
        lengths = lengths[sequence.unsorted_indices._array]
    size = longest if total_length is None else total_length
    return _spread(sequence.data, rows, time, (len(lengths), size), batch_first, padding_value), Tensor._wrap(lengths)


def _spread(data: Any, rows: Array, time: Array, size: tuple[int, int], batch_first: bool, value: float) -> Any:
    at = (rows, time) if batch_first else (time, rows)
    return packing.spread(data, at=at, size=size if batch_first else size[::-1], value=value)


def pad_sequence(
    sequences: Any, batch_first: bool = False, padding_value: float = 0.0, padding_side: str = "right"
) -> Any:
    """Put sequences side by side, padded to the length of the longest.

    Args:
        sequences: (L, ...) each, with the same sizes after the first.
        batch_first: whether the sequences are to be the first dimension.
        padding_value: what fills them up.
        padding_side: 'right' or 'left', where they are filled up.

    Returns:
        (T, B, ...), or (B, T, ...).

    Raises:
        RuntimeError: there is no sequence, the sizes differ, or another side.

    Example:
        >>> import pyconv
        >>> pad_sequence([pyconv.tensor([1, 2]), pyconv.tensor([3])], batch_first=True, padding_side="left")
        tensor([[1, 2],
                [0, 3]])
    """
    if not isinstance(sequences, Iterable):
        raise RuntimeError(
            f"pad_sequence: Expected iterable for input sequences, but got arg of type: {type(sequences)}"
        )
    given: list[Any] = list(sequences)
    if not given:
        raise RuntimeError("received an empty list of sequences")
    if padding_side not in ("left", "right"):
        raise RuntimeError(f"Expected padding_side to be one of left or right, but got {padding_side}.")
    _check_trailing(given)
    lengths = np.array([len(sequence) for sequence in given])
    longest = int(lengths.max())
    rows = np.repeat(np.arange(len(given)), lengths)
    time = np.concatenate([np.arange(n) + (longest - n if padding_side == "left" else 0) for n in lengths])
    return _spread(cat(given), rows, time, (len(given), longest), batch_first, padding_value)


def _check_trailing(sequences: list[Any]) -> None:
    first = sequences[0].shape[1:]
    for sequence in sequences[1:]:
        for axis, (n, m) in enumerate(zip(first, sequence.shape[1:], strict=False), start=1):
            if n != m:
                raise RuntimeError(
                    f"The size of tensor a ({n}) must match the size of tensor b ({m}) at non-singleton dimension "
                    f"{axis}"
                )


def unpad_sequence(padded_sequences: Any, lengths: Any, batch_first: bool = False) -> list[Any]:
    """The inverse of `pad_sequence`.

    Args:
        padded_sequences: (T, B, ...), or (B, T, ...) with `batch_first`.
        lengths: of the B sequences.
        batch_first: whether the sequences are the first dimension.

    Returns:
        The sequences, (L, ...) each.

    Example:
        >>> import pyconv
        >>> unpad_sequence(pyconv.tensor([[1, 2], [3, 0]]), pyconv.tensor([2, 1]), batch_first=True)
        [tensor([1, 2]), tensor([3])]
    """
    rows = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [row[: int(length)] for row, length in zip(rows, lengths, strict=True)]


def pack_sequence(sequences: Any, enforce_sorted: bool = True) -> PackedSequence:
    """Pack sequences of several lengths.

    Args:
        sequences: (L, ...) each, with the same sizes after the first.
        enforce_sorted: whether they must get shorter; else they are sorted here.

    Raises:
        RuntimeError: they are not sorted, one is empty, or there is none.

    Example:
        >>> import pyconv
        >>> pack_sequence([pyconv.tensor([1, 2]), pyconv.tensor([3])]).batch_sizes
        tensor([2, 1])
    """
    given = list(sequences)
    return pack_padded_sequence(pad_sequence(given), [v.size(0) for v in given], enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences: PackedSequence) -> list[Any]:
    """The inverse of `pack_sequence`.

    Example:
        >>> import pyconv
        >>> unpack_sequence(pack_sequence([pyconv.tensor([1, 2]), pyconv.tensor([3])]))
        [tensor([1, 2]), tensor([3])]
    """
    padded, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(padded, lengths, batch_first=True)
