"""Functions declared with torch's signatures.

`signature` gives the function its arguments made plain; `function` gives them as they are, and knows `out=`; `method`
and `in_place` make methods of such functions. May import: `pyconv.autograd`, `pyconv.signatures`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from pyconv.lazy import Deferred, Later
from pyconv.signatures.autocast import autocast
from pyconv.signatures.binding import binder
from pyconv.signatures.check import checker

F = TypeVar("F", bound=Callable[..., Any])
_SPELLINGS = {"axis": "dim", "keepdims": "keepdim"}


class _Declared(Protocol):
    """What a declared function carries: the function itself and its signatures."""

    raw: Callable[..., Any]
    texts: tuple[str, ...]
    __name__: str


def complaint(
    name: str, texts: tuple[str, ...], args: tuple[Any, ...], kwargs: dict[str, Any], of_method: bool = False
) -> str | None:
    """The text of torch's TypeError for a call; None where it fits a signature."""
    from pyconv.signatures import complaint as complaints

    say = complaints.complaint_of_method if of_method else complaints.complaint
    return say(name, complaints.parsed(texts, of_method), args, kwargs)


def signature(*texts: str) -> Callable[[F], F]:
    """Check a function's arguments against signatures written as torch prints them, before it runs.

    ndarrays count as tensors where every tensor of the call is one. Sizes reach the function as an int or a tuple.

    Args:
        texts: the signatures; with several, the first that fits is taken, and the text of the TypeError lists them.

    Example:
        >>> import numpy as np
        >>> @signature("(Tensor input, tuple of ints stride = 1)")
        ... def move(input, stride=1):
        ...     return stride
        >>> move(np.ones(2), [1, 2])
        (1, 2)
        >>> move(np.ones(2), 1.5)
        Traceback (most recent call last):
        TypeError: move(): argument 'stride' (position 2) must be tuple of ints, not float
    """

    def decorate(function: F) -> F:
        name = function.__name__
        function = autocast(function)
        bind = binder(name, texts)

        @functools.wraps(function)
        def checked(*args: Any, **kwargs: Any) -> Any:
            bound = bind(args, kwargs)
            if bound is None:
                raise TypeError(complaint(name, texts, args, kwargs))
            return function(**bound)

        return checked  # type: ignore[return-value]

    return decorate


def function(*texts: str) -> Callable[[F], F]:
    """Declare a function of torch's with its signatures as torch prints them.

    The call goes to the function as it is, unless it fits no signature: then it gets torch's TypeError. A signature
    with `Tensor out` gives the function that argument, which it never sees: the result is written there.

    Args:
        texts: the signatures.

    Example:
        >>> import numpy as np
        >>> @function("(Tensor input, int dim)")
        ... def length(input, dim):
        ...     return input.shape[dim]
        >>> length(np.ones((2, 3)), axis=1)
        3
        >>> length([1], 0)
        Traceback (most recent call last):
        TypeError: length(): argument 'input' (position 1) must be Tensor, not list
    """
    has_out = any(" out = None" in text for text in texts)

    def decorate(raw: F) -> F:
        name = raw.__name__
        raw = autocast(raw)
        check = checker(name, texts)

        @functools.wraps(raw)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                check(args, kwargs)
            except TypeError:
                args, kwargs = _modern(name, texts, args, kwargs)
            out = kwargs.pop("out", None) if has_out and kwargs else None
            if out is None:
                return raw(*args, **_spelled(kwargs))
            return _into(out, name, raw, args, _spelled(kwargs))

        call.raw = raw  # type: ignore[attr-defined]
        call.texts = texts  # type: ignore[attr-defined]
        return call  # type: ignore[return-value]

    return decorate


def written(*texts: str) -> Callable[[F], F]:
    """Declare a method that is written by hand with its signatures as torch prints those of functions.

    Args:
        texts: the signatures, whose first argument is the tensor itself.

    Example:
        >>> class Point:
        ...     @written("(Tensor self)")
        ...     def norm(self):
        ...         return 0
        >>> Point().norm(1)
        Traceback (most recent call last):
        TypeError: TensorBase.norm() takes no arguments (1 given)
    """

    def decorate(raw: F) -> F:
        check = checker(raw.__name__, texts, of_method=True)

        @functools.wraps(raw)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            check(args, kwargs)
            return raw(self, *args, **kwargs)

        return call  # type: ignore[return-value]

    return decorate


def _spelled(kwargs: dict[str, Any]) -> dict[str, Any]:
    """Keyword arguments by torch's names."""
    if not kwargs or not (_SPELLINGS.keys() & kwargs.keys()):
        return kwargs
    return {_SPELLINGS.get(name, name): value for name, value in kwargs.items()}


def _modern(
    name: str, texts: tuple[str, ...], args: tuple[Any, ...], kwargs: dict[str, Any], of_method: bool = False
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of a call by a signature of long ago; raises again the error under way where it is none."""
    from pyconv.signatures.older import modern

    found = modern(name, texts, of_method, args, kwargs)
    if found is None:
        raise
    return found


def _into(out: Any, name: str, raw: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    from pyconv.signatures.out import check_out, options_for, write_out

    check_out(name, out, args, kwargs)
    return write_out(name, out, raw(*args, **options_for(name, out, kwargs)), *args, *kwargs.values())


def method(declared: Any, name: str | None = None) -> Any:
    """A method of a declared function: the tensor is its first argument, and torch's texts count from the next.

    Args:
        declared: made by `function`.
        name: of the method where it is not the function's.
    """
    if isinstance(declared, Deferred):
        return Later(lambda: method(declared.resolve(), name))
    raw, called = declared.raw, name or declared.__name__
    check = checker(called, declared.texts, of_method=True)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            check(args, kwargs)
        except TypeError:
            args, kwargs = _modern(called, declared.texts, args, kwargs, of_method=True)
        return raw(self, *args, **_spelled(kwargs))

    call.__name__ = called
    call.__qualname__ = f"Tensor.{called}"
    call.__doc__ = declared.__doc__
    return call


def in_place(declared: Any, name: str | None = None) -> Any:
    """A method that puts the result of a declared function into the tensor, counts the change, and records it."""
    if isinstance(declared, Deferred):
        return Later(lambda: in_place(declared.resolve(), name))
    raw, called = declared.raw, name or f"{declared.__name__}_"
    check = checker(called, declared.texts, of_method=True)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            check(args, kwargs)
        except TypeError:
            args, kwargs = _modern(called, declared.texts, args, kwargs, of_method=True)
        return self._update(raw, *args, **_spelled(kwargs))

    call.__name__ = called
    call.__qualname__ = f"Tensor.{called}"
    call.__doc__ = f"In place: {declared.__doc__}"
    return call
