"""What a backward pass says while anomalies are looked for.

May import: NumPy, `pyconv.autograd`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv.autograd.graph import Node
from pyconv.autograd.mode import is_anomaly_check_nan_enabled


def check_nan(node: Node, results: Sequence[Any]) -> None:
    """Raise RuntimeError for the first of a node's cotangents that has a NaN."""
    if not is_anomaly_check_nan_enabled():
        return
    for position, g in enumerate(results):
        if g is not None and g._array.dtype.kind not in "iub" and np.isnan(g._array).any():
            raise RuntimeError(f"Function '{node.class_name}' returned nan values in its {position}th output.")


def warn_of(node: Node) -> None:
    """Say which forward call made a node whose VJP failed."""
    warnings.warn(
        f"Error detected in {node.class_name}. Traceback of forward call that caused the error:\n{node.trace}",
        UserWarning,
        stacklevel=2,
    )
