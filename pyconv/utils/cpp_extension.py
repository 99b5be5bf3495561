"""torch.utils.cpp_extension: what programs ask for that compile kernels of their own, and do without them.

pyconv compiles nothing, so that building an extension fails as it does where there is no compiler. May import: the
standard library.
"""

from __future__ import annotations

from typing import Any, NoReturn

__all__ = ["CUDA_HOME", "is_ninja_available", "load", "load_inline", "verify_ninja_availability"]

CUDA_HOME: str | None = None


def is_ninja_available() -> bool:
    """False: there is nothing to build with.

    Example:
        >>> is_ninja_available()
        False
    """
    return False


def verify_ninja_availability() -> NoReturn:
    """Raise RuntimeError: there is nothing to build with."""
    raise RuntimeError("Ninja is required to load C++ extensions (pip install ninja to get it)")


def load(name: str, sources: str | list[str], *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG001
    """Refuse to build an extension; programs that have another way take it then.

    Args:
        name: the extension's.
        sources: its files.
        args: how torch would build it.
        kwargs: likewise.

    Raises:
        RuntimeError: always.

    Example:
        >>> load("upfirdn2d_plugin", ["upfirdn2d.cpp"])
        Traceback (most recent call last):
        RuntimeError: Error building extension 'upfirdn2d_plugin': pyconv runs on NumPy and compiles nothing
    """
    raise RuntimeError(f"Error building extension '{name}': pyconv runs on NumPy and compiles nothing")


def load_inline(name: str, cpp_sources: str | list[str], *args: Any, **kwargs: Any) -> NoReturn:  # noqa: ARG001
    """Refuse to build an extension from text, likewise.

    Args:
        name: the extension's.
        cpp_sources: its text.
        args: how torch would build it.
        kwargs: likewise.

    Raises:
        RuntimeError: always.
    """
    load(name, cpp_sources)
