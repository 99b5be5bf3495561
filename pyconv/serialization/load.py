"""torch.load.

May import: the standard library, NumPy, `pyconv.serialization`.
"""

from __future__ import annotations

import io
import os
import pickle
import re
import sys
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from typing import IO, Any

from pyconv.serialization import legacy
from pyconv.serialization.archive import Reader, is_archive
from pyconv.serialization.location import Place, place
from pyconv.serialization.storage import Storage, storage_over
from pyconv.serialization.unpickler import unpickler

_UNSAFE = (
    "In PyTorch 2.6, we changed the default value of the `weights_only` argument in `torch.load` from `False` to "
    "`True`. Re-running `torch.load` with `weights_only` set to `False` will likely succeed, but it can result in "
    "arbitrary code execution. Do it only if you got the file from a trusted source."
)
_DOCS = (
    "\n\nCheck the documentation of torch.load to learn more about types accepted by default with weights_only "
    "https://pytorch.org/docs/stable/generated/torch.load.html."
)


def load(
    f: Any,
    map_location: Any = None,
    pickle_module: Any = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    **pickle_load_args: Any,
) -> Any:
    """Read an object that `save`, here or in torch, has written.

    Args:
        f: a path, or a file open for reading bytes that can be sought in.
        map_location: where storages of other devices go: a device, a dict from place to place, or a function of a
            storage and its place.
        pickle_module: the module whose Unpickler reads a file that is trusted.
        weights_only: False to build whatever the file names, which can run any code; by default only tensors and
            plain containers are.
        mmap: whether to map a file's storages into memory, changes of which the file does not see.
        pickle_load_args: options of the Unpickler.

    Returns:
        The object; tensors that shared memory share it again.

    Raises:
        pickle.UnpicklingError: the file names what is not allowed.
        RuntimeError: the file is damaged, or is of another device.
        FileNotFoundError: there is no such file.

    Example:
        >>> import pyconv
        >>> file = io.BytesIO()
        >>> pyconv.save([pyconv.arange(3), "three"], file)
        >>> _ = file.seek(0)
        >>> load(file)
        [tensor([0, 1, 2]), 'three']
    """
    careful = _careful(weights_only, pickle_module)
    if careful and pickle_module is not None:
        raise RuntimeError("Can not safely load weights when explicit pickle_module is specified")
    if pickle_load_args and careful:
        warnings.warn("pickle_load_args only works if `weights_only=False`.", stacklevel=2)
    options = {"encoding": "utf-8", **pickle_load_args}
    path = os.fspath(f) if isinstance(f, (str, os.PathLike)) else None
    with nullcontext(f) if path is None else open(path, "rb") as file:
        _check_seekable(file)
        read = _zip if is_archive(file) else _old
        if mmap:
            _check_mapped(read, path, f)
        try:
            return read(file, place(map_location), careful, pickle_module, path if mmap else None, options)
        except pickle.UnpicklingError as error:
            if not careful:
                raise
            text = _advice(str(error))
    raise pickle.UnpicklingError(text)


def _careful(weights_only: bool | None, pickle_module: Any) -> bool:
    """Whether to trust the file: as the argument or else the environment says."""
    forced, released = (
        os.getenv(f"TORCH_FORCE_{name}", "0").lower() in ("1", "y", "yes", "true")
        for name in ("WEIGHTS_ONLY_LOAD", "NO_WEIGHTS_ONLY_LOAD")
    )
    if forced and released:
        raise RuntimeError(
            "Only one of `TORCH_FORCE_WEIGHTS_ONLY_LOAD` or `TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD` should be set, but both "
            "were set."
        )
    if forced:
        return True
    if weights_only is None and released:
        warnings.warn(
            "Environment variable TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD detected, since the`weights_only` argument was not "
            "explicitly passed to `torch.load`, forcing weights_only=False.",
            UserWarning,
            stacklevel=3,
        )
        return False
    return pickle_module is None if weights_only is None else weights_only


def _check_seekable(file: Any) -> None:
    try:
        file.seek(file.tell())
    except (io.UnsupportedOperation, AttributeError) as error:
        text = str(error)
        if any(name in text for name in ("seek", "tell")):
            text += (
                ". You can only torch.load from a file that is seekable. Please pre-load the data into a buffer like "
                "io.BytesIO and try to load from it instead."
            )
        raise type(error)(text) from None


def _check_mapped(read: Callable[..., Any], path: str | None, f: Any) -> None:
    if read is _old:
        name = f"{f}, " if isinstance(f, str) else ""
        raise RuntimeError(
            f"mmap can only be used with files saved with `torch.save({name}_use_new_zipfile_serialization=True), "
            "please torch.save your checkpoint with this option in order to use mmap."
        )
    if path is None:
        raise ValueError("f must be a file path in order to use the mmap argument")


def _zip(
    file: IO[bytes], where: Place, careful: bool, pickle_module: Any, mapped: str | None, options: dict[str, Any]
) -> Any:
    archive = Reader(file, mapped)
    if "constants.pkl" in archive:
        raise RuntimeError(
            f"Cannot use ``weights_only=True`` with TorchScript archives passed to ``torch.load``. {_UNSAFE}"
        )
    swapped = "byteorder" in archive and archive.read("byteorder").decode() != sys.byteorder
    storages: dict[str, Storage] = {}

    def storage(described: Any) -> Storage:
        _, kind, key, location, _ = described
        if key not in storages:
            made = archive.storage(f"data/{key}")
            if swapped and kind.dtype is not None:
                made = made.view(kind.dtype.numpy).byteswap().view("u1")
            storages[key] = where(storage_over(made, kind.dtype), location)
        return storages[key]

    data = io.BytesIO(archive.read("data.pkl"))
    return unpickler(data, storage, careful, pickle_module, **options).load()


def _old(
    file: IO[bytes], where: Place, careful: bool, pickle_module: Any, mapped: str | None, options: dict[str, Any]
) -> Any:
    assert mapped is None
    return legacy.load(file, where, careful, pickle_module, **options)


def _advice(message: str) -> str:
    """What torch says of an error in a file that is not trusted."""
    if re.search(r"GLOBAL (\S+) was not an allowed global by default.", message):
        advice = (
            "Weights only load failed. This file can still be loaded, to do so you have two options, "
            "\033[1mdo those steps only if you trust the source of the checkpoint\033[0m. "
            f"\n\t(1) {_UNSAFE}\n\t(2) Alternatively, to load with `weights_only=True` please check the recommended "
            f"steps in the following error message.\n\tWeightsUnpickler error: {message}"
        )
        return advice + _DOCS
    advice = f"Weights only load failed. {_UNSAFE}\n"
    if not re.search(r"whose module (\S+) is blocked", message):
        advice += (
            "Please file an issue with the following so that we can make `weights_only=True` compatible with your use "
            "case: WeightsUnpickler error: "
        )
    return f"{advice}\n\n{message}{_DOCS}"
