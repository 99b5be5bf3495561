"""Regions whose functions choose their dtypes: torch.autocast and what is asked about it.

May import: `pyconv.dtypes`, `pyconv.signatures`, `pyconv.size`, `pyconv.tensor`.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from pyconv import dtypes
from pyconv.signatures import function
from pyconv.signatures.autocast import state
from pyconv.size import device
from pyconv.tensor import Tensor

__all__ = [
    "autocast",
    "autocast_decrement_nesting",
    "autocast_increment_nesting",
    "clear_autocast_cache",
    "custom_bwd",
    "custom_fwd",
    "get_autocast_cpu_dtype",
    "get_autocast_dtype",
    "get_autocast_gpu_dtype",
    "is_autocast_available",
    "is_autocast_cache_enabled",
    "is_autocast_cpu_enabled",
    "is_autocast_enabled",
    "set_autocast_cache_enabled",
    "set_autocast_dtype",
    "set_autocast_enabled",
]

_AVAILABLE = frozenset(("cpu", "cuda", "hpu", "ipu", "maia", "mps", "mtia", "privateuseone", "xla", "xpu"))


class _Elsewhere:
    """What was set for devices that are not here: it is remembered, and has no effect."""

    enabled: dict[str, bool] = {}  # noqa: RUF012 (the one state of all threads)
    dtype: dict[str, dtypes.dtype] = {}  # noqa: RUF012


def is_autocast_available(device_type: str) -> bool:
    """Whether there are such regions for a kind of device.

    Args:
        device_type: as 'cpu' or 'cuda'.

    Raises:
        RuntimeError: there is no such kind.

    Example:
        >>> is_autocast_available("cpu")
        True
    """
    return device(device_type).type in _AVAILABLE


@function("()", "(str device_type)")
def is_autocast_enabled(device_type: str = "cuda") -> bool:
    """Whether functions choose their dtypes now.

    Args:
        device_type: the kind of device that is asked about.

    Example:
        >>> with autocast("cpu"):
        ...     print(is_autocast_enabled("cpu"), is_autocast_enabled("cuda"))
        True False
    """
    kind = device(device_type).type
    return state.enabled if kind == "cpu" else _Elsewhere.enabled.get(kind, False)


@function("(str device_type, bool enabled)")
def set_autocast_enabled(device_type: str, enabled: bool) -> None:
    """Have functions choose their dtypes, or not.

    Args:
        device_type: the kind of device; others than the CPU are not here.
        enabled: whether.

    Example:
        >>> set_autocast_enabled("cpu", False)
    """
    if device(device_type).type == "cpu":
        state.enabled = enabled
    else:
        _Elsewhere.enabled[device_type] = enabled


def get_autocast_dtype(device_type: str) -> dtypes.dtype:
    """The lower dtype of such regions.

    Args:
        device_type: the kind of device.

    Example:
        >>> get_autocast_dtype("cpu"), get_autocast_dtype("cuda")
        (torch.bfloat16, torch.float16)
    """
    kind = device(device_type).type
    return state.dtype if kind == "cpu" else _Elsewhere.dtype.get(kind, dtypes.float16)


def set_autocast_dtype(device_type: str, dtype: dtypes.dtype) -> None:
    """Set the lower dtype of such regions.

    Args:
        device_type: the kind of device.
        dtype: the dtype.
    """
    if device(device_type).type == "cpu":
        state.dtype = dtype
    else:
        _Elsewhere.dtype[device_type] = dtype


def is_autocast_cache_enabled() -> bool:
    """Whether casts of weights may be kept; none is."""
    return state.cache_enabled


def set_autocast_cache_enabled(enabled: bool) -> None:
    """Say whether casts of weights may be kept."""
    state.cache_enabled = enabled


def clear_autocast_cache() -> None:
    """Forget casts of weights; none is kept."""


def autocast_increment_nesting() -> int:
    """Count a region more; how deep they are nested then."""
    state.nesting += 1
    return state.nesting


def autocast_decrement_nesting() -> int:
    """Count a region less; how deep they are nested then."""
    state.nesting -= 1
    return state.nesting


def _deprecated(old: str, new: str) -> None:
    warnings.warn(f"torch.{old} is deprecated. Please use torch.{new} instead.", DeprecationWarning, stacklevel=3)


def get_autocast_gpu_dtype() -> dtypes.dtype:
    """`get_autocast_dtype('cuda')`."""
    _deprecated("get_autocast_gpu_dtype()", "get_autocast_dtype('cuda')")
    return get_autocast_dtype("cuda")


def get_autocast_cpu_dtype() -> dtypes.dtype:
    """`get_autocast_dtype('cpu')`."""
    _deprecated("get_autocast_cpu_dtype()", "get_autocast_dtype('cpu')")
    return get_autocast_dtype("cpu")


def is_autocast_cpu_enabled() -> bool:
    """`is_autocast_enabled('cpu')`."""
    _deprecated("is_autocast_cpu_enabled()", "is_autocast_enabled('cpu')")
    return is_autocast_enabled("cpu")


class _Before(NamedTuple):
    """What held before a region."""

    enabled: bool
    dtype: dtypes.dtype
    cache_enabled: bool


class autocast:
    """A region whose functions choose their dtypes: products and convolutions a lower one, losses single precision.

    A context manager and a decorator. Without the device that it is for, it warns and has no effect.

    Args:
        device_type: the kind of device.
        dtype: the lower dtype, bfloat16 or float16; None for bfloat16 on the CPU, float16 elsewhere.
        enabled: False for a region that changes nothing, or one inside another that is as outside of it.
        cache_enabled: whether casts of weights may be kept.

    Raises:
        ValueError: `device_type` is no str.
        RuntimeError: there is no such kind, or no such regions for it.

    Example:
        >>> import pyconv
        >>> with autocast("cpu"):
        ...     (pyconv.ones(1, 2) @ pyconv.ones(2, 1)).dtype
        torch.bfloat16
    """

    def __init__(
        self,
        device_type: str,
        dtype: dtypes.dtype | None = None,
        enabled: bool = True,
        cache_enabled: bool | None = None,
    ) -> None:
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        self.fast_dtype = get_autocast_dtype(device_type) if dtype is None else dtype
        self.device = device_type
        if not is_autocast_available(device_type):
            raise RuntimeError(f"User specified an unsupported autocast device_type '{device_type}'")
        self._cache_enabled = is_autocast_cache_enabled() if cache_enabled is None else cache_enabled
        reason = self._hindrance() if enabled else None
        if reason is not None:
            warnings.warn(reason, stacklevel=2)
        self._enabled = enabled and reason is None

    def _hindrance(self) -> str | None:
        """Why the region has no effect."""
        if self.device == "cuda":
            return "CUDA is not available or torch_xla is imported. Disabling autocast."
        if self.fast_dtype in (dtypes.bfloat16, dtypes.float16):
            return None
        name = self.device.upper()
        return (
            f"In {name} autocast, but the target dtype is not supported. Disabling autocast.\n"
            f"{name} Autocast only supports dtypes of torch.bfloat16, torch.float16 currently."
        )

    def __enter__(self) -> autocast:
        self._before = _Before(
            is_autocast_enabled(self.device), get_autocast_dtype(self.device), is_autocast_cache_enabled()
        )
        self._set(_Before(self._enabled, self.fast_dtype, self._cache_enabled))
        autocast_increment_nesting()
        return self

    def __exit__(self, *exception: object) -> None:
        autocast_decrement_nesting()
        self._set(self._before)

    def _set(self, given: _Before) -> None:
        set_autocast_enabled(self.device, given.enabled)
        set_autocast_dtype(self.device, given.dtype)
        set_autocast_cache_enabled(given.cache_enabled)

    def __call__(self, func: Callable[..., Any]) -> Callable[..., Any]:
        if not callable(func):
            raise TypeError(
                f"autocast()(func) requires a callable, but got {type(func).__name__}. "
                "Did you mean to use autocast as a context manager? For example:\n"
                "    with torch.autocast(device_type=...):\n        output = model(input)"
            )

        @functools.wraps(func)
        def inside(*args: Any, **kwargs: Any) -> Any:
            with self:
                return func(*args, **kwargs)

        return inside


def custom_fwd(
    fwd: Callable[..., Any] | None = None, *, device_type: str, cast_inputs: dtypes.dtype | None = None
) -> Any:
    """Decorate the `forward` of an autograd Function for such regions.

    Args:
        fwd: the method; left out, the result is a decorator.
        device_type: the kind of device.
        cast_inputs: the dtype in which a region's tensors of floats come, while `forward` is as outside of it; None
            for a `forward` that is inside.

    Raises:
        ValueError: `device_type` is no str.
    """
    _check_kind(device_type)
    if fwd is None:
        return functools.partial(custom_fwd, device_type=device_type, cast_inputs=cast_inputs)
    method = fwd

    @functools.wraps(method)
    def forward(ctx: Any, *args: Any, **kwargs: Any) -> Any:
        ctx._dtype = get_autocast_dtype(device_type)
        inside = is_autocast_enabled(device_type)
        ctx._fwd_used_autocast = inside and cast_inputs is None
        if not inside or cast_inputs is None:
            return method(ctx, *args, **kwargs)
        with autocast(device_type, enabled=False):
            return method(ctx, *_cast(args, device_type, cast_inputs), **_cast(kwargs, device_type, cast_inputs))

    return forward


def custom_bwd(bwd: Callable[..., Any] | None = None, *, device_type: str) -> Any:
    """Decorate the `backward` of an autograd Function so that it is inside a region where its `forward` was.

    Args:
        bwd: the method; left out, the result is a decorator.
        device_type: the kind of device.

    Raises:
        ValueError: `device_type` is no str.
    """
    _check_kind(device_type)
    if bwd is None:
        return functools.partial(custom_bwd, device_type=device_type)
    method = bwd

    @functools.wraps(method)
    def backward(ctx: Any, *args: Any, **kwargs: Any) -> Any:
        with autocast(device_type, enabled=ctx._fwd_used_autocast, dtype=ctx._dtype):
            return method(ctx, *args, **kwargs)

    return backward


def _check_kind(device_type: object) -> None:
    if not isinstance(device_type, str):
        raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")


def _cast(value: Any, device_type: str, kind: dtypes.dtype) -> Any:
    """The tensors of floats but doubles in a value and its containers in another dtype."""
    if isinstance(value, Tensor):
        fits = value.is_floating_point() and value.device.type == device_type and value.dtype is not dtypes.float64
        return value.to(kind) if fits else value
    if isinstance(value, (str, bytes, np.ndarray)):
        return value
    if isinstance(value, Mapping):
        return {_cast(key, device_type, kind): _cast(item, device_type, kind) for key, item in value.items()}
    if isinstance(value, Iterable):
        items = (_cast(item, device_type, kind) for item in value)
        return type(value)(items) if isinstance(value, (list, tuple)) else items
    return value
