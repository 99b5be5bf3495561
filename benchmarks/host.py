"""What the host of a virtual machine takes of its processors' time, for other guests or for a limit that it keeps.

May import: the standard library alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

_STAT = Path("/proc/stat")


class Ticks(NamedTuple):
    """Time of all processors since the system began, in the system's ticks.

    Attributes:
        used: in which something ran.
        stolen: in which something was to run, and the host ran something else.
    """

    used: int
    stolen: int


def ticks() -> Ticks:
    """What Linux counts; zeros where the system tells nothing.

    Example:
        >>> before = ticks()
        >>> 0 <= share_since(before) <= 1
        True
    """
    if not _STAT.exists():
        return Ticks(0, 0)
    user, nice, system, _, _, irq, softirq, stolen = map(int, _STAT.read_text(encoding="ascii").split()[1:9])
    return Ticks(user + nice + system + irq + softirq, stolen)


def share_since(before: Ticks) -> float:
    """The host's share of the processors' time that was asked for since then."""
    now = ticks()
    used, stolen = now.used - before.used, now.stolen - before.stolen
    return stolen / (used + stolen) if stolen > 0 else 0.0
