"""torch's second names for its functions, whose errors say the second name.

May import: `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

from pyconv.signatures import function


def alias(name: str, declared: Any, *texts: str) -> Any:
    """A declared function under another name.

    Args:
        name: the other name.
        declared: made by `function`.
        texts: its signatures under that name; those of `declared` by default.
    """

    def raw(*args: Any, **kwargs: Any) -> Any:
        return declared.raw(*args, **kwargs)

    raw.__name__ = raw.__qualname__ = name
    raw.__doc__ = f"`{declared.__name__}` by another of torch's names.\n\n{declared.__doc__.partition(chr(10) * 2)[2]}"
    return function(*(texts or declared.texts))(raw)
