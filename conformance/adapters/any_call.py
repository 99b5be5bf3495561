"""A call as a call of a library with torch's API, and its maps by name.

May import: `conformance.call`, `conformance.operations`.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from conformance.call import Call, TorchName
from conformance.operations import OPERATIONS


def results(library: Any, call: Call, tensors: dict[str, Any]) -> list[Any]:
    """The tensors that the operation gives, from left to right.

    Args:
        library: torch, or what has its API.
        call: the configuration.
        tensors: the operands by name, as the library takes them.

    Example:
        >>> import torch
        >>> results(torch, Call("max_pool1d", arguments=(("kernel_size", "2"),)), {"input": torch.ones(1, 4)})
        [tensor([[1., 1.]])]
    """
    operation = OPERATIONS[call.op]
    function = attrgetter(operation.path)(library)
    if operation.draws:
        library.default_generator.manual_seed(call.seed)
    positional, named = _arguments(library, call, tensors)
    return list(_tensors(function(*positional, **named), library.Tensor))


def output_names(count: int) -> list[str]:
    """What the results are called.

    Example:
        >>> output_names(2)
        ['output', 'output 1']
    """
    return ["output", *(f"output {number}" for number in range(1, count))][:count]


def _arguments(library: Any, call: Call, tensors: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """What is passed by position: the first tensor, or the equation and its operands; and what by name."""
    named: dict[str, Any] = {}
    for name, tensor in tensors.items():
        whole, _, member = name.partition(".")
        if member:
            named.setdefault(whole, []).append(tensor)
        else:
            named[name] = tensor
    named |= {name: _resolved(library, value) for name, value in call.given().items()}
    if "equation" in named:
        return [named.pop("equation"), *named.pop("operands", [])], named
    first = next(iter(call.shapes()), None)
    return ([named.pop(first.partition(".")[0])] if first is not None else []), named


def _resolved(library: Any, value: Any) -> Any:
    """The value with the library's own attributes in place of their names."""
    if isinstance(value, TorchName):
        return getattr(library, value.name)
    if isinstance(value, (list, tuple)):
        return type(value)(_resolved(library, item) for item in value)
    return value


def _tensors(value: Any, kind: type) -> Iterator[Any]:
    if isinstance(value, kind):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _tensors(item, kind)
