"""How torch's modules were made: some of its samples hold one, and a library is to make its own in its place.

May import: the standard library; torch is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

_RECIPE = "_made_with"


@contextmanager
def noted(torch: Any) -> Iterator[None]:
    """A context in which every module of `torch.nn` notes what its class was called with.

    Args:
        torch: the library.

    Example:
        >>> import torch
        >>> with noted(torch):
        ...     module = torch.nn.PReLU(num_parameters=3)
        >>> recipe(module)
        ([], {'num_parameters': 3})
    """
    named = [kind for kind in vars(torch.nn).values() if isinstance(kind, type) and issubclass(kind, torch.nn.Module)]
    kinds = {base for kind in named for base in kind.__mro__ if issubclass(base, torch.nn.Module)}
    before = {kind: vars(kind)["__init__"] for kind in kinds if "__init__" in vars(kind)}
    try:
        for kind, init in before.items():
            kind.__init__ = _noting(init)  # type: ignore[misc]
        yield
    finally:
        for kind, init in before.items():
            kind.__init__ = init  # type: ignore[misc]


def recipe(module: Any) -> tuple[list[Any], dict[str, Any]]:
    """The arguments that a module was made with.

    Raises:
        ValueError: it was made outside of `noted`.
    """
    found: tuple[list[Any], dict[str, Any]] | None = vars(module).get(_RECIPE)
    if found is None:
        raise ValueError(f"what {type(module).__name__} was made with is not known")
    return found


def _noting(init: Callable[..., None]) -> Callable[..., None]:
    """A constructor that notes its arguments, unless that of a subclass has called it, which has noted its own."""

    @wraps(init)
    def noting(self: Any, *args: Any, **kwargs: Any) -> None:
        vars(self).setdefault(_RECIPE, ([*args], kwargs))
        init(self, *args, **kwargs)

    return noting
