"""A `backward` whose own derivative must not be asked for.

May import: `pyconv.autograd`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from pyconv.autograd.mode import is_grad_enabled, no_grad
from pyconv.autograd.node import Node, node_of
from pyconv.autograd.traced import Traced, attach


def once_differentiable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Say of a `backward` that its own derivative must not be asked for.

    Example:
        >>> @once_differentiable
        ... def backward(ctx, g):
        ...     return g
    """

    @functools.wraps(function)
    def wrapped(ctx: Any, *args: Any) -> Any:
        with no_grad():
            found = function(ctx, *args)
        if not is_grad_enabled():
            return found
        if not any(isinstance(value, Traced) and value._requires_grad for value in args):
            return found
        items = found if isinstance(found, tuple) else (found,)
        marked = tuple(_undifferentiable(value) if isinstance(value, Traced) else value for value in items)
        return marked if isinstance(found, tuple) else marked[0]

    return wrapped


def _undifferentiable(value: Traced) -> Traced:
    """A value whose node raises when a cotangent reaches it."""
    source = type(value)._wrap(value._array)
    source._requires_grad = True
    leaf = node_of(source)
    assert leaf is not None
    result = type(value)._wrap(value._array)
    attach(result, _Twice("torch::autograd::Error", ((0, leaf, 0),)))
    return result


class _Twice(Node):
    """The node of a value that cannot be differentiated again."""

    __slots__ = ()

    def backward(self, cotangents: Sequence[Any], wanted: set[int]) -> list[Any]:  # noqa: ARG002
        """Refuse.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")
