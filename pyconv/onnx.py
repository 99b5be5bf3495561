"""torch.onnx, of which pyconv has what networks ask while they run: whether they are being exported.

May import: the standard library.
"""

from __future__ import annotations

__all__ = ["is_in_onnx_export"]


def is_in_onnx_export() -> bool:
    """Whether a network is being written as an ONNX model: never.

    Example:
        >>> is_in_onnx_export()
        False
    """
    return False
