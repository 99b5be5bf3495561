"""torch.autograd.profiler: names for parts of a program, which a profiler would show.

There is no profiler here, so that a name changes nothing. May import: the standard library.
"""

from __future__ import annotations

from contextlib import ContextDecorator
from types import TracebackType

__all__ = ["record_function"]


class record_function(ContextDecorator):
    """Name what is done inside a `with` block, or in a function.

    Args:
        name: of the part.
        args: more to show with it.

    Example:
        >>> with record_function("augment") as part:
        ...     part.name
        'augment'
    """

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name, self.args = name, args

    def __enter__(self) -> record_function:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the part; what was raised goes on."""
