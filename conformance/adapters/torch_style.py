"""An adapter to any library with torch's API, and the two that ship with it: torch and pyconv.

May import: NumPy, `conformance.case`, `conformance.call`, `conformance.fills` and its neighbours; torch and pyconv
when their adapter is
made, never at import.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest import mock

import numpy as np

from conformance.adapters.any_call import output_names, results
from conformance.adapters.base import Adapter, Maps, poisoned_numpy
from conformance.adapters.call import by_function, by_module, make_module
from conformance.call import Call, Configuration
from conformance.case import Case
from conformance.fills import Array, Operands
from conformance.operations import OPERATIONS, Operation

_CONVOLUTION = Operation("")
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
    calls = True

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

    def run(self, case: Configuration, operands: Operands) -> Maps:
        """The case's maps by the library's operations and its autograd; see `Adapter.run`."""
        leaves, outputs, updated = self._outputs(case, operands)
        maps = {name: self.array(output) for name, output in outputs.items()}
        names = [name for name, leaf in leaves.items() if leaf.requires_grad]
        roots = {name: output for name, output in outputs.items() if output.requires_grad}
        if names and roots:
            cotangents = [self._cotangent(operands, name, root) for name, root in roots.items()]
            asked = [leaves[name] for name in names]
            gradients = self.library.autograd.grad([*roots.values()], asked, cotangents, allow_unused=True)
            maps |= {f"{name} gradient": self.array(g) for name, g in zip(names, gradients) if g is not None}
        return maps | {f"{name} afterwards": self.array(tensor) for name, tensor in updated.items()}

    def second(self, case: Configuration, operands: Operands) -> Maps:
        """See `Adapter.second`."""
        grad = self.library.autograd.grad
        leaves, outputs, _ = self._outputs(case, operands)
        roots = {name: output for name, output in outputs.items() if output.requires_grad}
        names = [name for name, leaf in leaves.items() if leaf.requires_grad]
        if not roots or not names:
            return {}
        cotangents = {name: self._cotangent(operands, name, root).requires_grad_() for name, root in roots.items()}
        asked = [leaves[name] for name in names]
        found = grad([*roots.values()], asked, [*cotangents.values()], create_graph=True, allow_unused=True)
        gradients = {name: g for name, g in zip(names, found) if g is not None and g.requires_grad}
        if not gradients:
            return {}
        drawn = {name: operands.draw(f"{name} direction", tuple(g.shape)) for name, g in gradients.items()}
        directions = [self.tensor(array) for array in drawn.values()]
        sources = {name: leaves[name] for name in names if name != "bias"}
        sources |= {"cotangent" + name.removeprefix("output"): tensor for name, tensor in cotangents.items()}
        twice = grad([*gradients.values()], [*sources.values()], directions, allow_unused=True)
        return {f"second derivative by {n}": self.array(g) for n, g in zip(sources, twice) if g is not None}

    def facts(self, case: Configuration) -> dict[str, Any] | None:
        """See `Adapter.facts`."""
        if isinstance(case, Call) or not case.through_module:
            return None
        self.library.default_generator.manual_seed(case.seed)
        module = make_module(self.library, case)
        attributes = {n: repr(getattr(module, n)) for n in _ATTRIBUTES if hasattr(module, n)}
        state = {name: self.array(value) for name, value in module.state_dict().items()}
        return {"repr": repr(module), "attributes": attributes, "state_dict": state}

    def _outputs(
        self, case: Configuration, operands: Operands
    ) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """The leaves by name, the results by name, and the tensors that the call has changed."""
        operation = OPERATIONS[case.op] if isinstance(case, Call) else _CONVOLUTION
        leaves = {
            name: self.tensor(array.copy() if name in operation.updates else array)
            for name, array in operands.arrays.items()
        }
        for name, tensor in leaves.items():
            if (tensor.dtype.is_floating_point or tensor.dtype.is_complex) and name not in operation.constants:
                tensor.requires_grad_()
        if isinstance(case, Call):
            found = results(self.library, case, leaves)
            return (
                leaves,
                dict(zip(output_names(len(found)), found)),
                {n: leaves[n] for n in operation.updates if n in leaves},
            )
        output = (by_module if case.through_module else by_function)(self.library, case, leaves)
        return leaves, {"output": output}, {}

    def _cotangent(self, operands: Operands, name: str, output: Any) -> Any:
        """A result's cotangent, in its dtype."""
        drawn = operands.draw("cotangent" + name.removeprefix("output"), tuple(output.shape))
        kind = self.array(output).dtype
        return self.tensor(drawn if drawn.dtype == kind else drawn.astype(kind))


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
        """See `Adapter.poisoned`; torch's own switch fills the memory that it allocates.

        `use_deterministic_algorithms` is the same switch, and tells torch's compiler, which it imports for that:
        2 s of each process.
        """
        self.library.set_deterministic_debug_mode("error")
        try:
            yield
        finally:
            self.library.set_deterministic_debug_mode("default")


class PyconvAdapter(TorchStyle):
    """pyconv, as it is installed or found beside the harness.

    An output of operands with negative strides is asked for with ndarrays, which pyconv takes and torch does not.
    """

    def __init__(self) -> None:
        import pyconv
        from pyconv.kernels import conv

        super().__init__("pyconv", pyconv)
        self.algorithms = tuple(algorithm.name for algorithm in conv.ALGORITHMS if not algorithm.loose)

    def run(self, case: Configuration, operands: Operands) -> Maps:
        """See `Adapter.run`."""
        maps = super().run(case, operands)
        if isinstance(case, Case) and case.layout == "reversed" and not case.through_module:
            maps["output"] = by_function(self.library, case, dict(operands.arrays))
        return maps

    def others(self, case: Configuration, operands: Operands) -> tuple[str, ...]:
        """See `Adapter.others`: one that supports no pass of the case, or is chosen for each that it does, is left out.

        Most of pyconv's algorithms are for a few geometries: of 24 a case has 6 on average.
        """
        from pyconv.kernels import conv

        with _noted(conv) as passes:
            self.run(case, operands)
        return tuple(name for name in self.algorithms if any(_changes(conv, name, *each) for each in passes))

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


@contextmanager
def _noted(conv: Any) -> Iterator[list[tuple[Any, ...]]]:
    """The passes for which pyconv chooses an algorithm inside: what it chooses by, and what it has chosen."""
    passes = []
    choose = conv.choose

    def note(*pass_: Any) -> Any:
        chosen = choose(*pass_)
        passes.append((*pass_, chosen.name))
        return chosen

    with mock.patch.object(conv, "choose", note):
        yield passes


def _changes(conv: Any, name: str, geometry: Any, dtype: Any, pass_: str, chosen: str) -> bool:
    """Whether preferring an algorithm changes what is chosen for a pass."""
    with conv.prefer(name):
        return conv.choose(geometry, dtype, pass_).name != chosen
