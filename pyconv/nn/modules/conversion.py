"""A module in another dtype: `to` and its short forms.

May import: `pyconv.dtypes`, `pyconv.size`, `pyconv.autograd`, `pyconv.tensor`, `pyconv.nn.modules.traversal`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar, cast

from pyconv import dtypes
from pyconv.autograd.mode import no_grad
from pyconv.meta import NO_DATA
from pyconv.nn.modules.traversal import Traversal
from pyconv.nn.parameter import is_lazy
from pyconv.size import device as _device
from pyconv.size import memory_format as _memory_format
from pyconv.size import on_meta
from pyconv.tensor import Tensor
from pyconv.tensor.creation import empty_like

M = TypeVar("M", bound="Conversion")

_OPTIONS = "bool non_blocking = False, bool copy = False, *, torch.memory_format memory_format = None)"

_REST: dict[str, tuple[type, ...]] = {
    "non_blocking": (bool,),
    "copy": (bool,),
    "memory_format": (_memory_format, type(None)),
}
_REST_PRINTED = "bool non_blocking = False, bool copy = False, *, torch.memory_format memory_format = None)"
_FORMS: dict[str, dict[str, tuple[type, ...]]] = {
    f"(torch.device device = None, torch.dtype dtype = None, {_REST_PRINTED}": {
        "device": (str, _device, int, type(None)),
        "dtype": (dtypes.dtype, type(None)),
        **_REST,
    },
    f"(torch.dtype dtype, {_REST_PRINTED}": {"dtype": (dtypes.dtype,), **_REST},
    f"(Tensor tensor, {_REST_PRINTED}": {"tensor": (Tensor,), **_REST},
}
"""The ways to call `to`: as torch's error prints them, and what each argument may be."""


class Conversion(Traversal):
    """The part of Module that changes what it holds in place: the parameters stay the same objects."""

    def _apply(self: M, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> M:
        """Replace the values of parameters, their gradients and the buffers by `fn` of them."""
        for module in self.children() if recurse else ():
            module._apply(fn)
        with no_grad():
            for name, parameter in self._parameters.items():
                if parameter is not None:
                    self._parameters[name] = _replaced(parameter, fn)
            for name, buffer in self._buffers.items():
                if buffer is not None:
                    self._buffers[name] = fn(buffer)
        return self

    def to(self: M, *args: Any, **kwargs: Any) -> M:
        """Change parameters and buffers to another dtype or memory format.

        The dtype is for floating-point and complex ones, the format for those with 4 or 5 dimensions.

        Args:
            args: `(dtype)`, `(device)`, `(device, dtype)`, or `(tensor)` for that tensor's dtype; each may be followed
                by `non_blocking`, which means nothing here.
            kwargs: the same by name, and `memory_format`.

        Raises:
            RuntimeError: a device other than the CPU, `copy`, or a memory format for another number of dimensions.
            TypeError: a dtype that is neither floating point nor complex, or arguments of no such form.
        """
        place, dtype, order = _parsed(args, kwargs)
        if dtype is not None:
            _check_dtype(dtype)

        def convert(t: Tensor) -> Tensor:
            kind = dtype if t.is_floating_point() or t.is_complex() else None
            if t.is_meta and place is not None and not on_meta(place):
                raise NotImplementedError(f"{NO_DATA} {_USE_TO_EMPTY}")
            known = order if order is not None and t.dim() in (4, 5) else None
            return cast(Tensor, t.to(device=place, dtype=kind, memory_format=known))

        return self._apply(convert)

    def float(self: M) -> M:
        """Change floating-point parameters and buffers to float32."""
        return self._cast_floats(dtypes.float32)

    def double(self: M) -> M:
        """Change floating-point parameters and buffers to float64."""
        return self._cast_floats(dtypes.float64)

    def half(self: M) -> M:
        """Change floating-point parameters and buffers to float16."""
        return self._cast_floats(dtypes.float16)

    def bfloat16(self: M) -> M:
        """Change floating-point parameters and buffers to bfloat16."""
        return self._cast_floats(dtypes.bfloat16)

    def _cast_floats(self: M, dtype: dtypes.dtype) -> M:
        return self._apply(lambda t: t.to(dtype) if t.is_floating_point() else t)

    def type(self: M, dst_type: Any) -> M:
        """Change all parameters and buffers to a dtype."""
        return self._apply(lambda t: t.type(dst_type))

    def cpu(self: M) -> M:
        """This module, which is on the CPU."""
        return self._apply(lambda t: t.cpu())

    def cuda(self: M, device: Any = None) -> M:
        """Move to a device that is not here.

        Raises:
            AssertionError: there are parameters or buffers to move.
        """
        return self._apply(lambda t: t.cuda(device))

    def to_empty(self: M, *, device: Any, recurse: bool = True) -> M:
        """Replace all values by uninitialised ones; in the modules below too if `recurse`."""
        return self._apply(lambda t: empty_like(t, device=device), recurse)


def _replaced(parameter: Any, fn: Callable[[Tensor], Tensor]) -> Any:
    """The parameter with the values that `fn` gives; on another device it is another parameter, as in torch."""
    found = fn(parameter)
    if is_lazy(parameter) or found.is_meta == parameter.is_meta:
        parameter.data = found
        if parameter.grad is not None:
            parameter.grad.data = fn(parameter.grad)
        return parameter
    other = type(parameter)(found, parameter.requires_grad)
    if parameter.grad is not None:
        other.grad = fn(parameter.grad).requires_grad_(parameter.grad.requires_grad)
    return other


def _check_dtype(dtype: dtypes.dtype) -> None:
    """Refuse what parameters cannot be; warn of what they seldom are."""
    if not (dtype.is_floating_point or dtype.is_complex):
        raise TypeError(f"nn.Module.to only accepts floating point or complex dtypes, but got desired dtype={dtype}")
    if dtype.is_complex:
        warnings.warn(
            "Complex modules are a new feature under active development whose design may change, and some modules "
            "might not work as expected when using complex tensors as parameters or buffers. Please file an issue "
            "at https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml if a complex module does not "
            "work as expected.",
            UserWarning,
            stacklevel=3,
        )


_USE_TO_EMPTY = (
    "Please use torch.nn.Module.to_empty() instead of torch.nn.Module.to() when moving module from meta to a different "
    "device."
)


def _parsed(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, dtypes.dtype | None, _memory_format | None]:
    """The device, the dtype and the memory format that the arguments of `to` ask for.

    Raises:
        RuntimeError: a device other than the CPU, or `copy`.
        TypeError: the arguments have no form that `to` takes.
    """
    if len(args) > 4:
        raise TypeError(f"to() takes from 0 to 4 positional arguments but {len(args)} were given")
    for kinds in _FORMS.values():
        named = dict(zip([name for name in kinds if name != "memory_format"], args, strict=False))
        given: dict[str, Any] = {
            name: dtypes.PYTHON.get(value, value) if isinstance(value, type) else value
            for name, value in {**named, **kwargs}.items()
        }
        all_named = len(given) == len(args) + len(kwargs) and given.keys() <= kinds.keys()
        if all_named and all(isinstance(value, kinds[name]) for name, value in given.items()):
            if given.get("copy"):
                raise RuntimeError(".to() does not accept copy argument")
            if given.get("device") is not None:
                on_meta(given["device"])
            if "tensor" in given:
                return given["tensor"].device, given["tensor"].dtype, given.get("memory_format")
            return given.get("device"), given.get("dtype"), given.get("memory_format")
    got = "".join([f"{_kind(v)}, " for v in args] + [f"{name}={_kind(v)}, " for name, v in sorted(kwargs.items())])
    raise TypeError(
        f"to() received an invalid combination of arguments - got ({got.removesuffix(', ') if args else got}), "
        "but expected one of:\n" + "".join(f" * {form}\n" for form in _FORMS)
    )


def _kind(value: Any) -> str:
    """The name of a value's type as torch prints it."""
    name = type(value).__name__
    return f"torch.{name}" if isinstance(value, (dtypes.dtype, _device, _memory_format)) else name
