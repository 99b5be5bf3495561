"""Real torch's answers to many cases, written into one file.

May import: NumPy, `conformance` below it and its neighbours.

Of a map that must be exact the values are kept; of one that rounding may change the values in double precision, to
twelve bits more than its dtype has, and the bound on the error, to seven bits and not less than it is.
"""

from __future__ import annotations

import platform
import warnings
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from conformance.adapters import Adapter, Maps
from conformance.call import Configuration
from conformance.checks.call_reference import reference_of
from conformance.checks.difference import Raised
from conformance.checks.reference import Reference
from conformance.checks.values import Yardstick
from conformance.environment import environment
from conformance.fills import SIGNIFICAND_BITS, Array, Operands, numpy_dtype
from conformance.golden.store import Writer

FORMAT = 1


def record(path: Path, cases: Iterable[Configuration], torch: Adapter, seed: int, largest: int = 500) -> int:
    """Write torch's answers and return how many cases there are.

    Args:
        path: of the file.
        cases: the configurations.
        torch: the library that is right.
        seed: that the cases were drawn with; it is noted.
        largest: cases with a map of more elements are left out.

    Example:
        >>> import tempfile
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.tokens import parse
        >>> path = Path(tempfile.mkdtemp()) / "file"
        >>> record(path, [parse("conv1d n1 c1 o1 h5 k3"), parse("pad c1 h999 p0,0")], TorchAdapter(), seed=0)
        1
    """
    writer, entries = Writer(), []
    for case in cases:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            live = reference_of(case, torch)
            maps = {} if isinstance(live.outcome, Raised) else live.outcome
            if max((array.size for array in maps.values()), default=0) <= largest:
                entries.append(_entry(writer, live))
    about = {**environment("torch"), "seed": seed, "machine": platform.machine()}
    writer.write(path, {"format": FORMAT, "about": about, "cases": entries})
    return len(entries)


def digest(operands: Operands) -> int:
    """A checksum of the operands: where it differs, NumPy draws other bits here than where the file was made.

    Example:
        >>> digest(Operands({"input": np.zeros(3)}, np.zeros)) == digest(Operands({"input": np.ones(3)}, np.zeros))
        False
    """
    return zlib.crc32(b"".join(array.tobytes() for array in operands.arrays.values()))


def _entry(writer: Writer, live: Reference) -> dict[str, Any]:
    entry: dict[str, Any] = {"case": str(live.case), "digest": digest(live.operands)}
    if live.reductions:
        entry["reductions"] = dict(live.reductions)
    if isinstance(live.outcome, Raised):
        entry["raised"] = [live.outcome.kind, live.outcome.text]
        return entry
    entry["maps"] = _maps(writer, live.case, _corrected(live, live.outcome), live.yardsticks)
    if live.case.fill == "real":
        second, yardsticks = live.second
        entry["second"] = _maps(writer, live.case, second, yardsticks)
    if isinstance(live.facts, dict):
        state = {name: writer.put(array) for name, array in live.facts["state_dict"].items()}
        entry["facts"] = {**live.facts, "state_dict": state}
    return entry


def _corrected(live: Reference, maps: Maps) -> Maps:
    """The maps, what torch gets wrong with integer fills put right."""
    if live.case.fill == "real":
        return maps
    return {n: live.exact[n].astype(array.dtype) if n in live.exact else array for n, array in maps.items()}


def _maps(writer: Writer, case: Configuration, maps: Maps, yardsticks: Mapping[str, Yardstick]) -> dict[str, Any]:
    return {name: _map(writer, case, array, yardsticks.get(name)) for name, array in maps.items()}


def _map(writer: Writer, case: Configuration, array: Array, yardstick: Yardstick | None) -> list[Any]:
    """The dtype, the shape, the values and, where there is one, the bound."""
    if yardstick is None:
        return [array.dtype.name, list(array.shape), writer.put(array)]
    values = shortened(yardstick.values, SIGNIFICAND_BITS.get(case.dtype, 53) + 12)
    narrow = values.astype(_narrower(values.dtype)) if SIGNIFICAND_BITS.get(case.dtype, 53) < 12 else values
    bound = shortened(yardstick.bound * (1 + 2.0**-6), 7)
    return [array.dtype.name, list(array.shape), writer.put(narrow), writer.put(bound)]


def _narrower(dtype: np.dtype[Any]) -> np.dtype[Any]:
    return numpy_dtype("complex64" if dtype.kind == "c" else "f32")


def shortened(values: Array, bits: int) -> Array:
    """Double-precision values rounded to that many significant bits.

    Example:
        >>> shortened(np.array([1.0 + 2.0**-20]), 8)
        array([1.])
    """
    if bits >= 53:
        return values
    if values.dtype.kind == "c":
        return shortened(values.real, bits) + 1j * shortened(values.imag, bits)
    mantissas, exponents = np.frexp(values)
    return np.ldexp(np.round(mantissas * 2.0**bits), exponents - bits)
