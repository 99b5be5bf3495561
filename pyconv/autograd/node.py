"""The nodes of the graph: the steps that values came from, and the leaves.

May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

import itertools
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pyconv.autograd.handles import Hooks, RemovableHandle, register
from pyconv.autograd.mode import traceback
from pyconv.autograd.saved import is_memory, unpack
from pyconv.autograd.traced import Traced

if TYPE_CHECKING:
    from pyconv.autograd.primitive import Primitive

OUTPUT = -1
"""The position by which a VJP asks for the primitive's own result."""

Edges = tuple[tuple[int, "Node", int], ...]

_sequence = itertools.count()

FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already "
    "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
    "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access "
    "saved tensors after calling backward."
)


class Node:
    """A step of the graph: where its operands came from, and what its VJP needs of them.

    Attributes:
        sequence: the order of creation; the backward pass runs against it.
        edges: the operand positions that need a gradient, each with the node that made the operand, and which of
            that node's results it is.
        outputs: how many results it has.
        leaf: for the node that stands for a leaf, the leaf.
        retained: the results whose `grad` is added to, by number.
        hooks: called in a backward pass, if there are any.
        trace: where the forward call was made, and the node whose backward call made it, in a mode that keeps them.
    """

    __slots__ = (
        "__weakref__",
        "_name",
        "_operands",
        "_primitive",
        "_static",
        "edges",
        "hooks",
        "leaf",
        "outputs",
        "retained",
        "sequence",
        "trace",
    )

    def __init__(self, name: str, edges: Edges = (), leaf: Traced | None = None) -> None:
        self._name = name
        self.edges = edges
        self.outputs = 1
        self.leaf = leaf
        self.sequence = next(_sequence)
        self.retained: dict[int, weakref.ref[Traced]] = {}
        self.hooks: NodeHooks | None = None
        self.trace = traceback()
        self._primitive: Primitive | None = None
        self._operands: dict[int, Any] | None = {}
        self._static: dict[str, Any] = {}

    def name(self) -> str:
        """The node's name, as torch has it: `ConvolutionBackward0`, `torch::autograd::CopySlices`."""
        return self._name

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"'{self.class_name}' object has no attribute '{name}'")

    @property
    def class_name(self) -> str:
        """The last part of the name, which is what is printed."""
        return self._name.rpartition("::")[2]

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """The nodes of the operands that can have a gradient, None for one that needs none, each with a 0."""
        nodes = {position: (node, output) for position, node, output in self.edges}
        if self._primitive is None:
            return ()
        every = self._primitive.any is not None and self._operands is not None
        positions = (i for i in self._operands or () if i != OUTPUT) if every else self._primitive.vjps
        return tuple(nodes.get(i, (None, 0)) for i in sorted(positions))

    def operand_places(self) -> list[int | None]:
        """For each operand that can have a gradient, its place among the edges, None where it needs none."""
        places: dict[tuple[Node | None, int], int | None] = {(None, 0): None}
        places |= {(node, output): i for i, (_, node, output) in enumerate(self.edges)}
        return [places[node, output] for node, output in self.next_functions]

    @property
    def variable(self) -> Traced:
        """The leaf that the node stands for.

        Raises:
            AttributeError: it stands for none.
        """
        if self.leaf is None:
            raise AttributeError(f"'{self.class_name}' object has no attribute 'variable'")
        return self.leaf

    def __repr__(self) -> str:
        return f"<{self.class_name} object at {id(self):#x}>"

    def rename(self, name: str) -> None:
        """Give the node another name."""
        self._name = name

    def backward(self, cotangents: Sequence[Any], wanted: set[int]) -> list[Any]:
        """The cotangents of the operands that need one, in the order of `edges`.

        Args:
            cotangents: of the results; a primitive has one result.
            wanted: ids of the nodes whose cotangents matter; None stands for that of another.

        Raises:
            RuntimeError: the graph was freed, or an operand that is needed was changed in place.
        """
        assert self._primitive is not None
        if self._operands is None:
            raise RuntimeError(FREED)
        operands = {position: unpack(value) for position, value in self._operands.items()}
        output = operands.pop(OUTPUT, None)
        arguments = [operands[i] for i in range(len(operands))]
        found: list[Any] = []
        for position, node, _ in self.edges:
            if id(node) in wanted:
                vjp = self._primitive.vjps[position]
                extra = () if OUTPUT not in vjp.saves else (output,)
                found.append(vjp.function(cotangents[0], *extra, *arguments, **self._static))
            else:
                found.append(None)
        return found

    def retain(self, value: Traced) -> None:
        """Add the cotangents of `value`, which this node made, to its `grad`."""
        self.retained[value._output] = weakref.ref(value)

    def register_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(grad_inputs, grad_outputs)` after the node; what it returns takes the place of the first."""
        return register(self._own_hooks().after, hook)

    def register_prehook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(grad_outputs)` before the node; what it returns takes their place."""
        return register(self._own_hooks().before, hook)

    def hooks_of_output(self, output: int) -> Hooks:
        """The hooks on the cotangent of one result."""
        return self._own_hooks().of_output.setdefault(output, OrderedDict())

    def _own_hooks(self) -> NodeHooks:
        if self.hooks is None:
            self.hooks = NodeHooks()
        return self.hooks

    def free(self) -> None:
        """Let go of what was saved, if anything was."""
        if self._operands and any(map(is_memory, (*self._operands.values(), *self._static.values()))):
            self._operands = None
            self._static = {}


class GradientEdge(NamedTuple):
    """A place in the graph that a gradient goes through: a node, and which of its results."""

    node: Node
    output_nr: int
    ownership_token: Any = None


class NodeHooks:
    """The hooks of a node: on the cotangent of each result, on all of them, and on what the VJPs give."""

    __slots__ = ("after", "before", "of_output")

    def __init__(self) -> None:
        self.of_output: dict[int, Hooks] = {}
        self.before: Hooks = OrderedDict()
        self.after: Hooks = OrderedDict()


def node_of(value: Traced) -> Node | None:
    """The node that stands for a value in the graph: the one that made it, or its leaf's; None without gradient."""
    if value._node is not None or not value._requires_grad:
        return value._node
    node = value._leaf() if value._leaf is not None else None
    if node is None:
        node = Node("torch::autograd::AccumulateGrad", leaf=value)
        value._leaf = weakref.ref(node)
    return node
