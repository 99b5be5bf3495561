"""Does it raise where torch raises, and say the same?

May import: the standard library and its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.checks.difference import Difference, Raised
from conformance.checks.trial import Trial


def outcome(trial: Trial) -> Iterator[Difference]:
    """Both raise or neither does.

    Example:
        >>> from types import SimpleNamespace as Answers
        >>> [found.got for found in outcome(Answers(expected={}, got=Raised("KeyError", "no")))]
        ['KeyError: no']
    """
    expected, got = trial.expected, trial.got
    if isinstance(expected, Raised) != isinstance(got, Raised):
        yield Difference("outcome", "error", _told(expected), _told(got))


def error_type(trial: Trial) -> Iterator[Difference]:
    """What both raise is of one type.

    Example:
        >>> from types import SimpleNamespace as Answers
        >>> trial = Answers(expected=Raised("ValueError", "no"), got=Raised("KeyError", "no"))
        >>> [found.got for found in error_type(trial)]
        ['KeyError: no']
    """
    expected, got = trial.expected, trial.got
    if isinstance(expected, Raised) and isinstance(got, Raised) and expected.kind != got.kind:
        yield Difference("error type", "error", _told(expected), _told(got))


def error_text(trial: Trial) -> Iterator[Difference]:
    """What both raise, of one type, has one text. The order in `{...}`, a set's, is free.

    So is that in which torch tells the arguments by name of a call that fits no signature, and those of them that a
    signature does not have: it is a hash table's.

    Example:
        >>> from types import SimpleNamespace as Answers
        >>> trial = Answers(expected=Raised("ValueError", "{a, b}"), got=Raised("ValueError", "{b, a}"))
        >>> list(error_text(trial))
        []
    """
    expected, got = trial.expected, trial.got
    if not (isinstance(expected, Raised) and isinstance(got, Raised)) or expected.kind != got.kind:
        return
    if _ordered(expected.text) != _ordered(got.text):
        yield Difference("error text", "error", _told(expected), _told(got))


def _told(answer: object) -> str:
    return str(answer) if isinstance(answer, Raised) else "no error"


def _ordered(text: str) -> str:
    """The text with the members of each `{...}`, the arguments by name, and unknown ones in alphabetical order."""
    text = re.sub(r"\{([^{}]*)\}", lambda m: "{" + ", ".join(sorted(m[1].split(", "))) + "}", text)
    text = re.sub(r"(?<=keywords were incorrect: )(.*)", lambda m: ", ".join(sorted(m[1].split(", "))), text)
    return re.sub(r"(?<=got \()(.*)(?=\), but expected)", lambda m: _by_name(m[1]), text)


def _by_name(arguments: str) -> str:
    """The types of arguments, those by name in alphabetical order after the others.

    Example:
        >>> _by_name("Tensor, b=int, a=tuple of (int, int)")
        'Tensor, a=tuple of (int, int), b=int'
    """
    words = re.split(r", (?![^(]*\))", arguments)
    return ", ".join([word for word in words if "=" not in word] + sorted(word for word in words if "=" in word))
