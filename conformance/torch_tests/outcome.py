"""What came of a test.

May import: the standard library, `conformance.torch_tests`.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from conformance.torch_tests.absent import LackingError
from conformance.torch_tests.load import lacking, torchs_name

_NEEDS = re.compile(r"needs (.*), which pyconv does not have|(torch\.complex32) has no NumPy counterpart")
KINDS = ("passed", "failed", "lacking", "skipped", "control")


@dataclass(frozen=True)
class Outcome:
    """What came of one test.

    Attributes:
        test: its name, `TestClass.test_name`.
        kind: one of `KINDS`; control is a test that torch itself does not pass.
        detail: the error and its place where it failed; the lacking name; why it was skipped.
    """

    test: str
    kind: str
    detail: str = ""


def of_error(test: str, error: BaseException) -> Outcome:
    """The outcome of a test that raised an error.

    Example:
        >>> of_error("T.test", LackingError("torch.vmap"))
        Outcome(test='T.test', kind='lacking', detail='torch.vmap')
        >>> of_error("T.test", ValueError("no")).kind
        'failed'
    """
    for one in _chain(error):
        if isinstance(one, LackingError):
            return Outcome(test, "lacking", str(one))
        if found := _NEEDS.search(str(one)):
            return Outcome(test, "lacking", found[1] or found[2])
        if isinstance(one, MemoryError):
            return Outcome(test, "skipped", "needs more memory")
        if isinstance(one, ModuleNotFoundError) and one.name is not None and one.name.startswith("torch."):
            return Outcome(test, "lacking", one.name)
        if isinstance(one, (AttributeError, ImportError)) and (place := lacking(one)) is not None:
            return Outcome(test, "lacking", f"{torchs_name(place[0])}.{place[1]}")
    return Outcome(test, "failed", _told(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and those that it came of, as far as they are said to be its cause."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__


def _told(error: BaseException) -> str:
    """The error and the places that it passed, the deepest last."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[-6:]]
    text = "".join(traceback.format_exception_only(error)).strip()
    return f"{text}\n  at {' '.join(places)}"
