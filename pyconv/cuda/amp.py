"""torch.cuda.amp: the old names of torch.amp's, for a device that is not here.

May import: `pyconv.amp`, `pyconv.dtypes`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from pyconv import amp, dtypes

__all__ = ["GradScaler", "amp_definitely_not_available", "autocast", "custom_bwd", "custom_fwd"]


def amp_definitely_not_available() -> bool:
    """True: there is no such device."""
    return True


def _deprecated(name: str) -> None:
    warnings.warn(
        f"`torch.cuda.amp.{name}(args...)` is deprecated. Please use `torch.amp.{name}('cuda', args...)` instead.",
        FutureWarning,
        stacklevel=3,
    )


class autocast(amp.autocast):
    """`torch.autocast` for that device: it warns and has no effect.

    Args:
        enabled: False for one that does not warn.
        dtype: the lower dtype.
        cache_enabled: whether casts of weights may be kept.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     autocast(enabled=False).fast_dtype
        torch.float16
    """

    def __init__(self, enabled: bool = True, dtype: dtypes.dtype = dtypes.float16, cache_enabled: bool = True) -> None:
        _deprecated("autocast")
        super().__init__("cuda", enabled=enabled, dtype=dtype, cache_enabled=cache_enabled)


class GradScaler(amp.GradScaler):
    """`torch.amp.GradScaler` for that device: it warns and has no effect.

    Args:
        init_scale: the first scale.
        growth_factor: how the scale grows.
        backoff_factor: how it shrinks.
        growth_interval: when it grows.
        enabled: False for one that does not warn of it.
    """

    def __init__(
        self,
        init_scale: float = 2.0**16,
        growth_factor: float = 2.0,
        backoff_factor: float = 0.5,
        growth_interval: int = 2000,
        enabled: bool = True,
    ) -> None:
        _deprecated("GradScaler")
        super().__init__("cuda", init_scale, growth_factor, backoff_factor, growth_interval, enabled)


def custom_fwd(fwd: Callable[..., Any] | None = None, *, cast_inputs: dtypes.dtype | None = None) -> Any:
    """`torch.amp.custom_fwd` for that device."""
    _deprecated("custom_fwd")
    return amp.custom_fwd(fwd, device_type="cuda", cast_inputs=cast_inputs)


def custom_bwd(bwd: Callable[..., Any]) -> Any:
    """`torch.amp.custom_bwd` for that device."""
    _deprecated("custom_bwd")
    return amp.custom_bwd(bwd, device_type="cuda")
