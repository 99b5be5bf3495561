"""The zip file of torch's format: records under one folder, not compressed, each aligned to 64 bytes.

May import: the standard library, NumPy.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from types import TracebackType
from typing import IO, Any

import numpy as np

ALIGNMENT = 64
_LOCAL_HEADER = 30
_ENCRYPTED = 1
_PADDING = 0x4246


class Writer:
    """Writes records to a file, one after the other.

    Args:
        file: a path or a file open for writing.
    """

    def __init__(self, file: Any) -> None:
        is_path = isinstance(file, (str, os.PathLike))
        stem = os.path.splitext(os.path.basename(os.fspath(file)))[0] if is_path else "archive"
        self._folder = stem if stem.isascii() and stem else "archive"
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED)
        self._checksums = 0

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self.write("version", b"3\n")
            self.write(".data/serialization_id", b"%040d" % self._checksums)
        self._zip.close()

    def write(self, name: str, data: bytes) -> None:
        """Add a record, padded so that its data begin at a multiple of 64 bytes."""
        info = zipfile.ZipInfo(f"{self._folder}/{name}", (1980, 1, 1, 0, 0, 0))
        start = self._zip.fp.tell() + _LOCAL_HEADER + len(info.filename.encode()) + 4  # type: ignore[union-attr]
        info.extra = struct.pack("<HH", _PADDING, -start % ALIGNMENT) + b"Z" * (-start % ALIGNMENT)
        self._checksums = (self._checksums * 31 + zlib.crc32(data) + zlib.crc32(name.encode())) % 10**40
        self._zip.writestr(info, data)


class Reader:
    """Reads the records of a file.

    Args:
        file: open for reading, with a position.
        path: the file's path, where storages are to be mapped into memory instead of read.

    Raises:
        RuntimeError: it is no such file.
    """

    def __init__(self, file: IO[bytes], path: str | None = None) -> None:
        if not hasattr(file, "seekable"):
            file = io.BytesIO(file.read())
        try:
            self._zip = zipfile.ZipFile(file)
        except zipfile.BadZipFile:
            raise RuntimeError(
                "PytorchStreamReader failed reading zip archive: not a ZIP archive. This is an internal miniz error. "
                "If you are seeing this error, there is a high likelihood that your checkpoint file is corrupted. This "
                "can happen if the checkpoint was not saved properly, was transferred incorrectly, or the file was "
                "modified after saving."
            ) from None
        self._path = path
        self._folder = self._zip.namelist()[0].partition("/")[0] if self._zip.namelist() else ""

    def __contains__(self, name: str) -> bool:
        return f"{self._folder}/{name}" in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """The data of a record.

        Raises:
            RuntimeError: there is no such record.
        """
        if name not in self:
            raise RuntimeError(f"PytorchStreamReader failed locating file {name}: file not found")
        return self._zip.read(f"{self._folder}/{name}")

    def storage(self, name: str) -> np.ndarray[Any, Any]:
        """The data of a record as an array of bytes that can be written to; a mapped one changes no file.

        As in torch nobody compares its checksum, which would take twice as long as to read it.
        """
        info = self._zip.NameToInfo.get(f"{self._folder}/{name}")
        if info is not None and info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & _ENCRYPTED:
            if self._path is not None and info.file_size:
                return np.memmap(self._path, np.uint8, "c", self._start(info), (info.file_size,))
            data, start = np.empty(info.file_size, np.uint8), self._start(info)
            file: Any = self._zip.fp
            file.seek(start)
            if hasattr(file, "readinto") and file.readinto(data) == data.size:
                return data
        return np.frombuffer(bytearray(self.read(name)), np.uint8)

    def _start(self, info: zipfile.ZipInfo) -> int:
        """Where the data of a record begin."""
        file: Any = self._zip.fp
        file.seek(info.header_offset + 26)
        return info.header_offset + _LOCAL_HEADER + sum(struct.unpack("<HH", file.read(4)))


def is_archive(file: IO[bytes]) -> bool:
    """Whether a file goes on with a zip's first bytes; its position stays."""
    start = file.tell()
    first = file.read(4)
    file.seek(start)
    return first == b"PK\x03\x04"
