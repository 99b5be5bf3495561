"""The Tensor: an ndarray with torch's methods, each of which calls an op.

Past 300 lines because torch's surface is wide: a method is a line or two, and nothing is computed here. May
import: NumPy, and all of pyconv but `nn`, `optim` and `megengine`.
"""

from __future__ import annotations

from builtins import bool as _bool
from builtins import float as _float
from builtins import int as _int
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import numpy as np

from pyconv import dtypes, printing
from pyconv.autograd.backward import backward
from pyconv.autograd.graph import Node, Traced, retain
from pyconv.ops import arithmetic, cast, index, power, reduce, shape, unary
from pyconv.random import Generator, default_generator
from pyconv.size import Size
from pyconv.size import device as _device
from pyconv.tensor import checks
from pyconv.tensor.arguments import as_index, dimension, dimensions, resolve_shape, sizes
from pyconv.tensor.data import as_array
from pyconv.tensor.inplace import fill, set_item, update

Array = np.ndarray[Any, Any]


class Tensor(Traced):
    """A multi-dimensional array of one dtype that can carry a gradient: torch.Tensor over an ndarray.

    Args:
        args: the legacy constructor's: sizes, for uninitialised values, or nested sequences of numbers; the dtype
            is the default one. `pyconv.tensor` is the better way.

    Example:
        >>> Tensor([1, 2])
        tensor([1., 2.])
    """

    __array_priority__ = 1000
    """NumPy's operators leave a tensor's operators to the tensor."""

    def __init__(self, *args: Any) -> None:
        dtype = dtypes.get_default_dtype()
        if len(args) == 1 and not isinstance(args[0], int):
            if isinstance(args[0], (float, complex)):
                raise TypeError(f"new(): data must be a sequence (got {type(args[0]).__name__})")
            self._begin(np.array(as_array(args[0], dtype)))
        else:
            self._begin(np.empty(args or 0, dtype.numpy))

    @classmethod
    def _wrap(cls, array: Array) -> Tensor:
        value = Tensor.__new__(Tensor)
        value._begin(array)
        return value

    # What it is

    @property
    def shape(self) -> Size:
        """The size of each dimension."""
        return Size(self._array.shape)

    def size(self, dim: _int | None = None) -> Any:
        if dim is None:
            return self.shape
        if not self.ndim:
            raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
        return self._array.shape[dimension(dim, self.ndim)]

    @property
    def ndim(self) -> _int:
        """The number of dimensions."""
        return self._array.ndim

    def dim(self) -> _int:
        return self._array.ndim

    def numel(self) -> _int:
        return self._array.size

    nelement = numel

    def element_size(self) -> _int:
        return self._array.itemsize

    def stride(self, dim: _int | None = None) -> Any:
        steps = tuple(s // self._array.itemsize for s in self._array.strides)
        return steps if dim is None else steps[dimension(dim, self.ndim)]

    def is_contiguous(self) -> _bool:
        return self._array.flags.c_contiguous

    @property
    def dtype(self) -> dtypes.dtype:
        """The data type."""
        return dtypes.of(self._array)

    @property
    def device(self) -> _device:
        """The CPU."""
        return _device("cpu")

    @property
    def is_cuda(self) -> _bool:
        """False."""
        return False

    def is_floating_point(self) -> _bool:
        return self.dtype.is_floating_point

    def is_complex(self) -> _bool:
        return self.dtype.is_complex

    # Gradients

    @property
    def requires_grad(self) -> _bool:
        """Whether gradients with respect to this tensor are computed."""
        return self._requires_grad

    @requires_grad.setter
    def requires_grad(self, value: _bool) -> None:
        if not isinstance(value, bool):
            raise RuntimeError("requires_grad must be a bool")
        if self._node is not None and not value:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you want to use a computed variable "
                "in a subgraph that doesn't require differentiation use var_no_grad = var.detach()."
            )
        if value and not (self.is_floating_point() or self.is_complex()):
            raise RuntimeError("only Tensors of floating point dtype can require gradients")
        if self._node is None:
            self._requires_grad = value

    def requires_grad_(self, requires_grad: _bool = True) -> Tensor:
        self.requires_grad = requires_grad
        return self

    @property
    def is_leaf(self) -> _bool:
        """Whether no recorded operation made this tensor."""
        return self._node is None

    @property
    def grad_fn(self) -> Node | None:
        """The node of the graph that made this tensor; None for a leaf."""
        return self._node

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward passes have added up; None before the first."""
        if self._grad is None and self._node is not None and not self._retained:
            checks.warn_non_leaf_grad()
        found: Tensor | None = self._grad
        return found

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is not None:
            checks.check_grad(value, self)
        self._grad = value

    @grad.deleter
    def grad(self) -> None:
        self._grad = None

    def retain_grad(self) -> None:
        retain(self)

    @property
    def retains_grad(self) -> _bool:
        """Whether `retain_grad` has been called on a tensor that is not a leaf."""
        return self._retained

    @property
    def _version(self) -> _int:
        return self._counter.count

    @property
    def data(self) -> Tensor:
        """The same memory without history, whose changes no backward pass notices."""
        return Tensor._wrap(self._array)

    @data.setter
    def data(self, value: Tensor) -> None:
        checks.check_data(value, self)
        self._array = value._array

    def detach(self) -> Tensor:
        value = Tensor._wrap(self._array)
        value._counter = self._counter
        return value

    def detach_(self) -> Tensor:
        if self._base is not None:
            raise RuntimeError(checks.DETACHED_VIEW)
        self._node, self._requires_grad = None, False
        return self

    def backward(
        self,
        gradient: Tensor | None = None,
        retain_graph: _bool | None = None,
        create_graph: _bool = False,
        inputs: Any = None,
    ) -> None:
        backward(self, gradient, retain_graph, create_graph, inputs=inputs)

    # Values

    def item(self) -> Any:
        checks.one_element(self)
        return self._array.reshape(()).item()

    def tolist(self) -> Any:
        return self._array.tolist()

    def numpy(self, *, force: _bool = False) -> Array:
        if self._requires_grad and not force:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        return self._array

    def __array__(self, dtype: Any = None, copy: _bool | None = None) -> Array:
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __bool__(self) -> _bool:
        checks.unambiguous(self)
        return bool(self._array.reshape(()))

    def __int__(self) -> _int:
        return int(self._number())

    def __float__(self) -> _float:
        return float(self._number())

    def __complex__(self) -> complex:
        return complex(self._number())

    def __index__(self) -> _int:
        checks.integer(self)
        return int(self._number())

    def _number(self) -> Any:
        if self._array.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return self._array.reshape(()).item()

    def __len__(self) -> _int:
        if not self.ndim:
            raise TypeError("len() of a 0-d tensor")
        return self._array.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d tensor")
        return (self[i] for i in range(len(self)))

    def __hash__(self) -> _int:
        return id(self)

    def __repr__(self) -> str:
        name = None if self._node is None else self._node.class_name
        return printing.format_tensor(
            self._array,
            requires_grad=self._requires_grad,
            grad_fn_name=name,
            type_name="tensor" if type(self) is Tensor else type(self).__name__,
        )

    def __format__(self, specification: str) -> str:
        if self.ndim == 0 and type(self) is Tensor:
            return printing.format_scalar(self._array, specification)
        return object.__format__(self, specification)

    def __deepcopy__(self, memo: dict[_int, Any]) -> Tensor:
        if self._node is not None:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the "
                "moment.  If you were attempting to deepcopy a module, this may be because of a torch.nn.utils."
                "weight_norm usage, see https://github.com/pytorch/pytorch/pull/103001"
            )
        value = self._like(self._array.copy())
        if self._grad is not None:
            value._grad = self._grad.__deepcopy__(memo)
        memo[id(self)] = value
        value.__dict__.update(deepcopy(self.__dict__, memo))
        return value

    def _like(self, array: Array) -> Tensor:
        """A leaf of this tensor's class over another array."""
        value = type(self).__new__(type(self))
        value._begin(array)
        value._requires_grad = self._requires_grad
        return value

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _rebuild, (type(self), self._array, self._requires_grad), self.__dict__ or None

    # Shape

    def view(self, *shape_: Any) -> Tensor:
        if len(shape_) == 1 and isinstance(shape_[0], dtypes.dtype):
            return Tensor._wrap(self._array.view(shape_[0].numpy))
        target = resolve_shape(sizes(shape_), self._array.size)
        viewed = shape.reshape(self, shape=target)
        if self._array.size and not np.shares_memory(viewed._array, self._array):
            raise RuntimeError(
                "view size is not compatible with input tensor's size and stride (at least one dimension spans across "
                "two contiguous subspaces). Use .reshape(...) instead."
            )
        return viewed

    def view_as(self, other: Tensor) -> Tensor:
        return self.view(other.shape)

    def reshape(self, *shape_: Any) -> Tensor:
        target = resolve_shape(sizes(shape_), self._array.size)
        return shape.reshape(self, shape=target)

    def flatten(self, start_dim: _int = 0, end_dim: _int = -1) -> Tensor:
        if not self.ndim:
            return self.reshape(1)
        first, last = dimension(start_dim, self.ndim), dimension(end_dim, self.ndim)
        if first > last:
            raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
        return self.reshape(*self.shape[:first], self.shape[first : last + 1].numel(), *self.shape[last + 1 :])

    def permute(self, *dims: Any) -> Tensor:
        given = sizes(dims)
        if len(given) != self.ndim:
            raise RuntimeError(
                "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the "
                f"desired ordering of dimensions i.e. input.dim() = {self.ndim} is not equal to len(dims) = "
                f"{len(given)}"
            )
        axes = tuple(dimension(dim, self.ndim) for dim in given)
        if len(set(axes)) < len(axes):
            raise RuntimeError("permute(): duplicate dims are not allowed.")
        return shape.permute(self, axes=axes)

    def transpose(self, dim0: _int, dim1: _int) -> Tensor:
        axes = list(range(self.ndim))
        first, second = dimension(dim0, self.ndim), dimension(dim1, self.ndim)
        if axes:
            axes[first], axes[second] = axes[second], axes[first]
        return shape.transpose(self, axes=tuple(axes))

    def t(self) -> Tensor:
        if self.ndim > 2:
            raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {self.ndim}D")
        return shape.matrix_transpose(self, axes=tuple(reversed(range(self.ndim))))

    @property
    def T(self) -> Tensor:
        """The view with its dimensions in reverse order."""
        return shape.permute(self, axes=tuple(reversed(range(self.ndim))))

    def squeeze(self, dim: _int | tuple[_int, ...] | None = None) -> Tensor:
        chosen = tuple(range(self.ndim))
        if dim is not None:
            chosen = dimensions(dim, self.ndim) if dim != () else ()
        kept = tuple(n for i, n in enumerate(self.shape) if n != 1 or i not in chosen)
        if dim is None:
            return shape.squeeze(self, shape=kept)
        op = shape.squeeze_some if isinstance(dim, tuple) else shape.squeeze_one
        return op(self, shape=kept)

    def unsqueeze(self, dim: _int) -> Tensor:
        at = dimension(dim, self.ndim + 1)
        return shape.unsqueeze(self, shape=(*self.shape[:at], 1, *self.shape[at:]))

    def expand(self, *sizes_: Any) -> Tensor:
        wanted = sizes(sizes_)
        shape.check_expand(self._array.shape, wanted, self.dtype)
        lead = len(wanted) - self.ndim
        target = tuple(self._array.shape[i - lead] if n == -1 else n for i, n in enumerate(wanted))
        return shape.expand(self, shape=target)

    def expand_as(self, other: Tensor) -> Tensor:
        return self.expand(other.shape)

    def contiguous(self) -> Tensor:
        return self if self.is_contiguous() else self.clone()

    def clone(self) -> Tensor:
        return cast.clone(self)

    def __getitem__(self, key: Any) -> Tensor:
        found = as_index(key, self.shape)
        op = index.view_op(found) if index.is_basic(found) else index.take
        return op(self, index=found)

    def __setitem__(self, key: Any, value: Any) -> None:
        set_item(self, as_index(key, self.shape), value)

    # Dtype

    def to(
        self,
        *args: Any,
        dtype: dtypes.dtype | None = None,
        device: Any = None,
        copy: _bool = False,
        non_blocking: _bool = False,  # noqa: ARG002 (there is one device)
    ) -> Tensor:
        for argument in args:
            if isinstance(argument, dtypes.dtype):
                dtype = argument
            elif isinstance(argument, Tensor):
                dtype = argument.dtype
            elif not isinstance(argument, bool):
                device = argument
        if device is not None:
            _device(device)
        if dtype is not None:
            checks.warn_of_lost_parts(self.dtype, dtype)
        converted: Tensor = self if dtype is None else cast.cast(self, dtype.numpy)
        return converted.clone() if copy and converted is self else converted

    def type(self, dtype: Any = None) -> Any:
        if dtype is None:
            return f"torch.{self.dtype.scalar_name}Tensor"
        return self.to(dtypes.of_type_name(dtype) if isinstance(dtype, str) else dtype)

    def type_as(self, other: Tensor) -> Tensor:
        return self.to(other.dtype)

    def cpu(self) -> Tensor:
        return self

    def double(self) -> Tensor:
        return self.to(dtypes.float64)

    def float(self) -> Tensor:
        return self.to(dtypes.float32)

    def half(self) -> Tensor:
        return self.to(dtypes.float16)

    def bfloat16(self) -> Tensor:
        return self.to(dtypes.bfloat16)

    def long(self) -> Tensor:
        return self.to(dtypes.int64)

    def int(self) -> Tensor:
        return self.to(dtypes.int32)

    def short(self) -> Tensor:
        return self.to(dtypes.int16)

    def char(self) -> Tensor:
        return self.to(dtypes.int8)

    def byte(self) -> Tensor:
        return self.to(dtypes.uint8)

    def bool(self) -> Tensor:
        return self.to(dtypes.bool_)

    def cfloat(self) -> Tensor:
        return self.to(dtypes.complex64)

    def cdouble(self) -> Tensor:
        return self.to(dtypes.complex128)

    # Arithmetic

    def add(self, other: Any, *, alpha: Any = 1) -> Tensor:
        return arithmetic.add(self, other, alpha)

    def sub(self, other: Any, *, alpha: Any = 1) -> Tensor:
        return arithmetic.sub(self, other, alpha)

    def mul(self, other: Any) -> Tensor:
        return arithmetic.mul(self, other)

    def div(self, other: Any) -> Tensor:
        return arithmetic.div(self, other)

    def pow(self, exponent: Any) -> Tensor:
        return power.power(self, exponent)

    def neg(self) -> Tensor:
        return arithmetic.neg(self)

    def square(self) -> Tensor:
        return self.pow(2)

    def abs(self) -> Tensor:
        return unary.absolute(self)

    def exp(self) -> Tensor:
        return unary.exp(self)

    def log(self) -> Tensor:
        return unary.log(self)

    def reciprocal(self) -> Tensor:
        return unary.reciprocal(self)

    def sqrt(self) -> Tensor:
        return unary.sqrt(self)

    def sin(self) -> Tensor:
        return unary.sin(self)

    def cos(self) -> Tensor:
        return unary.cos(self)

    def tanh(self) -> Tensor:
        return unary.tanh(self)

    def relu(self) -> Tensor:
        return unary.relu(self)

    def conj(self) -> Tensor:
        return cast.conj(self)

    def sum(self, dim: Any = None, keepdim: Any = False, *, dtype: dtypes.dtype | None = None) -> Tensor:
        axes = None if dim is None else dimensions(dim, self.ndim)
        return reduce.total(self, axes, keepdim, None if dtype is None else dtype.numpy)

    def mean(self, dim: Any = None, keepdim: Any = False, *, dtype: dtypes.dtype | None = None) -> Tensor:
        axes = None if dim is None else dimensions(dim, self.ndim)
        return reduce.mean(self, axes, keepdim, None if dtype is None else dtype.numpy)

    def max(self) -> Tensor:
        return reduce.largest(self)

    def min(self) -> Tensor:
        return reduce.smallest(self)

    def all(self, dim: _int | tuple[_int, ...] | None = None, keepdim: _bool = False) -> Tensor:
        return self._truth(np.all, dim, keepdim)

    def any(self, dim: _int | tuple[_int, ...] | None = None, keepdim: _bool = False) -> Tensor:
        return self._truth(np.any, dim, keepdim)

    def _truth(self, test: Any, dim: _int | tuple[_int, ...] | None, keepdim: _bool) -> Tensor:
        """A reduction to truth values; a uint8 tensor gives uint8 ones, as in torch."""
        axes = tuple(range(self.ndim)) if dim is None else dimensions(dim, self.ndim)
        kind = np.uint8 if self._array.dtype == np.uint8 else np.bool_
        return Tensor._wrap(np.asarray(test(self._array, axis=axes, keepdims=keepdim), kind))

    def isnan(self) -> Tensor:
        return Tensor._wrap(np.isnan(self._array))

    def __neg__(self) -> Tensor:
        return self.neg()

    def __abs__(self) -> Tensor:
        return self.abs()

    def __add__(self, other: Any) -> Any:
        return self.add(other) if checks.is_operand(other) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self.sub(other) if checks.is_operand(other) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return arithmetic.sub(other, self) if checks.is_operand(other) else NotImplemented

    def __mul__(self, other: Any) -> Any:
        return self.mul(other) if checks.is_operand(other) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        return self.div(other) if checks.is_operand(other) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return arithmetic.mul(self.reciprocal(), other) if checks.is_operand(other) else NotImplemented

    def __pow__(self, other: Any) -> Any:
        return self.pow(other) if checks.is_operand(other) else NotImplemented

    def __rpow__(self, other: Any) -> Any:
        return power.power(other, self) if checks.is_operand(other) else NotImplemented

    def _compare(self, other: Any, name: str) -> Any:
        return Tensor._wrap(arithmetic.compare(name, self, other)) if checks.is_operand(other) else NotImplemented

    def __eq__(self, other: object) -> Any:
        return self._compare(other, "eq")

    def __ne__(self, other: object) -> Any:
        return self._compare(other, "ne")

    def __lt__(self, other: Any) -> Any:
        return self._compare(other, "lt")

    def __le__(self, other: Any) -> Any:
        return self._compare(other, "le")

    def __gt__(self, other: Any) -> Any:
        return self._compare(other, "gt")

    def __ge__(self, other: Any) -> Any:
        return self._compare(other, "ge")

    # In place

    def add_(self, other: Any, *, alpha: Any = 1) -> Tensor:
        return update(self, arithmetic.add, other, alpha)

    def sub_(self, other: Any, *, alpha: Any = 1) -> Tensor:
        return update(self, arithmetic.sub, other, alpha)

    def mul_(self, other: Any) -> Tensor:
        return update(self, arithmetic.mul, other)

    def div_(self, other: Any) -> Tensor:
        return update(self, arithmetic.div, other)

    __iadd__ = add_
    __isub__ = sub_
    __imul__ = mul_
    __itruediv__ = div_

    def copy_(self, src: Tensor) -> Tensor:
        return update(self, index.replace, src)

    def fill_(self, value: Any) -> Tensor:
        return update(self, index.fill, value)

    def zero_(self) -> Tensor:
        return self.fill_(0)

    def uniform_(self, from_: Any = 0.0, to: Any = 1.0, *, generator: Generator | None = None) -> Tensor:
        source = default_generator if generator is None else generator
        return fill(self, lambda array: source.fill_uniform(array, from_, to))

    def normal_(self, mean: Any = 0.0, std: Any = 1.0, *, generator: Generator | None = None) -> Tensor:
        source = default_generator if generator is None else generator
        return fill(self, lambda array: source.fill_normal(array, mean, std))


def _rebuild(kind: type[Tensor], array: Array, requires_grad: bool) -> Tensor:
    """The inverse of pickling."""
    value = kind.__new__(kind)
    value._begin(array)
    value._requires_grad = requires_grad
    return value
