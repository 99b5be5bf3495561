"""torch.utils.checkpoint: memory saved by computing a part of the graph again in the backward pass.

T. Chen et al., "Training Deep Nets with Sublinear Memory Cost", 2016.

May import: the standard library, and all of pyconv.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from pyconv.amp.autocast_mode import autocast, get_autocast_dtype, is_autocast_cache_enabled, is_autocast_enabled
from pyconv.autograd import backward, enable_grad, no_grad
from pyconv.autograd.function import Function
from pyconv.autograd.mode import is_grad_enabled
from pyconv.autograd.tasks import is_for_all_leaves
from pyconv.nn.modules import Sequential
from pyconv.random import default_generator, fork_rng
from pyconv.tensor import Tensor
from pyconv.utils.recomputation import CheckpointError, Recomputation

__all__ = [
    "CheckpointError",
    "CheckpointFunction",
    "checkpoint",
    "checkpoint_sequential",
    "detach_variable",
    "noop_context_fn",
    "set_checkpoint_early_stop",
]


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
        self._autocast: dict[str, Any] = {
            "enabled": is_autocast_enabled("cpu"),
            "dtype": get_autocast_dtype("cpu"),
            "cache_enabled": is_autocast_cache_enabled(),
        }

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        context = self._context() if self._context else contextlib.nullcontext()
        with self._restored(), enable_grad(), autocast("cpu", **self._autocast), context:
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
        """Run the function again, recorded, and its backward pass.

        Raises:
            RuntimeError: the pass under way is for some tensors alone.
        """
        if not is_for_all_leaves():
            raise RuntimeError(
                "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or passing an `inputs` "
                "parameter to .backward(). To resolve this error, you can either set use_reentrant=False, or call "
                ".backward() without passing the `inputs` argument."
            )
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


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: Callable[[], tuple[Any, Any]] = noop_context_fn,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    **kwargs: Any,
) -> Any:
    """Call a function so that the backward pass calls it again, instead of keeping what it computed.

    Args:
        function: of tensors and other values; it gives the same for the same arguments.
        args: its arguments.
        use_reentrant: True for a backward pass of its own inside the backward pass; False for gradients that
            `autograd.grad` and second derivatives can use as well. It should be given.
        context_fn: gives the contexts for the first run and for the later one; not with `use_reentrant`.
        determinism_check: 'default' to compare the shapes and dtypes of what is computed again with the first time,
            'none' not to.
        debug: as torch has it; not used.
        early_stop: whether the later run ends as soon as it has computed what the backward pass needs.
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
        return _recomputed(function, preserve, context_fn, determinism_check, early_stop, args, kwargs)
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    if context_fn is not noop_context_fn or debug is not False:
        raise ValueError("Passing `context_fn` or `debug` is only supported when use_reentrant=False.")
    return CheckpointFunction.apply(function, preserve, *args)


def _recomputed(
    function: Any, preserve: bool, context_fn: Any, check: str, early_stop: bool, args: Any, kwargs: Any
) -> Any:
    """What a function gives, recorded so that nodes keep nothing until a backward pass asks for it."""
    if check not in _CHECKS:
        raise ValueError(f"determinism_check should be one of {list(_CHECKS)}, but got {check}")
    first, later = context_fn()
    if not is_grad_enabled():
        return function(*args, **kwargs)
    again = _Again(function, preserve, lambda: later)
    stops = early_stop if _Settings.early_stop is None else _Settings.early_stop
    frame = Recomputation(lambda: again(*args, **kwargs), early_stop=stops, described=_CHECKS[check])
    with frame.recording(), first:
        result = function(*args, **kwargs)
    frame.finish()
    return result


def _description(tensor: Tensor) -> dict[str, Any]:
    return {"shape": tensor.shape, "dtype": tensor.dtype, "device": tensor.device}


_CHECKS: dict[str, Callable[[Tensor], Any] | None] = {"default": _description, "none": None}
"""What must be the same of a tensor that is computed again, by the name of the check."""


class _Settings:
    early_stop: bool | None = None


@contextlib.contextmanager
def set_checkpoint_early_stop(enable: bool) -> Iterator[None]:
    """Set whether functions that are called again are left early, for the calls of `checkpoint` in a `with` block.

    Args:
        enable: whether to leave them as soon as everything that was wanted has been computed.

    Example:
        >>> with set_checkpoint_early_stop(False):
        ...     pass
    """
    before, _Settings.early_stop = _Settings.early_stop, enable
    try:
        yield
    finally:
        _Settings.early_stop = before


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
