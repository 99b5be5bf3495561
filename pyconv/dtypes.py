"""torch's data types over NumPy's: names, promotion, and the dtype in which a sum is accumulated.

May import: NumPy and the standard library. `bfloat16` and the float8 types exist only with `ml_dtypes`,
which is looked for when one of them is first used, never at import.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np


class dtype:
    """A torch data type, such as `pyconv.float32`.

    Attributes:
        is_floating_point: True for real floating-point types.
        is_complex: True for complex types.
        is_signed: True for types that hold negative numbers.
        itemsize: bytes an element takes.

    Example:
        >>> import pyconv
        >>> pyconv.float64, pyconv.float64.itemsize, pyconv.int8.is_floating_point
        (torch.float64, 8, False)
    """

    __slots__ = (
        "_numpy",
        "cpp_name",
        "is_complex",
        "is_floating_point",
        "is_signed",
        "itemsize",
        "name",
        "scalar_name",
    )

    def __init__(self, name: str, kind: str, itemsize: int, scalar_name: str, cpp_name: str) -> None:
        self.name = name
        self.is_floating_point = kind == "f"
        self.is_complex = kind == "c"
        self.is_signed = kind in "fci"
        self.itemsize = itemsize
        self.scalar_name = scalar_name
        self.cpp_name = cpp_name
        self._numpy: np.dtype[Any] | None = None

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _named, (self.name,)

    @property
    def numpy(self) -> np.dtype[Any]:
        """The NumPy dtype; a TypeError with the remedy where this environment has none."""
        if self._numpy is None:
            self._numpy = _find_numpy(self.name)
        return self._numpy

    def to_complex(self) -> dtype:
        """The complex type whose parts have this type."""
        return {"float16": complex32, "float64": complex128}.get(self.name, complex64)


def _find_numpy(name: str) -> np.dtype[Any]:
    if name == "complex32":
        raise TypeError("torch.complex32 has no NumPy counterpart; use torch.complex64")
    if name in _ML_DTYPES:
        try:
            import ml_dtypes
        except ModuleNotFoundError as error:
            raise TypeError(f"torch.{name} needs the package ml_dtypes: pip install 'pyconv[bf16]'") from error
        return np.dtype(getattr(ml_dtypes, name))
    return np.dtype(name)


_ML_DTYPES = ("bfloat16", "float8_e4m3fn", "float8_e5m2")

uint8 = dtype("uint8", "u", 1, "Byte", "unsigned char")
int8 = dtype("int8", "i", 1, "Char", "signed char")
int16 = short = dtype("int16", "i", 2, "Short", "short int")
int32 = dtype("int32", "i", 4, "Int", "int")
int64 = long = dtype("int64", "i", 8, "Long", "long int")
uint16 = dtype("uint16", "u", 2, "UInt16", "short unsigned int")
uint32 = dtype("uint32", "u", 4, "UInt32", "unsigned int")
uint64 = dtype("uint64", "u", 8, "UInt64", "long unsigned int")
bool_ = dtype("bool", "b", 1, "Bool", "bool")
float16 = half = dtype("float16", "f", 2, "Half", "c10::Half")
bfloat16 = dtype("bfloat16", "f", 2, "BFloat16", "c10::BFloat16")
float32 = dtype("float32", "f", 4, "Float", "float")
float64 = double = dtype("float64", "f", 8, "Double", "double")
float8_e4m3fn = dtype("float8_e4m3fn", "f", 1, "Float8_e4m3fn", "c10::Float8_e4m3fn")
float8_e5m2 = dtype("float8_e5m2", "f", 1, "Float8_e5m2", "c10::Float8_e5m2")
complex32 = chalf = dtype("complex32", "c", 4, "ComplexHalf", "c10::complex<c10::Half>")
complex64 = cfloat = dtype("complex64", "c", 8, "ComplexFloat", "c10::complex<float>")
complex128 = cdouble = dtype("complex128", "c", 16, "ComplexDouble", "c10::complex<double>")

PYTHON = {float: float64, int: int64, bool: bool_, complex: complex128}
"""What Python's types of numbers mean where a dtype is wanted."""

_ALL = (
    uint8,
    int8,
    int16,
    int32,
    int64,
    uint16,
    uint32,
    uint64,
    bool_,
    float16,
    bfloat16,
    float32,
    float64,
    float8_e4m3fn,
    float8_e5m2,
    complex32,
    complex64,
    complex128,
)
_BY_NAME = {d.name: d for d in _ALL}
_CACHE: dict[np.dtype[Any], dtype] = {}

_NO_CUDA = (
    "Cannot initialize CUDA without ATen_cuda library. PyTorch splits its backend into two shared libraries: a CPU "
    "library and a CUDA library; this error has occurred because you are trying to use some CUDA functionality, but "
    "the CUDA library has not been loaded by the dynamic linker for some reason.  The CUDA library MUST be loaded, "
    "EVEN IF you don't directly use any symbols from the CUDA library! One common culprit is a lack of "
    "-Wl,--no-as-needed in your link arguments; many dynamic linkers will delete dynamic library dependencies if you "
    "don't depend on any of their symbols.  You can check if this has occurred by using ldd on your binary to see if "
    "there is a dependency on *_cuda.so library."
)

_FLOAT_ORDER = (float16, bfloat16, float32, float64)


def _named(name: str) -> dtype:
    """The inverse of pickling."""
    return _BY_NAME[name]


def of(array: np.ndarray[Any, Any] | np.dtype[Any]) -> dtype:
    """The torch dtype of an array or of a NumPy dtype.

    Raises:
        TypeError: torch has no such type, with torch's text.
        ValueError: the byte order is not this machine's.
    """
    key = array if isinstance(array, np.dtype) else array.dtype
    found = _CACHE.get(key)
    if found is None:
        found = _BY_NAME.get(key.name)
        if not key.isnative:
            raise ValueError(
                "given numpy array has byte order different from the native byte order. "
                "Conversion between byte orders is currently not supported."
            )
        if found is None:
            raise TypeError(_unsupported(key))
        _CACHE[key] = found
    return found


def _unsupported(key: np.dtype[Any]) -> str:
    name = f"{key.type.__module__}.{key.type.__name__}"
    return (
        f"can't convert np.ndarray of type {name}. The only supported types are: float64, float32, float16, "
        "complex64, complex128, int64, int32, int16, int8, uint64, uint32, uint16, uint8, and bool."
    )


def of_type_name(name: str) -> dtype:
    """The dtype that a tensor's type names; `torch.Tensor` is the default one.

    Raises:
        RuntimeError: the type is one of CUDA's.
        ValueError: there is no such type, with torch's text.

    Example:
        >>> of_type_name("torch.DoubleTensor")
        torch.float64
    """
    if name == "torch.Tensor":
        return get_default_dtype()
    for found in _ALL:
        if name == f"torch.{found.scalar_name}Tensor":
            return found
    if name.startswith("torch.cuda."):
        raise RuntimeError(_NO_CUDA)
    raise ValueError(f"invalid type: '{name}'")


def tensor_type(d: dtype) -> str:
    """The type of a dtype's tensors as torch's texts have it, the newer ones in a way of their own.

    Example:
        >>> tensor_type(float16), tensor_type(bfloat16)
        ('torch.HalfTensor', 'CPUBFloat16Type')
    """
    legacy = d in (float16, float32, float64, uint8, int8, int16, int32, int64)
    return f"torch.{d.scalar_name}Tensor" if legacy else f"CPU{d.scalar_name}Type"


def accumulation(key: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype in which sums of products of `key` are formed: float32 for the 16-bit floats, else `key` itself.

    Integers wrap modulo 2**n in their own width, which is what a wider sum cut down at the end would give.
    """
    return np.dtype(np.float32) if key.itemsize < 4 and of(key).is_floating_point else key


_default = float32


def get_default_dtype() -> dtype:
    """The dtype of tensors made without one from Python floats: `float32` unless it was set."""
    return _default


def set_default_dtype(d: dtype) -> None:
    """Set the dtype that `get_default_dtype` returns.

    Raises:
        TypeError: `d` is not a floating-point type.
    """
    global _default
    if not isinstance(d, dtype):
        raise TypeError("invalid dtype object: only floating-point types are supported as the default type")
    if not d.is_floating_point:
        raise TypeError("only floating-point types are supported as the default type")
    _default = d


def category(d: dtype) -> int:
    """0 for bool, 1 for integers, 2 for floating point, 3 for complex."""
    if d is bool_:
        return 0
    return 3 if d.is_complex else 2 if d.is_floating_point else 1


def promote_types(a: dtype, b: dtype) -> dtype:
    """The smallest type to which both can be cast, by torch's lattice.

    Raises:
        RuntimeError: one is a float8, uint16, uint32 or uint64 for which torch has no rule.

    Example:
        >>> promote_types(int64, float16), promote_types(uint8, int8), promote_types(float64, complex64)
        (torch.float16, torch.int16, torch.complex128)
    """
    if a is b:
        return a
    _refuse_promotion(a, b)
    low, high = sorted((a, b), key=category)
    if high.is_complex:
        if low.is_floating_point:
            low = low.to_complex()
        return max(low, high, key=lambda d: d.itemsize) if low.is_complex else high
    if category(low) < category(high):
        return high
    if high.is_floating_point:
        return float32 if {a, b} == {float16, bfloat16} else max(a, b, key=_FLOAT_ORDER.index)
    return of(np.promote_types(a.numpy, b.numpy))


def _refuse_promotion(a: dtype, b: dtype) -> None:
    names = f"is not supported, attempted to promote {a.scalar_name} and {b.scalar_name}"
    if "float8" in a.name + b.name:
        raise RuntimeError(f"Promotion for Float8 Types {names}")
    barebones = {uint16, uint32, uint64}
    if (a in barebones and not b.is_floating_point) or (b in barebones and not a.is_floating_point):
        raise RuntimeError(f"Promotion for uint16, uint32, uint64 types {names}")


def result_type(operands: Iterable[tuple[dtype, str]]) -> dtype:
    """The dtype of an elementwise result: dimensioned operands outrank 0-d ones, and those outrank Python numbers.

    Args:
        operands: pairs of a dtype and one of 'array', 'zero_dim', 'number'; a number's dtype says its category.
    """
    best: dict[str, dtype] = {}
    for d, rank in operands:
        best[rank] = promote_types(best[rank], d) if rank in best else d
    result: dtype | None = None
    for rank in ("array", "zero_dim", "number"):
        if rank in best:
            lower = best[rank]
            if result is None:
                result = _number_default(lower) if rank == "number" else lower
            elif category(lower) > category(result):
                result = _raise_category(result, lower, rank)
    assert result is not None
    return result


def _number_default(d: dtype) -> dtype:
    if d.is_complex:
        return _default.to_complex()
    return _default if d.is_floating_point else d


def _raise_category(result: dtype, lower: dtype, rank: str) -> dtype:
    if lower.is_complex and result.is_floating_point:
        return result.to_complex()
    return _number_default(lower) if rank == "number" else lower


def of_number(value: complex | bool) -> dtype:
    """The dtype that says the category of a number, Python's or NumPy's: bool, int64, float64 or complex128."""
    if isinstance(value, (bool, np.bool_)):
        return bool_
    if isinstance(value, (int, np.integer)):
        return int64
    return complex128 if isinstance(value, (complex, np.complexfloating)) else float64
