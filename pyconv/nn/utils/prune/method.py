"""What every pruning method does with its mask, and several methods of one parameter, one after the other.

May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from pyconv.size import contiguous_format
from pyconv.tensor.creation import ones_like

__all__ = ["BasePruningMethod", "PruningContainer"]


class BasePruningMethod(ABC):
    """A way to choose what to prune; a subclass says how in `compute_mask`, and has a `PRUNING_TYPE`.

    `apply` makes of a parameter `name` the parameter `name_orig`, a buffer `name_mask`, and their product `name`, which
    is made again before every call of the module.

    Example:
        >>> import pyconv
        >>> class Odd(BasePruningMethod):
        ...     PRUNING_TYPE = "unstructured"
        ...     def compute_mask(self, t, default_mask):
        ...         mask = default_mask.clone()
        ...         mask.view(-1)[1::2] = 0
        ...         return mask
        >>> layer = pyconv.nn.Linear(2, 2, bias=False)
        >>> _ = Odd.apply(layer, "weight")
        >>> layer.weight_mask
        tensor([[1., 0.],
                [1., 0.]])
    """

    PRUNING_TYPE: ClassVar[str]
    _tensor_name: str | None

    def __call__(self, module: Any, inputs: Any) -> None:  # noqa: ARG002
        """Multiply the parameter by its mask: the hook before a module's call."""
        assert self._tensor_name is not None
        setattr(module, self._tensor_name, self.apply_mask(module))

    @abstractmethod
    def compute_mask(self, t: Any, default_mask: Any) -> Any:
        """The mask.

        Args:
            t: what to judge by, of the parameter's shape.
            default_mask: the mask so far.
        """

    def apply_mask(self, module: Any) -> Any:
        """The parameter times its mask.

        Raises:
            AssertionError: the method was not applied.
        """
        if self._tensor_name is None:
            raise AssertionError(f"Module {module} has to be pruned")
        original = getattr(module, f"{self._tensor_name}_orig")
        return getattr(module, f"{self._tensor_name}_mask").to(dtype=original.dtype) * original

    @classmethod
    def apply(cls, module: Any, name: str, *args: Any, importance_scores: Any = None, **kwargs: Any) -> Any:
        """Prune a parameter, on top of what pruned it before.

        Args:
            module: that has the parameter.
            name: of the parameter.
            args: of the method.
            importance_scores: what to judge by; the parameter itself by default.
            kwargs: of the method.

        Returns:
            The method, or the PruningContainer of all methods of this parameter.

        Raises:
            AssertionError: the scores have another shape.
        """
        method = cls._combined(module, name, *args, **kwargs)
        original = getattr(module, name)
        if importance_scores is None:
            importance_scores = original
        elif importance_scores.shape != original.shape:
            raise AssertionError(
                f"importance_scores should have the same shape as parameter {name} of {module}, got "
                f"{importance_scores.shape} vs {original.shape}"
            )
        is_first = not isinstance(method, PruningContainer)
        if is_first:
            module.register_parameter(f"{name}_orig", original)
            del module._parameters[name]
            default = ones_like(original)
        else:
            default = getattr(module, f"{name}_mask").detach().clone(memory_format=contiguous_format)
        try:
            mask = method.compute_mask(importance_scores, default_mask=default)
            module.register_buffer(f"{name}_mask", mask)
            setattr(module, name, method.apply_mask(module))
            module.register_forward_pre_hook(method)
        except Exception:
            if is_first:
                module.register_parameter(name, getattr(module, f"{name}_orig"))
                del module._parameters[f"{name}_orig"]
            raise
        return method

    @classmethod
    def _combined(cls, module: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        """The new method, in a container with the one whose hook it takes the place of."""
        found = {key: method for key, method in methods_of(module).items() if method._tensor_name == name}
        if len(found) > 1:
            raise AssertionError(
                f"Avoid adding multiple pruning hooks to the same tensor {name} of module {module}. Use a "
                "PruningContainer."
            )
        for key in found:
            del module._forward_pre_hooks[key]
        method = cls(*args, **kwargs)
        method._tensor_name = name
        for old in found.values():
            container = old if isinstance(old, PruningContainer) else PruningContainer(old)
            container.add_pruning_method(method)
            return container
        return method

    def prune(self, t: Any, default_mask: Any = None, importance_scores: Any = None) -> Any:
        """A pruned tensor, without any module.

        Args:
            t: the tensor.
            default_mask: the mask so far; ones by default.
            importance_scores: what to judge by; the tensor itself by default.

        Raises:
            AssertionError: the scores have another shape.
        """
        if importance_scores is None:
            importance_scores = t
        elif importance_scores.shape != t.shape:
            raise AssertionError(
                f"importance_scores should have the same shape as tensor t, got {importance_scores.shape} vs {t.shape}"
            )
        return t * self.compute_mask(importance_scores, ones_like(t) if default_mask is None else default_mask)

    def remove(self, module: Any) -> None:
        """Make the pruned values the parameter again; its hook is for the caller to take away.

        Raises:
            AssertionError: the method was not applied.
        """
        name = self._tensor_name
        if name is None:
            raise AssertionError(f"Module {module} has to be pruned before pruning can be removed")
        pruned = self.apply_mask(module)
        if hasattr(module, name):
            delattr(module, name)
        original = module._parameters.pop(f"{name}_orig")
        original.data = pruned.data
        del module._buffers[f"{name}_mask"]
        setattr(module, name, original)


def methods_of(module: Any) -> dict[int, Any]:
    """The pruning methods among the hooks before a module's call, by the number of the hook."""
    hooks = module._forward_pre_hooks.items()
    return {key: method for key, method in hooks if isinstance(method, BasePruningMethod)}


class PruningContainer(BasePruningMethod):
    """Pruning methods of one parameter, of which each prunes what those before it have left.

    Args:
        args: the methods.

    Raises:
        TypeError: one is no pruning method.
        ValueError: one is for another parameter.

    Example:
        >>> import pyconv
        >>> from pyconv.nn.utils import prune
        >>> layer = pyconv.nn.Linear(4, 1)
        >>> _ = prune.l1_unstructured(layer, "weight", 1)
        >>> _ = prune.l1_unstructured(layer, "weight", 1)
        >>> (layer.weight == 0).sum()
        tensor(2)
    """

    def __init__(self, *args: Any) -> None:
        self._pruning_methods: tuple[Any, ...] = ()
        if len(args) == 1:
            self._tensor_name = args[0]._tensor_name
        for method in args:
            self.add_pruning_method(method)

    def add_pruning_method(self, method: Any) -> None:
        """Add a method behind the others.

        Raises:
            TypeError: it is no pruning method.
            ValueError: it is for another parameter.
        """
        if method is not None and not isinstance(method, BasePruningMethod):
            raise TypeError(f"{type(method)} is not a BasePruningMethod subclass")
        if method is not None and self._tensor_name != method._tensor_name:
            raise ValueError(
                f"Can only add pruning methods acting on the parameter named '{self._tensor_name}' to PruningContainer "
                f"{self}. Found '{method._tensor_name}'"
            )
        self._pruning_methods += (method,)

    def __len__(self) -> int:
        return len(self._pruning_methods)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._pruning_methods)

    def __getitem__(self, idx: Any) -> Any:
        return self._pruning_methods[idx]

    def compute_mask(self, t: Any, default_mask: Any) -> Any:
        """The mask so far, with what the last method prunes of the rest.

        Raises:
            AttributeError: a structured method has no `dim`.
            IndexError: there is no such dimension.
            ValueError: there is no such `PRUNING_TYPE`.
        """
        method = self._pruning_methods[-1]
        rest = _rest(method, t, default_mask)
        found = default_mask.to(dtype=t.dtype)
        found[rest] = method.compute_mask(t[rest], default_mask=default_mask[rest]).to(dtype=found.dtype)
        return found


def _rest(method: Any, t: Any, mask: Any) -> Any:
    """The index of what is not pruned yet: elements, or channels that have one left, or everything."""
    if method.PRUNING_TYPE == "unstructured":
        return mask == 1
    ndim = t.dim()
    rest: list[Any] = [slice(None)] * ndim
    if method.PRUNING_TYPE == "structured":
        if not hasattr(method, "dim"):
            raise AttributeError(
                'Pruning methods of PRUNING_TYPE "structured" need to have the attribute `dim` defined.'
            )
        dim = method.dim + ndim if method.dim < 0 else method.dim
        if dim < 0:
            raise IndexError(f"Index is out of bounds for tensor with dimensions {ndim}")
        rest[dim] = mask.sum(dim=[d for d in range(ndim) if d != dim]) != 0
    elif method.PRUNING_TYPE != "global":
        raise ValueError(f"Unrecognized PRUNING_TYPE {method.PRUNING_TYPE}")
    return tuple(rest)
