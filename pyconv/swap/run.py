"""`python -m pyconv script.py [args]`: a program that says `import torch`, run with pyconv.

May import: the standard library, `pyconv.swap`.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Sequence

from pyconv.swap.finder import as_torch


def run_script(path: str, arguments: Sequence[str]) -> None:
    """Run a file as `__main__`, with pyconv in torch's place.

    Args:
        path: of the file.
        arguments: what the program finds in `sys.argv[1:]`.
    """
    sys.argv = [path, *arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(path))
    with as_torch():
        runpy.run_path(path, run_name="__main__")


def run_module(name: str, arguments: Sequence[str]) -> None:
    """Run a module as `__main__`, as `python -m` does, with pyconv in torch's place.

    Args:
        name: of the module.
        arguments: what the program finds in `sys.argv[1:]`.
    """
    sys.argv = [name, *arguments]
    sys.path[0] = os.getcwd()
    with as_torch():
        runpy.run_module(name, run_name="__main__", alter_sys=True)
