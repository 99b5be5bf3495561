"""torch.utils.checkpoint: memory saved by computing a part of the graph again in the backward pass.

T. Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016.

May import: the standard library, and all of pyconv.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from pyconv.autograd import backward, enable_grad, grad, no_grad
from pyconv.autograd.function import Function
from pyconv.autograd.graph import Node, node_of
from pyconv.autograd.mode import is_grad_enabled
from pyconv.nn.modules import Sequential
from pyconv.random import default_generator, fork_rng
from pyconv.tensor import Tensor

__all__ = ["CheckpointFunction", "checkpoint", "checkpoint_sequential", "detach_variable", "noop_context_fn"]


def noop_context_fn() -> tuple[Any, Any]:
    """Two contexts that do nothing: for the first run and for the one in the backward pass.

    Example:
        >>> with noop_context_fn()[0]:
        ...     pass
    """
    return contextlib.nullcontext(), contextlib.nullcontext()


def detach_variable(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The inputs with tensors cut from the graph, each with `requires_grad` as it was.

    Raises:
        RuntimeError: `inputs` is no tuple.

    Example:
        >>> import pyconv
        >>> detach_variable((pyconv.ones(1, requires_grad=True) * 2, 3))
        (tensor([2.], requires_grad=True), 3)
    """
    if not isinstance(inputs, tuple):
        raise RuntimeError(f"Only tuple of tensors is supported. Got Unsupported input type: {type(inputs).__name__}")
    return tuple(
        value.detach().requires_grad_(value.requires_grad) if isinstance(value, Tensor) else value for value in inputs
    )


class _Again:
    """A call that can be made again with the random numbers of the first time."""

    def __init__(self, function: Callable[..., Any], preserve: bool, context: Callable[[], Any] | None = None) -> None:
        self._function = function
        self._state = default_generator.engine.get_state() if preserve else None
        self._context = context

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with self._restored(), enable_grad(), self._context() if self._context else contextlib.nullcontext():
            return self._function(*args, **kwargs)

    @contextlib.contextmanager
    def _restored(self) -> Iterator[None]:
        with fork_rng(enabled=self._state is not None):
            if self._state is not None:
                default_generator.set_state(self._state)
            yield


class CheckpointFunction(Function):
    """The form that runs a backward pass of its own inside the backward pass."""

    @staticmethod
    def forward(ctx: Any, run_function: Any, preserve_rng_state: bool, *args: Any) -> Any:
        """Run the function without recording it."""
        if not any(isinstance(value, Tensor) and value.requires_grad for value in args):
            warnings.warn("None of the inputs have requires_grad=True. Gradients will be None", stacklevel=2)
        ctx.again = _Again(run_function, preserve_rng_state)
        ctx.inputs = [None if isinstance(value, Tensor) else value for value in args]
        ctx.positions = [i for i, value in enumerate(args) if isinstance(value, Tensor)]
        ctx.save_for_backward(*(args[i] for i in ctx.positions))
        with no_grad():
            return run_function(*args)

    @staticmethod
    def backward(ctx: Any, *cotangents: Any) -> Any:
        """Run the function again, recorded, and its backward pass."""
        inputs = list(ctx.inputs)
        for i, value in zip(ctx.positions, ctx.saved_tensors, strict=True):
            inputs[i] = value
        detached = detach_variable(tuple(inputs))
        outputs = ctx.again(*detached)
        outputs = (outputs,) if isinstance(outputs, Tensor) else outputs
        roots = [
            (output, cotangent)
            for output, cotangent in zip(outputs, cotangents, strict=False)
            if isinstance(output, Tensor) and output.requires_grad
        ]
        if not roots:
            raise RuntimeError("none of output has requires_grad=True, this checkpoint() is not necessary")
        backward([output for output, _ in roots], [cotangent for _, cotangent in roots])
        return (None, None, *(value.grad if isinstance(value, Tensor) else None for value in detached))


class _Recomputed(Function):
    """The form whose gradients are those of any op: for the inputs, and for the leaves that the function uses."""

    @staticmethod
    def forward(ctx: Any, again: Any, outputs: list[Any], place: Any, *tensors: Any) -> Any:
        ctx.again = again
        ctx.place = place
        ctx.save_for_backward(*tensors)
        return tuple(output.detach() for output in outputs)

    @staticmethod
    def backward(ctx: Any, *cotangents: Any) -> Any:
        tensors = ctx.saved_tensors
        create = is_grad_enabled()
        outputs = _tensors(ctx.place(ctx.again, tensors))
        roots = [(o, g) for o, g in zip(outputs, cotangents, strict=True) if o.requires_grad]
        wanted = [value for value in tensors if value.requires_grad]
        found = grad(
            [output for output, _ in roots],
            wanted,
            [cotangent for _, cotangent in roots],
            create_graph=create,
            allow_unused=True,
        )
        gradients = iter(found)
        return (None, None, None, *(next(gradients) if value.requires_grad else None for value in tensors))


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: Callable[[], tuple[Any, Any]] = noop_context_fn,
    determinism_check: str = "default",  # noqa: ARG001 (torch's arguments)
    debug: bool = False,
    early_stop: bool = True,  # noqa: ARG001
    **kwargs: Any,
) -> Any:
    """Call a function so that the backward pass calls it again, instead of keeping what it computed.

    Args:
        function: of tensors and other values; it gives the same for the same arguments.
        args: its arguments.
        use_reentrant: True for a backward pass of its own inside the backward pass; False for gradients that
            `autograd.grad` and second derivatives can use as well. It should be given.
        context_fn: gives the contexts for the first run and for the later one; not with `use_reentrant`.
        determinism_check: as torch has it; not used.
        debug: as torch has it; not used.
        early_stop: as torch has it; not used.
        kwargs: `preserve_rng_state`, whether the later run draws the same random numbers (True by default); others
            are the function's, and not for `use_reentrant`.

    Returns:
        What the function gives.

    Raises:
        ValueError: arguments that do not go with `use_reentrant`.

    Example:
        >>> import pyconv
        >>> x = pyconv.ones(2, requires_grad=True)
        >>> checkpoint(lambda v: v * v, x, use_reentrant=False).sum().backward()
        >>> x.grad
        tensor([2., 2.])
    """
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. Starting in PyTorch 2.9, "
            "calling checkpoint without use_reentrant will raise an exception. use_reentrant=False is recommended, but "
            "if you need to preserve the current default behavior, you can pass use_reentrant=True. Refer to docs for "
            "more details on the differences between the two variants.",
            stacklevel=2,
        )
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if not use_reentrant:
        return _recomputed(function, preserve, context_fn, args, kwargs)
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    if context_fn is not noop_context_fn or debug is not False:
        raise ValueError("Passing `context_fn` or `debug` is only supported when use_reentrant=False.")
    return CheckpointFunction.apply(function, preserve, *args)


def _recomputed(function: Any, preserve: bool, context_fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    first, later = context_fn()
    again = _Again(function, preserve, lambda: later)
    before = Node("").sequence
    with first:
        result = function(*args, **kwargs)
    given = [value for value in _tensors((args, kwargs)) if value.requires_grad]
    leaves = _leaves(result, before, given)
    outputs = [value for value in _tensors(result) if value.requires_grad]
    if not is_grad_enabled() or not outputs or leaves is None:
        return result
    tensors = _tensors((args, kwargs))

    def place(call: Any, values: Any) -> Any:
        replaced = iter(values)
        new_args, new_kwargs = _mapped((args, kwargs), lambda _: next(replaced))
        return [value for value in _tensors(call(*new_args, **new_kwargs)) if value.requires_grad]

    made = iter(_Recomputed.apply(again, outputs, place, *tensors, *leaves))
    return _mapped(result, lambda value: next(made) if value.requires_grad else value)


def _leaves(result: Any, before: int, given: list[Tensor]) -> list[Tensor] | None:
    """The leaves, beside the inputs, that a result was made from; None if it was made from other recorded values."""
    ends = {id(node_of(value)) for value in given}
    waiting = [value._node for value in _tensors(result) if value._node is not None]
    seen: set[int] = set()
    found: list[Tensor] = []
    while waiting:
        node = waiting.pop()
        if id(node) in seen or id(node) in ends:
            continue
        seen.add(id(node))
        if node.leaf is not None:
            found.append(node.leaf)  # type: ignore[arg-type]
        elif node.sequence < before:
            return None
        waiting.extend(below for below, _ in node.next_functions if below is not None)
    return found


def _tensors(value: Any) -> list[Tensor]:
    """The tensors in tuples, lists and dicts, from left to right."""
    if isinstance(value, Tensor):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else ()
    return [tensor for item in items for tensor in _tensors(item)]


def _mapped(value: Any, function: Callable[[Tensor], Any]) -> Any:
    """The same tuples, lists and dicts with each tensor replaced."""
    if isinstance(value, Tensor):
        return function(value)
    if isinstance(value, dict):
        return {key: _mapped(item, function) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        items = [_mapped(item, function) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return value


def checkpoint_sequential(
    functions: Any, segments: int, input: Any, use_reentrant: bool | None = None, **kwargs: Any
) -> Any:
    """`checkpoint` of each of several segments of functions that run one after the other, but the last.

    Args:
        functions: a Sequential, or a list of functions of one argument.
        segments: how many.
        input: of the first function.
        use_reentrant: as of `checkpoint`.
        kwargs: `preserve_rng_state`.

    Returns:
        What the last function gives.

    Raises:
        ValueError: other arguments.

    Example:
        >>> import pyconv
        >>> x = pyconv.ones(2, requires_grad=True)
        >>> checkpoint_sequential([pyconv.exp, pyconv.log, pyconv.neg], 2, x, use_reentrant=False).sum()
        tensor(-2.0000, grad_fn=<SumBackward0>)
    """
    if use_reentrant is None:
        warnings.warn(
            "torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be passed explicitly. In "
            "version 2.9 we will raise an exception if use_reentrant is not passed. use_reentrant=False is "
            "recommended, but if you need to preserve the current default behavior, you can pass use_reentrant=True. "
            "Refer to docs for more details on the differences between the two variants.",
            stacklevel=2,
        )
        use_reentrant = True
    preserve = kwargs.pop("preserve_rng_state", True)
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    steps = list(functions.children()) if isinstance(functions, Sequential) else functions
    size = len(steps) // segments
    end = 0
    for start in range(0, size * (segments - 1), size):
        end = start + size
        input = checkpoint(_chain(steps[start:end]), input, use_reentrant=use_reentrant, preserve_rng_state=preserve)
    return _chain(steps[end:])(input)


def _chain(steps: Any) -> Callable[[Any], Any]:
    def run(value: Any) -> Any:
        for step in steps:
            value = step(value)
        return value

    return run
