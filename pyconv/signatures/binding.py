"""Calls bound to the names of a function's arguments, those of types that were there before without looking again.

May import: `pyconv.signatures`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pyconv.signatures.check import Lists, hold, is_judged_by_type, uniform
from pyconv.signatures.values import plain


class _Known(NamedTuple):
    """How calls with arguments of some types are bound.

    Attributes:
        names: of the positional arguments.
        variadic: whether these are the items of the one that the first name stands for.
        lists: where the lists among the arguments are, and the type of their items.
    """

    names: tuple[str, ...]
    variadic: bool
    lists: Lists


def binder(name: str, texts: tuple[str, ...]) -> Callable[[tuple[Any, ...], dict[str, Any]], dict[str, Any] | None]:
    """A function that gives the arguments of a call by name, sizes as ints and tuples; None where no signature fits.

    Args:
        name: of the function, as torch's texts say it.
        texts: its signatures as torch prints them; the first that fits is taken.

    Example:
        >>> bind = binder("pad", ("(int value, tuple of ints size = 0)",))
        >>> bind((3, [1, 2]), {}), bind((3,), {"size": 1}), bind((1.5,), {})
        ({'value': 3, 'size': (1, 2)}, {'value': 3, 'size': 1}, None)
    """
    seen: dict[tuple[Any, ...], _Known] = {}

    def bind(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any] | None:
        kinds = (*map(type, args), *kwargs, *map(type, kwargs.values())) if kwargs else (*map(type, args),)
        known = seen.get(kinds)
        if known is not None and (not known.lists or hold(known.lists, args, kwargs)):
            if known.variadic:
                return {known.names[0]: args, **kwargs}
            bound = dict(zip(known.names, args, strict=True))
            bound.update(kwargs)
            return bound
        return _bind_anew(name, texts, args, kwargs, seen, kinds)

    return bind


def _bind_anew(
    name: str,
    texts: tuple[str, ...],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    seen: dict[tuple[Any, ...], _Known],
    kinds: tuple[Any, ...],
) -> dict[str, Any] | None:
    """The arguments by name; how they are bound is noted where it depends on their types alone."""
    from pyconv.signatures.complaint import bind, is_variadic, parsed

    for overload in parsed(texts, False):
        bound = bind(overload, args, kwargs)
        if bound is None:
            continue
        by_type = kwargs.keys() <= bound.keys()
        for argument in overload.arguments:
            if argument.name in bound:
                value = bound[argument.name]
                by_type = by_type and is_judged_by_type(argument.kind, value)
                if argument.kind in ("int", "tuple of ints"):
                    bound[argument.name] = plain(name, argument.name, value)
                    by_type = by_type and _is_plain(value)
                elif isinstance(value, (tuple, list)):
                    by_type = False
        variadic = is_variadic(overload, args)
        lists = uniform(args, kwargs) if by_type else None
        if lists is not None:
            names = tuple(argument.name for argument in overload.arguments[: 1 if variadic else len(args)])
            seen[kinds] = _Known(names, variadic, lists)
        return bound
    return None


def _is_plain(value: Any) -> bool:
    """Whether a value is an int or a tuple of ints as functions get them."""
    return type(value) is int or (type(value) is tuple and all(type(item) is int for item in value))
