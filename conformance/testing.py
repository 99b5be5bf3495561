"""The harness from a test suite of your own.

May import: `conformance` below it.

    import pytest
    from conformance.testing import assert_conforms, cases

    @pytest.mark.parametrize("case", cases(300), ids=str)
    def test_convolutions_are_torchs(case):
        assert_conforms(case, "mylib")
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from conformance import known
from conformance.adapters import Adapter
from conformance.call import Configuration
from conformance.cases import draw
from conformance.checks import CHECKS
from conformance.plan import libraries
from conformance.report import failure
from conformance.runner import judge
from conformance.tally import Failure


def cases(count: int, seed: int = 0, ops: Sequence[str] = ()) -> list[Configuration]:
    """The first cases of the run of a seed; those that cover pairs of options come first.

    Args:
        count: how many.
        seed: of the draw.
        ops: the operations to take; all of them where empty.

    Example:
        >>> [case.op for case in cases(3, ops=["pad", "fold"])]
        ['pad', 'fold', 'pad']
    """
    return [draw(seed, number, ops) for number in range(count)]


def assert_conforms(case: Configuration, candidate: str | Adapter, known_file: Path | None = None) -> None:
    """Pass where a library does with a case what torch does, by every check; also where it cannot be asked.

    Args:
        case: the configuration.
        candidate: the library under test, as `--candidate` takes it, or its adapter.
        known_file: known differences, which pass too.

    Raises:
        AssertionError: there is a difference; the text is the harness's report of it.

    Example:
        >>> from conformance.tokens import parse
        >>> assert_conforms(parse("conv2d n1 c2 o2 h5x5 k3x3 psame"), "pyconv")
    """
    torch = libraries("torch")[0]
    library = libraries(candidate)[1] if isinstance(candidate, str) else candidate
    entries = known.load(known_file) if known_file is not None else []
    verdict = judge(case, torch, library, tuple(CHECKS))
    found = [d for d in verdict.differences if known.find(entries, case, d) is None]
    if found:
        repeated = f"--candidate {candidate} " if isinstance(candidate, str) else ""
        raise AssertionError(failure(Failure(0, str(case), "failed", found), library.name, repeated))
