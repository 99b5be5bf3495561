"""The numbers in a call's tensors: a function of the call alone, as `fills.py` has it for convolutions.

May import: NumPy, `conformance.call`, `conformance.fills`.

=============  ====================================================================================
`real`         bell-shaped; of an integer dtype its full range
`ints`         integers without zero, so small that their sums are exact; of an integer dtype -9 to 9
`ties`         integers from -2 to 2: equal neighbours, zeros
`signs`        1 and -1
`unit`         multiples of 1/128 between 0 and 1, neither of which occurs
`positive`     bell-shaped, without a sign, at least 1/4
`infinite`     bell-shaped, but for infinities and zeros of both signs at half of the places
`special`      the same with NaN, too
`below7`       integers from 0 to 6: indices
=============  ====================================================================================

Truth values are even or odd bits, whatever the fill.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable

import numpy as np

from conformance.call import Call
from conformance.case import Sizes, is_integer
from conformance.fills import Array, Operands, bell, integers, laid_out, largest, numpy_dtype

Raw = Callable[[], Array]
_SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0])


def draw_call(call: Call) -> Operands:
    """The operands of a call.

    What is drawn later, a cotangent or a direction, is bell-shaped, or of small integers where the call's fill is.

    Example:
        >>> from conformance.tokens import parse
        >>> draw_call(parse("gather input=3x index=4x:i64:below3 dim=0 seed2")).arrays["index"]
        array([2, 2, 0, 0])
    """
    arrays = {}
    for name, operand in call.operands:
        layout = operand.layout or call.layout
        values = _values(call.seed, name, operand.shape, operand.dtype or call.dtype, operand.fill or call.fill)
        arrays[name] = laid_out(values, None if layout == "contiguous" else layout)
    kinds = {f"{name} direction": dtype for name, dtype in call.dtypes().items()}
    fill = "ints" if call.fill in ("ints", "ties") else "real"
    plain = call.dtype if call.dtype in ("f64", "f16", "bf16", "complex64", "complex128") else "f32"

    @functools.cache
    def later(name: str, shape: Sizes) -> Array:
        return laid_out(_values(call.seed, name, shape, kinds.get(name, plain), fill), call.layout)

    return Operands(arrays, later)


def _values(seed: int, name: str, shape: Sizes, dtype: str, fill: str) -> Array:
    bits = np.random.PCG64(np.random.SeedSequence((seed, zlib.crc32(name.encode()))))

    def raw() -> Array:
        return np.asarray(bits.random_raw(shape), np.uint64)

    if dtype == "bool":
        return np.asarray(raw() & np.uint64(1)).astype(np.bool_, copy=False)
    if is_integer(dtype) and fill not in ("ties", "signs", "unit") and not fill.startswith("below"):
        small = fill == "ints"
        found = (raw() % np.uint64(19)).astype(np.int64) - 9 if small else raw().astype(np.int64)
        return np.asarray(found).astype(numpy_dtype(dtype))
    found = np.asarray(_part(raw, dtype, fill))
    if dtype.startswith("complex"):
        found = found.astype(np.complex128)
        found.imag = _part(raw, dtype, fill)
    with np.errstate(invalid="ignore"):
        return found.astype(numpy_dtype(dtype))


def _part(raw: Raw, dtype: str, fill: str) -> Array:
    """Real numbers in double precision."""
    if fill.startswith("below"):
        return (raw() % np.uint64(max(int(fill.removeprefix("below")), 1))).astype(np.float64)
    if fill == "ties":
        return (raw() % np.uint64(5)).astype(np.float64) - 2
    if fill == "signs":
        return (raw() & np.uint64(2)).astype(np.float64) - 1
    if fill == "unit":
        return (1 + raw() % np.uint64(127)).astype(np.float64) / 128
    if fill == "ints":
        return integers(raw, largest(dtype, 0), 0)
    found = bell(raw(), raw())
    if fill == "positive":
        return np.abs(found) + 0.25
    return found if fill == "real" else _special(raw(), found, _SPECIAL[fill == "infinite" :])


def _special(choice: Array, numbers: Array, others: Array) -> Array:
    places = (choice % np.uint64(2 * len(others))).astype(np.int64)
    return np.where(places < len(others), others[places % len(others)], numbers)
