"""torch.cpu.amp: the old names of torch.amp's for the CPU.

May import: `pyconv.amp`, `pyconv.dtypes`.
"""

from __future__ import annotations

import warnings

from pyconv import amp, dtypes

__all__ = ["GradScaler", "autocast"]


def _deprecated(name: str) -> None:
    warnings.warn(
        f"`torch.cpu.amp.{name}(args...)` is deprecated. Please use `torch.amp.{name}('cpu', args...)` instead.",
        FutureWarning,
        stacklevel=3,
    )


class autocast(amp.autocast):
    """`torch.autocast("cpu")`.

    Args:
        enabled: False for a region that changes nothing.
        dtype: the lower dtype.
        cache_enabled: whether casts of weights may be kept.

    Example:
        >>> with warnings.catch_warnings():
        ...     warnings.simplefilter("ignore")
        ...     autocast().fast_dtype
        torch.bfloat16
    """

    def __init__(self, enabled: bool = True, dtype: dtypes.dtype = dtypes.bfloat16, cache_enabled: bool = True) -> None:
        _deprecated("autocast")
        super().__init__("cpu", enabled=enabled, dtype=dtype, cache_enabled=cache_enabled)


class GradScaler(amp.GradScaler):
    """`torch.amp.GradScaler("cpu")`.

    Args:
        init_scale: the first scale.
        growth_factor: how the scale grows.
        backoff_factor: how it shrinks.
        growth_interval: when it grows.
        enabled: False for one that has no effect.
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
        super().__init__("cpu", init_scale, growth_factor, backoff_factor, growth_interval, enabled)
