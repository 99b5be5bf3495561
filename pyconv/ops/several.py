"""Primitives with several results, which share a node and one vector-Jacobian product.

May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pyconv.autograd.mode import is_grad_enabled
from pyconv.autograd.node import FREED, Node, node_of
from pyconv.autograd.saved import Saved, SavedOutput
from pyconv.autograd.traced import Traced, attach
from pyconv.meta import Meta, by_zeros, refused

Array = np.ndarray[Any, Any]


class _SeveralNode(Node):
    """The node of all results, which keeps the operands and the results."""

    __slots__ = ("_results", "_vjp")

    _vjp: Callable[..., Any]
    _results: list[SavedOutput | Array] | None

    def backward(self, cotangents: Sequence[Any], wanted: set[int]) -> list[Any]:
        """The cotangents of the operands that need one, in the order of `edges`.

        Raises:
            RuntimeError: the graph was freed, or an operand that is needed was changed in place.
        """
        if self._operands is None or self._results is None:
            raise RuntimeError(FREED)
        operands = [value.unpack() if isinstance(value, Saved) else value for value in self._operands.values()]
        results = [value.unpack() if isinstance(value, Saved) else value for value in self._results]
        found = self._vjp(tuple(cotangents), tuple(results), *operands, **self._static)
        return [found[position] if id(node) in wanted else None for position, node, _ in self.edges]

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """The nodes of the operands that need a gradient."""
        return tuple((node, output) for _, node, output in self.edges)

    def free(self) -> None:
        """Let go of what was saved."""
        self._operands = self._results = None


class Several:
    """A kernel of several results made an op: ndarrays in, ndarrays out; a Tensor among them, Tensors out, recorded.

    Positional arguments are operands, keyword arguments are not differentiated. A result of integers has no gradient.
    """

    def __init__(self, kernel: Callable[..., tuple[Array, ...]], name: str) -> None:
        self.kernel = kernel
        self.name = f"{name}Backward0"
        self.vjp: Callable[..., Any] | None = None
        self.__doc__ = kernel.__doc__
        self.__name__ = getattr(kernel, "__name__", name)

    def defvjp(self, function: Callable[..., Any]) -> None:
        """Set the vector-Jacobian product.

        Args:
            function: called with the cotangents of the results, None for what nothing came of, the results, the
                operands and the keyword arguments; it returns the cotangents of the operands.
        """
        self.vjp = function

    def __call__(self, *operands: Any, **static: Any) -> tuple[Any, ...]:
        traced = [a for a in operands if isinstance(a, Traced)]
        with np.errstate(all="ignore"):
            out = self._run([a._array if isinstance(a, Traced) else a for a in operands], static)
        if not traced:
            return out
        results = tuple(type(traced[0])._wrap(array) for array in out)
        if self.vjp is not None and is_grad_enabled() and any(a._requires_grad for a in traced):
            self._record(results, operands, static)
        return results

    def _run(self, arrays: list[Any], static: dict[str, Any]) -> tuple[Any, ...]:
        """What the kernel gives; without elements where an operand has none."""
        if Meta not in map(type, arrays):
            return self.kernel(*arrays, **static)
        try:
            return tuple(by_zeros(self.kernel, arrays, static))
        except NotImplementedError:
            raise refused(self.name) from None

    def _record(self, results: tuple[Any, ...], operands: tuple[Any, ...], static: dict[str, Any]) -> None:
        edges = []
        for position, operand in enumerate(operands):
            node = node_of(operand) if isinstance(operand, Traced) else None
            if node is not None:
                edges.append((position, node, operand._output))
        node = _SeveralNode(self.name, tuple(edges))
        node.outputs = len(results)
        assert self.vjp is not None
        node._vjp, node._static = self.vjp, static
        node._operands = {i: Saved(x, node_of(x)) if isinstance(x, Traced) else x for i, x in enumerate(operands)}
        for i, result in enumerate(results):
            if result._array.dtype.kind in "fcV":
                attach(result, node, i)
        node._results = [SavedOutput(r, node) if r._requires_grad else r._array for r in results]


def several(name: str) -> Callable[[Callable[..., tuple[Array, ...]]], Several]:
    """Make a kernel of several results an op.

    Args:
        name: what the graph calls it, without torch's `Backward0`.

    Example:
        >>> @several("MinMax")
        ... def extremes(x):
        ...     return x.min(), x.max()
        >>> extremes(np.array([1.0, 2.0]))
        (np.float64(1.0), np.float64(2.0))
    """
    return lambda kernel: Several(kernel, name)
