"""What a program may ask and set about how torch runs: threads, determinism, precision, compilation.

May import: NumPy, `pyconv.dtypes`, `pyconv.size`, `pyconv.tensor`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from pyconv import dtypes
from pyconv.functions import warned
from pyconv.ops.arithmetic import promoted
from pyconv.signatures import function
from pyconv.size import default_device, set_default
from pyconv.size import device as _device
from pyconv.tensor import Tensor

__all__ = [
    "are_deterministic_algorithms_enabled",
    "can_cast",
    "compile",
    "get_default_device",
    "get_float32_matmul_precision",
    "get_num_threads",
    "is_deterministic_algorithms_warn_only_enabled",
    "is_storage",
    "is_warn_always_enabled",
    "result_type",
    "set_default_device",
    "set_default_tensor_type",
    "set_float32_matmul_precision",
    "set_num_threads",
    "set_warn_always",
    "typename",
    "use_deterministic_algorithms",
]


class _State:
    deterministic = False
    warn_only = False
    precision = "highest"
    threads: int | None = None


def get_num_threads() -> int:
    """How many threads a matrix product may take."""
    return _State.threads or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def set_num_threads(num_threads: int) -> None:
    """Set how many threads a matrix product may take; that needs the package threadpoolctl, and warns without it.

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
    from threadpoolctl import threadpool_limits

    threadpool_limits(num_threads)
    _State.threads = num_threads


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Ask for algorithms that give the same bits again; all of this library's do."""
    _State.deterministic, _State.warn_only = mode, warn_only


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
    return _State.deterministic


def is_deterministic_algorithms_warn_only_enabled() -> bool:
    """Whether others would only be warned of."""
    return _State.warn_only


def get_float32_matmul_precision() -> str:
    """How exact products of float32 matrices are: 'highest', 'high' or 'medium'."""
    return _State.precision


def set_float32_matmul_precision(precision: str) -> None:
    """Allow less exact products of float32 matrices; there are none, and 'highest' is what is computed.

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
    _State.precision = precision


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
    """Set the default dtype by the name of a tensor type, as 'torch.DoubleTensor'.

    Raises:
        TypeError: the type is no floating-point one.
    """
    dtypes.set_default_dtype(dtypes.of_type_name(t) if isinstance(t, str) else t.dtype)


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
    module = getattr(kind, "__module__", "")
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
    return type(obj).__name__.endswith("Storage")
