"""What stands for the names of torch's that the library under test lacks.

While a test file is loaded it yields to everything, so that one name does not take the whole file away: it is called,
derived from, and decorates. When the tests run, using it says what is lacking.

May import: the standard library.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any


class LackingError(Exception):
    """A test uses a name that the library lacks; its text is the name."""


_DECORATED = (type, FunctionType, BuiltinFunctionType)
_loading: list[bool] = []


@contextmanager
def yielding() -> Iterator[None]:
    """Let absent names yield to everything inside a `with` block."""
    _loading.append(True)
    try:
        yield
    finally:
        _loading.pop()


def is_yielding() -> bool:
    """Whether absent names yield now."""
    return bool(_loading)


class AbsentBase:
    """The base of the classes that derive from an absent one."""

    absent = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        raise LackingError(self.absent)


def _absent_class(path: str) -> type:
    return type("AbsentBase", (AbsentBase,), {"absent": path})


class Absent:
    """A name that the library lacks.

    Args:
        path: the name with its dots.

    Example:
        >>> with yielding():
        ...     made = Absent("torch.vmap")(len)
        >>> made is len
        True
        >>> Absent("torch.vmap")(len)
        Traceback (most recent call last):
        conformance.torch_tests.absent.LackingError: torch.vmap
    """

    __all__ = ()

    def __init__(self, path: str) -> None:
        self.__dict__["absent_path"] = path
        self.__dict__["__name__"] = path.rpartition(".")[2]

    def __repr__(self) -> str:
        return self.absent_path

    def __deepcopy__(self, memo: object) -> Any:
        return self

    def __bool__(self) -> bool:
        return True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self._used()
        decorates = len(args) == 1 and not kwargs and isinstance(args[0], _DECORATED)
        return args[0] if decorates else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self._used(f".{name}")
        return Absent(f"{self.absent_path}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        self._used(f".{name}")

    def __getitem__(self, key: object) -> Any:
        self._used()
        return self

    def __iter__(self) -> Iterator[Any]:
        self._used()
        return iter((self,))

    def __len__(self) -> int:
        self._used()
        return 0

    def __enter__(self) -> Any:
        self._used()
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __instancecheck__(self, value: object) -> bool:
        return False

    __subclasscheck__ = __instancecheck__

    def __or__(self, other: object) -> Any:
        return other

    __ror__ = __add__ = __radd__ = __or__

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (_absent_class(self.absent_path),)

    def _used(self, rest: str = "") -> None:
        if not _loading:
            raise LackingError(self.absent_path + rest)


def stand_in(path: str) -> Any:
    """What stands for a name: a class for one that is a layer's by its looks, as such are asked what they derive from.

    Example:
        >>> issubclass(stand_in("torch.nn.NoLayer"), AbsentBase)
        True
        >>> stand_in("torch.vmap")
        torch.vmap
    """
    module, _, name = path.rpartition(".")
    return _absent_class(path) if module.startswith("torch.nn") and name[:1].isupper() else Absent(path)


class AbsentModule(ModuleType, Absent):
    """A module that the library lacks, or a name of torch's own that could be one."""

    __path__: list[str] = []  # noqa: RUF012
    __setattr__ = ModuleType.__setattr__

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.absent_path = name


class _Yielding(ModuleType):
    """A module of the library's that has absent names while a test file is loaded."""

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)  # type: ignore[misc]
        except AttributeError:
            if not _loading or name.startswith("__"):
                raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None
            with suppress(ModuleNotFoundError):
                return import_module(f"{self.__name__}.{name}")
            return stand_in(f"torch{self.__name__.removeprefix('pyconv')}.{name}")


def yield_names(module: ModuleType) -> None:
    """Let a module have absent names while a test file is loaded."""
    if not isinstance(module, _Yielding):
        module.__class__ = type("Yielding", (_Yielding, type(module)), {})
