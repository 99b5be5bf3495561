"""Primitives: the decorator that makes a kernel an op, recorded in the graph.

It knows no op. May import: NumPy, `pyconv.meta`, `pyconv.autograd`.

After HIPS autograd (D. Maclaurin, D. Duvenaud, R. P. Adams, "Autograd: Effortless Gradients in Numpy", 2015):
a vector-Jacobian product is written with primitives, so derivatives of any order come free.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv.autograd import quiet
from pyconv.autograd.mode import is_grad_enabled
from pyconv.autograd.node import OUTPUT, Node, node_of
from pyconv.autograd.saved import Saved, SavedOutput, Spec
from pyconv.autograd.traced import Array, Traced, move
from pyconv.meta import Meta, asarray, by_zeros, check_places, pointwise, refused, undrawn


class Vjp:
    """A vector-Jacobian product for one operand, and the positions of the operands whose values it needs."""

    __slots__ = ("function", "saves")

    def __init__(self, function: Callable[..., Any], saves: tuple[int, ...]) -> None:
        self.function = function
        self.saves = saves


class Primitive:
    """A kernel made an op: ndarrays in, an ndarray out; a Tensor among them, a Tensor out, recorded.

    Positional arguments are operands, keyword arguments are not differentiated.

    Attributes:
        is_pointwise: whether the kernel is elementwise; so is what it gives for a tensor on the meta device.
        needs_values: whether the shape of the result depends on values, which such a tensor has not.
    """

    def __init__(self, kernel: Callable[..., Array], name: str, is_view: bool, variant: int | None = 0) -> None:
        self.kernel = kernel
        self.name = name
        self.node_name = name if variant is None else f"{name}Backward{variant}"
        self.is_view = is_view
        self.is_pointwise = self.needs_values = False
        self.vjps: dict[int, Vjp] = {}
        self.any: Callable[..., Any] | None = None
        self.any_saves: tuple[int, ...] = ()
        self.__doc__ = kernel.__doc__
        self.__name__ = getattr(kernel, "__name__", name)

    def defvjp(self, position: int, function: Callable[..., Any], saves: tuple[int, ...] = ()) -> None:
        """Set the vector-Jacobian product for the operand at `position`.

        Args:
            position: which operand.
            function: called with the cotangent of the result, the result if `saves` has OUTPUT, every operand and
                the keyword arguments; an operand that is not in `saves` comes as a Spec, its shape and dtype.
            saves: the positions of the operands whose values it needs.
        """
        self.vjps[position] = Vjp(function, saves)

    def defvjp_any(self, function: Callable[..., Any], saves: tuple[int, ...] = ()) -> None:
        """Set the vector-Jacobian product for every operand of an op that takes any number of them.

        Args:
            function: called as by `defvjp`, with the operand's position after the cotangent.
            saves: likewise, of all operands.
        """
        self.any, self.any_saves = function, saves

    def vjp(self, position: int) -> Vjp | None:
        """The vector-Jacobian product for an operand, if there is one."""
        found = self.vjps.get(position)
        if found is None and self.any is not None:
            every = self.any
            found = Vjp(lambda g, *arguments, **static: every(g, position, *arguments, **static), self.any_saves)
            self.vjps[position] = found
        return found

    def alias(self, name: str, *, is_view: bool | None = None, variant: int | None = 0) -> Primitive:
        """The same op under another of torch's names."""
        other = Primitive(self.kernel, name, self.is_view if is_view is None else is_view, variant)
        other.vjps, other.any, other.any_saves = self.vjps, self.any, self.any_saves
        return other

    def __call__(self, *operands: Any, **static: Any) -> Any:
        arrays = []
        first: Traced | None = None
        recorded = False
        for operand in operands:
            if isinstance(operand, Traced):
                first = operand if first is None else first
                recorded = recorded or operand._requires_grad
                operand = operand._array
            arrays.append(operand)
        token = quiet.hold()
        try:
            out = self._run(arrays, static)
        finally:
            quiet.release(token)
        if first is None:
            return out
        result = first._wrap(out)
        if self.is_view and (not out.size or np.may_share_memory(out, first._array)):
            result._view_of(first, self, static)
        if recorded and is_grad_enabled():
            self.record(result, operands, static)
        return result

    def _run(self, arrays: list[Any], static: dict[str, Any]) -> Any:
        """What the kernel gives; without elements where an operand has none."""
        if Meta not in map(type, arrays):
            return asarray(self.kernel(*arrays, **static))
        check_places(arrays)
        static = undrawn(static)
        if self.is_pointwise:
            return pointwise(self.kernel, *arrays, **static)
        try:
            out = self.kernel(*arrays, **static)
        except NotImplementedError:
            out = self._by_zeros(arrays, static)
        return out if type(out) is Meta else Meta.like(out)

    def _by_zeros(self, arrays: list[Any], static: dict[str, Any]) -> Any:
        """The shape and dtype of a result, where the kernel cannot do without elements."""
        try:
            if not self.needs_values:
                return by_zeros(self.kernel, arrays, static)
        except NotImplementedError:
            pass
        raise refused(self.name) from None

    def record(self, result: Traced, operands: tuple[Any, ...], static: dict[str, Any]) -> None:
        """Put `result` into the graph as this op's, if it has a dtype that gradients have and an operand needs one."""
        if result._array.dtype.kind in "iub":
            return
        edges = []
        for position, operand in enumerate(operands):
            if isinstance(operand, Traced) and operand._requires_grad and self.vjp(position) is not None:
                edges.append((position, node_of(operand), operand._output))
        if not edges:
            return
        node = Node(self.node_name, tuple(edges))  # type: ignore[arg-type]
        needed = {saved for position, _, _ in edges for saved in self.vjps[position].saves}
        node._primitive, node._static = self, static
        node._operands = {i: _keep(operand, i in needed) for i, operand in enumerate(operands)}
        move(result, node)
        if OUTPUT in needed:
            node._operands[OUTPUT] = SavedOutput(result, node)


def _keep(operand: Any, needed: bool) -> Any:
    if isinstance(operand, Traced):
        if not needed:
            return Spec(operand._array)
        return Saved(operand, node_of(operand))
    return Spec(operand) if isinstance(operand, np.ndarray) and not needed else operand


def primitive(
    name: str, *, is_view: bool = False, variant: int | None = 0
) -> Callable[[Callable[..., Array]], Primitive]:
    """Make a kernel an op.

    Args:
        name: what the graph calls it, without torch's `Backward` and number.
        is_view: whether the result can share the memory of the first operand.
        variant: that number; None where torch's name has no such end.

    Example:
        >>> @primitive("Double")
        ... def double(x):
        ...     return 2 * x
        >>> double.defvjp(0, lambda g, x: double(g))
        >>> double(np.array([1.0, 2.0]))
        array([2., 4.])
    """
    return lambda kernel: Primitive(kernel, name, is_view, variant)
