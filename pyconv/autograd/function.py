"""torch.autograd.Function: an op whose forward and backward the user writes.

May import: the standard library, `pyconv.autograd`.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from pyconv.autograd.function_context import FunctionCtx
from pyconv.autograd.mode import is_grad_enabled, no_grad
from pyconv.autograd.node import node_of
from pyconv.autograd.once_differentiable import once_differentiable
from pyconv.autograd.traced import Traced, attach, move

__all__ = ["Function", "FunctionCtx", "once_differentiable"]


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
    def _written_backward(cls) -> Callable[..., Any]:
        own = cls.backward is not Function.backward
        if own and cls.vjp is not Function.vjp:
            raise RuntimeError(
                "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You should only "
                "implement one of them."
            )
        return cls.backward if own else cls.vjp

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
