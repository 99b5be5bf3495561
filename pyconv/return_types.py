"""Results with names, as torch returns several tensors at once: torch.return_types.

May import: the standard library.
"""

from __future__ import annotations

import operator
from functools import cache
from typing import Any


class _Named(tuple[Any, ...]):
    """A tuple whose items have names."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    def __new__(cls, *items: Any) -> _Named:
        given = items[0] if len(items) == 1 and len(cls._fields) != 1 else items
        return super().__new__(cls, given)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self).__name__, self._fields, tuple(self))

    def __repr__(self) -> str:
        body = ",\n".join(f"{name}={item!r}" for name, item in zip(self._fields, self, strict=True))
        return f"torch.return_types.{type(self).__name__}(\n{body})"


def _again(name: str, fields: tuple[str, ...], items: tuple[Any, ...]) -> _Named:
    """What was pickled."""
    return named(name, *fields)(*items)


@cache
def named(name: str, *fields: str) -> type[_Named]:
    """The class of the results of torch's function `name`, the same for the same names.

    Args:
        name: of the function.
        fields: the names of the results.

    Example:
        >>> pair = named("pair", "first", "second")(1, 2)
        >>> pair.second, pair[0]
        (2, 1)
        >>> print(pair)
        torch.return_types.pair(
        first=1,
        second=2)
    """
    members: dict[str, Any] = {field: property(operator.itemgetter(i)) for i, field in enumerate(fields)}
    members |= {"__slots__": (), "_fields": fields, "__module__": "torch.return_types"}
    found: type[_Named] = type(name, (_Named,), members)
    return found


def is_named(kind: type) -> bool:
    """Whether a class is one of these.

    Example:
        >>> is_named(named("pair", "first", "second")), is_named(tuple)
        (True, False)
    """
    return issubclass(kind, _Named)
