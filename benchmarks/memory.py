"""How much memory a call takes, by two measures.

*Workspace* is what NumPy allocates (tracemalloc sees every array, on any thread) beyond the result and the padded
input; what BLAS keeps for itself is not in it. *Peak* is how much the process's resident memory grows while a call
runs, result included: it counts every library's memory, and so serves both sides, but not what they keep between
calls. It is read from /proc, which Linux alone has.

May import: `benchmarks.timing`, and no NumPy: programs that are measured import it.
"""

from __future__ import annotations

import ctypes
import tracemalloc
from pathlib import Path

from benchmarks.timing import Run

_STATUS, _REFERENCES = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def traced_peak(run: Run) -> int:
    """Bytes that Python and NumPy hold at the most, during a call, beyond what they held before it.

    Example:
        >>> traced_peak(lambda: bytearray(10**6)) >= 10**6
        True
    """
    tracemalloc.start()
    try:
        result = run()
        del result
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def resident_growth(run: Run) -> int | None:
    """Bytes by which resident memory grows at the most during a call; None where /proc does not tell."""
    try:
        _give_back()
        _REFERENCES.write_text("5")
        before = _resident("VmRSS")
        result = run()
        del result
        return max(0, _resident("VmHWM") - before)
    except OSError:
        return None


def _give_back() -> None:
    """Return freed memory to the system, so that using it again counts."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _resident(field: str) -> int:
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))
