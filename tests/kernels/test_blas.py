"""Idle threads of OpenBLAS are let sleep, where that can be asked for and nobody else uses BLAS."""

import os
import subprocess
import sys
import threading

import pytest

from pyconv.kernels import blas

NAME = "OPENBLAS_THREAD_TIMEOUT"
PROGRAM = """
import numpy as np
from threadpoolctl import ThreadpoolController
from pyconv.kernels import blas, threads
a = np.ones((300, 300), np.float32)
assert (a @ a == 300).all()
threads.set_count(2)
assert (a @ a == 300).all()
library = ThreadpoolController().select(user_api="blas").lib_controllers[0]
if library.internal_api == "openblas":
    print(library.dynlib.openblas_thread_timeout())
"""


class OpenBLAS:
    """What `_let_sleep` calls of a library, with how long threads were to spin at each call."""

    threading_layer = "pthreads"

    def __init__(self):
        self.dynlib = self
        self.calls = []

    def openblas_read_env(self):
        self.calls.append(("read", os.environ.get(NAME)))

    def blas_thread_shutdown_(self):
        self.calls.append(("shut down", os.environ.get(NAME)))


@pytest.fixture
def library(monkeypatch):
    """A library in an environment that says nothing, and no other thread."""
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    return OpenBLAS()


def test_threads_read_it_and_are_begun_again(library):
    blas._let_sleep(library)
    assert library.calls == [("read", "4"), ("shut down", None)]
    assert NAME not in os.environ


def test_what_the_environment_says_stays(library, monkeypatch):
    monkeypatch.setenv(NAME, "26")
    blas._let_sleep(library)
    assert library.calls == []
    assert os.environ[NAME] == "26"


def test_nothing_is_done_beside_another_thread(library, monkeypatch):
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    blas._let_sleep(library)
    assert library.calls == []


@pytest.mark.parametrize("lack", ["openmp", "no such function"])
def test_other_libraries_are_left_alone(library, lack):
    if lack == "openmp":
        library.threading_layer = "openmp"
    else:
        library.dynlib = object()
    blas._let_sleep(library)
    assert library.calls == []


def test_openblas_itself(tmp_path):
    pytest.importorskip("threadpoolctl")
    environment = {name: value for name, value in os.environ.items() if name != NAME}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert run.stdout.strip() in ("", "4")


def test_held_and_released_by_the_functions_of_the_library_itself():
    controller = pytest.importorskip("threadpoolctl").ThreadpoolController().select(user_api="blas")
    before = [library.get_num_threads() for library in controller.lib_controllers]
    blas.hold()
    try:
        assert {library.get_num_threads() for library in controller.lib_controllers} <= {1}
    finally:
        blas.release()
    assert [library.get_num_threads() for library in controller.lib_controllers] == before
    for library in controller.lib_controllers:
        if library.internal_api == "openblas" and library.threading_layer == "pthreads":
            assert blas._Direct.of(library).get_num_threads() == library.get_num_threads()


def test_libraries_with_threads_for_each_caller_stay_with_threadpoolctl(library):
    library.threading_layer = "openmp"
    assert blas._Direct.of(library) is None


def test_nor_are_functions_found_by_unknown_names(library):
    library.filepath = None
    assert blas._Direct.of(library) is None
