"""Calls that fit a function's signatures, known again by the types of their arguments.

To hold a call against signatures takes longer than to compute a small result; most calls have types that were there
before. May import: `pyconv.autograd`, `pyconv.size`, `pyconv.signatures`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.size import Size

_LISTS = (tuple, list)


def checker(
    name: str, texts: tuple[str, ...], of_method: bool = False
) -> Callable[[tuple[Any, ...], dict[str, Any]], None]:
    """A function that raises torch's TypeError for arguments that fit no signature.

    Args:
        name: of the function or method, as torch's texts say it.
        texts: its signatures as torch prints those of functions.
        of_method: whether the arguments come without the tensor in front.

    Example:
        >>> check = checker("narrow", ("(Tensor input, int dim)",), of_method=True)
        >>> check((0,), {})
        >>> check((), {"dim": True})
        Traceback (most recent call last):
        TypeError: narrow(): argument 'dim' must be int, not bool
    """
    seen: dict[tuple[Any, ...], Lists] = {}
    seen_by_item: set[tuple[Any, ...]] = set()

    def check(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        kinds = (*map(type, args), *kwargs, *map(type, kwargs.values())) if kwargs else (*map(type, args),)
        lists = seen.get(kinds)
        if lists is not None and (not lists or hold(lists, args, kwargs)):
            return
        of_items = (*map(_kind, args), *kwargs, *map(_kind, kwargs.values()))
        if of_items not in seen_by_item and _fits_by_types(name, texts, of_method, args, kwargs):
            seen_by_item.add(of_items)
            lists = uniform(args, kwargs)
            if lists is not None:
                seen[kinds] = lists

    return check


Lists = tuple[tuple[int | str, type], ...]
"""Where the lists among the arguments are, by position or by name, and the type that all items of each have."""


def hold(lists: Lists, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether the items of lists have the types that they had before."""
    for place, kind in lists:
        for item in kwargs[place] if isinstance(place, str) else args[place]:
            if type(item) is not kind:
                return False
    return True


def uniform(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Lists | None:
    """The lists among the arguments; None where one is empty or has items of several types."""
    found: list[tuple[int | str, type]] = []
    given: list[tuple[int | str, Any]] = [*enumerate(args), *kwargs.items()]
    for place, value in given:
        if type(value) in _LISTS:
            items = set(map(type, value))
            if len(items) != 1:
                return None
            found.append((place, items.pop()))
    return tuple(found)


def _kind(value: Any) -> Any:
    """The type of a value; for a list the types of its items, too."""
    kind = type(value)
    return (kind, frozenset(map(type, value))) if kind in _LISTS else kind


def _fits_by_types(
    name: str, texts: tuple[str, ...], of_method: bool, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> bool:
    """Whether any call with arguments of these types would fit.

    Raises:
        TypeError: this one does not.
    """
    from pyconv.signatures import complaint

    overloads = complaint.parsed(texts, of_method)
    say = complaint.complaint_of_method if of_method else complaint.complaint
    text = say(name, overloads, args, kwargs)
    if text is not None:
        raise TypeError(text)
    bound = complaint.fitting(name, overloads, args, kwargs)
    return all(is_judged_by_type(argument.kind, value) for argument, value in bound)


def is_judged_by_type(kind: str, value: Any) -> bool:
    """Whether any value of this one's type, or a list with items of these types, fits an argument of a kind.

    A tensor or an array may stand for a number if it has no dimensions, and the types that stand for dtypes are only
    some.
    """
    if kind in ("Tensor", "object"):
        return True
    if type(value) in _LISTS:
        return kind == "tuple of Tensors" or all(is_judged_by_type(kind, item) for item in value)
    return isinstance(value, Size) or not isinstance(value, (Traced, np.ndarray, type, *_LISTS))
