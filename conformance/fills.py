"""The numbers in a case's tensors: a function of the case alone, whichever the library, order, shard or machine.

May import: NumPy, `conformance.case`, and `ml_dtypes` for bfloat16.

All is made of the raw bits of PCG64 by arithmetic that rounds the same everywhere, since NumPy promises to keep
a bit generator's stream and not its distributions'. Integer fills are small enough for every sum to be exact in
the case's dtype: its terms are integers, and the sum of their magnitudes stays under 2**(significand bits), so
any order of adding gives the same bits. The ranges make that so for most small cases; where they do not,
`reference.py` finds it and has the fill reduced.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.case import DTYPES, Case, Sizes, is_integer

Array = np.ndarray[Any, Any]

SIGNIFICAND_BITS = {"f64": 53, "f32": 24, "f16": 11, "bf16": 8, "complex64": 24, "complex128": 53}
_RANGES = {"f16": (4, 2, 8, 4), "bf16": (4, 4, 8, 4), "complex64": (8, 8, 8, 8), "complex128": (8, 8, 8, 8)}
_STREAMS = ("input", "weight", "bias", "cotangent", "input direction", "weight direction", "bias direction")
_LAID_OUT = ("input", "weight", "cotangent")


@functools.cache
def numpy_dtype(dtype: str) -> np.dtype[Any]:
    """The NumPy dtype of a dtype's token.

    Example:
        >>> numpy_dtype("f16")
        dtype('float16')
    """
    if dtype == "bf16":
        import ml_dtypes

        bfloat16: np.dtype[Any] = np.dtype(ml_dtypes.bfloat16)
        return bfloat16
    return np.dtype(DTYPES[dtype])


@dataclass(frozen=True)
class Operands:
    """What a case is run on.

    Attributes:
        arrays: input, weight and bias by name, as far as the case has them.
        draw: an array for a name and a shape: `cotangent` for an output's cotangent, and `input direction` and
            so on for the direction along which a gradient is differentiated again.
    """

    arrays: dict[str, Array]
    draw: Callable[[str, Sizes], Array]

    def mapped(self, function: Callable[[Array], Array]) -> Operands:
        """These operands with `function` applied to each array, those drawn later too."""
        arrays = {name: function(array) for name, array in self.arrays.items()}
        return Operands(arrays, lambda name, shape: function(self.draw(name, shape)))


def draw(case: Case, reductions: Mapping[str, int] | None = None) -> Operands:
    """The operands of a case.

    Args:
        case: the configuration, with the seed of its numbers.
        reductions: for a name such as input or cotangent, how many times its integers' range is halved and, once
            it is ±1, a random half of them made zero.

    Example:
        >>> from conformance.tokens import parse
        >>> draw(parse("pad c1 h4 p1,1 ints seed3")).arrays["input"]
        array([[-29.,  27., -28., -19.]], dtype=float32)
    """
    dtypes = case.dtypes()
    fewer = reductions or {}

    def fill(name: str, shape: Sizes, dtype: str) -> Array:
        values = np.asarray(_values(case, name, shape, dtype, fewer.get(name, 0))).astype(numpy_dtype(dtype))
        return laid_out(values, case.layout) if name in _LAID_OUT else values

    @functools.cache
    def later(name: str, shape: Sizes) -> Array:
        return fill(name, shape, dtypes.get(name.removesuffix(" direction"), case.dtype))

    return Operands({name: fill(name, shape, dtypes[name]) for name, shape in case.shapes().items()}, later)


def laid_out(array: Array, layout: str | None) -> Array:
    """The array in another memory layout; the values are the same but where elements share memory.

    Args:
        array: contiguous, of any shape.
        layout: a word of `case.LAYOUTS`, or None.

    Example:
        >>> laid_out(np.arange(3), "strided").strides, laid_out(np.arange(3), "overlapping")
        ((16,), array([0, 0, 0]))
    """
    if layout is None or array.ndim == 0 or array.size == 0:
        return array
    return _LAYOUTS[layout](array)


def _strided(array: Array) -> Array:
    apart = np.repeat(array, 2, axis=-1)
    apart[..., 1::2] = np.nan if array.dtype.kind in "fcV" else 77
    return apart[..., ::2]


def _fortran(array: Array) -> Array:
    """The first axis the fastest; the strides of an axis of length one are then not what some code takes them for."""
    return array.T.copy().T


def _reversed(array: Array) -> Array:
    backwards = np.flip(array).copy()
    return np.flip(backwards)


def _readonly(array: Array) -> Array:
    array.flags.writeable = False
    return array


def _overlapping(array: Array) -> Array:
    """Row i begins one element after row i − 1; an array of one axis is one element seen many times."""
    if array.ndim == 1:
        return np.broadcast_to(array[:1], array.shape)
    rows, columns = array.shape[-2:]
    longest = np.concatenate([array[..., 0, :], array[..., 1:, -1]], axis=-1)
    windows = np.lib.stride_tricks.sliding_window_view(longest, columns, axis=-1)
    assert windows.shape[-2:] == (rows, columns)
    return windows


_LAYOUTS: dict[str, Callable[[Array], Array]] = {
    "strided": _strided,
    "fortran": _fortran,
    "reversed": _reversed,
    "readonly": _readonly,
    "overlapping": _overlapping,
}


def _values(case: Case, name: str, shape: Sizes, dtype: str, reductions: int) -> Array:
    stream = _STREAMS.index(name)
    bits = np.random.PCG64(np.random.SeedSequence((case.seed, stream)))

    def raw() -> Array:
        return np.asarray(bits.random_raw(shape), np.uint64)

    if is_integer(dtype):
        return raw().astype(np.int64) if is_integer(case.dtype) else (raw() % np.uint64(9)).astype(np.int64)
    real = bell(raw(), raw()) if case.fill == "real" else integers(raw, largest(dtype, stream), reductions)
    if not dtype.startswith("complex"):
        return real
    imaginary = bell(raw(), raw()) if case.fill == "real" else integers(raw, largest(dtype, stream), reductions)
    return real + 1j * imaginary


def largest(dtype: str, stream: int) -> int:
    """The largest integer of a fill of integers: 0 is the stream of an input, 3 that of a cotangent.

    Example:
        >>> largest("f32", 0), largest("bf16", 3)
        (32, 4)
    """
    return _RANGES.get(dtype, (32, 32, 8, 8))[min(stream, 3)]


def bell(first: Array, second: Array) -> Array:
    """The sum of four uniform deviates, near a normal one, and a fifth that fills the significand.

    Args:
        first: random bits in uint64.
        second: others.

    Example:
        >>> bell(np.array([2**63], np.uint64), np.array([0], np.uint64))
        array([-2.99993896])
    """
    quarters = sum(((first >> np.uint64(shift)) & np.uint64(0xFFFF)).astype(np.float64) for shift in (0, 16, 32, 48))
    return (quarters - 131070) * 2.0**-15 + (second >> np.uint64(11)).astype(np.float64) * 2.0**-53


def integers(raw: Callable[[], Array], largest: int, reductions: int) -> Array:
    """Integers from −largest to largest without zero, their range halved or themselves made zero.

    Args:
        raw: draws random bits in uint64.
        largest: a power of two.
        reductions: how many times the range is halved, and then a random half made zero.

    Example:
        >>> integers(lambda: np.array([0, 3, 5], np.uint64), 4, 0)
        array([-1.,  2.,  3.])
    """
    bits = raw()
    halvings = min(reductions, largest.bit_length() - 1)
    magnitudes = 1 + (bits >> np.uint64(1)) % np.uint64(largest >> halvings)
    values = np.where(bits & np.uint64(1), 1.0, -1.0) * magnitudes.astype(np.float64)
    for _ in range(reductions - halvings):
        values = values * (raw() & np.uint64(1)).astype(np.float64)
    return values
