"""Parameters and buffers: the tensors that a module registers when they are assigned to it.

May import: NumPy, `pyconv.dtypes`, `pyconv.size`, `pyconv.printing`, `pyconv.autograd`, `pyconv.tensor`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, cast

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.printing import format_tensor
from pyconv.size import Size
from pyconv.tensor import Tensor
from pyconv.tensor.creation import empty

Array = np.ndarray[Any, Any]


class Parameter(Tensor):
    """A tensor that is a parameter of the module to which it is assigned.

    Args:
        data: the values, of any shape; they are shared, not copied. None for no elements.
        requires_grad: whether gradients with respect to it are computed, inside `no_grad` too.

    Raises:
        AttributeError: `data` is no tensor.
        RuntimeError: a gradient is asked for, and the dtype is neither floating point nor complex.

    Example:
        >>> import pyconv
        >>> Parameter(pyconv.ones(2))
        Parameter containing:
        tensor([1., 1.], requires_grad=True)
    """

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Any:
        return Tensor._make_subclass(cls, empty(0) if data is None else data, requires_grad)

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        if id(self) not in memo:
            memo[id(self)] = type(self)(self.data.clone(), self._requires_grad)
        return cast(Tensor, memo[id(self)])

    def __repr__(self) -> str:
        return format_tensor(
            self._array,
            requires_grad=self._requires_grad,
            is_parameter=True,
            type_name="tensor" if type(self) is Parameter else type(self).__name__,
        )


class Buffer(Tensor):
    """A tensor that is a buffer of the module to which it is assigned: state, but no parameter.

    Args:
        data: the values, of any shape and dtype; they are shared, not copied. None for no elements.
        persistent: whether it is part of the module's `state_dict`.

    Raises:
        AttributeError: `data` is no tensor.

    Example:
        >>> import pyconv
        >>> Buffer(pyconv.zeros(2), persistent=False)
        tensor([0., 0.])
    """

    persistent: bool

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Any:
        data = empty(0) if data is None else data
        value = Tensor._make_subclass(cls, data.detach(), data.requires_grad)
        value.persistent = persistent
        return value

    def _like(self, array: Array) -> Tensor:
        copied = super()._like(array)
        copied.__dict__.update(self.__dict__)
        return copied

    def __repr__(self) -> str:
        return format_tensor(self._array, requires_grad=self._requires_grad)


_stored: Any = Traced._array  # type: ignore[misc]
"""The slot that holds a tensor's array, which an uninitialised one hides."""


class UninitializedTensorMixin:
    """What a parameter or buffer is while its shape is unknown: nothing can be computed from it.

    It knows its dtype, which can be changed, and becomes an ordinary one by `materialize`.
    """

    __slots__ = ()

    cls_to_become: ClassVar[type[Tensor]]

    def materialize(self, shape: Sequence[int] | int, device: Any = None, dtype: dtypes.dtype | None = None) -> None:
        """Become an ordinary parameter or buffer, with uninitialised values.

        Args:
            shape: the size of each dimension, or of the only one.
            device: 'cpu'.
            dtype: None for the one that it has.
        """
        made = empty(shape, device=device, dtype=self.data.dtype if dtype is None else dtype)
        _stored.__set__(self, made._array)
        self.__class__ = self.cls_to_become  # type: ignore[assignment]

    @property
    def data(self) -> Tensor:
        """A tensor without elements, of the dtype."""
        return Tensor._wrap(_stored.__get__(self))

    @data.setter
    def data(self, value: Tensor) -> None:
        _stored.__set__(self, _stored.__get__(value))

    @property
    def _array(self) -> Array:
        raise ValueError(
            "Attempted to use an uninitialized parameter in a function. This error happens when you are using a "
            f"`LazyModule` or explicitly manipulating `torch.nn.parameter.{type(self).__name__}` objects. When using "
            "LazyModules Call `forward` with a dummy batch to initialize the parameters before calling torch functions"
        )

    @_array.setter
    def _array(self, array: Array) -> None:
        _stored.__set__(self, array)

    @property
    def shape(self) -> Size:
        """The shape, which there is none of yet.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in "
            "`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` "
            "to initialize the parameters before accessing their attributes."
        )

    def size(self, dim: int | None = None) -> Any:
        return self.data.size(dim)

    @property
    def dtype(self) -> dtypes.dtype:
        """The dtype that it will have."""
        return self.data.dtype

    @property
    def device(self) -> Any:
        """Where it will be."""
        return self.data.device

    @property
    def is_meta(self) -> bool:
        """Whether it will have no elements."""
        return self.data.is_meta

    def to(self, *args: Any, **kwargs: Any) -> Tensor:
        return self.data.to(*args, **kwargs)

    def share_memory_(self) -> Any:
        """Refuse, as there is no memory yet.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError(
            "Can't share memory on an uninitialized parameter or buffer. Call `forward` to initialize the parameters "
            "before calling `module.share_memory()`."
        )

    def copy_(self, other: Tensor, non_blocking: bool = False) -> Any:
        self.data.copy_(other.data, non_blocking)
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        rebuild, arguments, state = self.__reduce_ex__(4)
        copied = rebuild(*arguments)
        copied.__dict__.update(state)
        return copied

    def __reduce_ex__(self, protocol: Any) -> Any:
        made = _uninitialized, (type(self), self.dtype, self.requires_grad)  # type: ignore[attr-defined]
        return *made, self.__dict__

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def _uninitialized(kind: type[Tensor], dtype: dtypes.dtype, requires_grad: bool) -> Tensor:
    """The inverse of pickling."""
    value = Tensor._make_subclass(kind, Tensor._wrap(np.empty(0, dtype.numpy)))
    value._requires_grad = requires_grad
    return cast(Tensor, value)


class UninitializedParameter(UninitializedTensorMixin, Parameter):
    """A parameter whose shape is not known yet.

    Args:
        requires_grad: whether gradients with respect to it are computed.
        device: 'cpu'.
        dtype: that of the parameter to be, the default dtype if None.

    Example:
        >>> weight = UninitializedParameter()
        >>> weight
        <UninitializedParameter>
        >>> weight.materialize((2, 3))
        >>> weight.shape
        torch.Size([2, 3])
    """

    cls_to_become = Parameter

    def __new__(cls, requires_grad: bool = True, device: Any = None, dtype: dtypes.dtype | None = None) -> Any:
        return super().__new__(cls, empty(0, device=device, dtype=dtype), requires_grad)


class UninitializedBuffer(UninitializedTensorMixin, Buffer):
    """A buffer whose shape is not known yet.

    Args:
        requires_grad: whether gradients with respect to it are computed.
        device: 'cpu'.
        dtype: that of the buffer to be, the default dtype if None.
        persistent: whether it is part of the module's `state_dict`.

    Example:
        >>> mean = UninitializedBuffer()
        >>> mean.materialize((2,), dtype=dtypes.float64)
        >>> mean.dtype
        torch.float64
    """

    cls_to_become = Buffer

    def __new__(
        cls,
        requires_grad: bool = False,
        device: Any = None,
        dtype: dtypes.dtype | None = None,
        persistent: bool = True,
    ) -> Any:
        value = super().__new__(cls, empty(0, device=device, dtype=dtype), persistent=persistent)
        value._requires_grad = requires_grad
        return value

    def to(self, *args: Any, **kwargs: Any) -> Tensor:
        dtype = self.data.to(*args, **kwargs).dtype
        return UninitializedBuffer(self.requires_grad, dtype=dtype, persistent=self.persistent)


def is_lazy(param: Any) -> bool:
    """Whether a value is an uninitialised parameter or buffer.

    Example:
        >>> is_lazy(UninitializedParameter()), is_lazy(Parameter())
        (True, False)
    """
    return isinstance(param, UninitializedTensorMixin)
