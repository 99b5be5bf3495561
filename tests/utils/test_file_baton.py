"""The lock that is a file."""

import threading

import pytest

from pyconv.utils.file_baton import FileBaton


def test_one_holds_it_and_others_wait(tmp_path):
    path = str(tmp_path / "lock")
    first, second = FileBaton(path), FileBaton(path, wait_seconds=0.01, warn_after_seconds=0.02)
    assert first.try_acquire()
    assert not second.try_acquire()
    timer = threading.Timer(0.1, first.release)
    timer.start()
    with pytest.warns(UserWarning, match=r"^Waited on lock file .* for 0\.02 seconds\.$"):
        second.wait()
    timer.join()
    assert second.try_acquire()
    second.release()
    second.wait()
