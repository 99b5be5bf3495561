"""Memory of large arrays is taken again once it was freed."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pyconv.kernels import allocator

PROGRAM = """
import resource
import numpy as np
import pyconv.kernels

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(4):
        several = [np.ones(9 << 18, np.float32) for _ in range(3)]
        del several
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults()
print(faults())
"""


def test_arrays_take_pages_that_were_freed_together():
    root = str(Path(__file__).parents[2])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([root, *sys.path[1:]])}
    run = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    # had they been given back, they would touch at least 48 huge pages of 2 MiB again, or 27 000 of 4 KiB
    assert int(run.stdout) < 40 or platform.libc_ver()[0] != "glibc"


@pytest.mark.parametrize("error", [AttributeError, ValueError, OSError])
def test_without_glibc_nothing_is_allocated(error, monkeypatch):
    def confstr(_):
        raise error

    asked = []
    monkeypatch.setattr(os, "confstr", confstr, raising=False)
    monkeypatch.setattr(np, "empty", lambda *_: asked.append(1))
    allocator.keep_pages()
    assert not asked


def test_where_memory_is_short_all_stays_as_it_is(monkeypatch):
    def empty(*_):
        raise MemoryError

    monkeypatch.setattr(os, "confstr", lambda _: "glibc 2.39", raising=False)
    monkeypatch.setattr(np, "empty", empty)
    allocator.keep_pages()
