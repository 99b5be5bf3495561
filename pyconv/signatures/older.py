"""Signatures of long ago, with the numbers before the tensors: `x.add_(2, y)` for `x.add_(y, alpha=2)`.

torch takes such calls still, with a warning, and does not print the signatures. May import: the standard library,
`pyconv.warned`, `pyconv.signatures`.
"""

from __future__ import annotations

import functools
from typing import Any

from pyconv.signatures.arguments import Signature
from pyconv.signatures.complaint import bind, parsed
from pyconv.warned import warn_once

Args = tuple[Any, ...]
Kwargs = dict[str, Any]

_NUMBERS = {
    "add": ("alpha",),
    "sub": ("alpha",),
    "addcmul": ("value",),
    "addcdiv": ("value",),
    **dict.fromkeys(("addmm", "addmv", "addr", "addbmm", "baddbmm"), ("beta", "alpha")),
}
"""The functions, each with the numbers that came before the operands that they multiply."""


def modern(
    name: str, texts: tuple[str, ...], of_method: bool, args: Args, kwargs: Kwargs
) -> tuple[Args, Kwargs] | None:
    """The arguments of a call of long ago as they are given today; None where it is no such call.

    Args:
        name: of the function or method.
        texts: its signatures as torch prints those of functions.
        of_method: whether the arguments come without the tensor in front.
        args: of the call.
        kwargs: likewise.

    Example:
        >>> import pyconv
        >>> text = "(Tensor input, Tensor other, *, Number alpha = 1, Tensor out = None)"
        >>> modern("exp", (text,), False, (pyconv.ones(1), 2, pyconv.ones(1)), {}) is None
        True
    """
    if name.rstrip("_") not in _NUMBERS:
        return None
    for old in _signatures(name.rstrip("_"), texts[0], of_method):
        bound = bind(old, args, kwargs)
        if bound is not None:
            _warn(name, old, parsed(texts, of_method))
            numbers = {key: bound[key] for key in (*_NUMBERS[name.rstrip("_")], "out") if key in bound}
            return tuple(value for key, value in bound.items() if key not in numbers), numbers
    return None


@functools.cache
def _signatures(name: str, text: str, of_method: bool) -> tuple[Signature, ...]:
    """The old signatures of a function, by the first of those that it has today."""
    given = [f"{a.kind} {a.name}" for a in Signature.parse(text).arguments if not a.keyword_only]
    first, rest = given[:1] * (not of_method), given[1:]
    end = [] if of_method else ["*", "Tensor out = None"]
    numbers = [f"Number {number}" for number in _NUMBERS[name]]
    if len(numbers) == 1:
        found = [[*first, *numbers, *rest, *end]]
    else:
        beta, alpha = numbers
        found = [[beta, *first, alpha, *rest, *end], [beta, *first, *rest, *end]]
    signatures = tuple(Signature.parse(f"({', '.join(items)})") for items in found)
    return tuple(one.with_numbers() for one in signatures) if name in ("add", "sub") else signatures


def _warn(name: str, old: Signature, today: tuple[Signature, ...]) -> None:
    """Say, once a program, that a signature is of long ago."""
    better = "\n".join(f"\t{name}{signature.text}" for signature in today)
    text = (
        f"This overload of {name} is deprecated:\n\t{name}{old.text}\nConsider using one of the following signatures "
        f"instead:\n{better}"
    )
    warn_once(text, "a signature of long ago", stacklevel=5)
