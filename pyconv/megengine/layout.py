"""How MegEngine lays out a convolution's parameters, and its arguments in their order.

torch's weight is (O, C/G, *k), transposed (C, O/G, *k), its bias (O,). With groups MegEngine cuts the first dimension,
(G, O/G, C/G, *k) and (G, C/G, O/G, *k); its bias is (1, O, 1, ...). Each is a reshape of the other, on the same memory.
May import: NumPy, `pyconv.tensor`.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from pyconv.tensor.creation_data import from_numpy


def declared(name: str, arguments: str, call: Callable[..., Any], doc: str | None = None) -> Any:
    """A function with arguments as they are written in Python; `call` gets all of them by name.

    Example:
        >>> declared("two", "x, y=2", lambda **given: given)(1)
        {'x': 1, 'y': 2}
    """
    pairs = [argument.partition("=") for argument in arguments.split(", ")]
    kind, empty = inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.empty
    signature = inspect.Signature(
        [inspect.Parameter(key, kind, default=ast.literal_eval(value) if value else empty) for key, _, value in pairs]
    )

    def run(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        return call(**given.arguments)

    run.__name__, run.__qualname__, run.__doc__, run.__signature__ = name, name, doc, signature  # type: ignore[attr-defined]
    return run


def cut(shape: tuple[int, ...], groups: int) -> tuple[int, ...]:
    """MegEngine's shape of a weight that has this one in torch: `cut((6, 2, 3), 2)` is (2, 3, 2, 3)."""
    return shape if groups == 1 else (groups, shape[0] // groups, *shape[1:])


def joined(shape: tuple[int, ...], groups: int) -> tuple[int, ...]:
    """The inverse of `cut`."""
    return shape if groups == 1 else (shape[0] * shape[1], *shape[2:])


def to_torch_layout(state_dict: Mapping[str, Any], module: Any) -> dict[str, Any]:
    """MegEngine's `state_dict` as torch's face loads it: Tensors, on the same memory.

    Args:
        state_dict: ndarrays by name.
        module: of either face, whose convolutions have these names: it knows their groups.

    Example:
        >>> from pyconv.megengine import module as M
        >>> conv = M.Conv2d(4, 6, 3, groups=2)
        >>> [value.shape for value in to_torch_layout(conv.state_dict(), conv).values()]
        [torch.Size([6]), torch.Size([6, 2, 3, 3])]
    """
    arrays = _reshaped(state_dict, module, joined, lambda size, _: (size,))
    return {key: from_numpy(array) for key, array in arrays}


def from_torch_layout(state_dict: Mapping[str, Any], module: Any) -> dict[str, Any]:
    """A `state_dict` of torch's face, or of torch, as MegEngine loads it: ndarrays, on the same memory.

    Args:
        state_dict: tensors by name; `num_batches_tracked` is left out, for MegEngine does not count batches.
        module: of either face, whose convolutions have these names: it knows their groups.

    Example:
        >>> from pyconv import nn
        >>> conv = nn.Conv2d(4, 6, 3, groups=2)
        >>> [value.shape for value in from_torch_layout(conv.state_dict(), conv).values()]
        [(2, 3, 2, 3, 3), (1, 6, 1, 1)]
    """
    arrays = _reshaped(state_dict, module, cut, lambda size, ndim: (1, size, *(1,) * ndim))
    return {key: array for key, array in arrays if not key.endswith("num_batches_tracked")}


def _reshaped(
    state_dict: Mapping[str, Any], module: Any, weight: Callable[..., Any], bias: Callable[..., Any]
) -> Iterator[tuple[str, Any]]:
    convolutions = {name: part for name, part in module.named_modules() if hasattr(part, "groups")}
    for key, value in state_dict.items():
        array, (name, _, kind) = np.asarray(value), key.rpartition(".")
        if name in convolutions:
            part = convolutions[name]
            shape = (
                weight(array.shape, part.groups) if kind == "weight" else bias(array.size, np.size(part.kernel_size))
            )
            array = array.reshape(shape)
        yield key, array
