"""The table that a run prints."""

from __future__ import annotations

import math
from collections.abc import Sequence

from benchmarks.measure import Measured

HEADER = f"{'layer':<28}{'pass':<13}{'algorithm':<11}{'ratio':>7}{'median':>8}{'error':>8}{'torch':>7}"


def row(measured: Measured) -> str:
    """One line of the table."""
    errors = "" if math.isnan(measured.error) else f"{measured.error:>8.2f}{measured.torch_error:>7.2f}"
    return (
        f"{measured.layer!s:<28}{measured.name:<13}{measured.algorithm:<11}"
        f"{measured.ratio:>7.2f}{measured.typical:>8.2f}{errors}"
    )


def summary(name: str, batch: int, found: Sequence[Measured]) -> str:
    """The geometric mean and the largest ratio of each pass."""
    lines = []
    for kind in dict.fromkeys(m.name for m in found):
        ratios = [m.ratio for m in found if m.name == kind]
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        lines.append(f"{name}, batch {batch}, {kind}: geometric mean {mean:.2f}, largest {max(ratios):.2f}")
    return "\n".join(lines)
