"""What a call did, as plain data that JSON can hold: its result or its exception, and its warnings."""

from __future__ import annotations

import re
import warnings
from typing import Any

from tests.errors.making import Call

Outcome = dict[str, Any]


def observe(call: Call, library: Any) -> Outcome:
    """`{"ok": shape, "dtype": name}`, `{"ok": text}` or `{"type": name, "text": text}`, and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            outcome = describe(call(library))
        except Exception as error:
            outcome = {"type": type_name(type(error)), "text": str(error)}
    if caught:
        outcome["warnings"] = [f"{type_name(w.category)}: {without_location(str(w.message))}" for w in caught]
    return outcome


def describe(result: Any) -> Outcome:
    """Shape and dtype of a tensor or an array; the text of anything else."""
    if hasattr(result, "shape"):
        return {"ok": list(result.shape), "dtype": str(result.dtype)}
    return {"ok": str(result)}


def type_name(kind: type) -> str:
    """A built-in exception's bare name, and any other's name with its module."""
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def without_location(text: str) -> str:
    """The text without the C++ file and line in which torch gave the warning."""
    return re.sub(r" \(Triggered internally at [^)]*\)", "", text)
