"""What a backward pass says while anomalies are looked for.

May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv.autograd.mode import is_anomaly_check_nan_enabled
from pyconv.autograd.node import Node


def check_nan(node: Node, results: Sequence[Any]) -> None:
    """Raise RuntimeError for the first of a node's cotangents that has a NaN."""
    if not is_anomaly_check_nan_enabled():
        return
    for position, g in enumerate(results):
        if g is not None and g._array.dtype.kind not in "iub" and np.isnan(g._array).any():
            raise RuntimeError(f"Function '{node.class_name}' returned nan values in its {position}th output.")


def warn_of(node: Node) -> None:
    """Say which forward call made a node whose VJP failed, and which backward call that came of."""
    _warn(f"Error detected in {node.class_name}. {_told(node, 'caused the error')}")
    while node.trace is not None and node.trace[1] is not None:
        node = node.trace[1]
        told = _told(node, "induced the previous calculation")
        _warn(f"\n\nPrevious calculation was induced by {node.class_name}. {told}")


def _told(node: Node, what: str) -> str:
    if node.trace is None:
        return "No forward pass information available. Enable detect anomaly during forward pass for more information."
    return f"Traceback of forward call that {what}:\n{node.trace[0]}"


def _warn(text: str) -> None:
    """Warn; where warnings are errors the one under way goes first, and this is printed."""
    try:
        warnings.warn(text, UserWarning, stacklevel=3)
    except UserWarning:
        print(f"UserWarning: {text}", file=sys.stderr)
