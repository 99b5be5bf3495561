"""What a run's numbers may depend on: versions, processor, BLAS.

May import: NumPy and the standard library.
"""

from __future__ import annotations

import platform
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np


def environment(*libraries: str) -> dict[str, Any]:
    """Versions of Python, NumPy and these libraries, the processor's name, NumPy's BLAS.

    Example:
        >>> sorted(environment())[:3]
        ['blas', 'cpu', 'numpy']
    """
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]  # type: ignore[index, call-overload]
    found = {
        "python": platform.python_version(),
        "system": platform.system(),
        "numpy": np.__version__,
        "blas": f"{blas.get('name')} {blas.get('version')}",
        "cpu": _processor(),
    }
    return found | {name: _version(name) for name in libraries}


def _version(library: str) -> str:
    name = library.partition(":")[0]
    loaded = getattr(sys.modules.get(name), "__version__", None)
    if loaded is not None:
        return str(loaded)
    with suppress(PackageNotFoundError):
        return version(name)
    return "unknown"


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
