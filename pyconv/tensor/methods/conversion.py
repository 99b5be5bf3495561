"""The Tensor's methods for another dtype, device or memory format: x.to(...), x.float() and their kin.

May import: NumPy, and all of pyconv below `tensor.tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.autograd.primitive import primitive
from pyconv.autograd.traced import Traced
from pyconv.meta import NO_DATA, Meta
from pyconv.ops import layout
from pyconv.ops.cast import array_of, cast
from pyconv.signatures import function, method, written
from pyconv.size import memory_format as _memory_format
from pyconv.size import on_meta, preserve_format
from pyconv.tensor import checks

_clone = layout.clone.alias("ToCopy")


@primitive("ToCopy")
def _without_data(x: Any) -> Any:
    """An array of the shape and dtype of another, without elements."""
    return Meta.like(x)


def _no_gradient(g: Any, x: Any) -> Any:
    """Refuse: a gradient on the meta device has no elements."""
    del g, x
    raise NotImplementedError(NO_DATA)


_without_data.defvjp(0, _no_gradient)


def converted(
    input: Any, dtype: dtypes.dtype | None, memory_format: _memory_format | None = None, copy: bool = False
) -> Any:
    """A tensor in a dtype and memory format; itself where it has both."""
    array = array_of(input)
    if dtype is not None:
        checks.warn_of_lost_parts(dtypes.of(array), dtype)
    found = input if dtype is None else cast(input, dtype.numpy)
    order = preserve_format if memory_format is None else memory_format
    if found is input:
        stays = not copy and (order is preserve_format or order is layout.suggested(array))
    else:
        stays = order is preserve_format or (1 not in array.shape and layout.is_contiguous(array_of(found), order))
    return found if stays else _clone(found, order=order)


@function(
    "(Tensor input, torch.device device = None, torch.dtype dtype = None, bool non_blocking = False, "
    "bool copy = False, *, torch.memory_format memory_format = None)",
    "(Tensor input, torch.dtype dtype, bool non_blocking = False, bool copy = False, *, "
    "torch.memory_format memory_format = None)",
    "(Tensor input, Tensor tensor, bool non_blocking = False, bool copy = False, *, "
    "torch.memory_format memory_format = None)",
)
def to(
    input: Any,
    *args: Any,
    device: Any = None,
    dtype: dtypes.dtype | None = None,
    tensor: Any = None,
    other: Any = None,
    non_blocking: bool = False,
    copy: bool = False,
    memory_format: _memory_format | None = None,
) -> Any:
    """The tensor in another dtype or memory format; itself where it has both and no copy is asked for.

    Args:
        input: of any shape.
        args: a device and a dtype, a dtype, or a tensor that has both; then `non_blocking` and `copy`.
        device: 'cpu'.
        dtype: of the result.
        tensor: whose dtype the result has.
        other: likewise.
        non_blocking: ignored: there is one device.
        copy: whether the result is always a copy.
        memory_format: of the result.

    Raises:
        RuntimeError: another device, or a format with another number of dimensions.

    Example:
        >>> import pyconv
        >>> pyconv.tensor([1.5]).to(pyconv.int32)
        tensor([1], dtype=torch.int32)
    """
    del non_blocking
    flags = []
    like = tensor if tensor is not None else other
    for argument in args:
        if isinstance(argument, dtypes.dtype):
            dtype = argument
        elif isinstance(argument, type):
            dtype = dtypes.PYTHON[argument]
        elif isinstance(argument, Traced):
            like = argument
        elif isinstance(argument, bool):
            flags.append(argument)
        elif argument is not None:
            device = argument
    if like is not None:
        device = "meta" if isinstance(array_of(like), Meta) else "cpu"
    if device is not None and on_meta(device) != isinstance(array_of(input), Meta):
        if not on_meta(device):
            raise NotImplementedError(NO_DATA)
        input = _without_data(input)
    kind = dtypes.of(array_of(like)) if like is not None else dtypes.PYTHON.get(dtype, dtype)  # type: ignore[call-overload]
    return converted(input, kind, memory_format, copy or flags[1:] == [True])


def _caster(name: str, kind: dtypes.dtype) -> Any:
    def call(input: Any, *, memory_format: _memory_format | None = None) -> Any:
        return input.to(kind, memory_format=memory_format)

    call.__name__ = name
    call.__doc__ = f"The tensor in the dtype {kind}; itself where it has that.\n\n    See `Tensor.to`.\n"
    return method(function("(Tensor input, *, torch.memory_format memory_format = None)")(call))


class ConversionMethods:
    """The methods for another dtype, device or memory format."""

    __slots__ = ()

    to = method(to)
    double = _caster("double", dtypes.float64)
    float = _caster("float", dtypes.float32)
    half = _caster("half", dtypes.float16)
    bfloat16 = _caster("bfloat16", dtypes.bfloat16)
    long = _caster("long", dtypes.int64)
    int = _caster("int", dtypes.int32)
    short = _caster("short", dtypes.int16)
    char = _caster("char", dtypes.int8)
    byte = _caster("byte", dtypes.uint8)
    bool = _caster("bool", dtypes.bool_)
    cfloat = _caster("cfloat", dtypes.complex64)
    cdouble = _caster("cdouble", dtypes.complex128)
    chalf = _caster("chalf", dtypes.complex32)

    def type(self, dtype: Any = None, non_blocking: Any = False, **kwargs: Any) -> Any:
        """The name of the tensor's type; with a dtype or such a name, the tensor in that.

        Args:
            dtype: a dtype, a type of tensors, or its name; the Tensor itself stands for the default dtype.
            non_blocking: ignored: there is one device.
            kwargs: `memory_format`.

        Raises:
            RuntimeError: the type is one of CUDA's.
            TypeError: it is none of these.
            ValueError: no tensor has such a type.

        Example:
            >>> import pyconv
            >>> pyconv.ones(1).type()
            'torch.FloatTensor'
        """
        del non_blocking
        if dtype is None:
            place = "meta." if isinstance(array_of(self), Meta) else ""
            return f"torch.{place}{dtypes.of(array_of(self)).scalar_name}Tensor"
        return self.to(_kind(dtype), **kwargs)

    @written("(Tensor self, Tensor other)")
    def type_as(self, other: Any) -> Any:
        """The tensor in the dtype of another.

        Example:
            >>> import pyconv
            >>> pyconv.ones(1).type_as(pyconv.tensor(1))
            tensor([1])
        """
        return self.to(dtypes.of(array_of(other)))

    @written("(Tensor self, torch.dtype dtype = None, *, bool masked_grad = None)")
    def to_dense(self, dtype: Any = None, *, masked_grad: Any = None) -> Any:
        """The tensor itself, which is dense, in a dtype.

        Example:
            >>> import pyconv
            >>> pyconv.ones(1).to_dense()
            tensor([1.])
        """
        del masked_grad
        return converted(self, dtype)

    @written("(Tensor self, *, torch.memory_format memory_format = None)")
    def cpu(self, *, memory_format: _memory_format | None = None) -> Any:
        """The tensor itself, in a memory format.

        Example:
            >>> import pyconv
            >>> pyconv.ones(1).cpu()
            tensor([1.])
        """
        return self.to("cpu", memory_format=memory_format)


def _kind(wanted: Any) -> dtypes.dtype:
    """The dtype that a dtype, a type of tensors or its name stands for."""
    if isinstance(wanted, dtypes.dtype):
        return wanted
    if isinstance(wanted, str):
        return dtypes.of_type_name(wanted)
    if not isinstance(wanted, type):
        raise TypeError("dtype must be a type, str, or dtype object")
    if ConversionMethods in wanted.__bases__:
        return dtypes.of_type_name("torch.Tensor")
    old = isinstance(getattr(wanted, "dtype", None), dtypes.dtype)
    return dtypes.of_type_name(f"{wanted.__module__}.{wanted.__name__}" if old else wanted.__name__)
