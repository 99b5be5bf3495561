"""An adapter to any library with torch's API, and the two that ship with it: torch and pyconv.

May import: NumPy, `conformance.case`, `conformance.fills` and its neighbours; torch and pyconv when their adapter is
made, never at import.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np

from conformance.adapters.base import Adapter, Maps, poisoned_numpy
from conformance.adapters.call import by_function, by_module, make_module
from conformance.case import Case
from conformance.fills import Array, Operands

_ATTRIBUTES = (
    "in_channels",
    "out_channels",
    "kernel_size",
    "stride",
    "padding",
    "dilation",
    "transposed",
    "output_padding",
    "output_size",
    "groups",
    "padding_mode",
    "training",
    "_reversed_padding_repeated_twice",
)


class TorchStyle(Adapter):
    """An adapter to a library with torch's API.

    Args:
        name: how reports call it.
        library: the module, with `from_numpy`, `nn`, `nn.functional` and `autograd`.

    Example:
        >>> import torch
        >>> from conformance.fills import draw
        >>> from conformance.tokens import parse
        >>> case = parse("conv1d n1 c1 o1 h5 k3 f32 ints")
        >>> list(TorchStyle("torch", torch).run(case, draw(case)))
        ['output', 'input gradient', 'weight gradient']
    """

    orders = 2

    def __init__(self, name: str, library: Any) -> None:
        self.name = name
        self.library = library

    def tensor(self, array: Array) -> Any:
        """The library's tensor with an array's values, over the same memory unless its strides are negative."""
        return self.library.from_numpy(array.copy() if any(step < 0 for step in array.strides) else array)

    def array(self, tensor: Any) -> Array:
        """A tensor's values in the array of the same dtype."""
        found: Array = tensor.detach().numpy()
        return found

    def run(self, case: Case, operands: Operands) -> Maps:
        """The case's maps by the library's operations and its autograd; see `Adapter.run`."""
        leaves, output = self._output(case, operands)
        maps = {"output": self.array(output)}
        if output.requires_grad:
            names = [name for name, leaf in leaves.items() if leaf.requires_grad]
            cotangent = self.tensor(operands.draw("cotangent", maps["output"].shape))
            gradients = self.library.autograd.grad(output, [leaves[name] for name in names], cotangent)
            maps |= {f"{name} gradient": self.array(g) for name, g in zip(names, gradients)}
        return maps

    def second(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.second`."""
        grad = self.library.autograd.grad
        leaves, output = self._output(case, operands)
        if not output.requires_grad:
            return {}
        names = [name for name, leaf in leaves.items() if leaf.requires_grad]
        cotangent = self.tensor(operands.draw("cotangent", tuple(output.shape))).requires_grad_()
        gradients = grad(output, [leaves[name] for name in names], cotangent, create_graph=True)
        directions = [self.tensor(operands.draw(f"{n} direction", tuple(g.shape))) for n, g in zip(names, gradients)]
        sources = {name: leaves[name] for name in names if name != "bias"} | {"cotangent": cotangent}
        found = grad(gradients, list(sources.values()), directions, allow_unused=True)
        return {f"second derivative by {n}": self.array(g) for n, g in zip(sources, found) if g is not None}

    def facts(self, case: Case) -> dict[str, Any] | None:
        """See `Adapter.facts`."""
        if not case.through_module:
            return None
        self.library.default_generator.manual_seed(case.seed)
        module = make_module(self.library, case)
        attributes = {n: repr(getattr(module, n)) for n in _ATTRIBUTES if hasattr(module, n)}
        state = {name: self.array(value) for name, value in module.state_dict().items()}
        return {"repr": repr(module), "attributes": attributes, "state_dict": state}

    def _output(self, case: Case, operands: Operands) -> tuple[dict[str, Any], Any]:
        """The leaves by name, and the output."""
        leaves = {name: self.tensor(array) for name, array in operands.arrays.items()}
        for tensor in leaves.values():
            if tensor.dtype.is_floating_point or tensor.dtype.is_complex:
                tensor.requires_grad_()
        return leaves, (by_module if case.through_module else by_function)(self.library, case, leaves)


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
            return super().tensor(array.view(np.int16)).view(self.library.bfloat16)
        return super().tensor(array)

    def array(self, tensor: Any) -> Array:
        """See `TorchStyle.array`."""
        tensor = tensor.detach().resolve_conj()
        if tensor.dtype is self.library.bfloat16:
            import ml_dtypes

            bits: Array = tensor.view(self.library.int16).numpy()
            return bits.view(ml_dtypes.bfloat16)
        found: Array = tensor.numpy()
        return found

    @contextmanager
    def threads(self, count: int) -> Iterator[None]:
        """See `Adapter.threads`."""
        before = self.library.get_num_threads()
        self.library.set_num_threads(count)
        try:
            yield
        finally:
            self.library.set_num_threads(before)

    @contextmanager
    def poisoned(self) -> Iterator[None]:
        """See `Adapter.poisoned`; torch's own switch fills the memory that it allocates."""
        self.library.use_deterministic_algorithms(True)
        try:
            yield
        finally:
            self.library.use_deterministic_algorithms(False)


class PyconvAdapter(TorchStyle):
    """pyconv, as it is installed or found beside the harness.

    An output of operands with negative strides is asked for with ndarrays, which pyconv takes and torch does not.
    """

    def __init__(self) -> None:
        import pyconv
        from pyconv.kernels import conv

        super().__init__("pyconv", pyconv)
        self.algorithms = tuple(algorithm.name for algorithm in conv.ALGORITHMS)

    def run(self, case: Case, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps = super().run(case, operands)
        if case.layout == "reversed" and not case.through_module:
            maps["output"] = by_function(self.library, case, dict(operands.arrays))
        return maps

    def using(self, algorithm: str) -> AbstractContextManager[object]:
        """See `Adapter.using`."""
        from pyconv.kernels import conv

        return conv.prefer(algorithm)

    @contextmanager
    def poisoned(self) -> Iterator[None]:
        """See `Adapter.poisoned`; the buffers that the kernels keep are poisoned too."""
        from pyconv.kernels.scratch import fresh_buffers

        with poisoned_numpy(), fresh_buffers():
            yield
