"""What a check finds, and what a library answers with instead of maps.

May import: the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Raised:
    """An exception that a library answered with.

    Example:
        >>> print(Raised("ValueError", "no"))
        ValueError: no
    """

    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


@dataclass(frozen=True)
class Difference:
    """One thing in which the candidate is not torch.

    Attributes:
        check: which check found it; `checks.CHECKS` lists them.
        where: the map, or `error`.
        expected: torch's side, as text.
        got: the candidate's.
        detail: how much and where.
    """

    check: str
    where: str
    expected: str
    got: str
    detail: str = ""
