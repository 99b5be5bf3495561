"""Where a tensor lives: on the CPU, or on 'meta', where there are shapes alone.

May import: `pyconv.size`, `pyconv.meta`.
"""

from __future__ import annotations

from typing import Any

from pyconv.meta import Meta
from pyconv.size import layout, require_cpu, strided


class PlacementMethods:
    """What a program asks of a tensor's place, and the moves that are refused."""

    __slots__ = ()

    is_xpu = is_ipu = is_hpu = is_mps = is_mtia = is_maia = is_xla = is_vulkan = False
    is_sparse = is_sparse_csr = is_quantized = is_mkldnn = is_nested = False

    @property
    def is_meta(self) -> bool:
        """Whether it has a shape and no elements.

        Example:
            >>> import pyconv
            >>> pyconv.ones(2, device="meta").is_meta
            True
        """
        return isinstance(self._array, Meta)  # type: ignore[attr-defined]

    @property
    def is_cpu(self) -> bool:
        """Whether it has elements."""
        return not self.is_meta

    @property
    def layout(self) -> layout:
        """`pyconv.strided`."""
        return strided

    def get_device(self) -> int:
        """-1, as for all tensors on the CPU."""
        return -1

    def cuda(self, device: Any = None, non_blocking: bool = False, memory_format: Any = None) -> Any:  # noqa: ARG002
        """Refuse, as torch without CUDA.

        Raises:
            AssertionError: always.
        """
        require_cpu("cuda")

    def is_shared(self) -> bool:
        """Whether other processes see changes of the memory: never."""
        return False

    def share_memory_(self) -> Any:
        """This tensor, whose memory worker processes copy when they need it."""
        return self

    def pin_memory(self, device: Any = None) -> Any:  # noqa: ARG002
        """Refuse, as torch without a device.

        Raises:
            RuntimeError: always.
        """
        raise RuntimeError("Cannot access accelerator device when none is available.")
