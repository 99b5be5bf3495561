"""Parametrizations: a parameter or buffer that is computed from others whenever it is asked for.

Past 300 lines because torch's checks have long texts. May import: all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import copyreg
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from typing import Any, TypeVar

from pyconv.autograd.mode import no_grad
from pyconv.nn.modules.container import ModuleDict, ModuleList
from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter
from pyconv.tensor import Tensor

__all__ = [
    "ParametrizationList",
    "cached",
    "is_parametrized",
    "register_parametrization",
    "remove_parametrizations",
    "transfer_parametrizations_and_params",
    "type_before_parametrizations",
]

M = TypeVar("M", bound=Module)


class _Cache:
    """The values computed inside `cached`, by module and name, and how many such blocks are open."""

    def __init__(self) -> None:
        self.depth = 0
        self.values: dict[tuple[int, str], Any] = {}


_cache = _Cache()


@contextmanager
def cached() -> Iterator[None]:
    """Inside, a parametrized tensor is computed once, however often it is asked for.

    Example:
        >>> import pyconv.nn as nn
        >>> from pyconv.nn.utils.parametrizations import weight_norm
        >>> layer = weight_norm(nn.Conv1d(1, 2, 1))
        >>> with cached():
        ...     layer.weight is layer.weight
        True
    """
    _cache.depth += 1
    try:
        yield
    finally:
        _cache.depth -= 1
        if not _cache.depth:
            _cache.values = {}


def _register(module: Any, name: str, value: Any) -> None:
    register = module.register_parameter if isinstance(value, Parameter) else module.register_buffer
    register(name, value)


def _set(target: Any, source: Any) -> None:
    """Give a tensor the memory of another."""
    target._array = source._array
    target._counter.count += 1


def _check_same(kind: str, wanted: Any, got: Any, start: str, names: tuple[str, str]) -> None:
    if got != wanted:
        raise ValueError(f"{start}\n{names[0]}{kind}: {wanted}\n{names[1]}{kind}: {got}")


class ParametrizationList(ModuleList):
    """The parametrizations of one tensor, from the first to be applied to the last, and what they start from.

    Args:
        modules: the parametrizations, of which there is one at least.
        original: the tensor, which becomes `original`, or `original0`, `original1`, … where the first parametrization
            takes several.
        unsafe: whether shape and dtype may change.

    Raises:
        ValueError: there is no parametrization, or one gives something of another type, shape or dtype.

    Example:
        >>> import pyconv.nn as nn
        >>> ParametrizationList([nn.ReLU()], nn.Parameter(nn.Conv1d(1, 1, 1).weight.detach()))
        ParametrizationList(
          (0): ReLU()
        )
    """

    original: Any
    unsafe: bool

    def __init__(self, modules: Sequence[Module], original: Any, unsafe: bool = False) -> None:
        if not modules:
            raise ValueError("ParametrizationList requires one or more modules.")
        super().__init__(modules)
        self.unsafe = unsafe
        shape, dtype = original.shape, original.dtype
        new = _inverted(original, list(self))
        if not isinstance(new, (Tensor, Sequence)):
            raise ValueError(
                "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got "
                f"{type(new).__name__}"
            )
        self.is_tensor = isinstance(new, Tensor)
        self.ntensors = 1 if isinstance(new, Tensor) else len(new)
        if isinstance(new, Tensor):
            start = "When `right_inverse` outputs one tensor, it may not change the dtype."
            _check_same("dtype", dtype, new.dtype, start, ("original.", "right_inverse(original)."))
            with no_grad():
                _set(original, new)
            _register(self, "original", original)
        else:
            for i, part in enumerate(new):
                _register(self, f"original{i}", _part(part, i, original))
        if not unsafe:
            self._check_result(shape, dtype)

    def _check_result(self, shape: Any, dtype: Any) -> None:
        found = self()
        if not isinstance(found, Tensor):
            raise ValueError(f"A parametrization must return a tensor. Got {type(found).__name__}.")
        names = "unparametrized ", "parametrized "
        start = "Registering a parametrization may not change the {} of the tensor, unless `unsafe` flag is enabled."
        _check_same("dtype", dtype, found.dtype, start.format("dtype"), names)
        _check_same("shape", shape, found.shape, start.format("shape"), names)

    def right_inverse(self, value: Any) -> None:
        """Set the originals so that the tensor becomes `value`.

        Raises:
            RuntimeError: a parametrization has no `right_inverse`.
            ValueError: one gives something of another type or dtype, or another number of tensors.
        """
        with no_grad():
            for module in reversed(list(self)):
                if not hasattr(module, "right_inverse"):
                    raise RuntimeError(f"parametrization {type(module).__name__} does not implement right_inverse.")
                value = module.right_inverse(value)
            if self.is_tensor:
                self._set_one(value)
            else:
                self._set_several(value)

    def _set_one(self, value: Any) -> None:
        if not isinstance(value, Tensor):
            raise ValueError(f"`right_inverse` should return a tensor. Got {type(value).__name__}")
        if value.dtype != self.original.dtype:
            raise ValueError(
                f"The tensor returned by `right_inverse` has dtype {value.dtype} while `original` has dtype "
                f"{self.original.dtype}"
            )
        _set(self.original, value)

    def _set_several(self, value: Any) -> None:
        if not isinstance(value, Sequence):
            raise ValueError(f"'right_inverse' must return a sequence of tensors. Got {type(value).__name__}.")
        if len(value) != self.ntensors:
            raise ValueError(
                f"'right_inverse' must return a sequence of tensors of length {self.ntensors}. Got a sequence of "
                f"length {len(value)}."
            )
        for i, new in enumerate(value):
            if not isinstance(new, Tensor):
                raise ValueError(
                    "'right_inverse' must return a sequence of tensors or reference-type opaques. Got element "
                    f"{i} of type {type(new).__name__}."
                )
            target = getattr(self, f"original{i}")
            if target.dtype != new.dtype:
                raise ValueError(
                    f"Tensor {i} returned by `right_inverse` has dtype {new.dtype} while `original{i}` has dtype "
                    f"{target.dtype}"
                )
            _set(target, new)

    def forward(self) -> Any:
        first, *rest = self
        names = ["original"] if self.is_tensor else [f"original{i}" for i in range(self.ntensors)]
        value = first(*(getattr(self, name) for name in names))
        for module in rest:
            value = module(value)
        return value


def _inverted(value: Any, modules: list[Any]) -> Any:
    """What the parametrizations start from to give `value`; those that cannot say pass it on."""
    with no_grad():
        for module in reversed(modules):
            if hasattr(module, "right_inverse"):
                with suppress(NotImplementedError):
                    value = module.right_inverse(value)
    return value


def _part(value: Any, i: int, original: Any) -> Any:
    """One of several originals, a Parameter where the tensor was one."""
    if not isinstance(value, Tensor):
        raise ValueError(
            "'right_inverse' must return a Tensor or a Sequence of tensors (list, tuple...). Got element "
            f"{i} of the sequence with type {type(value).__name__}."
        )
    if isinstance(original, Parameter):
        value = Parameter(value, original.requires_grad)
    return value.requires_grad_(original.requires_grad)


def _copied(self: Any, memo: dict[int, Any]) -> Any:
    """A deep copy without pickling, which parametrized modules refuse."""
    if id(self) in memo:
        return memo[id(self)]
    replica = self.__new__(type(self))
    memo[id(self)] = replica
    replica.__dict__ = deepcopy(self.__dict__, memo)
    for slot in copyreg._slotnames(type(self)):  # type: ignore[attr-defined]
        if hasattr(self, slot):
            setattr(replica, slot, deepcopy(getattr(self, slot), memo))
    return replica


def _no_state(self: Any) -> Any:  # noqa: ARG001
    """Refuse to be pickled."""
    raise RuntimeError(
        "Serialization of parametrized modules is only supported through state_dict(). See:\n"
        "https://pytorch.org/tutorials/beginner/saving_loading_models.html"
        "#saving-loading-a-general-checkpoint-for-inference-and-or-resuming-training"
    )


def _give_own_class(module: Any) -> None:
    """Make the module the one instance of a class of its own, to which properties can be added."""
    cls = type(module)
    members: dict[str, Any] = {"__getstate__": _no_state}
    if not hasattr(cls, "__deepcopy__"):
        members["__deepcopy__"] = _copied
    module.__class__ = type(f"Parametrized{cls.__name__}", (cls,), members)


def _add_property(module: Any, name: str) -> None:
    """Make a name of the module's own class a tensor that is computed."""
    if hasattr(module, name):
        raise AssertionError(f"Module already has an attribute named '{name}'")

    def get(self: Any) -> Any:
        parametrization = self.parametrizations[name]
        if not _cache.depth:
            return parametrization()
        key = id(module), name
        if _cache.values.get(key) is None:
            _cache.values[key] = parametrization()
        return _cache.values[key]

    def assign(self: Any, value: Any) -> None:
        self.parametrizations[name].right_inverse(value)

    setattr(type(module), name, property(get, assign))


def register_parametrization(module: M, tensor_name: str, parametrization: Module, *, unsafe: bool = False) -> M:
    """Have a parameter or buffer computed by a module: `parametrization(original)`, or by one more.

    Args:
        module: changed in place: it gets a class of its own, and a `parametrizations`.
        tensor_name: of the parameter or buffer.
        parametrization: takes a tensor and gives one of the same shape and dtype. A `right_inverse` that it has
            tells what the original must be for a wanted value; it may give several tensors, which `forward` takes.
        unsafe: whether shape and dtype may change.

    Returns:
        The module.

    Raises:
        ValueError: there is no such tensor, or the parametrization changes its type, shape or dtype.

    Example:
        >>> import pyconv.nn as nn
        >>> class Symmetric(nn.Module):
        ...     def forward(self, x):
        ...         return x + x.transpose(-1, -2)
        >>> layer = register_parametrization(nn.Conv1d(3, 3, 3), "weight", Symmetric())
        >>> bool((layer.weight == layer.weight.transpose(-1, -2)).all())
        True
        >>> list(layer.state_dict())
        ['bias', 'parametrizations.weight.original']
    """
    parametrization.train(module.training)
    target: Any = module
    if is_parametrized(module, tensor_name):
        if not unsafe:
            _check_added(target, tensor_name, parametrization)
        target.parametrizations[tensor_name].append(parametrization)
        target.parametrizations[tensor_name].unsafe |= unsafe
    elif tensor_name in target._buffers or tensor_name in target._parameters:
        chain = ParametrizationList([parametrization], getattr(module, tensor_name), unsafe=unsafe)
        delattr(module, tensor_name)
        if not is_parametrized(module):
            _give_own_class(module)
            target.parametrizations = ModuleDict()
        _add_property(module, tensor_name)
        target.parametrizations[tensor_name] = chain
    else:
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a parametrized element with name "
            f"'{tensor_name}'"
        )
    return module


def _check_added(module: Any, name: str, parametrization: Any) -> None:
    """Check that one more parametrization keeps the dtype and the shape, forwards and back."""
    before = getattr(module, name)
    after = parametrization(before)
    if not isinstance(after, Tensor):
        raise ValueError(f"A parametrization must return a tensor. Got {type(after).__name__}.")
    names = f"module.{name}.", f"parametrization(module.{name})."
    for kind in ("dtype", "shape"):
        start = (
            f"Registering a parametrization may not change the {kind} of the tensor, unless the `unsafe` flag is "
            "enabled."
        )
        _check_same(kind, getattr(before, kind), getattr(after, kind), start, names)
    if not hasattr(parametrization, "right_inverse"):
        return
    try:
        back = parametrization.right_inverse(after)
    except NotImplementedError:
        return
    if not isinstance(back, Tensor):
        raise ValueError(f"parametrization.right_inverse must return a tensor. Got: {type(back).__name__}")
    for kind in ("dtype", "shape"):
        start = (
            f"The tensor returned by parametrization.right_inverse must have the same {kind} as module.{name}, unless "
            "the `unsafe` flag is enabled."
        )
        _check_same(kind, getattr(before, kind), getattr(back, kind), start, (f"module.{name}.", "returned "))


def is_parametrized(module: Any, tensor_name: str | None = None) -> bool:
    """Whether a module has a parametrization, or has one of a tensor.

    Args:
        module: any module.
        tensor_name: of the tensor; None for any.

    Example:
        >>> import pyconv.nn as nn
        >>> is_parametrized(nn.Conv1d(1, 1, 1))
        False
    """
    found = getattr(module, "parametrizations", None)
    if not isinstance(found, ModuleDict):
        return False
    return len(found) > 0 if tensor_name is None else tensor_name in found


def remove_parametrizations(module: M, tensor_name: str, leave_parametrized: bool = True) -> M:
    """Make a tensor an ordinary parameter or buffer again.

    Args:
        module: changed in place.
        tensor_name: of the tensor.
        leave_parametrized: whether it keeps the value that was computed, rather than the original's.

    Returns:
        The module.

    Raises:
        ValueError: it has no parametrization, or there are several originals and none is to be kept.

    Example:
        >>> import pyconv.nn as nn
        >>> from pyconv.nn.utils.parametrizations import weight_norm
        >>> layer = remove_parametrizations(weight_norm(nn.Conv1d(1, 2, 1)), "weight")
        >>> layer, list(layer.state_dict())
        (Conv1d(1, 2, kernel_size=(1,), stride=(1,)), ['bias', 'weight'])
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    target: Any = module
    chain = target.parametrizations[tensor_name]
    if chain.is_tensor:
        original = chain.original
        if leave_parametrized:
            with no_grad():
                _set(original, getattr(module, tensor_name))
    elif leave_parametrized:
        value = getattr(module, tensor_name)
        original = Parameter(value) if value.requires_grad else value
    else:
        raise ValueError(
            "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a "
            "sequence of tensors."
        )
    delattr(type(module), tensor_name)
    del target.parametrizations[tensor_name]
    _register(module, tensor_name, original)
    if not is_parametrized(module):
        delattr(module, "parametrizations")
        target.__class__ = type(module).__bases__[0]
    return module


def type_before_parametrizations(module: Any) -> type:
    """The class that a module had before it was parametrized.

    Example:
        >>> import pyconv.nn as nn
        >>> from pyconv.nn.utils.parametrizations import weight_norm
        >>> type_before_parametrizations(weight_norm(nn.Conv1d(1, 2, 1))).__name__
        'Conv1d'
    """
    return type(module).__bases__[0] if is_parametrized(module) else type(module)


def transfer_parametrizations_and_params(from_module: Any, to_module: M, tensor_name: str | None = None) -> M:
    """Give a module the parametrizations of another, with the same parametrization modules and originals.

    Args:
        from_module: which has them.
        to_module: changed in place.
        tensor_name: of the tensor; None for all.

    Returns:
        `to_module`.

    Example:
        >>> import pyconv.nn as nn
        >>> from pyconv.nn.utils.parametrizations import weight_norm
        >>> source, target = weight_norm(nn.Conv1d(1, 2, 1)), nn.Conv1d(1, 2, 1)
        >>> _ = transfer_parametrizations_and_params(source, target)
        >>> target.parametrizations.weight.original0 is source.parametrizations.weight.original0
        True
    """
    if not is_parametrized(from_module):
        return to_module
    target: Any = to_module
    names = list(from_module.parametrizations) if tensor_name is None else [tensor_name]
    for name in names:
        chain = from_module.parametrizations[name]
        if not hasattr(target, name):
            setattr(target, name, Parameter(getattr(from_module, name)))
        for parametrization in chain:
            register_parametrization(target, name, parametrization)
        originals = ["original"] if chain.is_tensor else [f"original{i}" for i in range(chain.ntensors)]
        for original in originals:
            setattr(target.parametrizations[name], original, getattr(chain, original))
    return to_module
