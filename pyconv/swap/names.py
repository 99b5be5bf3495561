"""The names of torch's that a program uses, read from its source.

May import: the standard library.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Uses:
    """What files use of torch.

    Attributes:
        lines: the places, as `file:line`, by dotted name.
        files: those that were read.
    """

    lines: dict[str, list[str]] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)

    def add(self, name: str, path: Path, line: int) -> None:
        """Note a use."""
        self.lines.setdefault(name, []).append(f"{path}:{line}")


class _Reader(ast.NodeVisitor):
    """Reads one file: which local names are torch's, and what is asked of them."""

    def __init__(self, path: Path, uses: Uses) -> None:
        self.path = path
        self.uses = uses
        self.aliases: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if _is_torch(alias.name):
                self.uses.add(alias.name, self.path, node.lineno)
                local = alias.asname or "torch"
                self.aliases[local] = alias.name if alias.asname else "torch"

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level or node.module is None or not _is_torch(node.module):
            return
        for alias in node.names:
            name = node.module if alias.name == "*" else f"{node.module}.{alias.name}"
            self.uses.add(name, self.path, node.lineno)
            if alias.name != "*":
                self.aliases[alias.asname or alias.name] = name

    def visit_Attribute(self, node: ast.Attribute) -> None:
        chain = _chain(node)
        if chain is None or chain[0] not in self.aliases:
            self.generic_visit(node)
            return
        self.uses.add(".".join([self.aliases[chain[0]], *chain[1:]]), self.path, node.lineno)


def _is_torch(name: str) -> bool:
    return name == "torch" or name.startswith("torch.")


def _chain(node: ast.expr) -> list[str] | None:
    """The names of `a.b.c`; None where it does not begin with a name."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else None


def uses_of(path: Path) -> Uses:
    """What a program uses of torch: the file, or all files of a folder, and the files beside it that it imports.

    Args:
        path: a file or a folder.

    Raises:
        OSError: it cannot be read.
        SyntaxError: it is no Python.
    """
    uses = Uses()
    waiting = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    while waiting:
        file = waiting.pop(0)
        if file in uses.files:
            continue
        uses.files.append(file)
        tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
        _Reader(file, uses).visit(tree)
        waiting.extend(_beside(tree, file))
    return uses


def _beside(tree: ast.Module, file: Path) -> Iterator[Path]:
    """The files that a file imports from its own folder."""
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names = [module, *(f"{module}.{alias.name}".lstrip(".") for alias in node.names)]
        folder = file.parent
        if isinstance(node, ast.ImportFrom) and node.level > 1:
            folder = file.parents[node.level - 1]
        for name in names:
            place = folder.joinpath(*name.split(".")) if name else folder
            for found in (place.with_suffix(".py"), place / "__init__.py"):
                if name and found.is_file():
                    yield found
