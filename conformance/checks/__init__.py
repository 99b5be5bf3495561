"""What counts as a difference: each check by name, one family a file.

- `difference.py`: what a check finds.
- `values.py`: two maps of one name, and how far apart they may be.
- `own_error.py`: how far a value may be from torch's where only torch's own error is known.
- `reference.py`, `call_reference.py`, `trial.py`: what is right about a case, and the case with the library under test.
- `outcome.py`, `maps.py`, `derivatives.py`, `memory.py`, `repeat.py`, `algorithms.py`, `modules.py`: the checks.

May import: NumPy, `conformance.case`, `conformance.call`, `conformance.fills`, `conformance.adapters.base`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from conformance.call import Configuration
from conformance.checks.algorithms import algorithms
from conformance.checks.derivatives import adjoint, second
from conformance.checks.difference import Difference
from conformance.checks.maps import dtype, maps, shape, value
from conformance.checks.memory import fully_written, operands_unmodified
from conformance.checks.modules import module
from conformance.checks.outcome import error_text, error_type, outcome
from conformance.checks.repeat import repeated, threads
from conformance.checks.trial import Trial

Check = Callable[[Trial], Iterator[Difference]]

CHECKS: dict[str, Check] = {
    "outcome": outcome,
    "error type": error_type,
    "error text": error_text,
    "maps": maps,
    "dtype": dtype,
    "shape": shape,
    "value": value,
    "operands": operands_unmodified,
    "adjoint": adjoint,
    "module": module,
    "second": second,
    "algorithms": algorithms,
    "written": fully_written,
    "repeat": repeated,
    "threads": threads,
}
BY_TURNS = ("second", "algorithms", "written", "repeat", "threads")
"""The checks that run the candidate again. In a run of many cases each case has one of them; alone it has all."""


def due(case: Configuration) -> tuple[str, ...]:
    """The checks that a case has in a run of many: all but those by turns, and one of these.

    Example:
        >>> from conformance.tokens import parse
        >>> sorted(set(BY_TURNS) & set(due(parse("conv2d n1 c1 o1 h5x5 k3"))))
        ['written']
    """
    turn = BY_TURNS[zlib.crc32(str(case).encode()) % len(BY_TURNS)]
    return tuple(name for name in CHECKS if name == turn or name not in BY_TURNS)
