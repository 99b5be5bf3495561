"""`import torch` that finds pyconv.

May import: the standard library; pyconv's modules as they are asked for.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType
from typing import Any

TORCH_VERSION = "2.13.0"
"""The version of torch that pyconv is made after, and that programs see."""


class Torch(ModuleType):
    """The module that `import torch` gives: pyconv's names, and torch's version."""

    __version__ = TORCH_VERSION
    __path__: list[str] = []  # noqa: RUF012  (an instance attribute of ModuleType)

    def __getattr__(self, name: str) -> Any:
        try:
            return getattr(importlib.import_module("pyconv"), name)
        except AttributeError:
            pass
        try:
            return importlib.import_module(f"torch.{name}")
        except ModuleNotFoundError:
            raise AttributeError(f"module 'torch' has no attribute '{name}' (pyconv lacks it)") from None

    def __dir__(self) -> list[str]:
        return sorted({*dir(importlib.import_module("pyconv")), "__version__"})


class _Loader(Loader):
    """Gives a module that exists already."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self.spec = module.__spec__

    def create_module(self, spec: ModuleSpec) -> ModuleType:  # noqa: ARG002
        return self.module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.spec


class _Finder(MetaPathFinder):
    """Finds pyconv's modules under torch's names."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if fullname == "torch":
            return spec_from_loader("torch", _Loader(Torch("torch")), is_package=True)
        if not fullname.startswith("torch."):
            return None
        own = "pyconv" + fullname[len("torch") :]
        try:
            module = importlib.import_module(own)
        except ModuleNotFoundError as error:
            if error.name is None or not own.startswith(error.name):
                raise
            raise ModuleNotFoundError(f"No module named '{fullname}' (pyconv lacks it)", name=fullname) from None
        return spec_from_loader(fullname, _Loader(module), is_package=hasattr(module, "__path__"))


def _is_torch(name: str) -> bool:
    return name == "torch" or name.startswith("torch.")


@contextmanager
def as_torch() -> Iterator[None]:
    """Have `import torch` find pyconv inside a `with` block.

    A torch that was imported before is put back at the end. What is imported inside keeps what it has found.

    Raises:
        ModuleNotFoundError: inside, for a module of torch's that pyconv lacks.
        AttributeError: inside, for a name that it lacks.

    Example:
        >>> with as_torch():
        ...     import torch
        ...     print(torch.ones(2), torch.__version__)
        tensor([1., 1.]) 2.13.0
    """
    finder = _Finder()
    before = {name: sys.modules.pop(name) for name in [*sys.modules] if _is_torch(name)}
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [*sys.modules]:
            if _is_torch(name):
                del sys.modules[name]
        sys.modules.update(before)
