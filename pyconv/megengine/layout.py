"""How MegEngine lays out a convolution's parameters. May import: NumPy, `pyconv.tensor`.

torch's weight is (O, C/G, *k), transposed (C, O/G, *k), its bias (O,). With groups MegEngine cuts the first dimension,
(G, O/G, C/G, *k) and (G, C/G, O/G, *k); its bias is (1, O, 1, ...). Each is a reshape of the other, on the same memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pyconv.tensor.creation_data import from_numpy


def cut(shape: tuple[int, ...], groups: int) -> tuple[int, ...]:
    """MegEngine's shape of a weight that has this one in torch: `cut((6, 2, 3), 2)` is (2, 3, 2, 3)."""
    return shape if groups == 1 else (groups, shape[0] // groups, *shape[1:])


def joined(shape: tuple[int, ...], groups: int) -> tuple[int, ...]:
    """The inverse of `cut`."""
    return shape if groups == 1 else (shape[0] * shape[1], *shape[2:])


def check(name: str, inp: Any, weight: Any, bias: Any, groups: int) -> None:
    """Raise a RuntimeError that says which layout the function `name` takes, if this is another."""
    ndim, (first, second) = int(name[-2]), ("C", "O") if "transpose" in name else ("O", "C")
    if inp.ndim != ndim + 2:
        raise RuntimeError(f"{name} takes an input of {ndim + 2} dimensions, (N, C, ...); got {tuple(inp.shape)}")
    shape = tuple(weight.shape) if groups > 1 else (1, *weight.shape)
    sizes = dict(zip(("G", first, second), shape, strict=False))
    if len(shape) != ndim + 3 or sizes["G"] != groups or groups * sizes["C"] != inp.shape[1]:
        channels = f"{first}, {second}" if groups == 1 else f"{groups}, {first}/G, {second}/G"
        right = f"({channels}, {', '.join(['kD', 'kH', 'kW'][-ndim:])}), with C={inp.shape[1]}"
        raise RuntimeError(f"{name} with groups={groups} takes a weight {right} here; got {tuple(weight.shape)}")
    shape = (1, groups * sizes["O"], *(1,) * ndim)
    if bias is not None and tuple(bias.shape) != shape:
        raise RuntimeError(f"{name} takes a bias {shape} here, (1, O, 1, ...); got {tuple(bias.shape)}")


def to_torch_layout(state_dict: Mapping[str, Any], module: Any) -> dict[str, Any]:
    """MegEngine's `state_dict` as torch's face loads it: Tensors on the same memory.

    The `module`, of either face, has convolutions of these names: no shape of torch's tells their groups, and a
    weight of five dimensions may be a grouped Conv2d's or a Conv3d's.

    Example:
        >>> from pyconv.megengine import module as M
        >>> conv = M.Conv2d(4, 6, 3, groups=2)
        >>> [value.shape for value in to_torch_layout(conv.state_dict(), conv).values()]
        [torch.Size([6]), torch.Size([6, 2, 3, 3])]
    """
    arrays = _reshaped(state_dict, module, joined, lambda _: (-1,))
    return {key: from_numpy(array) for key, array in arrays.items()}


def from_torch_layout(state_dict: Mapping[str, Any], module: Any) -> dict[str, Any]:
    """The inverse: ndarrays on the same memory, without the `num_batches_tracked` that MegEngine does not count."""
    arrays = _reshaped(state_dict, module, cut, lambda ndim: (1, -1, *(1,) * ndim))
    return {key: array for key, array in arrays.items() if not key.endswith("num_batches_tracked")}


def _reshaped(state: Mapping[str, Any], module: Any, weight: Callable[..., Any], bias: Callable[..., Any]) -> Any:
    """The arrays of a state, those of convolutions in the shapes that two functions give."""
    convolutions = {name: part for name, part in module.named_modules() if hasattr(part, "groups")}
    arrays = {}
    for key, value in state.items():
        arrays[key], (name, _, kind) = np.asarray(value), key.rpartition(".")
        if conv := convolutions.get(name):
            shape = weight(arrays[key].shape, conv.groups) if kind == "weight" else bias(len(conv.kernel_size))
            arrays[key] = arrays[key].reshape(shape)
    return arrays
