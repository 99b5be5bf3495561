"""`python -m pyconv script.py [args]`: a program that says `import torch`, run with pyconv.

May import: the standard library, `pyconv.swap`.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pyconv.swap.finder import as_torch


def run_script(path: str, arguments: Sequence[str]) -> None:
    """Run a file as `__main__`, with pyconv in torch's place.

    Args:
        path: of the file.
        arguments: what the program finds in `sys.argv[1:]`.
    """
    sys.argv = [path, *arguments]
    place = os.path.abspath(path)
    sys.path[0] = os.path.dirname(place)
    with as_torch(), _errors_of_the_program():
        runpy.run_path(place, run_name="__main__")


def run_module(name: str, arguments: Sequence[str]) -> None:
    """Run a module as `__main__`, as `python -m` does, with pyconv in torch's place.

    Args:
        name: of the module.
        arguments: what the program finds in `sys.argv[1:]`.
    """
    sys.argv = [name, *arguments]
    sys.path[0] = os.getcwd()
    with as_torch(), _errors_of_the_program():
        runpy.run_module(name, run_name="__main__", alter_sys=True)


@contextmanager
def _errors_of_the_program() -> Iterator[None]:
    """Print the traceback of an error from where the program begins, and exit with status 1."""
    try:
        yield
    except Exception as error:
        trace = error.__traceback__
        while trace is not None and trace.tb_frame.f_globals.get("__name__") != "__main__":
            trace = trace.tb_next
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        raise SystemExit(1) from None
