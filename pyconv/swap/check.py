"""`python -m pyconv check script.py`: which names of torch a program uses, and which of them pyconv has.

May import: the standard library, `pyconv.swap`; pyconv's modules as they are asked for.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pyconv.swap.finder import as_torch
from pyconv.swap.names import Uses, uses_of


def has(name: str) -> bool:
    """Whether pyconv has a name of torch's, given with its dots.

    Attributes of what is neither module nor class are taken to be there: `torch.float32.is_complex`.

    Example:
        >>> has("torch.nn.functional.conv2d"), has("torch.nn.Conv4d")
        (True, False)
    """
    with as_torch():
        found: object = importlib.import_module("torch")
        path = "torch"
        for part in name.split(".")[1:]:
            path = f"{path}.{part}"
            try:
                found = getattr(found, part)
            except AttributeError:
                if not (hasattr(found, "__path__") or isinstance(found, type)):
                    return not hasattr(found, "__file__")
                try:
                    found = importlib.import_module(path)
                except ImportError:
                    return False
        return True


def told(uses: Uses) -> Iterator[str]:
    """The lines of the report: what is lacking first, with its places, then what is there."""
    lacking = sorted(name for name in uses.lines if not has(name))
    there = sorted(uses.lines.keys() - set(lacking))
    for name in lacking:
        yield f"lacks  {name}  ({', '.join(uses.lines[name][:5])})"
    for name in there:
        yield f"has    {name}"
    yield (
        f"{len(uses.files)} files use {len(uses.lines)} names of torch; pyconv has {len(there)}, lacks {len(lacking)}"
    )


def check(paths: Sequence[str]) -> int:
    """Print the report of programs; 1 where something is lacking.

    Args:
        paths: files or folders.
    """
    uses = Uses()
    for path in paths:
        found = uses_of(Path(path))
        uses.files.extend(found.files)
        for name, places in found.lines.items():
            uses.lines.setdefault(name, []).extend(places)
    lines = list(told(uses))
    sys.stdout.write("\n".join(lines) + "\n")
    return int(any(line.startswith("lacks") for line in lines))
