"""torch.utils.file_baton: a lock between processes, which is a file.

May import: the standard library.
"""

from __future__ import annotations

import os
import time
import warnings

__all__ = ["FileBaton"]


class FileBaton:
    """A lock that is held by whoever could make a file.

    Args:
        lock_file_path: the file.
        wait_seconds: how long `wait` sleeps between two looks at it.
        warn_after_seconds: when `wait` warns that it still waits; never by default.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     baton = FileBaton(f"{folder}/lock")
        ...     first, second = baton.try_acquire(), FileBaton(f"{folder}/lock").try_acquire()
        ...     baton.release()
        >>> first, second
        (True, False)
    """

    def __init__(self, lock_file_path: str, wait_seconds: float = 0.1, warn_after_seconds: float | None = None) -> None:
        self.lock_file_path = lock_file_path
        self.wait_seconds = wait_seconds
        self.warn_after_seconds = warn_after_seconds
        self.fd: int | None = None

    def try_acquire(self) -> bool:
        """Take the lock if it is free, and say whether it was."""
        try:
            self.fd = os.open(self.lock_file_path, os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            return False
        return True

    def wait(self) -> None:
        """Sleep until the lock is free."""
        start, told = time.monotonic(), False
        while os.path.exists(self.lock_file_path):
            time.sleep(self.wait_seconds)
            late = self.warn_after_seconds is not None and time.monotonic() - start > self.warn_after_seconds
            if late and not told:
                told = True
                warnings.warn(
                    f'Waited on lock file "{self.lock_file_path}" for {self.warn_after_seconds} seconds.',
                    stacklevel=2,
                )

    def release(self) -> None:
        """Give the lock back."""
        if self.fd is not None:
            os.close(self.fd)
        os.remove(self.lock_file_path)
