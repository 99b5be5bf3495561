"""The numbers in a case's tensors: a function of the case alone, whichever the library, order or shard.

May import: NumPy, `conformance.case`, and `ml_dtypes` for bfloat16.

Integer fills are small enough for every sum to be exact in the case's dtype: its terms are integers, and the
sum of their magnitudes stays under 2**(significand bits), so any order of adding gives the same bits. The
ranges make that so for most small cases; where they do not, `runner.py` finds it and has the fill thinned.
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
_STREAMS = ("input", "weight", "bias", "cotangent")


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
        cotangent: the output's cotangent for a given output shape.
    """

    arrays: dict[str, Array]
    cotangent: Callable[[Sizes], Array]

    def mapped(self, function: Callable[[Array], Array]) -> Operands:
        """These operands with `function` applied to each array, the cotangent's too."""
        arrays = {name: function(array) for name, array in self.arrays.items()}
        return Operands(arrays, lambda shape: function(self.cotangent(shape)))


def draw(case: Case, halvings: Mapping[str, int] | None = None) -> Operands:
    """The operands of a case.

    Args:
        case: the configuration, with the seed of its numbers.
        halvings: for a name among input, weight, bias and cotangent, how many times a random half of its
            non-zeros is made zero.

    Example:
        >>> from conformance.case import parse
        >>> draw(parse("pad c1 h4 p1,1 ints seed3")).arrays["input"]
        array([[ 20., -27., -21., -17.]], dtype=float32)
    """
    dtypes = case.dtypes()
    thin = halvings or {}

    def fill(name: str, shape: Sizes, dtype: str) -> Array:
        stream = _STREAMS.index(name)
        rng = np.random.default_rng((case.seed, stream))
        if is_integer(dtype):
            values = _integers(rng, shape, dtype, full=is_integer(case.dtype))
        else:
            values = _values(rng, shape, dtype, case.fill, stream)
        for _ in range(thin.get(name, 0)):
            values = values * (rng.random(shape) < 0.5)
        return np.asarray(values).astype(numpy_dtype(dtype))

    @functools.cache
    def cotangent(shape: Sizes) -> Array:
        return fill("cotangent", shape, case.dtype)

    return Operands({n: fill(n, shape, dtypes[n]) for n, shape in case.shapes().items()}, cotangent)


def _integers(rng: np.random.Generator, shape: Sizes, dtype: str, *, full: bool) -> Array:
    """Integers of a dtype's full range, or small ones beside floating-point operands."""
    bounds = np.iinfo(DTYPES[dtype])
    low, high = (bounds.min, bounds.max) if full else (0, 8)
    return rng.integers(low, high, shape, numpy_dtype(dtype), endpoint=True)


def _values(rng: np.random.Generator, shape: Sizes, dtype: str, fill: str, stream: int) -> Array:
    if dtype.startswith("complex"):
        real, imaginary = (_real_values(rng, shape, dtype, fill, stream) for _ in range(2))
        return real + 1j * imaginary
    return _real_values(rng, shape, dtype, fill, stream)


def _real_values(rng: np.random.Generator, shape: Sizes, dtype: str, fill: str, stream: int) -> Array:
    if fill == "real":
        return rng.standard_normal(shape)
    largest = _RANGES.get(dtype, (32, 32, 8, 8))[stream]
    return rng.integers(-largest, largest, shape, endpoint=True)
