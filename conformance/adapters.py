"""The libraries: one protocol, and the two that ship, torch and pyconv.

May import: NumPy and `conformance` below it; torch and pyconv when their adapter is made, never at import.
A library whose API is not torch's needs an adapter with `name` and `run`, and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from conformance.case import DTYPES, SPATIAL_AXES, Argument, Case
from conformance.fills import Array, Operands

_ARGUMENTS = ("stride", "padding", "dilation", "groups", "output_padding")


class Adapter(Protocol):
    """A library under test."""

    name: str

    def run(self, case: Case, operands: Operands) -> dict[str, Array]:
        """The case's maps: `output`, and in a dtype that has them `input gradient` and so on.

        Whatever the library raises is let through.
        """
        ...


class TorchStyle:
    """An adapter to a library with torch's API.

    Args:
        name: how reports call it.
        library: the module, with `nn`, `nn.functional` and `autograd`.

    Example:
        >>> import torch
        >>> from conformance.case import parse
        >>> from conformance.fills import draw
        >>> case = parse("conv1d n1 c1 o1 h5 k3 f32 ints")
        >>> list(TorchStyle("torch", torch).run(case, draw(case)))
        ['output', 'input gradient', 'weight gradient']
    """

    def __init__(self, name: str, library: Any) -> None:
        self.name = name
        self.library = library

    def tensor(self, array: Array) -> Any:
        """The library's tensor with an array's values; it may share the memory."""
        return self.library.from_numpy(array)

    def array(self, tensor: Any) -> Array:
        """A tensor's values in the array of the same dtype."""
        found: Array = tensor.detach().numpy()
        return found

    def run(self, case: Case, operands: Operands) -> dict[str, Array]:
        """The case's maps by the library's operations and its autograd; see `Adapter.run`."""
        leaves = {name: self.tensor(array) for name, array in operands.arrays.items()}
        for tensor in leaves.values():
            if tensor.dtype.is_floating_point or tensor.dtype.is_complex:
                tensor.requires_grad_()
        output = self._by_module(case, leaves) if case.through_module else self._by_function(case, leaves)
        maps = {"output": self.array(output)}
        if output.requires_grad:
            cotangent = self.tensor(operands.cotangent(maps["output"].shape))
            names = [name for name, leaf in leaves.items() if leaf.requires_grad]
            gradients = self.library.autograd.grad(output, [leaves[name] for name in names], cotangent)
            maps |= {f"{name} gradient": self.array(g) for name, g in zip(names, gradients)}
        return maps

    def _by_function(self, case: Case, leaves: dict[str, Any]) -> Any:
        function = getattr(self.library.nn.functional, case.op)
        if case.op == "pad":
            keywords: dict[str, Any] = {} if case.mode is None else {"mode": case.mode}
            if case.value is not None:
                keywords["value"] = case.value
            return function(leaves["input"], _spelled(case, case.padding), **keywords)
        if case.is_convolution:
            return function(leaves["input"], leaves["weight"], leaves.get("bias"), **_keywords(case))
        sizes = [case.output_size, case.kernel] if case.op == "fold" else [case.kernel]
        return function(leaves["input"], *(_spelled(case, size) for size in sizes), **_keywords(case))

    def _by_module(self, case: Case, leaves: dict[str, Any]) -> Any:
        """The output of a module; the weight and the bias in `leaves` become the module's parameters."""
        nn = self.library.nn
        kernel = _spelled(case, case.kernel)
        if not case.is_convolution:
            sizes = [_spelled(case, case.output_size), kernel] if case.op == "fold" else [kernel]
            return getattr(nn, case.op.capitalize())(*sizes, **_keywords(case))(leaves["input"])
        keywords = _keywords(case)
        if case.mode is not None:
            keywords["padding_mode"] = case.mode
        kind = f"ConvTranspose{SPATIAL_AXES[case.op]}d" if case.is_transposed else f"C{case.op[1:]}"
        module = getattr(nn, kind)(case.channels, case.out_channels, kernel, bias="bias" in leaves,
                                   dtype=getattr(self.library, DTYPES[case.dtype]), **keywords)  # fmt: skip
        for name in leaves.keys() & {"weight", "bias"}:
            leaves[name] = nn.Parameter(leaves[name].detach())
            setattr(module, name, leaves[name])
        if case.is_transposed and case.output_size is not None:
            return module(leaves["input"], _spelled(case, case.output_size))
        return module(leaves["input"])


def _keywords(case: Case) -> dict[str, Any]:
    """The arguments that the case passes by name."""
    values = ((name, getattr(case, name)) for name in _ARGUMENTS)
    return {name: _spelled(case, value) for name, value in values if value is not None}


def _spelled(case: Case, value: Argument | str) -> Any:
    return list(value) if case.lists and isinstance(value, tuple) else value


class TorchAdapter(TorchStyle):
    """Real torch, on one thread. bfloat16, which its NumPy bridge lacks, crosses as int16 bits.

    oneDNN, which torch convolves with, is kept from instructions newer than AVX-512 with bfloat16, unless the
    environment says otherwise: with AMX its float16 and bfloat16 convolutions read memory that nobody wrote
    when a window lies half in the padding, and with AVX512-FP16 some end the process (torch 2.13.0).
    """

    def __init__(self) -> None:
        os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_BF16")
        import torch

        torch.set_num_threads(1)
        super().__init__("torch", torch)

    def tensor(self, array: Array) -> Any:
        """See `TorchStyle.tensor`."""
        if array.dtype.name == "bfloat16":
            return self.library.from_numpy(array.view(np.int16)).view(self.library.bfloat16)
        return self.library.from_numpy(array)

    def array(self, tensor: Any) -> Array:
        """See `TorchStyle.array`."""
        tensor = tensor.detach().resolve_conj()
        if tensor.dtype is self.library.bfloat16:
            import ml_dtypes

            bits: Array = tensor.view(self.library.int16).numpy()
            return bits.view(ml_dtypes.bfloat16)
        found: Array = tensor.numpy()
        return found


class PyconvAdapter(TorchStyle):
    """pyconv, as it is installed or found beside the harness."""

    def __init__(self) -> None:
        import pyconv

        super().__init__("pyconv", pyconv)


ADAPTERS: dict[str, Callable[[], Adapter]] = {"pyconv": PyconvAdapter, "torch": TorchAdapter}
