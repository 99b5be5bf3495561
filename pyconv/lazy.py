"""Names that are imported when they are first asked for, so that importing the package stays quick.

May import: the standard library.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class _Package(ModuleType):
    """A package whose names live in its modules, each imported when one of its names is first asked for.

    A function may have the name of its module: the package shows the function.
    """

    _homes: dict[str, str]
    _modules: frozenset[str]
    _name_in_errors: str

    def __getattr__(self, name: str) -> Any:
        home = self._homes.get(name)
        if home is None:
            if (
                "__path__" in self.__dict__
                and name[:1] not in ("", "_")
                and find_spec(f"{self.__name__}.{name}") is not None
            ):
                return import_module(f"{self.__name__}.{name}")
            raise AttributeError(f"module {self._name_in_errors!r} has no attribute {name!r}")
        module = import_module(home)
        found = module if name in self._modules else getattr(module, name)
        self.__dict__[name] = found
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        # the import system makes a module an attribute of its package, where a function of that name is to be seen
        if not (isinstance(value, ModuleType) and name in self._homes and name not in self._modules):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *self._homes})


def package(name: str, homes: Mapping[str, Sequence[str]], modules: Sequence[str] = ()) -> list[str]:
    """Make a package find its names when they are asked for; the names.

    Args:
        name: of the package.
        homes: the names by module, which is given relative to the package, or whole where it begins with its name.
        modules: the names of modules of the package that are names of it themselves.

    Example:
        >>> package("pyconv.lazy", {"pyconv.limits": ["finfo"]})
        ['finfo']
    """
    root = name.partition(".")[0]
    found: dict[str, str] = {}
    for home, names in homes.items():
        whole = home if home.partition(".")[0] == root else f"{name}.{home}"
        found |= dict.fromkeys(names, whole)
    found |= {module: f"{name}.{module}" for module in modules}
    module = sys.modules[name]
    module.__class__ = _Package
    module.__dict__["_homes"] = found
    module.__dict__["_modules"] = frozenset(modules)
    module.__dict__["_name_in_errors"] = name.replace(root, "torch", 1)
    for hidden in found.keys() - set(modules):
        if isinstance(module.__dict__.get(hidden), ModuleType):
            del module.__dict__[hidden]
    return sorted(found)


class Deferred:
    """A function of a module that is imported when the function is first called or looked at."""

    __slots__ = ("_home", "_name")

    def __init__(self, home: str, name: str) -> None:
        self._home = home
        self._name = name

    def resolve(self) -> Any:
        """The function."""
        return getattr(import_module(self._home), self._name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.resolve()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.resolve(), name)


class _Family:
    """A module that is imported when something of it is called."""

    def __init__(self, home: str) -> None:
        self._home = home

    def __getattr__(self, name: str) -> Any:
        module = sys.modules.get(self._home)
        return Deferred(self._home, name) if module is None else getattr(module, name)


def family(home: str) -> Any:
    """A module, imported when something of it is called.

    Args:
        home: its name.

    Example:
        >>> family("math").gcd(6, 4)
        2
    """
    return _Family(home)


class Later:
    """An attribute of a class that is made when it is first asked for.

    Args:
        make: makes it.
    """

    __slots__ = ("_make", "_name", "_owner")

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner = owner
        self._name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        made = self._make()
        setattr(self._owner, self._name, made)
        return getattr(owner if instance is None else instance, self._name)
