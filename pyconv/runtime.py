"""What a program may ask and set about how torch runs: threads, determinism, precision, compilation.

May import: NumPy, `pyconv.dtypes`, `pyconv.naming`, `pyconv.kernels`, `pyconv.size`, `pyconv.tensor`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from pyconv import dtypes, warned
from pyconv.functions import determinism
from pyconv.kernels import precision as kernels_precision
from pyconv.kernels import threads
from pyconv.naming import family
from pyconv.ops.arithmetic import promoted
from pyconv.signatures import function
from pyconv.size import default_device, set_default
from pyconv.size import device as _device
from pyconv.tensor import Tensor
from pyconv.tensor.storage import StorageBase

__all__ = [
    "are_deterministic_algorithms_enabled",
    "can_cast",
    "compile",
    "get_default_device",
    "get_deterministic_debug_mode",
    "get_float32_matmul_precision",
    "get_num_threads",
    "is_deterministic_algorithms_warn_only_enabled",
    "is_storage",
    "is_warn_always_enabled",
    "result_type",
    "set_default_device",
    "set_default_tensor_type",
    "set_deterministic_debug_mode",
    "set_float32_matmul_precision",
    "set_num_threads",
    "set_warn_always",
    "typename",
    "use_deterministic_algorithms",
]


class _State:
    cuda_precision = "none"


def get_num_threads() -> int:
    """How many threads a convolution or a matrix product may take."""
    return threads.count()


def set_num_threads(num_threads: int) -> None:
    """Set how many threads a convolution or a matrix product may take.

    That needs the package threadpoolctl, and warns without it.

    Raises:
        RuntimeError: that is no positive integer.
    """
    if not isinstance(num_threads, int):
        raise RuntimeError(f"set_num_threads expects an int, but got {type(num_threads).__name__}")
    if num_threads < 1:
        raise RuntimeError("set_num_threads expects a positive integer")
    if find_spec("threadpoolctl") is None:
        warnings.warn(
            "the number of threads stays as it is: setting it needs threadpoolctl (pip install 'pyconv[fast]')",
            stacklevel=2,
        )
        return
    threads.set_count(num_threads)


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Ask for algorithms that give the same bits again, and for known values in new memory.

    All of this library's do; the functions that torch has no such algorithm for are refused as there.

    Args:
        mode: whether to.
        warn_only: whether those functions are only warned of.

    Raises:
        TypeError: an argument is no bool.

    Example:
        >>> import pyconv
        >>> use_deterministic_algorithms(True)
        >>> pyconv.empty(2)
        tensor([nan, nan])
        >>> use_deterministic_algorithms(False)
    """
    for name, value in (("'mode' (position 1)", mode), ("'warn_only'", warn_only)):
        if not isinstance(value, bool):
            raise TypeError(
                f"_set_deterministic_algorithms(): argument {name} must be bool, not {type(value).__name__}"
            )
    determinism.State.enabled, determinism.State.warn_only = mode, warn_only


_DEBUG_MODES = ("default", "warn", "error")


def set_deterministic_debug_mode(debug_mode: int | str) -> None:
    """`use_deterministic_algorithms` by one word: 'default' for off, 'warn', or 'error', or 0, 1 or 2.

    Raises:
        RuntimeError: another word or number.
        TypeError: something else.

    Example:
        >>> set_deterministic_debug_mode("warn")
        >>> get_deterministic_debug_mode()
        1
        >>> set_deterministic_debug_mode(0)
    """
    if not isinstance(debug_mode, (int, str)):
        raise TypeError(f"debug_mode must be str or int, but got {type(debug_mode)}")
    if isinstance(debug_mode, str):
        if debug_mode not in _DEBUG_MODES:
            raise RuntimeError(
                f"invalid value of debug_mode, expected one of `default`, `warn`, `error`, but got {debug_mode}"
            )
        debug_mode = _DEBUG_MODES.index(debug_mode)
    if debug_mode not in (0, 1, 2):
        raise RuntimeError(f"invalid value of debug_mode, expected 0, 1, or 2, but got {debug_mode}")
    use_deterministic_algorithms(debug_mode > 0, warn_only=debug_mode == 1)


def get_deterministic_debug_mode() -> int:
    """0 where algorithms that give the same bits were not asked for, 1 where others are warned of, else 2."""
    return int(determinism.State.enabled) * (1 if determinism.State.warn_only else 2)


def set_warn_always(b: bool, /) -> None:
    """Give each time the warnings that a process otherwise gives once.

    Raises:
        RuntimeError: it is no bool.
    """
    if not isinstance(b, bool):
        raise RuntimeError(f"setWarnOnlyOnce expects a bool, but got {type(b).__name__}")
    warned.give_always(b)


def is_warn_always_enabled() -> bool:
    """Whether warnings are given each time.

    Example:
        >>> is_warn_always_enabled()
        False
    """
    return warned.are_always_given()


def are_deterministic_algorithms_enabled() -> bool:
    """Whether algorithms that give the same bits again were asked for.

    Example:
        >>> are_deterministic_algorithms_enabled()
        False
    """
    return determinism.State.enabled


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Whether others would only be warned of."""
    return determinism.State.warn_only


def get_float32_matmul_precision() -> str:
    """How exact products of float32 matrices are: 'highest', 'high' or 'medium'.

    Raises:
        RuntimeError: `torch.backends.cuda.matmul.fp32_precision` says something else.
    """
    if _State.cuda_precision == "tf32" and kernels_precision.get() == "highest":
        raise RuntimeError(
            f"PyTorch is checking the matmul precision without a specific backend name,{_MIXED} matmul precision. We "
            f"suggest only using the new API for matmul precision. {_SEE}"
        )
    return kernels_precision.get()


_MIXED = "Current status indicate that you have used mix of the legacy and new APIs to set the"
_SEE = "See also: https://pytorch.org/docs/main/notes/cuda.html#tensorfloat-32-tf32-on-ampere-and-later-devices"


def set_float32_matmul_precision(precision: str) -> None:
    """Allow convolutions of float32 to round more for speed: 'high' and 'medium' allow larger Winograd tiles.

    Every result stays under the bound (2 + 2√K)·u·S, S being the sum of the magnitudes of its K terms and u = 2⁻²⁴.

    Raises:
        RuntimeError: the word is unknown.
    """
    if precision not in ("highest", "high", "medium"):
        warnings.warn(
            f"{precision} is not one of 'highest', 'high', or 'medium'; the current"
            "setFloat32MatmulPrecision call has no effect.",
            stacklevel=2,
        )
        return
    kernels_precision.put(precision)
    _State.cuda_precision = "ieee" if precision == "highest" else "tf32"


def cuda_matmul_precision() -> str:
    """What `torch.backends.cuda.matmul.fp32_precision` is: 'none', 'ieee' or 'tf32'."""
    return _State.cuda_precision


def set_cuda_matmul_precision(precision: str) -> None:
    """Set what `cuda_matmul_precision` says."""
    _State.cuda_precision = precision


def is_tf32_allowed() -> bool:
    """What `torch.backends.cuda.matmul.allow_tf32` is.

    Raises:
        RuntimeError: `torch.backends.cuda.matmul.fp32_precision` says something else.
    """
    allowed = kernels_precision.is_loose()
    if allowed != (_State.cuda_precision == "tf32"):
        raise RuntimeError(
            f"PyTorch is checking whether allow_tf32_new is enabled for cuBlas matmul,{_MIXED} TF32 status for cublas "
            f"matmul. We suggest only using the new API to set the TF32 flag. {_SEE}"
        )
    return allowed


def get_default_device() -> _device:
    """Where new tensors are.

    Example:
        >>> import pyconv
        >>> with pyconv.device("meta"):
        ...     get_default_device()
        device(type='meta')
    """
    return default_device() or _device("cpu")


def set_default_device(device: Any) -> None:
    """Set where new tensors are, in this thread and outside `with torch.device(...):`.

    Args:
        device: 'cpu', or 'meta' for tensors that have shapes and no elements; None for what was at first.

    Example:
        >>> import pyconv
        >>> set_default_device("meta")
        >>> pyconv.ones(2)
        tensor(..., device='meta', size=(2,))
        >>> set_default_device(None)
    """
    set_default(None if device is None else _device(device))


def set_default_tensor_type(t: Any) -> None:
    """Set the default dtype by a tensor type or its name, as 'torch.DoubleTensor'.

    Raises:
        TypeError: the type is no floating-point one, or one of CUDA's.
        ValueError: no tensor has a type of that name.
    """
    warned.warn_once(
        "torch.set_default_tensor_type() is deprecated as of PyTorch 2.1, please use torch.set_default_dtype() and "
        "torch.set_default_device() as alternatives.",
        stacklevel=2,
    )
    if isinstance(t, type) and isinstance(getattr(t, "dtype", None), dtypes.dtype):
        t = f"{t.__module__}.{t.__name__}"
    if not isinstance(t, str) or t == "torch.Tensor":
        raise TypeError("invalid type object: only floating-point types are supported as the default type")
    if t.startswith("torch.cuda."):
        raise TypeError(f"type {t} not available. Torch not compiled with CUDA enabled.")
    dtypes.set_default_dtype(dtypes.of_type_name(t))


def compile(model: Any = None, **options: Any) -> Any:  # noqa: ARG001
    """A function or a module as it is: there is no compiler, and the same is computed.

    Args:
        model: a function or a module; left out, the result is a decorator.
        options: ignored.
    """
    return (lambda function: function) if model is None else model


def typename(obj: Any) -> str:
    """The name of an object's type, as `torch.FloatTensor`.

    Example:
        >>> typename(3)
        'int'
    """
    if isinstance(obj, Tensor):
        return str(obj.type())
    kind = obj if isinstance(obj, type) or (isinstance(obj, Callable) and hasattr(obj, "__qualname__")) else type(obj)  # type: ignore[arg-type]
    module = family(getattr(kind, "__module__", ""))
    name = getattr(kind, "__qualname__", type(obj).__qualname__)
    if module in ("", "builtins"):
        return str(name)
    return f"{module.replace('pyconv', 'torch', 1) if module.startswith('pyconv') else module}.{name}"


@function(
    "(Tensor tensor, Tensor other)",
    "(Number scalar, Tensor tensor)",
    "(Tensor tensor, Number other)",
    "(Number scalar1, Number scalar2)",
)
def result_type(tensor1: Any, tensor2: Any) -> dtypes.dtype:
    """The dtype of a sum of two operands, Tensors or numbers.

    Example:
        >>> import pyconv
        >>> result_type(pyconv.ones(1, dtype=pyconv.int64), 1.0)
        torch.float32
    """
    return promoted(tensor1, tensor2)


@function("(torch.dtype from_, torch.dtype to)")
def can_cast(from_: dtypes.dtype, to: dtypes.dtype) -> bool:
    """Whether numbers of one type may become those of another without losing their kind.

    Example:
        >>> can_cast(dtypes.float32, dtypes.int32)
        False
    """
    return dtypes.category(from_) <= dtypes.category(to)


def is_storage(obj: Any) -> bool:
    """Whether an object is a storage.

    Example:
        >>> is_storage(3)
        False
    """
    return isinstance(obj, StorageBase)
