"""The tests of a file, each in a process of its own: what it changes of pyconv, or leaves behind, stays there.

May import: the standard library, `conformance.torch_tests`.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import unittest
from collections.abc import Container, Iterator
from contextlib import contextmanager, nullcontext
from fnmatch import fnmatchcase
from multiprocessing import Pipe, get_context
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
    """Keeps what came of a test.

    Args:
        name: the test's.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.outcome: Outcome | None = None

    def _add(self, error: BaseException) -> None:
        found = of_error(self.name, error)
        if self.outcome is None or self.outcome.kind == "lacking":
            self.outcome = found

    def addError(self, test, err):  # type: ignore[no-untyped-def]  # noqa: ARG002
        self._add(err[1])

    addFailure = addError

    def addSubTest(self, test, subtest, err):  # type: ignore[no-untyped-def]  # noqa: ARG002
        if err is not None:
            self._add(err[1])

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: ARG002
        self.outcome = self.outcome or Outcome(self.name, "skipped", reason)

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: ARG002
        self.outcome = Outcome(self.name, "failed", "passed, which the test file does not expect")


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
    result = _Result(name_of(test))
    try:
        with time_limit(seconds):
            unittest.TestSuite([test]).run(result)
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


def run_apart(test: unittest.TestCase, seconds: float) -> Outcome:
    """Run a test in a copy of this process, which may end as it likes."""
    here, there = Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        try:
            there.send(run_one(test, seconds))
        finally:
            os._exit(0)
    there.close()
    try:
        if here.poll(2 * seconds + 10):
            found: Outcome = here.recv()
            return found
        return Outcome(name_of(test), "failed", "the process hung")
    except EOFError:
        return Outcome(name_of(test), "failed", "the process ended")
    finally:
        here.close()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def run_file(
    path: Path, pattern: str = "*", seconds: float = 20.0, control: Container[str] | None = None
) -> Iterator[Outcome]:
    """Run the tests of a file whose names fit a pattern.

    Args:
        path: of the file.
        pattern: as the shell's, for `TestClass.test_name`.
        seconds: that a test may take.
        control: run the tests of these names, with torch itself.
    """
    here, there = Pipe(duplex=False)
    worker = get_context("spawn").Process(target=_work, args=(there, path, pattern, seconds, control))
    worker.start()
    there.close()
    try:
        while True:
            outcome: Outcome | None = here.recv()
            if outcome is None:
                return
            yield outcome
    except EOFError:
        yield Outcome(_LOADING, "failed", "the process ended")
    finally:
        worker.terminate()
        worker.join()
        here.close()


def _work(there: Connection, path: Path, pattern: str, seconds: float, control: Container[str] | None) -> None:
    """What the process of a file does: send the outcome of each test, then None."""
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    os.environ["PYTORCH_PRINT_REPRO_ON_FAILURE"] = "0"
    sys.argv = [str(path)]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.chdir(path.parent)
    try:
        with in_torchs_place() if control is None else nullcontext():
            for test in tests_of(unittest.defaultTestLoader.loadTestsFromModule(load(path))):
                name = name_of(test)
                if fnmatchcase(name, pattern) and (control is None or name in control):
                    there.send(run_apart(test, seconds))
    except BaseException as error:
        there.send(of_error(_LOADING, error))
    there.send(None)
