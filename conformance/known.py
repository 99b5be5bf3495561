"""The differences that are explained: read from `known_differences.toml`, matched, and missed when stale.

May import: the standard library and `conformance` below it; `tomli` where Python, before 3.11, has no `tomllib`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from conformance.call import Configuration
from conformance.checks.difference import Difference

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT_FILE = Path(__file__).with_name("known_differences.toml")


@dataclass(frozen=True)
class Known:
    """An explained difference; the patterns are regular expressions, searched for.

    Attributes:
        check: a pattern for the whole of `Difference.check`.
        case: a pattern for the case's line.
        torch: a pattern for torch's side.
        candidate: a pattern for the candidate's.
        reason: why it stays.
        link: where more is said about it.
        rare: whether a full default run may do without it.
        where: a pattern for the name of what differs.
        apart: of two numbers, by what part of torch's they may differ; by any if None.
    """

    check: str
    case: str
    torch: str
    candidate: str
    reason: str
    link: str
    rare: bool = False
    where: str = ""
    apart: float | None = None

    def explains(self, case: Configuration | str, difference: Difference) -> bool:
        """Whether this is the difference that was found in the case, or in what else has that name."""
        return (
            re.fullmatch(self.check, difference.check) is not None
            and re.search(self.torch, difference.expected) is not None
            and re.search(self.candidate, difference.got) is not None
            and re.search(self.case, str(case)) is not None
            and re.search(self.where, difference.where) is not None
            and (self.apart is None or _near(difference.expected, difference.got, self.apart))
        )


def _near(expected: str, got: str, apart: float) -> bool:
    """Whether two texts are numbers which differ by no more than a part of the first."""
    try:
        theirs, ours = complex(expected), complex(got)
    except ValueError:
        return False
    return abs(ours - theirs) <= apart * abs(theirs)


def load(path: Path = DEFAULT_FILE) -> list[Known]:
    """The entries of a file.

    Raises:
        TypeError: an entry lacks a key or has one too many.

    Example:
        >>> all(known.reason for known in load())
        True
    """
    with path.open("rb") as file:
        return [Known(**entry) for entry in tomllib.load(file).get("difference", [])]


def find(entries: Iterable[Known], case: Configuration, difference: Difference) -> Known | None:
    """The entry that explains a difference, or None.

    Example:
        >>> from conformance.tokens import parse
        >>> entry = Known("value", "^pad", "", "", "a reason", "a link")
        >>> find([entry], parse("pad h3 p1,1"), Difference("value", "output", "1", "2")) is entry
        True
    """
    return next((entry for entry in entries if entry.explains(case, difference)), None)
