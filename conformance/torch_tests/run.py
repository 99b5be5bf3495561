"""The tests of a file, one by one, in a process of their own: what they change of pyconv stays there.

May import: the standard library, `conformance.torch_tests`.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from conformance.torch_tests.load import load
from conformance.torch_tests.modules import in_torchs_place
from conformance.torch_tests.outcome import Outcome, of_error

MEMORY = 6 << 30
"""Bytes of address space that the tests of a file may take."""


_LOADING = "(loading)"


class TookTooLongError(Exception):
    """A test ran past its time."""


class _Result(unittest.TestResult):
    """Keeps what came of the tests that it was told of."""

    def __init__(self) -> None:
        super().__init__()
        self.outcome: Outcome | None = None

    def _add(self, test: unittest.TestCase, error: BaseException) -> None:
        found = of_error(name_of(test), error)
        if self.outcome is None or self.outcome.kind == "lacking":
            self.outcome = found

    def addError(self, test, err):  # type: ignore[no-untyped-def]
        self._add(test, err[1])

    addFailure = addError

    def addSubTest(self, test, subtest, err):  # type: ignore[no-untyped-def]  # noqa: ARG002
        if err is not None:
            self._add(test, err[1])

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        self.outcome = self.outcome or Outcome(name_of(test), "skipped", reason)

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        self.outcome = Outcome(name_of(test), "failed", "passed, which the test file does not expect")


def name_of(test: unittest.TestCase) -> str:
    """`TestClass.test_name`."""
    return ".".join(test.id().split(".")[-2:])


def tests_of(suite: unittest.TestSuite | unittest.TestCase) -> Iterator[unittest.TestCase]:
    """The tests of a suite, at any depth."""
    if isinstance(suite, unittest.TestCase):
        yield suite
    else:
        for part in suite:
            yield from tests_of(part)


def run_one(test: unittest.TestCase, seconds: float) -> Outcome:
    """Run a test, in at most so many seconds.

    Example:
        >>> class T(unittest.TestCase):
        ...     def test_it(self):
        ...         self.assertEqual(1, 2)
        >>> run_one(T("test_it"), 5.0).kind
        'failed'
    """
    result = _Result()
    try:
        with time_limit(seconds):
            test.run(result)
    except BaseException as error:
        return of_error(name_of(test), error)
    return result.outcome or Outcome(name_of(test), "passed")


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TookTooLongError in a block that takes longer."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        raise TookTooLongError(f"took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def run_file(path: Path, pattern: str = "*", seconds: float = 20.0) -> Iterator[Outcome]:
    """Run the tests of a file whose names fit a pattern; one that ends the process has failed, and the rest go on.

    Args:
        path: of the file.
        pattern: as the shell's, for `TestClass.test_name`.
        seconds: that a test may take.
    """
    done = 0
    while True:
        here, there = get_context("spawn").Pipe(duplex=False)
        worker = get_context("spawn").Process(target=_work, args=(there, path, pattern, seconds, done))
        worker.start()
        there.close()
        running = _LOADING
        try:
            while isinstance(message := _received(here, seconds), (str, Outcome)):
                if isinstance(message, str):
                    running = message
                elif message.test == _LOADING:
                    yield message
                    return
                else:
                    yield message
                    done, running = done + 1, ""
        finally:
            worker.terminate()
            worker.join()
            here.close()
        if not running:
            return
        yield Outcome(running, "failed", "the process ended or hung")
        if running == _LOADING:
            return
        done += 1


def _received(here: Connection, seconds: float) -> object:
    """The next message; None when there is none any more, or none in time."""
    try:
        return here.recv() if here.poll(2 * seconds + 60) else None
    except EOFError:
        return None


def _work(there: Connection, path: Path, pattern: str, seconds: float, done: int) -> None:
    """What the process does: the name of each test before it, its outcome after it."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    os.environ["PYTORCH_PRINT_REPRO_ON_FAILURE"] = "0"
    sys.argv = [str(path)]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.chdir(path.parent)
    with in_torchs_place():
        try:
            module = load(path)
        except BaseException as error:
            there.send(of_error(_LOADING, error))
            return
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
        tests = [test for test in tests_of(suite) if fnmatchcase(name_of(test), pattern)]
        for test in tests[done:]:
            there.send(name_of(test))
            there.send(run_one(test, seconds))
