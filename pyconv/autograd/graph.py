"""The tape: traced values, the nodes that made them, and the decorator that makes a kernel an op.

It knows no op and no Tensor: what a result is wrapped in is asked of the first traced argument. Past 300 lines
because values, nodes and primitives are made of one another. May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.

After HIPS autograd (D. Maclaurin, D. Duvenaud, R. P. Adams, "Autograd: Effortless Gradients in Numpy", 2015):
a vector-Jacobian product is written with primitives, so derivatives of any order come free.
"""

from __future__ import annotations

import itertools
import weakref
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from pyconv import dtypes
from pyconv.autograd.handles import Hooks, RemovableHandle, register
from pyconv.autograd.mode import InferenceVersion, Version, is_grad_enabled, new_version, traceback
from pyconv.meta import Meta, asarray, check_places, refused

Array = np.ndarray[Any, Any]
Self = TypeVar("Self", bound="Traced")
Steps = tuple[tuple["Primitive", dict[str, Any]], ...]
"""The ops that make a view of its base, each with its keyword arguments."""

OUTPUT = -1
"""The position by which a VJP asks for the primitive's own result."""

Edges = tuple[tuple[int, "Node", int], ...]

_sequence = itertools.count()


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


class NodeHooks:
    """The hooks of a node: on the cotangent of each result, on all of them, and on what the VJPs give."""

    __slots__ = ("after", "before", "of_output")

    def __init__(self) -> None:
        self.of_output: dict[int, Hooks] = {}
        self.before: Hooks = OrderedDict()
        self.after: Hooks = OrderedDict()


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
        trace: where the forward call was made, in a mode that keeps it.
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
        operands = {position: _unpack(value) for position, value in self._operands.items()}
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
        if self._operands and any(map(_is_memory, (*self._operands.values(), *self._static.values()))):
            self._operands = None
            self._static = {}


FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already "
    "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
    "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access "
    "saved tensors after calling backward."
)


class Spec:
    """The shape and dtype of an operand whose values no VJP needs, and which is therefore not kept."""

    __slots__ = ("dtype", "shape")

    def __init__(self, array: Array) -> None:
        self.shape = array.shape
        self.dtype = array.dtype


class Saved:
    """An operand kept for the backward pass, with the version that it had."""

    __slots__ = ("array", "base_class", "count", "is_view", "node", "output", "value", "version")

    def __init__(self, value: Traced, node: Node | None) -> None:
        if isinstance(value._counter, InferenceVersion):
            raise RuntimeError(_INFERENCE)
        self.array = value._array
        self.output = value._output
        self.base_class = type(value)
        self.node = node
        self.value = weakref.ref(value)
        self.is_view = value._base is not None
        self.version = value._counter
        self.count = value._counter.count

    def unpack(self) -> Traced:
        """The operand again, in its place in the graph.

        Raises:
            RuntimeError: it was changed in place.
        """
        if self.version.count != self.count:
            raise RuntimeError(self._changed())
        if self.node is not None and self.node.leaf is not None:
            return self.node.leaf
        value = self.base_class._wrap(self.array)
        value._counter = self.version
        attach(value, self.node, self.output)
        return value

    def _maker(self) -> str:
        """What made the operand as it is now; a view of what was changed counts as made anew."""
        value = self.value()
        node = self.node if value is None else value._node
        if node is None or node.leaf is not None:
            return ""
        return _made_by("AsStridedBackward0" if self.is_view else node.name(), self.output)

    def _changed(self) -> str:
        kind = f"torch.{dtypes.of(self.array).scalar_name}Tensor [{', '.join(map(str, self.array.shape))}]"
        return (
            f"one of the variables needed for gradient computation has been modified by an inplace operation: "
            f"[{kind}]{self._maker()} is at version {self.version.count}; expected version {self.count} instead. "
            "Hint: enable anomaly detection to find the operation that failed to compute its gradient, with "
            "torch.autograd.set_detect_anomaly(True, check_nan=False)."
        )


def _unpack(value: Any) -> Any:
    return value.unpack() if isinstance(value, Saved) else value


def _is_memory(value: Any) -> bool:
    """Whether what a node holds for its VJP is, or has in it, the elements of some array."""
    return isinstance(value, (Saved, np.ndarray)) or (isinstance(value, tuple) and any(map(_is_memory, value)))


_INFERENCE = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in "
    "computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use it in "
    "autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`."
)


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


def node_of(value: Traced) -> Node | None:
    """The node that stands for a value in the graph: the one that made it, or its leaf's; None without gradient."""
    if value._node is not None or not value._requires_grad:
        return value._node
    node = value._leaf() if value._leaf is not None else None
    if node is None:
        node = Node("torch::autograd::AccumulateGrad", leaf=value)
        value._leaf = weakref.ref(node)
    return node


class Vjp:
    """A vector-Jacobian product for one operand, and the positions of the operands whose values it needs."""

    __slots__ = ("function", "saves")

    def __init__(self, function: Callable[..., Any], saves: tuple[int, ...]) -> None:
        self.function = function
        self.saves = saves


class Primitive:
    """A kernel made an op: ndarrays in, an ndarray out; a Tensor among them, a Tensor out, recorded.

    Positional arguments are operands, keyword arguments are not differentiated.
    """

    def __init__(self, kernel: Callable[..., Array], name: str, is_view: bool, variant: int | None = 0) -> None:
        self.kernel = kernel
        self.name = name
        self.node_name = name if variant is None else f"{name}Backward{variant}"
        self.is_view = is_view
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
        traced = [a for a in operands if isinstance(a, Traced)]
        with np.errstate(all="ignore"):
            out = self._run([a._array if isinstance(a, Traced) else a for a in operands], static)
        if not traced:
            return out
        result = type(traced[0])._wrap(out)
        if self.is_view and np.may_share_memory(out, traced[0]._array):
            result._view_of(traced[0], self, static)
        if is_grad_enabled() and any(a._requires_grad for a in traced):
            self.record(result, operands, static)
        return result

    def _run(self, arrays: list[Any], static: dict[str, Any]) -> Any:
        """What the kernel gives; without elements where an operand has none."""
        if Meta not in map(type, arrays):
            return asarray(self.kernel(*arrays, **static))
        check_places(arrays)
        try:
            out = self.kernel(*arrays, **static)
        except NotImplementedError:
            raise refused(self.name) from None
        return out if type(out) is Meta else Meta.like(out)

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


class SavedOutput(Saved):
    """A node's own result, which must not keep the node alive."""

    __slots__ = ("node_reference",)

    def __init__(self, value: Traced, node: Node) -> None:
        super().__init__(value, None)
        self.node_reference = weakref.ref(node)

    def unpack(self) -> Traced:
        """The result again, in its place in the graph."""
        value = super().unpack()
        attach(value, self.node_reference(), self.output)
        return value

    def _maker(self) -> str:
        node = self.node_reference()
        return "" if node is None else _made_by(node.name(), self.output)


def _keep(operand: Any, needed: bool) -> Any:
    if isinstance(operand, Traced):
        if not needed:
            return Spec(operand._array)
        return Saved(operand, node_of(operand))
    return Spec(operand) if isinstance(operand, np.ndarray) and not needed else operand


def _made_by(name: str, output: int) -> str:
    op, _, variant = name.partition("Backward")
    return f", which is output {output} of {op}{'' if variant == '0' else variant},"


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
