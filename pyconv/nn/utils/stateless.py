"""A module called with other parameters and buffers than its own.

May import: all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

__all__ = ["functional_call"]

_DEPRECATED = (
    "`torch.nn.utils.stateless.functional_call` is deprecated as of PyTorch 2.0 and will be removed in a future "
    "version of PyTorch. Please use `torch.func.functional_call` instead which is a drop-in replacement."
)


def functional_call(
    module: Any,
    parameters_and_buffers: dict[str, Any],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """`call_with` by its old name, with a FutureWarning.

    Example:
        >>> import pyconv
        >>> import pyconv.nn as nn
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     functional_call(nn.PReLU(), {"weight": pyconv.tensor([2.0])}, pyconv.tensor([-1.0]))
        tensor([-2.])
    """
    warnings.warn(_DEPRECATED, FutureWarning, stacklevel=2)
    return call_with(module, parameters_and_buffers, args, kwargs, tie_weights=tie_weights, strict=strict)


def call_with(
    module: Any,
    parameters_and_buffers: dict[str, Any],
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """Call a module as if its parameters and buffers were others.

    Args:
        module: it has its own again afterwards.
        parameters_and_buffers: tensors by full name.
        args: the arguments of the call: a tuple, or one alone.
        kwargs: its keyword arguments.
        tie_weights: whether names that mean one tensor in the module are given one tensor here.
        strict: whether every name must be there, and no other.

    Returns:
        What the module returns.

    Raises:
        RuntimeError: names do not match.
        ValueError: names that mean one tensor are given several.

    Example:
        >>> import pyconv
        >>> import pyconv.nn as nn
        >>> call_with(nn.PReLU(), {"weight": pyconv.tensor([2.0])}, pyconv.tensor([-1.0]))
        tensor([-2.])
    """
    given = () if args is None else args if isinstance(args, tuple) else (args,)
    values = _untied(module, parameters_and_buffers) if tie_weights else dict(parameters_and_buffers)
    if strict:
        _check_names(module, values)
    with _swapped(module, values):
        return module(*given, **(kwargs or {}))


def _named(module: Any) -> dict[str, Any]:
    return {
        **dict(module.named_parameters(remove_duplicate=False)),
        **dict(module.named_buffers(remove_duplicate=False)),
    }


def _untied(module: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The given tensors, under all names that their names are tied to."""
    groups: dict[int, set[str]] = {}
    for name, value in _named(module).items():
        groups.setdefault(id(value), set()).add(name)
    found = dict(values)
    for names in groups.values():
        given = names & values.keys()
        if len({id(values[name]) for name in given}) > 1:
            raise ValueError(
                f"functional_call got multiple values for keys {sorted(names)}, which are tied. Consider using "
                "tie_weights=False"
            )
        for name in names if given else ():
            found[name] = values[next(iter(given))]
    return found


def _check_names(module: Any, values: dict[str, Any]) -> None:
    own = _named(module)
    unexpected = sorted(name for name in values if name not in own)
    missing = sorted(name for name in own if name not in values)
    errors = [
        f"{kind} key(s): {', '.join(map(repr, names))}."
        for kind, names in (("Unexpected", unexpected), ("Missing", missing))
        if names
    ]
    if errors:
        lines = "\n\t".join(errors)
        raise RuntimeError(f"Error(s) in reparametrizing for {type(module).__name__}:\n\t{lines}")


@contextlib.contextmanager
def _swapped(module: Any, values: dict[str, Any]) -> Iterator[None]:
    """Inside, the module's tables hold other tensors."""
    before: list[tuple[dict[str, Any], str, bool, Any]] = []
    try:
        for name, value in values.items():
            path, _, last = name.rpartition(".")
            owner = module.get_submodule(path)
            table = next((t for t in (owner._parameters, owner._buffers) if last in t), owner.__dict__)
            before.append((table, last, last in table, table.get(last)))
            table[last] = value
        yield
    finally:
        for table, last, was_there, value in reversed(before):
            if was_there:
                table[last] = value
            else:
                del table[last]
