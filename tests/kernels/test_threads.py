"""The pool: every item once, errors where the job was given, the same bits, and no deadlock."""

import subprocess
import sys
import threading

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import blas, threads
from pyconv.kernels import conv as maps


@pytest.fixture(autouse=True)
def three():
    """Three threads, whatever the machine has."""
    before = threads.count()
    threads.set_count(3)
    yield
    threads.set_count(before)


def test_every_item_is_worked_on_once():
    seen = []
    with threads.together():
        threads.each(seen.append, range(100))
    assert sorted(seen) == list(range(100))


class Library:
    """A BLAS library whose threads can be set, as threadpoolctl shows one."""

    threads = 4

    def get_num_threads(self):
        return self.threads

    def set_num_threads(self, number):
        self.threads = number


@pytest.fixture
def library(monkeypatch):
    """The only BLAS library there is, whether threadpoolctl is installed or not."""
    made = Library()
    monkeypatch.setattr(blas, "_libraries", lambda: [made])
    return made


@pytest.mark.usefixtures("library")
def test_several_threads_take_part():
    everybody = threading.Barrier(3)
    with threads.together():
        threads.each(lambda _: everybody.wait(10), range(3))


@pytest.mark.usefixtures("library")
def test_alone_the_calling_thread_does_it_all():
    names = []
    with threads.together(alone=True):
        threads.each(lambda _: names.append(threading.current_thread()), range(20))
        assert blas.is_held()
    assert set(names) == {threading.current_thread()}
    everybody = threading.Barrier(3)
    with threads.together():
        threads.each(lambda _: everybody.wait(10), range(3))


def test_an_error_is_raised_where_the_job_was_given():
    def fail(item):
        if item == 5:
            raise ValueError("the fifth")

    with threads.together(), pytest.raises(ValueError, match="the fifth"):
        threads.each(fail, range(10))
    with threads.together():
        threads.each(lambda _: None, range(10))


def test_a_piece_may_have_pieces():
    seen = []

    def outer(i):
        with threads.together():
            threads.each(lambda j: seen.append((i, j)), range(4))

    with threads.together():
        threads.each(outer, range(4))
    assert len(set(seen)) == len(seen) == 16


def test_blas_is_given_back(library):
    with threads.together(), threads.together():
        assert library.threads == 1
    assert library.threads == 4


def test_a_number_set_meanwhile_is_that_of_afterwards(library):
    with threads.together():
        threads.set_count(2)
        assert library.threads == 1
    assert library.threads == 2


def test_what_a_parent_held_is_not_given_back_twice(library):
    blas.hold()
    blas.after_fork()
    blas.release()
    assert library.threads == 4
    with threads.together():
        assert library.threads == 1
    assert library.threads == 4


def test_without_threadpoolctl_the_calling_thread_does_it_all(monkeypatch):
    monkeypatch.setattr(blas, "_libraries", list)
    seen = set()
    with threads.together():
        threads.each(lambda _: seen.add(threading.get_ident()), range(50))
    assert seen == {threading.get_ident()}


def _results(name, side=40):
    """The bits of all passes of a layer that the algorithm of that name supports."""
    rng = np.random.default_rng(0)
    algorithm, image = maps.find(name), (2, 64, side, side)
    layers = {
        "pointwise": (image, 96, 1, 1),
        "fft": (image, 96, 5, 1),
        "fft_weights": (image, 96, 5, 1),
        "depthwise": (image, 64, 3, 64),
        "whole-rows": (image, 64, 3, 64),
        "stacked-rows": (image, 64, 7, 64),
        "strips": (image, 64, 11, 64),
        "swapped": ((2, 600, 7, 7), 600, 13, 600),
        "short": ((2, 3, 6, 6), 4, 3, 1),
        "joined-images": ((8, 64, 8, 8), 96, 3, 1),
        "interleaved": ((40, 6, 14, 14), 16, 3, 1),
        "runs": (image, 96, 3, 4),
        "volumes": ((2, 3, 8, 40, 40), 32, 3, 1),
    }
    shape, outputs, kernel, groups = layers.get(name, (image, 96, 3, 1))
    dilation = 2 if name.startswith("dilated") else 1
    weights = (outputs, shape[1] // groups, *(kernel for _ in shape[2:]))
    stride = 2 if name == "phases" else 1
    conv = Conv.of(shape, weights, None, stride, kernel // 2 * dilation, dilation, groups)
    x, w, gy = (rng.standard_normal(s, np.float32) for s in (conv.x_shape, conv.w_shape, conv.y_shape))
    operands = {"forward": (x, w, None), "input_grad": (gy, w), "weight_grad": (x, gy)}
    with maps.use(name):
        return b"".join(
            getattr(maps, kind)(*given, conv).tobytes() for kind, given in operands.items() if algorithm.has(kind)
        )


@pytest.mark.parametrize("name", [a.name for a in maps.ALGORITHMS])
def test_the_bits_do_not_depend_on_the_number_of_threads(name):
    found = set()
    for number in (1, 2, 3, 5):
        threads.set_count(number)
        found.add(_results(name))
    assert len(found) == 1


@pytest.mark.parametrize("name", ["pointwise", "im2col"])
def test_nor_where_blas_shares_the_products_out(name):
    found = set()
    for number in (1, 2, 4):
        threads.set_count(number)
        found.add(_results(name, 24))
    assert len(found) == 1


def test_calls_from_several_threads_at_once_are_the_same():
    expected, found = _results("winograd"), []
    callers = [threading.Thread(target=lambda: found.append(_results("winograd"))) for _ in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)
    assert found == [expected] * 6


def test_a_forked_child_goes_on():
    script = """
import os
import numpy as np
from pyconv.geometry import Conv
from pyconv.kernels import conv, threads
threads.set_count(3)
geometry = Conv.of((1, 64, 40, 40), (64, 64, 3, 3), None, 1, 1)
x, w = np.ones(geometry.x_shape, "f4"), np.ones(geometry.w_shape, "f4")
before = conv.forward(x, w, None, geometry)
child = os.fork() if hasattr(os, "fork") else os._exit(0)
if not child:
    os._exit(0 if (conv.forward(x, w, None, geometry) == before).all() else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True, timeout=60)


def test_the_interpreter_ends_while_a_thread_works_and_in_a_last_call():
    script = """
import atexit, threading
import numpy as np
from pyconv.geometry import Conv
from pyconv.kernels import conv
geometry = Conv.of((1, 64, 40, 40), (64, 64, 3, 3), None, 1, 1)
x, w = np.ones(geometry.x_shape, "f4"), np.ones(geometry.w_shape, "f4")
def work():
    while True:
        conv.forward(x, w, None, geometry)
atexit.register(lambda: conv.forward(x, w, None, geometry))
threading.Thread(target=work, daemon=True).start()
conv.forward(x, w, None, geometry)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
