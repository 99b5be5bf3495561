"""The Tensor: an ndarray with torch's methods, each of which calls an op.

Past 300 lines because torch's surface is wide: a method is a line or two, and nothing is computed here. May
import: NumPy, and all of pyconv but `nn`, `optim` and `megengine`.
"""

from __future__ import annotations

from builtins import bool as _bool
from builtins import float as _float
from builtins import int as _int
from collections.abc import Iterator
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.backward import backward
from pyconv.autograd.handles import RemovableHandle
from pyconv.autograd.hooks import register_after_accumulation, register_on_gradient
from pyconv.autograd.mode import InferenceVersion, is_grad_enabled, is_inference_mode_enabled
from pyconv.autograd.node import Node
from pyconv.autograd.traced import Traced, retain
from pyconv.functions.determinism import settle
from pyconv.functions.dims import dimension
from pyconv.lazy import family
from pyconv.meta import Meta
from pyconv.naming import adopt, seal
from pyconv.ops import assignment, strided
from pyconv.signatures import written
from pyconv.signatures.declare import complaint
from pyconv.signatures.values import plain_list
from pyconv.size import Size
from pyconv.size import device as _device
from pyconv.tensor import checks
from pyconv.tensor.data import as_array
from pyconv.tensor.inplace import record, update
from pyconv.tensor.methods.activation import ActivationMethods
from pyconv.tensor.methods.conversion import ConversionMethods
from pyconv.tensor.methods.creation import CONSTRUCTOR, CreationMethods, refuse_device
from pyconv.tensor.methods.indexing import IndexingMethods
from pyconv.tensor.methods.legacy import LegacyMethods
from pyconv.tensor.methods.linear_algebra import LinearAlgebraMethods
from pyconv.tensor.methods.operators import OperatorMethods
from pyconv.tensor.methods.placement import PlacementMethods
from pyconv.tensor.methods.pointwise import PointwiseMethods
from pyconv.tensor.methods.products import ProductMethods
from pyconv.tensor.methods.random import RandomMethods
from pyconv.tensor.methods.reductions import ReductionMethods
from pyconv.tensor.methods.shape import ShapeMethods
from pyconv.tensor.methods.sorting import SortingMethods
from pyconv.tensor.methods.storage import StorageMethods
from pyconv.tensor.storage import lend

printing = family("pyconv.printing")

Array = np.ndarray[Any, Any]


class Tensor(
    LinearAlgebraMethods,
    ProductMethods,
    ActivationMethods,
    RandomMethods,
    PointwiseMethods,
    OperatorMethods,
    ReductionMethods,
    SortingMethods,
    ShapeMethods,
    IndexingMethods,
    ConversionMethods,
    CreationMethods,
    StorageMethods,
    PlacementMethods,
    LegacyMethods,
    Traced,
):
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

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        dtype = dtypes.get_default_dtype()
        if kwargs:
            args = _legacy_arguments(args, kwargs)
        if len(args) == 1 and (not isinstance(args[0], int) or isinstance(args[0], bool)):
            if args[0] is None or isinstance(args[0], (bool, float, complex)):
                raise TypeError(f"new(): data must be a sequence (got {type(args[0]).__name__})")
            return _over(cls, _legacy(args[0], dtype))
        sizes = plain_list("new", "size", args)
        if any(n < 0 for n in sizes):
            first = next(n for n in sizes if n < 0)
            raise RuntimeError(f"Trying to create tensor with negative dimension {first}: {list(sizes)}")
        return _over(cls, settle(np.empty(sizes or 0, dtype.numpy)))

    @classmethod
    def _wrap(cls, array: Array) -> Tensor:
        value = object.__new__(Tensor)
        value._begin(array)
        return value

    @staticmethod
    def _make_subclass(cls: type[Any], data: Tensor, require_grad: _bool = False) -> Any:
        """A leaf of a subclass over the memory of a tensor, whose changes it counts too."""
        source = data.detach()
        if require_grad and dtypes.category(source.dtype) < 2:
            raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
        value = _over(cls, source._array)
        value._counter, value._requires_grad = source._counter, require_grad
        return value

    # What it is

    @property
    def shape(self) -> Size:
        """The size of each dimension."""
        return Size(self._array.shape)

    @written("(Tensor self, int dim = None)")
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

    @written("(Tensor self)")
    def dim(self) -> _int:
        return self._array.ndim

    @written("(Tensor self)")
    def numel(self) -> _int:
        return self._array.size

    nelement = numel

    @written("(Tensor self)")
    def element_size(self) -> _int:
        return self._array.itemsize

    @written("(Tensor self, int dim = None)")
    def stride(self, dim: _int | None = None) -> Any:
        steps = strided.strides(self._array)
        return steps if dim is None else steps[dimension(dim, self.ndim)]

    @property
    def dtype(self) -> dtypes.dtype:
        """The data type."""
        return dtypes.of(self._array)

    @property
    def device(self) -> _device:
        """Where it is: on the CPU, or on 'meta'."""
        return _device("meta" if isinstance(self._array, Meta) else "cpu")

    @property
    def is_cuda(self) -> _bool:
        """False."""
        return False

    @written("(Tensor self)")
    def is_floating_point(self) -> _bool:
        return self.dtype.is_floating_point

    @written("(Tensor self)")
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
        if self._node is not None:
            remedy = (
                " If you want to use a computed variable in a subgraph that doesn't require differentiation use "
                "var_no_grad = var.detach()."
            )
            raise RuntimeError(f"you can only change requires_grad flags of leaf variables.{'' if value else remedy}")
        if value and self._array.dtype.kind in "biu":
            raise RuntimeError("only Tensors of floating point and complex dtype can require gradients")
        if value and self.is_inference() and not is_inference_mode_enabled():
            raise RuntimeError("Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.")
        self._requires_grad = value

    @written("(Tensor self, bool requires_grad = True)")
    def requires_grad_(self, requires_grad: _bool = True) -> Tensor:
        if requires_grad and self._array.dtype.kind in "biu":
            raise RuntimeError("only Tensors of floating point dtype can require gradients")
        if self._node is None or requires_grad is not True:
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

    @written("(Tensor self)")
    def retain_grad(self) -> None:
        retain(self)

    @property
    def retains_grad(self) -> _bool:
        """Whether `retain_grad` has been called on a tensor that is not a leaf."""
        return self._retained

    def register_hook(self, hook: Any) -> RemovableHandle:
        return register_on_gradient(self, hook)

    def register_post_accumulate_grad_hook(self, hook: Any) -> RemovableHandle:
        return register_after_accumulation(self, hook)

    def is_inference(self) -> _bool:
        """Whether it was made in inference mode."""
        return isinstance(self._counter, InferenceVersion)

    def _is_view(self) -> _bool:
        return self._base is not None

    @property
    def output_nr(self) -> _int:
        """Which of its node's results it is."""
        return self._output

    @property
    def _version(self) -> _int:
        if self.is_inference():
            raise RuntimeError("Inference tensors do not track version counter.")
        return self._counter.count

    @property
    def data(self) -> Tensor:
        """The same memory without history, whose changes no backward pass notices."""
        return Tensor._wrap(self._array)

    @data.deleter
    def data(self) -> None:
        raise RuntimeError("Deleting tensor data is not allowed. Delete tensor instead!")

    @data.setter
    def data(self, value: Tensor) -> None:
        checks.check_data(value, self)
        self._array = value._array

    @written("(Tensor self)")
    def detach(self) -> Tensor:
        value = Tensor._wrap(self._array)
        value._counter = self._counter
        return value

    @written("(Tensor self)")
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

    @written("(Tensor self)")
    def item(self) -> Any:
        checks.one_element(self)
        return self._array.reshape(()).item()

    @written("(Tensor self)")
    def tolist(self) -> Any:
        return self._array.tolist()

    @written("(Tensor self, *, bool force = False)")
    def numpy(self, *, force: _bool = False) -> Array:
        if self._requires_grad and not force and is_grad_enabled():
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        checks.has_data(self)
        return lend(self._array)

    def __array__(self, dtype: Any = None, copy: _bool | None = None) -> Array:
        return np.array(self.numpy(), dtype=dtype, copy=copy)

    def __array_wrap__(self, array: Array, context: Any = None, return_scalar: _bool = False) -> Any:
        """What NumPy's functions make of a tensor, as a tensor; truth values as uint8."""
        dtypes.of(array)
        return Tensor._wrap(array.astype(np.uint8) if array.dtype == np.bool_ else array)

    def __bool__(self) -> _bool:
        checks.unambiguous(self)
        return bool(self.item())

    def __int__(self) -> _int:
        number = self._number()
        if isinstance(number, complex):
            raise RuntimeError("value cannot be converted to type int64_t without overflow")
        return int(number)

    def __float__(self) -> _float:
        number = self._number()
        checks.warn_of_lost_gradient(self)
        if isinstance(number, complex):
            raise RuntimeError("value cannot be converted to type double without overflow")
        return float(number)

    def __complex__(self) -> complex:
        return complex(self._number())

    def __index__(self) -> _int:
        checks.integer(self)
        return int(self._number())

    def _number(self) -> Any:
        if self._array.size != 1:
            raise ValueError("only one element tensors can be converted to Python scalars")
        return self.item()

    def __len__(self) -> _int:
        if not self.ndim:
            raise TypeError("len() of a 0-d tensor")
        return self._array.shape[0]

    def _rebase(self, result: Any) -> None:
        record(self, result)

    def __reversed__(self) -> Any:
        """The elements along the first dimension in reverse order; a tensor without dimensions as it is."""
        return self.flip(0) if self._array.ndim else self

    def __iter__(self) -> Iterator[Tensor]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d tensor")
        return iter(self.unbind())

    def __contains__(self, item: Any) -> _bool:
        if not isinstance(item, (Tensor, bool, int, float, complex)):
            raise RuntimeError(f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(item)}.")
        return bool((self == item).any())

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
        if self.ndim == 0 and type(self) is Tensor and not self.is_meta:
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
        if self.__dict__:
            from copy import deepcopy

            value.__dict__.update(deepcopy(self.__dict__, memo))
        return value

    def _like(self, array: Array) -> Tensor:
        """A leaf of this tensor's class over another array."""
        value = _over(type(self), array)
        value._requires_grad = self._requires_grad
        return value

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _rebuild, (type(self), self._array, self._requires_grad), self.__dict__ or None

    # Arithmetic
    # In place

    def _update(self, op: Any, *args: Any, **kwargs: Any) -> Tensor:
        """Replace the values by op(self, ...), counted and recorded."""
        return update(self, op, *args, **kwargs)

    @written("(Tensor self, Tensor other, bool non_blocking = False)")
    def copy_(self, other: Tensor, non_blocking: _bool = False) -> Tensor:  # noqa: ARG002
        checks.has_source(other, self)
        return update(self, assignment.replace, other.to("meta") if self.is_meta else other)

    @written("(Tensor self, Tensor value)", "(Tensor self, Number value)")
    def fill_(self, value: Any) -> Tensor:
        return update(self, assignment.fill, value)

    @written("(Tensor self)")
    def zero_(self) -> Tensor:
        return update(self, assignment.zero)


_MIXINS = [base for base in Tensor.__bases__ if base is not Traced]
adopt(Tensor, *_MIXINS)
seal(Tensor, *_MIXINS)


def _legacy_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """The positional arguments of the legacy constructor, which knows a device and little else by name."""
    strange = [name for name in kwargs if name not in ("device", "size", "data", "other")]
    if strange or len(args) + len(kwargs) - ("device" in kwargs) > 1:
        raise TypeError(complaint("new", _LEGACY, args, kwargs))
    refuse_device(args, kwargs, *CONSTRUCTOR)
    kind = _device(kwargs.pop("device", None) or "cpu").type
    if kind != "cpu":
        raise RuntimeError(f"legacy constructor expects device type: cpu but device type: {kind} was passed")
    if "size" in kwargs:
        return tuple(kwargs["size"])
    return args or tuple(kwargs.values())


_LEGACY = (
    "(*, torch.device device = None)",
    "(torch.Storage storage)",
    "(Tensor other)",
    "(tuple of ints size, *, torch.device device = None)",
    "(object data, *, torch.device device = None)",
)


def _over(kind: type[Any], array: Array) -> Any:
    """A leaf of a class over an array; the class's own constructor is not asked."""
    value = object.__new__(kind)
    value._begin(array)
    return value


def _legacy(data: Any, dtype: dtypes.dtype) -> Array:
    """What the legacy constructor makes of its one argument: of a size, no values; of a tensor, the same memory."""
    if isinstance(data, Size):
        return settle(np.empty(data, dtype.numpy))
    return data._array if isinstance(data, Tensor) else np.array(as_array(data, dtype))


def _rebuild(kind: type[Tensor], array: Array, requires_grad: bool) -> Tensor:
    """The inverse of pickling."""
    value = _over(kind, array)
    value._requires_grad = requires_grad
    return value
