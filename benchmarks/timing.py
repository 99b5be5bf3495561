"""Timing by turns: the machine's drift meets all sides alike.

May import: `benchmarks.host`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

from benchmarks import host

Run = Callable[[], object]

SETTLE = 0.12
"""Seconds to wait at each turn: idle threads of OpenBLAS spin for a tenth of a second, and take a core from others."""
SHORTEST = 0.002
"""Seconds that one reading of the clock is to span; shorter runs are repeated in it."""
LONG = 1.0
"""Seconds from which on a run is not repeated before it is timed."""
PATIENCE = 20.0
"""Seconds after which a side takes no more turns: a slow rival is timed less often than the others."""
CALM = 0.05
"""The host's share of the processors' time up to which a round counts as one that was asked for."""
MOST = 2
"""Rounds at the most, over those that were asked for."""


def interleaved(runs: Sequence[Run], rounds: int, settle: float | None = None) -> list[list[float]]:
    """Seconds of each run in each round: one of each in turn, each after a wait and a run that is not counted.

    A round in which the host of the machine ran something else is one more, up to `MOST` times as many.

    Args:
        runs: what is timed.
        rounds: the undisturbed turns of each, fewer where they would take longer than `PATIENCE`.
        settle: seconds to wait at each turn; by default `SETTLE`.

    Returns:
        For each run a list of seconds, at least one.

    Example:
        >>> short, long = interleaved([lambda: None, lambda: time.sleep(0.01)], rounds=2)
        >>> len(short) == len(long) >= 2, min(short) < min(long)
        (True, True)
    """
    seconds: list[list[float]] = [[] for _ in runs]
    repeats = [_repeats(run) for run in runs]
    spent = [0.0] * len(runs)
    calm = 0
    for turn in range(rounds * MOST):
        if calm == rounds:
            break
        before = host.ticks()
        for side, run in enumerate(runs):
            if turn and spent[side] > PATIENCE:
                continue
            time.sleep(SETTLE if settle is None else settle)
            whole, one = _timed(run, repeats[side])
            spent[side] += whole
            seconds[side].append(one)
        calm += host.share_since(before) <= CALM
    return seconds


def _timed(run: Run, repeats: int) -> tuple[float, float]:
    """Seconds of a whole turn, and of one run in it; the first is not counted where there are repeats."""
    begin = time.perf_counter()
    if repeats:
        run()
    start = time.perf_counter()
    for _ in range(max(1, repeats)):
        run()
    end = time.perf_counter()
    return end - begin, (end - start) / max(1, repeats)


def _repeats(run: Run) -> int:
    """How many runs one reading of the clock spans; 0 for one so long that it needs none before it to warm up."""
    start = time.perf_counter()
    run()
    if time.perf_counter() - start > LONG:
        return 0
    start = time.perf_counter()
    run()
    return min(100, math.ceil(SHORTEST / max(time.perf_counter() - start, 1e-7)))
