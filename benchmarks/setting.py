"""What a run is made under: threads and precision, alike on all sides, and a note of the machine.

May import: NumPy, `benchmarks.host`, `benchmarks.rivals`, `benchmarks.timing`, `pyconv`.
"""

from __future__ import annotations

import os
import platform
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

import pyconv
from benchmarks import host
from benchmarks.rivals import Rival
from benchmarks.timing import CALM


@contextmanager
def threads(count: int, rivals: Sequence[Rival]) -> Iterator[None]:
    """The same number of threads for pyconv, for NumPy's BLAS and for the rivals, inside a `with` block.

    Without threadpoolctl BLAS keeps its own number; a sentence says so.
    """
    told_of_load()
    before = pyconv.get_num_threads()
    with ExitStack() as stack:
        stack.callback(told_of_host, host.ticks())
        _quietly(count)
        stack.callback(_quietly, before)
        if find_spec("threadpoolctl") is not None:
            from threadpoolctl import threadpool_limits

            stack.enter_context(threadpool_limits(count, user_api="blas"))
        else:
            print("NumPy's BLAS keeps its own number of threads: it needs `pip install threadpoolctl`", file=sys.stderr)
        for rival in rivals:
            rival.set_threads(count)
        yield


def told_of_load() -> None:
    """Say so where other programs keep the machine busy: threads that spin can then take many times as long."""
    if not hasattr(os, "getloadavg"):
        return
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > 1:
        print(f"other programs are running (load {load:.1f} on {cores} cores): times may be wrong", file=sys.stderr)


def told_of_host(before: host.Ticks) -> None:
    """Say so where the host of the machine ran something else since then, in place of what was timed."""
    share = host.share_since(before)
    if share > CALM:
        print(f"the host took {share:.0%} of the processors' time: times may be wrong", file=sys.stderr)


def _quietly(count: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyconv.set_num_threads(count)


@contextmanager
def precision(name: str, rivals: Sequence[Rival]) -> Iterator[None]:
    """`set_float32_matmul_precision` on pyconv and on torch, inside a `with` block."""
    switched = [pyconv, *(rival.torch for rival in rivals if rival.name == "torch")]  # type: ignore[attr-defined]
    before = [library.get_float32_matmul_precision() for library in switched]
    try:
        for library in switched:
            library.set_float32_matmul_precision(name)
        yield
    finally:
        for library, earlier in zip(switched, before):
            library.set_float32_matmul_precision(earlier)


def described(count: int, name: str, rounds: int, rivals: Sequence[Rival], before: host.Ticks) -> dict[str, Any]:
    """What a run that began at `before` was made under and on, for its JSON file."""
    blas = np.show_config(mode="dicts").get("Build Dependencies", {}).get("blas", {})
    return {
        "pyconv": pyconv.__version__,
        "numpy": np.__version__,
        "rivals": {rival.name: rival.version for rival in rivals},
        "blas": f"{blas.get('name')} {blas.get('version')}",
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "taken by the host": host.share_since(before),
        "threads": count,
        "precision": name,
        "rounds": rounds,
    }


def sentence(about: dict[str, Any]) -> str:
    """The same in a line of text."""
    others = "".join(f", {name} {version}".rstrip() for name, version in about["rivals"].items())
    return (
        f"pyconv {about['pyconv']}, NumPy {about['numpy']} with {about['blas']}{others}; {about['threads']} threads on "
        f"{about['processor'] or about['system']}; precision {about['precision']}; rounds: {about['rounds']}; "
        f"taken by the host: {about['taken by the host']:.0%}"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
