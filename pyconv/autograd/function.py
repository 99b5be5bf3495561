"""torch.autograd.Function: an op whose forward and backward the user writes.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import is_grad_enabled, no_grad
from pyconv.autograd.node import FREED, Node, node_of
from pyconv.autograd.saved import Saved, SavedOutput
from pyconv.autograd.traced import Traced, attach, move


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
        found = _backward_of(self._function)(self, *given)
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


def _backward_of(function: type[Function]) -> Callable[..., Any]:
    own = function.backward is not Function.backward
    if own and function.vjp is not Function.vjp:
        raise RuntimeError(
            "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You should only implement "
            "one of them."
        )
    return function.backward if own else function.vjp


class Function:
    """An op of the user's: static methods `forward(ctx, *args)` and `backward(ctx, *grad_outputs)`.

    `forward` may leave `ctx` out where there is a `setup_context(ctx, inputs, output)`. The op is called by `apply`.

    Example:
        >>> import pyconv
        >>> class Cube(Function):
        ...     @staticmethod
        ...     def forward(ctx, x):
        ...         ctx.save_for_backward(x)
        ...         return x**3
        ...     @staticmethod
        ...     def backward(ctx, g):
        ...         (x,) = ctx.saved_tensors
        ...         return 3 * x**2 * g
        >>> x = pyconv.tensor(2.0, requires_grad=True)
        >>> y = Cube.apply(x)
        >>> y
        tensor(8., grad_fn=<CubeBackward>)
        >>> y.backward()
        >>> x.grad
        tensor(12.)
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        warnings.warn(
            f"{type(self)} should not be instantiated. Methods on autograd functions are all static, so you should "
            "invoke them on the class itself. Instantiating an autograd function will raise an error in a future "
            "version of PyTorch.",
            DeprecationWarning,
            stacklevel=2,
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """Refuse the way of long ago.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please use new-style autograd "
            "function with static forward method. (Example: "
            "https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)"
        )

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """The results; to be defined.

        Raises:
            NotImplementedError: it is not.
        """
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> Any:
        """Keep what `backward` needs, where `forward` has no `ctx`."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """The gradients of the inputs; to be defined.

        Raises:
            NotImplementedError: it is not.
        """
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function to use it with "
            "backward mode AD."
        )

    vjp = backward

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """The results of `forward`, in the graph where an input needs a gradient."""
        apart = cls.setup_context is not Function.setup_context
        if apart:
            args = _with_defaults(cls.forward, args, kwargs)
            kwargs = {}
        name = f"{cls.__name__}Backward"
        ctx = type(name, (FunctionCtx,), {"__slots__": (), "__module__": "torch.autograd.function"})(name)
        ctx._begin(cls, args)
        recorded = is_grad_enabled() and any(ctx.needs_input_grad)
        with no_grad():
            if apart:
                found = cls.forward(*args)
                cls.setup_context(ctx, args, found)
            else:
                found = cls.forward(ctx, *args, **kwargs)
        results = list(found) if isinstance(found, tuple) else [found]
        if ctx._dirty:
            _check_dirty(ctx, args, results)
        results = [_settled(ctx, value, args, recorded) for value in results]
        if recorded:
            _connect(ctx, args, results)
            ctx._keep(results)
        return tuple(results) if isinstance(found, tuple) else results[0]


def _with_defaults(forward: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """The arguments of a call by position, those that were left out too."""
    bound = inspect.signature(forward).bind(*args, **kwargs)
    bound.apply_defaults()
    return bound.args


def _among(value: Any, values: Sequence[Any]) -> bool:
    return any(value is other for other in values)


def _settled(ctx: FunctionCtx, value: Any, inputs: Sequence[Any], recorded: bool) -> Any:
    """A result as it will be returned: an input that was not changed comes back as a view of it."""
    if not isinstance(value, Traced):
        return value
    if _among(value, ctx._dirty):
        if recorded and value._node is None and value._requires_grad:
            raise RuntimeError("a leaf Variable that requires grad has been used in an in-place operation.")
        base = value._base
        if recorded and base is not None and base._requires_grad and base._node is None:
            raise RuntimeError("a view of a leaf Variable that requires grad is being used in an in-place operation.")
        return value
    if not _among(value, inputs):
        return value
    with no_grad():
        view = value.view_as(value)  # type: ignore[attr-defined]
    if _among(value, ctx._non_differentiable):
        ctx._non_differentiable = (*ctx._non_differentiable, view)
    return view


def _connect(ctx: FunctionCtx, inputs: Sequence[Any], results: Sequence[Any]) -> None:
    """Put the results into the graph."""
    edges = []
    for position, value in enumerate(inputs):
        if isinstance(value, Traced):
            ctx._metadata[position] = (value._array.shape, value._array.dtype)
            node = node_of(value)
            if value._requires_grad and node is not None:
                edges.append((position, node, value._output))
    ctx.edges = tuple(edges)
    ctx.outputs = len(results)
    for i, value in enumerate(results):
        traced = isinstance(value, Traced)
        ctx._results.append((value._array.shape, value._array.dtype, type(value)) if traced else None)
        if not traced or _among(value, ctx._non_differentiable) or value._array.dtype.kind in "iub":
            continue
        if _among(value, ctx._dirty):
            value._counter.count += 1
            _change(value, ctx, i)
        else:
            attach(value, ctx, i)


def _change(value: Traced, ctx: FunctionCtx, i: int) -> None:
    """Make a changed input the node's result; where it is a view, its base is changed with it."""
    if value._base is None:
        move(value, ctx, i)
        return
    result = type(value)._wrap(value._array)
    attach(result, ctx, i)
    value._rebase(result)


def _check_dirty(ctx: FunctionCtx, inputs: Sequence[Any], results: Sequence[Any]) -> None:
    """Refuse changed inputs that are not returned, and views beside other results."""
    for value in ctx._dirty:
        if not _among(value, results):
            raise RuntimeError(
                "Some elements marked as dirty during the forward method were not returned as output. The inputs that "
                "are modified inplace must all be outputs of the Function."
            )
        if not _among(value, inputs):
            warnings.warn(
                "ctx.mark_dirty() received a tensor that was not an input. Only input Tensors that have been mutated "
                "should be passed to ctx.mark_dirty().",
                UserWarning,
                stacklevel=4,
            )
        elif value._base is not None and len(results) > 1:
            raise RuntimeError(_SEVERAL)


_SEVERAL = (
    "If your Function modifies inplace an input that is a view of another Tensor, your Function cannot return more "
    "than one Tensor. This is not supported by the current autograd engine. You should either make sure the input is "
    "not a view (using .clone() for example) or make your Function only return one Tensor (potentially splitting it "
    "into two Functions: one doing the inplace that returns a single Tensor and a second one that does the other "
    "operations). You can ask on the forum https://discuss.pytorch.org/ if you need help to do this change."
)


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
