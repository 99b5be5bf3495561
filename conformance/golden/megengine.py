"""Files of modules of the real MegEngine, and a library of MegEngine's API beside them.

Such a file is an .npz: `cases`, JSON text, says of each module its kind, arguments, dtype, repr and parameters' shapes;
`i.x i.w i.b i.y i.gy i.gx i.gw i.gb` are the arrays of module i, gradients of float32 alone. May import: NumPy and the
standard library; it imports the library under test by its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
RELATIVE = 1e-4
"""How far float32 may be off, as a share of the largest value."""


@dataclass(frozen=True)
class Recorded:
    """One module: what it is, and its arrays by their letters."""

    case: dict[str, Any]
    arrays: dict[str, Array]


def is_recorded(path: Path) -> bool:
    """Whether a file is of this kind: `record` packs its files by LZMA, these are ZIPs.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp()) / "file.npz"
        >>> np.savez(path, cases=np.zeros(2, np.uint8))
        >>> is_recorded(path)
        True
    """
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def load(path: Path) -> list[Recorded]:
    """The modules of a file.

    Raises:
        ValueError: the file has no cases.
    """
    with np.load(path) as file:
        if "cases" not in file:
            raise ValueError(f"{path} has no MegEngine modules")
        cases = json.loads(file["cases"].tobytes())
        names = [name.partition(".") for name in file.files if name != "cases"]
        arrays: list[dict[str, Array]] = [{} for _ in cases]
        for number, dot, letter in names:
            arrays[int(number)][letter] = file[number + dot + letter]
    return [Recorded(case, found) for case, found in zip(cases, arrays, strict=True)]


def face(candidate: str) -> Any:
    """The library under test: pyconv's face, or a library of that name, such as the real `megengine`.

    Example:
        >>> face("pyconv").__name__
        'pyconv.megengine'
    """
    name = "pyconv.megengine" if candidate == "pyconv" else candidate
    import_module(f"{name}.module")
    import_module(f"{name}.autodiff")
    return import_module(name)


def differences(recorded: Recorded, library: Any) -> Iterator[str]:
    """What a library does otherwise than MegEngine did; an exception is a difference too."""
    case, arrays = recorded.case, recorded.arrays
    kwargs = {name: tuple(v) if isinstance(v, list) else v for name, v in case["kwargs"].items()}
    try:
        layer = getattr(library.module, case["kind"])(**kwargs)
        if case["repr"] is not None and repr(layer) != case["repr"]:
            yield f"repr: {layer!r}, not {case['repr']}"
        for name in ("weight", "bias"):
            value, shape = getattr(layer, name), case[f"{name}_shape"]
            if (None if value is None else list(value.shape)) != shape:
                yield f"{name}: of another shape than {shape}: {value}"
        found = _run(layer, arrays, library)
    except Exception as error:
        yield f"{type(error).__name__}: {error}"
        return
    for letter, value in found.items():
        yield from _compared(letter, value, arrays[letter], arrays.get("b"))


def _run(layer: Any, arrays: dict[str, Array], library: Any) -> dict[str, Array]:
    """The output, and the gradients where they were recorded, of a module with the recorded parameters."""
    layer.weight = library.Parameter(arrays["w"])
    if "b" in arrays:
        layer.bias = library.Parameter(arrays["b"])
    inputs = {"x": library.tensor(arrays["x"]), "w": layer.weight, "b": layer.bias}
    manager = library.autodiff.GradManager().attach([v for v in inputs.values() if v is not None])
    with manager:
        y = layer(inputs["x"])
        if "gy" in arrays:
            manager.backward(y, library.tensor(arrays["gy"]))
    gradients = {f"g{n}": v.grad.numpy() for n, v in inputs.items() if f"g{n}" in arrays}
    return {"y": y.numpy(), **gradients}


def _compared(name: str, got: Array, expected: Array, bias: Array | None) -> Iterator[str]:
    if (got.shape, got.dtype) != (expected.shape, expected.dtype):
        yield f"{name}: {got.dtype} {got.shape}, not {expected.dtype} {expected.shape}"
        return
    wide = expected.astype(np.float64)
    bound = RELATIVE * np.abs(wide).max(initial=0.0)
    if expected.dtype == np.float16:
        # MegEngine rounds what it summed in float32, and rounds again when it has added the bias.
        before = np.abs(wide) + (0 if bias is None else np.abs(bias.astype(np.float64)))
        bound = np.spacing(before.astype(np.float16)).astype(np.float64)
    off = np.abs(got.astype(np.float64) - wide)
    if not np.all(off <= bound):
        yield f"{name}: off by up to {off.max():.3g}"
