"""torch's signatures, checked: a call that does not fit one raises torch's TypeError with torch's text.

May import: NumPy, `pyconv.autograd`, `pyconv.tensor`.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from pyconv.autograd.graph import Traced

F = TypeVar("F", bound=Callable[..., Any])
_ARGUMENT = re.compile(r"(Tensor|tuple of ints|int|str) (\w+)( = [^,]+)?")


@dataclass(frozen=True)
class Argument:
    """One argument of a signature: what it must be, its name, and whether it may be missing."""

    kind: str
    name: str
    optional: bool


def signature(*texts: str) -> Callable[[F], F]:
    """Check a function's arguments against signatures written as torch prints them.

    ndarrays count as tensors where every tensor of the call is one. Sizes reach the function as an int or a tuple.

    Args:
        texts: the signatures; with several, the first that fits is taken, and the text of the TypeError lists them.

    Example:
        >>> @signature("(Tensor input, tuple of ints stride = 1)")
        ... def move(input, stride=1):
        ...     return stride
        >>> move(np.ones(2), [1, 2])
        (1, 2)
        >>> move(np.ones(2), 1.5)
        Traceback (most recent call last):
        TypeError: move(): argument 'stride' (position 2) must be tuple of ints, not float
    """
    overloads = [tuple(Argument(kind, name, bool(rest)) for kind, name, rest in _ARGUMENT.findall(t)) for t in texts]

    def decorate(function: F) -> F:
        name = function.__name__
        wrapper_signature = inspect.signature(function)

        @functools.wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            for overload in overloads:
                bound = _match(overload, args, kwargs)
                if bound is not None:
                    for argument in overload:
                        if argument.name in bound and argument.kind in ("int", "tuple of ints"):
                            bound[argument.name] = plain(name, argument.name, bound[argument.name])
                    return function(**bound)
            if len(overloads) == 1:
                raise TypeError(f"{name}{_single(overloads[0], args, kwargs)}")
            raise TypeError(f"{name}{_combination(texts, overloads, args, kwargs)}")

        checked.__signature__ = wrapper_signature  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def _match(overload: Sequence[Argument], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any] | None:
    """The arguments by name, if they fit."""
    if len(args) > len(overload):
        return None
    bound = {argument.name: value for argument, value in zip(overload, args, strict=False)}
    if kwargs:
        if bound.keys() & kwargs.keys():
            return None
        bound.update(kwargs)
    tensors = _tensor_type(overload, bound)
    seen = 0
    for argument in overload:
        if argument.name not in bound:
            if not argument.optional:
                return None
        elif _fits(argument, bound[argument.name], tensors):
            seen += 1
        else:
            return None
    return bound if seen == len(bound) else None


def _tensor_type(overload: Sequence[Argument], bound: dict[str, Any]) -> type:
    """np.ndarray where all tensors of the call are ndarrays, else the tape's type."""
    values = [bound.get(argument.name) for argument in overload if argument.kind == "Tensor"]
    if values and all(value is None or isinstance(value, np.ndarray) for value in values):
        return np.ndarray
    return Traced


def _fits(argument: Argument, value: Any, tensors: type) -> bool:
    if argument.kind == "Tensor":
        return isinstance(value, tensors) or (value is None and argument.optional)
    if argument.kind == "str":
        return isinstance(value, str)
    if argument.kind == "int":
        return is_int(value)
    if isinstance(value, (tuple, list)):
        return not value or is_int(value[0])
    return is_int(value)


def is_int(value: Any) -> bool:
    """Whether torch takes a value for an int: a bool does not count."""
    if isinstance(value, (int, np.integer)):
        return not isinstance(value, bool)
    return isinstance(value, Traced) and value._array.ndim == 0 and value._array.dtype.kind in "iu"


def type_name(value: Any) -> str:
    """The name of a value's type as torch prints it."""
    kind = type(value)
    return f"numpy.{kind.__name__}" if kind.__module__ == "numpy" else kind.__name__


def plain(function: str, name: str, value: Any) -> int | tuple[int, ...]:
    """An int for anything that torch takes for one, and a tuple for a list of them.

    Raises:
        TypeError: an item of the list is no int.
    """
    return plain_list(function, name, value) if isinstance(value, (tuple, list)) else int(value)


def plain_list(function: str, name: str, values: Sequence[Any]) -> tuple[int, ...]:
    """A tuple of ints.

    Raises:
        TypeError: an item is no int.
    """
    for position, item in enumerate(values):
        if not is_int(item):
            raise TypeError(
                f"{function}(): argument '{name}' failed to unpack the object at pos {position + 1} with error "
                f'"type must be tuple of ints,but got {type_name(item)}"'
            )
    return tuple(int(item) for item in values)


def _single(overload: Sequence[Argument], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """What is wrong with a call of a function that has one signature."""
    if len(args) > len(overload):
        least = sum(not argument.optional for argument in overload)
        return f"() takes from {least} to {len(overload)} positional arguments but {len(args)} were given"
    missing = [a.name for i, a in enumerate(overload) if i >= len(args) and a.name not in kwargs and not a.optional]
    bound = dict(zip((a.name for a in overload), args, strict=False))
    tensors = _tensor_type(overload, {**kwargs, **bound})
    for position, argument in enumerate(overload):
        if argument.name in missing:
            names = ", ".join(f'"{name}"' for name in missing)
            plural = "s" if len(missing) == 1 else ""
            return f"() missing {len(missing)} required positional argument{plural}: {names}"
        if argument.name in bound and not _fits(argument, bound[argument.name], tensors):
            return _wrong(argument, bound[argument.name], f" (position {position + 1})")
        given = argument.name not in bound and argument.name in kwargs
        if given and not _fits(argument, kwargs[argument.name], tensors):
            return _wrong(argument, kwargs[argument.name], "")
    for name in kwargs:
        if name in bound:
            return f"() got multiple values for argument '{name}'"
        if name not in {argument.name for argument in overload}:
            return f"() got an unexpected keyword argument '{name}'"
    raise AssertionError("the call fits the signature")


def _wrong(argument: Argument, value: Any, position: str) -> str:
    if position and argument.kind == "tuple of ints" and isinstance(value, (tuple, list)):
        found = f"but found element of type {type_name(value[0])} at pos 0"
    else:
        found = f"not {type_name(value)}"
    return f"(): argument '{argument.name}'{position} must be {argument.kind}, {found}"


def _combination(
    texts: Sequence[str], overloads: Sequence[Sequence[Argument]], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> str:
    """What is wrong with a call of a function that has several signatures."""
    got = [type_name(value) for value in args] + [f"{name}={type_name(value)}" for name, value in kwargs.items()]
    lines = [f"() received an invalid combination of arguments - got ({', '.join(got)}), but expected one of:"]
    for text, overload in zip(texts, overloads, strict=True):
        lines.append(f" * {text}")
        if len(args) + len(kwargs) == len(overload):
            lines.append(f"      didn't match because some of the {_mismatch(overload, args, kwargs)}")
    return "\n".join(lines) + "\n"


def _mismatch(overload: Sequence[Argument], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Torch knows a keyword or a type again only where the argument has no default."""
    required = {argument.name for argument in overload if not argument.optional}
    if kwargs.keys() - required:
        return f"keywords were incorrect: {', '.join(kwargs.keys() - required)}"
    named = {argument.name: argument for argument in overload}
    values = [*zip(overload, args, strict=False), *((named[name], value) for name, value in kwargs.items())]
    described = []
    for argument, value in values:
        known = not argument.optional and type_name(value) == argument.kind
        described.append(_described(value) if known else f"!{_described(value)}!")
    return f"arguments have invalid types: ({', '.join(described)})"


def _described(value: Any) -> str:
    if isinstance(value, tuple):
        return f"tuple of ({', '.join(map(type_name, value))})"
    if isinstance(value, list):
        return f"list of [{', '.join(map(type_name, value))}]"
    return type_name(value)
