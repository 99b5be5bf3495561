"""How far a run is: a live bar where there is a terminal, a plain line now and then where there is none.

May import: the standard library, `conformance.tally`; rich when there is a terminal.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Protocol, TextIO

from conformance.tally import BAD, Tally

EVERY = 10.0
"""Seconds between two plain lines."""


class Progress(Protocol):
    """Told the tally of each part."""

    def __call__(self, tally: Tally) -> None: ...


class Lines:
    """A plain line every ten seconds.

    Example:
        >>> lines = Lines(100, sys.stdout, every=0.0)
        >>> lines(Tally())
        0 of 100 cases, 0 failed
    """

    def __init__(self, total: int, stream: TextIO, every: float = EVERY) -> None:
        self._total, self._stream, self._every = total, stream, every
        self._cases, self._failed, self._last = 0, 0, time.monotonic()

    def __call__(self, tally: Tally) -> None:
        self._cases += tally.total()
        self._failed += tally.total(*BAD)
        if time.monotonic() - self._last >= self._every:
            self._last = time.monotonic()
            print(f"{self._cases} of {self._total} cases, {self._failed} failed", file=self._stream, flush=True)


@contextmanager
def shown(total: int) -> Iterator[Progress]:
    """Progress over a number of cases, on stderr: rich's bar at a terminal where it is installed, else plain lines.

    Example:
        >>> from contextlib import redirect_stderr
        >>> with redirect_stderr(sys.stdout), shown(100) as progress:
        ...     progress(Tally())
    """
    stream = sys.stderr
    if not stream.isatty() or find_spec("rich") is None:
        yield Lines(total, stream)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Bars(*columns, console=Console(file=stream)) as bars:
        task, failed = bars.add_task("0 failed", total=total), 0

        def progress(tally: Tally) -> None:
            nonlocal failed
            failed += tally.total(*BAD)
            color = "red" if failed else "green"
            bars.update(task, advance=tally.total(), description=f"[{color}]{failed} failed[/]")

        yield progress
