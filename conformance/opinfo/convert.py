"""torch's values as another library's, and both as arrays.

May import: NumPy, `conformance.adapters`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from conformance.adapters import TorchStyle
from conformance.fills import Array


class Converter:
    """torch's values as those of a library with torch's API.

    Args:
        torch: the adapter of torch.
        candidate: the library's.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> torch = TorchAdapter()
        >>> Converter(torch, torch).there((torch.library.ones(2), 3, torch.library.float64))
        (tensor([1., 1.]), 3, torch.float64)
    """

    def __init__(self, torch: TorchStyle, candidate: TorchStyle) -> None:
        self.torch = torch
        self.candidate = candidate

    def there(self, value: Any) -> Any:
        """The value, at any depth, with the library's tensors and dtypes in place of torch's."""
        torch = self.torch.library
        if isinstance(value, torch.Tensor):
            made = self.candidate.tensor(np.array(self.torch.array(value.detach().resolve_neg())))
            return made.requires_grad_() if value.requires_grad else made
        if isinstance(value, torch.dtype):
            return getattr(self.candidate.library, str(value).removeprefix("torch."))
        if isinstance(value, (torch.device, torch.memory_format, torch.layout)):
            return str(value) if isinstance(value, torch.device) else value
        return _mapped(self.there, value)

    def wide(self, value: Any) -> Any:
        """Torch's value, at any depth, with inexact tensors in double precision."""
        torch = self.torch.library
        wider = {torch.float16: torch.float64, torch.bfloat16: torch.float64, torch.float32: torch.float64}
        wider[torch.complex64] = torch.complex128
        if isinstance(value, torch.Tensor):
            if value.dtype not in wider:
                return value
            return value.detach().to(wider[value.dtype]).requires_grad_(value.requires_grad)
        if isinstance(value, torch.dtype):
            return wider.get(value, value)
        return _mapped(self.wide, value)


def _mapped(function: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, dict):
        return {key: function(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        made = [function(item) for item in value]
        return type(value)(*made) if hasattr(value, "_fields") else type(value)(made)
    return value


def flat(value: Any, kind: type | tuple[type, ...]) -> list[Any]:
    """The objects of a type in a value, at any depth, from left to right.

    Example:
        >>> flat({"a": (1, "x"), "b": [2]}, int)
        [1, 2]
    """
    if isinstance(value, kind):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (tuple, list)):
        return [found for item in value for found in flat(item, kind)]
    return []


def answer(
    adapter: TorchStyle, call: Callable[..., Any], args: list[Any], kwargs: dict[str, Any], module: Any = None
) -> dict[str, Array]:
    """What a call gives: its results by number, then the gradients of what requires one, for cotangents of ones.

    Args:
        adapter: of the library.
        call: a function or a module.
        args: its arguments.
        kwargs: those by name.
        module: whose parameters count as arguments.
    """
    library = adapter.library
    result = call(*args, **kwargs)
    tensors = flat(result, library.Tensor)
    found = {f"result {n}": adapter.array(tensor) for n, tensor in enumerate(tensors)}
    found |= {f"value {n}": np.asarray(value) for n, value in enumerate(flat(result, (bool, int, float)))}
    leaves = [t for t in flat([args, kwargs], library.Tensor) if t.requires_grad]
    leaves += [] if module is None else [p for p in module.parameters() if p.requires_grad]
    roots = [t for t in tensors if t.requires_grad]
    if leaves and roots:
        ones = [library.ones_like(root) for root in roots]
        gradients = library.autograd.grad(roots, leaves, ones, allow_unused=True)
        found |= {f"gradient {n}": adapter.array(g) for n, g in enumerate(gradients) if g is not None}
    return found
