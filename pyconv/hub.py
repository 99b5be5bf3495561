"""torch.hub's downloads: state dicts from the network, kept in a folder.

May import: the standard library, `pyconv.serialization`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import Request, urlopen

from pyconv.serialization import load

__all__ = ["HASH_REGEX", "download_url_to_file", "get_dir", "load_state_dict_from_url", "set_dir"]

_CHUNK = 1 << 17
HASH_REGEX = re.compile(r"-([a-f0-9]*)\.")
"""Where a file's name holds the beginning of its hash: `resnet18-f37072fd.pth`."""

_hub_dir: str | None = None


def get_dir() -> str:
    """The folder for what is downloaded: that of `set_dir`, else `$TORCH_HOME/hub`, else one in the user's cache.

    Example:
        >>> os.path.basename(get_dir())
        'hub'
    """
    if _hub_dir is not None:
        return _hub_dir
    return os.path.join(_get_torch_home(), "hub")


def _get_torch_home() -> str:
    """`$TORCH_HOME`, or the folder of that name in the user's cache."""
    cache = os.getenv("XDG_CACHE_HOME", "~/.cache")
    return os.path.expanduser(os.getenv("TORCH_HOME", os.path.join(cache, "torch")))


def set_dir(d: str | os.PathLike[str]) -> None:
    """Choose the folder for what is downloaded.

    Args:
        d: a path.
    """
    global _hub_dir
    _hub_dir = os.path.expanduser(d)


def download_url_to_file(url: str, dst: str, hash_prefix: str | None = None, progress: bool = True) -> None:
    """Download a file.

    Args:
        url: where from.
        dst: the path of the file to make; it appears when it is complete.
        hash_prefix: what the hexadecimal SHA-256 of the file must begin with.
        progress: whether to tell on stderr how far it is.

    Raises:
        RuntimeError: the file has another hash.
        urllib.error.URLError: it cannot be had.
    """
    dst = os.path.expanduser(dst)
    digest = hashlib.sha256()
    handle, unfinished = tempfile.mkstemp(".partial", dir=os.path.dirname(dst) or ".")
    try:
        with open(handle, "wb") as partial, urlopen(Request(url, headers={"User-Agent": "torch.hub"})) as source:
            size = int(source.headers.get("Content-Length") or 0)
            while chunk := source.read(_CHUNK):
                partial.write(chunk)
                digest.update(chunk)
                if progress:
                    _tell(partial.tell(), size)
        if hash_prefix is not None and not digest.hexdigest().startswith(hash_prefix):
            raise RuntimeError(f'invalid hash value (expected "{hash_prefix}", got "{digest.hexdigest()}")')
        shutil.move(unfinished, dst)
    finally:
        if os.path.exists(unfinished):
            os.remove(unfinished)


def _tell(done: int, size: int) -> None:
    share = f"{100 * done // size:3d}% of {size}" if size else str(done)
    sys.stderr.write(f"\r{share} bytes" + ("\n" if done == size else ""))


def load_state_dict_from_url(
    url: str,
    model_dir: str | None = None,
    map_location: Any = None,
    progress: bool = True,
    check_hash: bool = False,
    file_name: str | None = None,
    weights_only: bool = False,
) -> Any:
    """Download a file of `save`, unless it is there already, and load it.

    Args:
        url: where from; the last part of its path is the file's name.
        model_dir: the folder of the file; `checkpoints` in that of `get_dir` by default.
        map_location: as of `load`.
        progress: whether to tell on stderr how far it is.
        check_hash: whether the file's name has the form `name-<first digits of its SHA-256>.ext`, to be checked.
        file_name: instead of that of the URL.
        weights_only: as of `load`.

    Returns:
        What the file holds. A zip with a single file of the old format is unpacked first.

    Raises:
        RuntimeError: the hash is another, or a zip holds more than one file.

    Example:
        >>> import pyconv, pathlib
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = pathlib.Path(folder, "weights.pt")
        ...     pyconv.save({"bias": pyconv.zeros(2)}, file)
        ...     load_state_dict_from_url(file.as_uri(), os.path.join(folder, "cache"), progress=False)
        {'bias': tensor([0., 0.])}
    """
    folder = os.path.join(get_dir(), "checkpoints") if model_dir is None else model_dir
    os.makedirs(folder, exist_ok=True)
    name = file_name or os.path.basename(urlparse(url).path)
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        sys.stderr.write(f'Downloading: "{url}" to {path}\n')
        found = HASH_REGEX.search(name) if check_hash else None
        download_url_to_file(url, path, found.group(1) if found else None, progress)
    if _is_old_zip(path):
        path = _unpacked(path, folder)
    return load(path, map_location=map_location, weights_only=weights_only)


def _is_old_zip(path: str) -> bool:
    """Whether the file is a zip around a file of the old format, not itself one of `save`'s."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return not any(name.endswith("/data.pkl") for name in archive.namelist())


def _unpacked(path: str, folder: str) -> str:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if len(members) != 1:
            raise RuntimeError("Only one file(not dir) is allowed in the zipfile")
        archive.extractall(folder)
        return str(Path(folder, members[0].filename))
