"""The distributions: each function overwrites an array with what the kernel of torch of that name draws.

torch fills a non-contiguous tensor in the order of its memory, and so do these functions.

May import: NumPy, the standard library, `pyconv.dtypes` and the lower files of `pyconv.random`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from pyconv import dtypes
from pyconv.random.box_muller import BLOCK, normal_blocks, normal_pairs
from pyconv.random.engine import Engine
from pyconv.random.fma import scale_and_shift

if TYPE_CHECKING:
    import numpy.typing as npt

Array = np.ndarray[Any, Any]

_CHUNK = 1 << 15
_FLOAT64 = np.dtype(np.float64)
_SMALLEST, _LARGEST = np.float32(2.0**-100), np.float32(2.0**100)
"""Bounds between which a bound times a multiple of 2**-23 is neither subnormal nor infinite."""


def uniform(engine: Engine, array: Array, low: float, high: float) -> None:
    """Numbers in [low, high), computed in float32 or float64; one that rounds to `high` becomes `low`."""
    if not array.flags.c_contiguous:
        ordered = array.transpose(memory_order(array))
        drawn = np.empty(ordered.shape, array.dtype)
        uniform(engine, drawn, low, high)
        ordered[...] = drawn
        return
    flat = _components(array)
    real = dtypes.accumulation(flat.dtype)
    lower, upper = real.type(low), real.type(high)
    if flat.dtype == np.float32 and -lower == upper and _SMALLEST < upper < _LARGEST:
        _uniform_around_zero(engine, flat, upper)
        return
    first, last = lower.astype(flat.dtype), upper.astype(flat.dtype)
    for chunk in _chunks(flat.size):
        unit = engine.unit(chunk.stop - chunk.start, real)
        values = scale_and_shift(unit, upper - lower, lower).astype(flat.dtype, copy=False)
        highest = values == last
        if highest.any():
            values[highest] = first
        flat[chunk] = values


def _uniform_around_zero(engine: Engine, flat: npt.NDArray[np.float32], bound: np.float32) -> None:
    """Numbers in [-bound, bound): `bound` times a multiple of 2**-23 that is exact, and so rounded once as it is.

    The largest is `bound` less one or two units in its last place, never `bound`. It takes a quarter of the time of
    multiplying, adding and comparing: 6 nanoseconds a number, of which the random word is 5.
    """
    step = bound * np.float32(2.0**-23)
    for chunk in _chunks(flat.size):
        np.multiply(engine.centred(chunk.stop - chunk.start), step, out=flat[chunk])


def normal(engine: Engine, array: Array, mean: float, std: float) -> None:
    """Normal deviates: in blocks where the array is contiguous and large enough for one, else in pairs."""
    is_complex = array.dtype.kind == "c"
    count = array.size * (2 if is_complex else 1)
    if is_complex:
        std = std / math.sqrt(2)
    if count >= BLOCK and array.flags.c_contiguous:
        _normal_in_blocks(engine, _components(array), mean, std)
        return
    ordered = array.transpose(memory_order(array))
    components = narrow(normal_in_pairs(engine, count, mean, std), component_dtype(array.dtype))
    ordered[...] = components.view(array.dtype).reshape(ordered.shape)


def _normal_in_blocks(engine: Engine, flat: Array, mean: float, std: float) -> None:
    real = dtypes.accumulation(flat.dtype)
    tail = flat.size % BLOCK

    def draw(count: int) -> Array:
        normals = normal_blocks(engine.unit(count, real))
        return narrow(scale_and_shift(normals, std, mean), flat.dtype)

    for chunk in _chunks(flat.size - tail):
        flat[chunk] = draw(chunk.stop - chunk.start)
    if tail:
        # torch first draws uniforms into the output itself where its dtype allows, then overwrites the tail.
        if real == flat.dtype:
            engine.unit(tail, real)
        flat[-BLOCK:] = draw(BLOCK)


def normal_in_pairs(engine: Engine, count: int, mean: float, std: float) -> npt.NDArray[np.float64]:
    """`count` normal deviates in float64, two from each pair of uniforms; an odd one is kept for later."""
    cached = [] if engine.cached_normal is None else [engine.cached_normal]
    pairs = (count - len(cached) + 1) // 2
    normals = np.concatenate([cached, normal_pairs(engine.unit(2 * pairs, _FLOAT64))])
    engine.cached_normal = float(normals[count]) if normals.size > count else None
    return scale_and_shift(normals[:count], std, mean)


def bernoulli(engine: Engine, array: Array, p: Array | float) -> None:
    """Ones where a uniform is below `p`: a float64 one for a number, one in its precision for an array."""
    order = memory_order(array)
    ordered = array.transpose(order)
    real = dtypes.accumulation(p.dtype) if isinstance(p, np.ndarray) else _FLOAT64
    chances = np.broadcast_to(p, array.shape).transpose(order).ravel()
    drawn = np.empty(ordered.size, array.dtype)
    for chunk in _chunks(drawn.size):
        drawn[chunk] = engine.unit(chunk.stop - chunk.start, real) < chances[chunk].astype(real)
    ordered[...] = drawn.reshape(ordered.shape)


def integers(engine: Engine, array: Array, low: int, high: int) -> None:
    """Integers from `low` to `high - 1` ; wide ranges take 64-bit words."""
    span = high - low
    words = engine.random64 if span >= 1 << 28 else engine.random32
    order = memory_order(array)
    flat = np.empty(array.size, array.dtype)
    for chunk in _chunks(flat.size):
        offsets = words(chunk.stop - chunk.start).astype(np.uint64) % np.uint64(span)
        flat[chunk] = (offsets + np.uint64(low % 2**64)).view(np.int64)
    ordered = array.transpose(order)
    ordered[...] = flat.reshape(ordered.shape)


def permutation(engine: Engine, n: int) -> npt.NDArray[np.int64]:
    """A forward Fisher-Yates shuffle of 0 ... n - 1, one 32-bit word a step."""
    order = list(range(n))
    steps = np.arange(max(n - 1, 0))
    partners = engine.random32(steps.size) % (n - steps) + steps
    for i, partner in enumerate(partners.tolist()):
        order[i], order[partner] = order[partner], order[i]
    return np.array(order, np.int64)


def memory_order(array: Array) -> tuple[int, ...]:
    """The axes from the longest stride to the shortest, the order in which torch walks a tensor."""
    return tuple(sorted(range(array.ndim), key=lambda axis: -array.strides[axis]))


def component_dtype(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The dtype of a complex number's parts; a real dtype itself."""
    return np.dtype(f"f{dtype.itemsize // 2}") if dtype.kind == "c" else dtype


def _components(array: Array) -> Array:
    return array.reshape(-1).view(component_dtype(array.dtype))


def _chunks(size: int) -> Iterator[slice]:
    """Slices that cover `size` elements, all but the last of them a whole number of blocks."""
    return (slice(start, min(start + _CHUNK, size)) for start in range(0, size, _CHUNK))


def narrow(values: Array, dtype: np.dtype[Any]) -> Array:
    """`values` in `dtype`, rounded to float32 on the way to a 16-bit type as in C++."""
    with np.errstate(over="ignore"):
        return values.astype(dtypes.accumulation(dtype), copy=False).astype(dtype, copy=False)
