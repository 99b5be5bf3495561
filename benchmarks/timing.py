"""Timing by turns: the machine's drift meets both sides alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

Run = Callable[[], object]


SETTLE = 0.05
"""Seconds to wait at each turn: the other side's idle threads spin for a while, and would take a core from this one."""


def interleaved(runs: Sequence[Run], rounds: int) -> list[list[float]]:
    """Seconds of each run in each round: one of each in turn, each after a wait and a run that is not counted."""
    seconds: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for run, taken in zip(runs, seconds, strict=True):
            time.sleep(SETTLE)
            run()
            start = time.perf_counter()
            run()
            taken.append(time.perf_counter() - start)
    return seconds


@contextmanager
def threads(count: int) -> Iterator[None]:
    """The same number of threads for torch and for NumPy's BLAS."""
    import torch
    from threadpoolctl import threadpool_limits

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        with threadpool_limits(count, user_api="blas"):
            yield
    finally:
        torch.set_num_threads(before)
