"""torch.nn.attention: which kernels scaled dot products may take.

On the CPU there are two, the fused one and the one of two products and a softmax; they give the same numbers here, and
what a program turns off is not used. Imported when it is first asked for. May import: the standard library,
`pyconv.nn.functional`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from pyconv.nn.functional.attention import KERNELS

__all__ = ["SDPBackend", "sdpa_kernel"]


class SDPBackend(Enum):
    """A kernel for scaled dot products.

    Example:
        >>> SDPBackend.MATH, int(SDPBackend.FLASH_ATTENTION)
        (<SDPBackend.MATH: 0>, 1)
    """

    ERROR = -1
    MATH = 0
    FLASH_ATTENTION = 1
    EFFICIENT_ATTENTION = 2
    CUDNN_ATTENTION = 3
    OVERRIDEABLE = 4

    def __int__(self) -> int:
        return self.value

    __index__ = __int__


_NAMES = {
    "flash": SDPBackend.FLASH_ATTENTION,
    "mem_efficient": SDPBackend.EFFICIENT_ATTENTION,
    "math": SDPBackend.MATH,
    "cudnn": SDPBackend.CUDNN_ATTENTION,
}


@contextmanager
def sdpa_kernel(backends: Any, set_priority: bool = False) -> Iterator[dict[Any, Any]]:  # noqa: ARG001
    """Let scaled dot products be computed by some kernels alone inside a `with` block.

    Args:
        backends: a SDPBackend or a list of them.
        set_priority: whether their order counts; on the CPU the fused kernel comes first in any case.

    Raises:
        AssertionError: no SDPBackend and no list.

    Example:
        >>> import pyconv as torch
        >>> with sdpa_kernel([SDPBackend.MATH]):
        ...     torch.backends.cuda.math_sdp_enabled(), torch.backends.cuda.flash_sdp_enabled()
        (True, False)
    """
    if not isinstance(backends, (list, SDPBackend)):
        raise AssertionError(
            "Backend must be an instance of SDPBackend or a list of SDPBackend instances, got "
            f"{type(backends).__name__}"
        )
    allowed = backends if isinstance(backends, list) else [backends]
    before = dict(KERNELS)
    KERNELS.update({name: backend in allowed for name, backend in _NAMES.items()})
    try:
        yield {}
    finally:
        KERNELS.update(before)
