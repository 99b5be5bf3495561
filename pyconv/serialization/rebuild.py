"""Tensors made from what a file says of them: the functions that torch's files name.

May import: NumPy, `pyconv.dtypes`, `pyconv.tensor`, `pyconv.nn.parameter`, `pyconv.serialization`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.nn.parameter import Buffer, Parameter
from pyconv.serialization.storage import Storage
from pyconv.tensor import Tensor


def tensor(storage: Storage, offset: int, size: Any, stride: Any) -> Tensor:
    """The oldest form: a tensor without gradient."""
    assert storage.dtype is not None
    return Tensor._wrap(storage.view(storage.dtype, offset, size, stride))


def tensor_v2(
    storage: Storage,
    storage_offset: int,
    size: Any,
    stride: Any,
    requires_grad: bool,
    backward_hooks: Any,  # noqa: ARG001 (no file has any)
    metadata: Any = None,  # noqa: ARG001
) -> Tensor:
    """A tensor of a storage with a dtype."""
    value = tensor(storage, storage_offset, size, stride)
    value._requires_grad = requires_grad
    return value


def tensor_v3(
    storage: Storage,
    storage_offset: int,
    size: Any,
    stride: Any,
    requires_grad: bool,
    backward_hooks: Any,  # noqa: ARG001
    dtype: dtypes.dtype,
    metadata: Any = None,  # noqa: ARG001
) -> Tensor:
    """A tensor of bytes whose dtype is told apart."""
    value = Tensor._wrap(storage.view(dtype, storage_offset, size, stride))
    value._requires_grad = requires_grad
    return value


def parameter(data: Tensor, requires_grad: bool, backward_hooks: Any) -> Parameter:  # noqa: ARG001
    """A parameter over a tensor."""
    return Parameter(data, requires_grad)


def parameter_with_state(data: Tensor, requires_grad: bool, backward_hooks: Any, state: Any) -> Parameter:
    """A parameter with attributes of its own."""
    value = parameter(data, requires_grad, backward_hooks)
    _set_state(value, state)
    return value


def from_type(function: Any, kind: type[Tensor], arguments: tuple[Any, ...], state: Any) -> Tensor:
    """A tensor of a subclass, or one with attributes of its own."""
    value: Tensor = function(*arguments)
    if kind is Tensor and isinstance(state, dict) and state.get("_is_buffer"):
        return Buffer(value, persistent=state["persistent"])
    if type(value) is not kind:
        made = Tensor._make_subclass(kind, value)
        made._requires_grad = value._requires_grad
        value = made
    _set_state(value, state)
    return value


def _set_state(value: Tensor, state: Any) -> None:
    attributes, slots = state if isinstance(state, tuple) else (state, None)
    value.__dict__.update(attributes or {})
    for name, item in (slots or {}).items():
        setattr(value, name, item)
