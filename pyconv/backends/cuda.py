"""torch.backends.cuda without CUDA: its switches can be set, and change nothing, as on torch's CPU build.

May import: the standard library, `pyconv.runtime`, `pyconv.nn.functional`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pyconv import runtime
from pyconv.nn.functional.attention import KERNELS as _attention

_PRECISIONS = ("none", "ieee", "tf32")
_REDUCED = ("allow_fp16_reduced_precision_reduction", "allow_bf16_reduced_precision_reduction")


class cuBLASModule:
    """How products of matrices would be computed; `torch.backends.cuda.matmul`.

    `allow_tf32` is another name for a matmul precision other than "highest"; the other switches are only kept.

    Example:
        >>> import pyconv as torch
        >>> torch.backends.cuda.matmul.allow_tf32 = True
        >>> torch.get_float32_matmul_precision()
        'high'
        >>> torch.set_float32_matmul_precision("highest")
        >>> torch.backends.cuda.matmul.allow_tf32
        False
    """

    def __init__(self) -> None:
        kept: dict[str, Any] = {"allow_fp16_accumulation": False}
        for name in _REDUCED:
            kept[name] = kept[f"{name}_split_k"] = True
        self.__dict__["_kept"] = kept

    def __getattr__(self, name: str) -> Any:
        if name == "allow_tf32":
            return runtime.is_tf32_allowed()
        if name == "fp32_precision":
            return runtime.cuda_matmul_precision()
        if name not in self._kept:
            raise AttributeError(f"Unknown attribute {name}")
        return self._kept[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "allow_tf32":
            runtime.set_float32_matmul_precision("high" if _flag(value, "set_allow_tf32_cublas") else "highest")
        elif name == "allow_fp16_accumulation":
            self._kept[name] = _flag(value, "set_allow_fp16_accumulation_cublas")
        elif name == "fp32_precision":
            runtime.set_cuda_matmul_precision(_precision(value))
        elif name in _REDUCED:
            self._kept[name], self._kept[f"{name}_split_k"] = _reduction(value, name)
        else:
            raise AttributeError(f"Unknown attribute {name}")


def _flag(value: object, setter: str) -> bool:
    if not isinstance(value, bool):
        raise RuntimeError(f"{setter} expects a bool, but got {type(value).__name__}")
    return value


def _precision(value: object) -> str:
    if value == "bf16":
        raise RuntimeError("backend 'cuda' does not support precision 'bf16'")
    if value not in _PRECISIONS:
        raise RuntimeError(f"Unknown precision: {value}")
    return str(value)


def _reduction(value: object, name: str) -> tuple[bool, bool]:
    """Whether sums may be rounded to the operands' dtype, and whether they may be split up."""
    if isinstance(value, bool):
        return value, True
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"{name} expects a bool or a tuple/list of bools, but got {type(value)!r}")
    if not 1 <= len(value) <= 2:
        bound = "at most two boolean arguments" if value else "at least one boolean argument"
        raise TypeError(f"{name} expects {bound}")
    for part, given in zip(("allow_reduced_precision", "allow_splitk"), value, strict=False):
        if not isinstance(given, bool):
            raise TypeError(f"{name} expects a bool for {part}, but got {type(given)!r}")
    reduced, split = value if len(value) == 2 else (value[0], True)
    if reduced and not split:
        raise RuntimeError("allow_splitk=False is not supported when reduced precision reductions are enabled")
    return reduced, split


matmul = cuBLASModule()


def is_built() -> bool:
    """False.

    Example:
        >>> is_built()
        False
    """
    return False


def is_flash_attention_available() -> bool:
    """False."""
    return False


def flash_sdp_enabled() -> bool:
    """Whether attention on a GPU might be computed by FlashAttention."""
    return _attention["flash"]


def mem_efficient_sdp_enabled() -> bool:
    """Whether attention on a GPU might be computed with little memory."""
    return _attention["mem_efficient"]


def math_sdp_enabled() -> bool:
    """Whether attention on a GPU might be computed by two products and a softmax."""
    return _attention["math"]


def cudnn_sdp_enabled() -> bool:
    """Whether attention on a GPU might be computed by cuDNN."""
    return _attention["cudnn"]


def enable_flash_sdp(enabled: bool) -> None:
    """Set what `flash_sdp_enabled` says.

    Raises:
        RuntimeError: no bool.
    """
    _attention["flash"] = _flag(enabled, "set_sdp_use_math")


def enable_mem_efficient_sdp(enabled: bool) -> None:
    """Set what `mem_efficient_sdp_enabled` says.

    Raises:
        RuntimeError: no bool.
    """
    _attention["mem_efficient"] = _flag(enabled, "set_sdp_use_math")


def enable_math_sdp(enabled: bool) -> None:
    """Set what `math_sdp_enabled` says.

    Raises:
        RuntimeError: no bool.
    """
    _attention["math"] = _flag(enabled, "set_sdp_use_math")


def enable_cudnn_sdp(enabled: bool) -> None:
    """Set what `cudnn_sdp_enabled` says.

    Raises:
        RuntimeError: no bool.
    """
    _attention["cudnn"] = _flag(enabled, "set_sdp_use_cudnn")


@contextmanager
def sdp_kernel(
    enable_flash: bool = True,
    enable_math: bool = True,
    enable_mem_efficient: bool = True,
    enable_cudnn: bool = True,
) -> Iterator[dict[Any, Any]]:
    """Set the four switches of attention inside a `with` block; torch deprecates it.

    Args:
        enable_flash: as set by `enable_flash_sdp`.
        enable_math: likewise.
        enable_mem_efficient: likewise.
        enable_cudnn: likewise.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings(action="ignore"), sdp_kernel(enable_math=False):
        ...     math_sdp_enabled()
        False
    """
    warnings.warn(
        "`torch.backends.cuda.sdp_kernel()` is deprecated. In the future, this context manager will be removed. Please "
        "see `torch.nn.attention.sdpa_kernel()` for the new context manager, with updated signature.",
        FutureWarning,
        stacklevel=3,
    )
    before = dict(_attention)
    values: Sequence[bool] = (enable_flash, enable_mem_efficient, enable_math, enable_cudnn)
    _attention.update(zip(_attention, values, strict=True))
    try:
        yield {}
    finally:
        _attention.update(before)
