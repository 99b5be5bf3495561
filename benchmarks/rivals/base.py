"""What a library must offer to be timed beside pyconv.

May import: NumPy, `benchmarks.layers`, `benchmarks.timing`.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from benchmarks.layers import Task
from benchmarks.timing import Run


class Rival(Protocol):
    """A library beside which pyconv is timed; making one raises ImportError where it is not installed.

    Attributes:
        name: by which it is asked for.
        version: of the library.
    """

    name: str
    version: str

    def set_threads(self, count: int) -> None:
        """Let it run on so many threads; BLAS and pyconv are set by the caller."""

    def run(self, task: Task) -> Run:
        """A call that computes the task and returns its result.

        Raises:
            NotImplementedError: it has no such convolution; the text says what it lacks.
        """

    def array(self, result: Any) -> np.ndarray[Any, Any]:
        """A result as an ndarray."""


def need(**lacking: bool) -> None:
    """Refuse a task for the first reason that holds.

    Raises:
        NotImplementedError: one holds.

    Example:
        >>> need(groups=False, transposed=True)
        Traceback (most recent call last):
            ...
        NotImplementedError: no transposed
    """
    for name, lacks in lacking.items():
        if lacks:
            raise NotImplementedError(f"no {name.replace('_', ' ')}")
