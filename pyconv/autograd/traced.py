"""Traced values: an array with its place in the graph, and whose memory it looks at.

It knows no Tensor: what a result is wrapped in is asked of the first traced operand. May import: NumPy,
`pyconv.autograd`.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from pyconv.autograd.handles import Hooks
from pyconv.autograd.mode import Version, is_grad_enabled, new_version

if TYPE_CHECKING:
    from pyconv.autograd.node import Node
    from pyconv.autograd.primitive import Primitive

Array = np.ndarray[Any, Any]

Self = TypeVar("Self", bound="Traced")

Steps = tuple[tuple["Primitive", dict[str, Any]], ...]
"""The ops that make a view of its base, each with its keyword arguments."""


class Traced:
    """An array, and the node of the graph that made it: what `Tensor` is to the tape."""

    __slots__ = (
        "__weakref__",
        "_array",
        "_base",
        "_counter",
        "_grad",
        "_hooks",
        "_leaf",
        "_node",
        "_output",
        "_requires_grad",
        "_retained",
        "_steps",
        "_views",
    )

    _array: Array
    _node: Node | None
    _output: int
    _requires_grad: bool
    _counter: Version
    _base: Traced | None
    _steps: Steps | None
    _views: weakref.WeakSet[Traced] | None
    _grad: Any
    _hooks: LeafHooks | None
    _leaf: weakref.ref[Node] | None
    _retained: bool

    def _begin(self, array: Array) -> None:
        """Become a leaf over an array, with no history."""
        self._array = array
        self._node = None
        self._output = 0
        self._requires_grad = False
        self._counter = new_version()
        self._base = None
        self._steps = ()
        self._views = None
        self._grad = None
        self._hooks = None
        self._leaf = None
        self._retained = False

    def _view_of(self, source: Traced, op: Primitive, static: dict[str, Any]) -> None:
        """Become a view of what `source` is or looks at; one made under `no_grad` keeps no way to be made again."""
        self._base = source if source._base is None else source._base
        self._counter = source._counter
        self._steps = (*source._steps, (op, static)) if source._steps is not None and is_grad_enabled() else None
        if self._base._views is None:
            self._base._views = weakref.WeakSet()
        self._base._views.add(self)

    def _rebase(self, result: Traced) -> None:  # noqa: ARG002 (what it takes elsewhere)
        """Have the base look like this view of it, which was changed and has the values of `result` now."""
        raise TypeError(f"{type(self).__name__} has no base")

    @classmethod
    def _wrap(cls: type[Self], array: Array) -> Self:
        """A new value of the class that the tape hands out, with no history."""
        raise TypeError(f"{cls.__name__} cannot be wrapped around {type(array).__name__}")


class LeafHooks:
    """The hooks of a leaf: those on its cotangent, and those that run once its `grad` has been added to."""

    __slots__ = ("after", "before")

    def __init__(self) -> None:
        self.before: Hooks = OrderedDict()
        self.after: Hooks = OrderedDict()


def attach(value: Traced, node: Node | None, output: int = 0) -> None:
    """Make `node` the one that made `value`, as one of its results."""
    value._node = node
    value._output = output
    value._requires_grad = node is not None


def move(value: Traced, node: Node | None, output: int = 0) -> None:
    """Make `node` the one that made `value` after a change in place; a retained `grad` goes with it."""
    before, place = value._node, value._output
    attach(value, node, output)
    if value._retained and before is not None and node is not None:
        before.retained.pop(place, None)
        node.retain(value)


def retain(value: Traced) -> None:
    """Have backward passes add to the `grad` of a value that is not a leaf.

    Raises:
        RuntimeError: it needs no gradient.
    """
    if not value._requires_grad:
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    if value._node is not None:
        value._retained = True
        value._node.retain(value)
