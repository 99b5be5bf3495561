"""Arrays and text in one small file: a ZIP of arrays as NumPy writes it, packed by LZMA.

May import: NumPy and the standard library.

Arrays of one item size lie one after the other, their first bytes first, then their second ones, and so on: bytes of
equal weight are alike, which packs several times better.
"""

from __future__ import annotations

import io
import json
import lzma
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Place = list[Any]


class Writer:
    """Collects arrays, and writes them with a document that names their places.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "example"
        >>> writer = Writer()
        >>> place = writer.put(np.arange(3.0))
        >>> writer.write(path, {"three": place})
        >>> Reader(path).get(Reader(path).document["three"])
        array([0., 1., 2.])
    """

    def __init__(self) -> None:
        self._chunks: dict[int, list[Array]] = defaultdict(list)
        self._counts: dict[int, int] = defaultdict(int)

    def put(self, array: Array) -> Place:
        """The place of an array in the file: dtype, shape, and how many items of its size come before."""
        size = array.dtype.itemsize
        items = np.frombuffer(np.ascontiguousarray(array).tobytes(), np.uint8).reshape(-1, size)
        place = [array.dtype.name, list(array.shape), self._counts[size]]
        self._chunks[size].append(items)
        self._counts[size] += len(items)
        return place

    def write(self, path: Path, document: Any) -> None:
        """Write the file.

        Args:
            path: of the file.
            document: of what JSON knows, with places in it.
        """
        arrays = {f"bytes{size}": np.concatenate(chunks).T for size, chunks in self._chunks.items()}
        text = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
        buffer = io.BytesIO()
        np.savez(buffer, document=np.frombuffer(text, np.uint8), **arrays)
        path.write_bytes(lzma.compress(buffer.getvalue(), preset=9))


class Reader:
    """Reads what `Writer` wrote.

    Raises:
        ValueError: the file is not of that kind.
    """

    def __init__(self, path: Path) -> None:
        try:
            with np.load(io.BytesIO(lzma.decompress(path.read_bytes()))) as file:
                self.document = json.loads(file["document"].tobytes())
                self._items = {int(n.removeprefix("bytes")): file[n].T for n in file.files if n != "document"}
        except (lzma.LZMAError, KeyError) as error:
            raise ValueError(f"{path} is not a golden file") from error

    def get(self, place: Place) -> Array:
        """The array at a place."""
        name, shape, start = place
        dtype = dtype_of(name)
        items = self._items[dtype.itemsize][start : start + int(np.prod(shape, dtype=np.int64))]
        return np.frombuffer(np.ascontiguousarray(items).tobytes(), dtype).reshape(shape)


def dtype_of(name: str) -> np.dtype[Any]:
    """The dtype of a name that NumPy or ml_dtypes gives it.

    Example:
        >>> dtype_of("float16")
        dtype('float16')
    """
    if name == "bfloat16":
        import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(name)
