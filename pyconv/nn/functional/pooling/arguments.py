"""What the pooling functions have in common: the choice by `return_indices`, and sizes from a number or a list.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.ops.cast import array_of


def by_return_indices(
    name: str, position: int, with_indices: Callable[..., Any], without: Callable[..., Any]
) -> Callable[..., Any]:
    """The function that is one of two, by an argument of both.

    Args:
        name: of the function.
        position: of `return_indices` among the arguments.
        with_indices: what is called where it is true; its docstring is the function's.
        without: what is called otherwise.
    """

    def choose(*args: Any, **kwargs: Any) -> Any:
        wanted = kwargs.get("return_indices", len(args) > position and args[position])
        return (with_indices if wanted else without)(*args, **kwargs)

    choose.__name__ = choose.__qualname__ = name
    choose.__module__ = with_indices.__module__
    choose.__doc__ = with_indices.__doc__
    return choose


def ntuple(value: Any, count: int) -> tuple[Any, ...]:
    """The items of an iterable, or a value `count` times."""
    return tuple(value) if isinstance(value, Iterable) else (value,) * count


def size_of(input: Any, asked: str = "size") -> tuple[int, ...]:
    """The shape of a tensor.

    Args:
        input: a Tensor or an ndarray.
        asked: the attribute that torch asks the argument for first.

    Raises:
        AttributeError: it is no tensor.
    """
    if not isinstance(input, (Traced, np.ndarray)):
        raise AttributeError(f"'{type(input).__name__}' object has no attribute '{asked}'")
    found: tuple[int, ...] = array_of(input).shape
    return found
