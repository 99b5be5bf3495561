"""The cases that failed once: a text file, a case a line, run before all others.

May import: `conformance.case`, `conformance.tokens`.

`#` begins a comment. A run adds the smallest case of each failure that it finds; a person takes it out, or keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from conformance.tokens import parse

FOLDER = Path(".conformance")


def default_file(candidate: str) -> Path:
    """Where the regressions of a library are kept, in the current directory.

    Example:
        >>> default_file("pyconv").name
        'pyconv.txt'
    """
    return FOLDER / f"{candidate.replace(':', '.')}.txt"


def load(path: Path) -> tuple[str, ...]:
    """The lines of a file, which need not exist.

    Raises:
        ValueError: a line is not a case.

    Example:
        >>> load(Path("absent"))
        ()
    """
    if not path.exists():
        return ()
    lines = (line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return tuple(str(parse(line)) for line in lines if line)


def add(path: Path, lines: Iterable[str]) -> list[str]:
    """Append the cases that a file does not have yet, and return them.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "file"
        >>> add(path, ["pad c1 h3 p1,1 f32 ints seed0"]), add(path, ["pad c1 h3 p1,1 f32 ints seed0"])
        (['pad c1 h3 p1,1 f32 ints seed0'], [])
    """
    kept = load(path)
    new = [line for line in dict.fromkeys(lines) if line not in kept]
    if new:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in new)
    return new
