"""torch's values as another library's, and both as arrays.

May import: NumPy, `conformance.adapters`, `recipes.py`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from conformance.adapters import TorchStyle
from conformance.fills import Array
from conformance.opinfo.recipes import recipe

Made = dict[tuple[int, str], Any]
"""What was made of a value's tensors and memories, by identity or address."""


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
        """The value, at any depth, with the library's tensors, dtypes and functions in place of torch's.

        Tensors of it that look at one memory do so there too, and one that is there twice is one there.
        """
        return self._there(value, {})

    def _there(self, value: Any, made: Made) -> Any:
        torch = self.torch.library
        if isinstance(value, torch.Tensor):
            return _once(value, self._tensor, made)
        if isinstance(value, (torch.dtype, torch.memory_format, torch.layout)):
            return getattr(self.candidate.library, str(value).removeprefix("torch."))
        if isinstance(value, torch.device):
            return str(value)
        if isinstance(value, torch.nn.Module):
            return self._module(value)
        if callable(value) and getattr(torch.nn.functional, getattr(value, "__name__", ""), None) is value:
            return getattr(self.candidate.library.nn.functional, value.__name__)
        return _mapped(lambda item: self._there(item, made), value)

    def _module(self, module: Any) -> Any:
        """The library's module of the same class, made with the same arguments, in the same state."""
        args, kwargs = self.there(recipe(module))
        made = getattr(self.candidate.library.nn, type(module).__name__)(*args, **kwargs)
        made.load_state_dict(self.there(dict(module.state_dict())))
        return made.train(module.training)

    def _tensor(self, tensor: Any) -> Any:
        # a copy, for what NumPy has looked at torch no longer resizes
        return self.candidate.tensor(np.array(self.torch.array(tensor.detach().resolve_neg().clone())))

    def witness(self, value: Any, *, single: bool) -> Any:
        """Torch's value, at any depth, with inexact tensors and dtypes in double precision, or in single from double.

        Example:
            >>> from conformance.adapters import TorchAdapter
            >>> torch = TorchAdapter()
            >>> Converter(torch, torch).witness([torch.library.float16, 1], single=False)
            [torch.float64, 1]
        """
        return self._witness(value, single, {})

    def _witness(self, value: Any, single: bool, made: Made) -> Any:
        torch = self.torch.library
        if isinstance(value, torch.Tensor):
            kind = self._witness(value.dtype, single, made)
            return value if kind == value.dtype else _once(value, lambda tensor: tensor.detach().to(kind), made)
        if isinstance(value, torch.dtype):
            if single:
                return {torch.float64: torch.float32, torch.complex128: torch.complex64}.get(value, value)
            kind = torch.complex128 if value.is_complex else torch.float64
            return kind if value.is_complex or value.is_floating_point else value
        return _mapped(lambda item: self._witness(item, single, made), value)

    def leaves(self, value: Any) -> Any:
        """Torch's value, at any depth, where each tensor that requires a gradient can be given one.

        A view taken without gradients of a tensor that requires them claims to be a leaf, and torch finds nothing
        for it.

        Example:
            >>> from conformance.adapters import TorchAdapter
            >>> torch = TorchAdapter()
            >>> whole = torch.library.ones(3, requires_grad=True)
            >>> Converter(torch, torch).leaves([whole])[0] is whole
            True
        """
        if isinstance(value, self.torch.library.Tensor):
            strange = value.requires_grad and value.is_leaf and value._base is not None
            return value.detach().requires_grad_() if strange else value
        return _mapped(self.leaves, value)

    def neighbouring(self, value: Any, way: int) -> Any:
        """Torch's value, at any depth, with each inexact number of its tensors moved up or down by two roundings.

        Args:
            value: of torch's.
            way: which of several.

        Example:
            >>> from conformance.adapters import TorchAdapter
            >>> torch = TorchAdapter()
            >>> moved = Converter(torch, torch).neighbouring([torch.library.ones(2)], 0)[0]
            >>> bool(((moved - 1).abs() * 2**23 - 1).abs().max() < 1)
            True
        """
        return self._neighbouring(value, way, {})

    def _neighbouring(self, value: Any, way: int, made: Made) -> Any:
        torch = self.torch.library
        if isinstance(value, torch.Tensor):
            inexact = value.is_floating_point() or value.is_complex()
            return _once(value, lambda tensor: self.moved(tensor, way), made) if inexact else value
        return _mapped(lambda item: self._neighbouring(item, way, made), value)

    def moved(self, tensor: Any, way: int) -> Any:
        """A tensor of torch's with its numbers moved."""
        signs = np.random.default_rng(way).integers(0, 2, tuple(tensor.shape)) * 4.0 - 2
        factor = 1 + signs * self.torch.library.finfo(tensor.dtype).eps / 2
        return tensor.detach() * self.torch.library.from_numpy(np.asarray(factor)).to(tensor.dtype)


def _once(tensor: Any, make: Callable[[Any], Any], made: Made) -> Any:
    """What is made of a tensor of torch's, or was: a view of what is made of its memory where it is part of that."""
    key = (id(tensor), "tensor")
    if key not in made:
        flat = _memory(tensor)
        if flat is None:
            found = make(tensor)
        else:
            storage = (flat.data_ptr(), str(flat.dtype))
            if storage not in made:
                made[storage] = make(flat)
            found = made[storage].as_strided(tuple(tensor.shape), tensor.stride(), tensor.storage_offset())
        made[key] = found.requires_grad_() if tensor.requires_grad else found
    return made[key]


def _memory(tensor: Any) -> Any:
    """All that lies in a tensor's memory, as it lies there; None where that cannot be told."""
    if str(tensor.layout) != "torch.strided" or tensor.is_meta or tensor.is_conj() or tensor.is_neg():
        return None
    count = tensor.untyped_storage().nbytes() // tensor.element_size()
    return tensor.detach().as_strided((count,), (1,), 0) if count and tensor.numel() else None


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
    """What a call gives: its results by number, then the gradients of what requires one, for drawn cotangents.

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
        cotangents = [adapter.tensor(_cotangent(adapter.array(root))) for root in roots]
        gradients = library.autograd.grad(roots, leaves, cotangents, allow_unused=True)
        found |= {f"gradient {n}": adapter.array(g) for n, g in enumerate(gradients) if g is not None}
    return found


def _cotangent(like: Array) -> Array:
    """Quarters from -1 to 1 that depend on the shape alone, exact in every dtype; no symmetry hides a wrong order."""
    real, imaginary = _quarters(like.shape)
    return np.asarray(real + 1j * imaginary if like.dtype.kind == "c" else real).astype(like.dtype)


@functools.lru_cache(256)
def _quarters(shape: tuple[int, ...]) -> Array:
    """Two arrays of a shape, kept: most samples of an entry have one of a few shapes."""
    drawn: Array = np.random.default_rng(math.prod(shape)).integers(-4, 5, (2, *shape)) / 4
    return drawn
