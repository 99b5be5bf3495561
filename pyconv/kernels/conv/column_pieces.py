"""What is gathered and multiplied at once of columns that the cache holds.

May import: NumPy.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]


class Piece(NamedTuple):
    """What is multiplied at once.

    Attributes:
        copies: pairs of views: what to fill, and what is read.
        columns: (K, positions), what is filled.
        stacks: columns, (n, K, positions) for n products, and which positions of the result these are.
        run: the positions of all.
    """

    copies: list[tuple[Array, Array]]
    columns: Array
    stacks: list[tuple[Array, slice]]
    run: slice

    def gather(self) -> None:
        """Fill the columns."""
        for goal, seen in self.copies:
            np.copyto(goal, seen)


def stacked(columns: Array, start: int, size: int) -> list[tuple[Array, slice]]:
    """Columns (K, positions) as a stack of products of so many positions, and the rest as one more."""
    whole = columns.shape[1] // size * size
    parts = (slice(0, whole), slice(whole, columns.shape[1]))
    return [
        (
            columns[:, part].reshape(len(columns), -1, min(size, part.stop - part.start)).swapaxes(0, 1),
            slice(start + part.start, start + part.stop),
        )
        for part in parts
        if part.stop > part.start
    ]
