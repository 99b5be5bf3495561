"""What a Function's `forward` and `backward` share: the node of its results.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.node import FREED, Node, node_of
from pyconv.autograd.saved import Saved, SavedOutput
from pyconv.autograd.traced import Traced

if TYPE_CHECKING:
    from pyconv.autograd.function import Function


class FunctionCtx(Node):
    """What `forward` and `backward` of a Function share, and the node of its results in the graph."""

    __slots__ = ("__dict__",)

    _function: type[Function]
    needs_input_grad: tuple[bool, ...]

    def _begin(self, function: type[Function], inputs: tuple[Any, ...]) -> None:
        self._function = function
        self.needs_input_grad = tuple(isinstance(value, Traced) and value._requires_grad for value in inputs)
        self._to_save: tuple[Any, ...] = ()
        self._saved: list[Saved | None] | None = None
        self._dirty: tuple[Any, ...] = ()
        self._non_differentiable: tuple[Any, ...] = ()
        self._materialize = True
        self._results: list[tuple[tuple[int, ...], np.dtype[Any], type[Traced]] | None] = []
        self._metadata: dict[int, tuple[tuple[int, ...], np.dtype[Any]]] = {}

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors, or None, for `backward`, which finds them in `saved_tensors`.

        Raises:
            TypeError: one is something else.
        """
        self._to_save = tensors

    def save_for_forward(self, *tensors: Any) -> None:
        """Keep tensors for a `jvp`, which is never called."""

    def mark_dirty(self, *args: Any) -> None:
        """Say which inputs `forward` has changed in place; it must return them."""
        self._dirty = args

    def mark_non_differentiable(self, *args: Any) -> None:
        """Say which results have no gradient."""
        self._non_differentiable = args

    def set_materialize_grads(self, value: bool) -> None:
        """Whether `backward` gets zeros, as it does at first, or None for a result that nothing was made from."""
        self._materialize = value

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """The tensors that were kept.

        Raises:
            RuntimeError: one was changed in place, or the graph was freed.
        """
        if self._saved is None:
            if self._to_save:
                raise RuntimeError(FREED)
            return ()
        return tuple(None if saved is None else saved.unpack() for saved in self._saved)

    @property
    def saved_variables(self) -> tuple[Any, ...]:
        """`saved_tensors` by its older name."""
        warnings.warn("'saved_variables' is deprecated; use 'saved_tensors'", DeprecationWarning, stacklevel=2)
        return self.saved_tensors

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """The nodes of the tensors among the inputs, None for one that needs no gradient."""
        nodes = {position: (node, output) for position, node, output in self.edges}
        return tuple(nodes.get(i, (None, 0)) for i in sorted(self._metadata))

    def _keep(self, results: Sequence[Any]) -> None:
        """Save what is to be saved, results without keeping this node alive."""
        for i, value in enumerate(self._to_save):
            if value is not None and not isinstance(value, Traced):
                raise TypeError(
                    f"save_for_backward can only save variables, but argument {i} is of type {type(value).__name__}"
                )
        self._saved = [
            None if value is None else _saved(value, self, any(value is r for r in results)) for value in self._to_save
        ]

    def backward(self, cotangents: Sequence[Any], wanted: set[int]) -> list[Any]:  # noqa: ARG002
        """The cotangents of the inputs that need one, in the order of `edges`.

        Raises:
            RuntimeError: the user's `backward` returned too many or too few, or one of another shape.
            NotImplementedError: there is none.
        """
        if self._saved is None and self._to_save:
            raise RuntimeError(FREED)
        given = [self._materialized(i, g) for i, g in enumerate(cotangents)]
        found = self._function._written_backward()(self, *given)
        found = found if isinstance(found, tuple) else (found,)
        expected = len(self.needs_input_grad)
        extra = found[expected:]
        if len(found) < expected or any(g is not None for g in extra):
            raise RuntimeError(
                f"function {self.name()} returned an incorrect number of gradients (expected {expected}, got "
                f"{len(found)})"
            )
        return [self._checked(position, found[position]) for position, _, _ in self.edges]

    def _materialized(self, i: int, g: Any) -> Any:
        if g is not None or not self._materialize:
            return g
        made = self._results[i]
        return None if made is None else made[2]._wrap(np.zeros(made[0], made[1]))

    def _checked(self, position: int, g: Any) -> Any:
        if g is None:
            return None
        if not isinstance(g, Traced):
            raise RuntimeError(f"expected Variable or None (got {type(g).__name__})")
        shape, dtype = self._metadata[position]
        if g._array.shape != shape:
            if not _expandable(shape, g._array.shape):
                place = [i for i, _, _ in self.edges].index(position)
                raise RuntimeError(
                    f"Function {self.name()} returned an invalid gradient at index {place} - got "
                    f"{list(g._array.shape)} but expected shape compatible with {list(shape)}"
                )
            g = g.sum_to_size(shape)  # type: ignore[attr-defined]
        return g if g._array.dtype == dtype else g.to(dtypes.of(dtype))

    def free(self) -> None:
        """Let go of what was saved."""
        self._saved = None

    def __repr__(self) -> str:
        return f"<torch.autograd.function.{self.name()} object at {id(self):#x}>"


def _saved(value: Traced, node: Node, is_result: bool) -> Saved:
    return SavedOutput(value, node) if is_result else Saved(value, node_of(value))


def _expandable(shape: tuple[int, ...], target: tuple[int, ...]) -> bool:
    pairs = zip(reversed(shape), reversed(target), strict=False)
    return len(shape) <= len(target) and all(n in (1, m) for n, m in pairs)
