"""torch's builtins that resize, one for each mode and number of dimensions, with their checks.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.kernels`, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import is_grad_enabled
from pyconv.autograd.traced import Traced
from pyconv.kernels import resize_taps as tables
from pyconv.kernels.resize import Taps
from pyconv.ops import resize as ops
from pyconv.ops.cast import array_of
from pyconv.ops.undifferentiated import undifferentiated
from pyconv.signatures import function
from pyconv.signatures.values import is_int, plain_list, type_name

Size = tuple[int, ...]

_NUMBERS = (int, float, np.integer, np.floating)
_SMALL = 128
"""Height and width of a 2-D result for which, added up, torch takes another kernel."""


def call(op: Any, input: Any, output_size: Any, factors: Any, *corners: Any) -> Any:
    """Call one of torch's builtins, which takes None for the size or the factors though its signature does not say so.

    As there, the first item of a sequence stands for all; only where it does not fit the signature complains.
    """
    fitting = all(isinstance(given, (bool, np.bool_)) for given in corners) and isinstance(input, (Traced, np.ndarray))
    fitting = fitting and (output_size is None or is_int(output_size[0]))
    fitting = fitting and (factors is None or isinstance(factors[0], _NUMBERS))
    return (op.raw if fitting else op)(input, output_size, *corners, factors)


def _sizes(name: str, input: Any, output_size: Any, factors: Any, ndim: int) -> tuple[Size, tuple[float | None, ...]]:
    """The size of the result and the factors to work out the scales from, with torch's checks of them and the input.

    Raises:
        RuntimeError: something has no elements, or not the right number of dimensions.
        TypeError: neither is given as it must be.
    """
    shape = array_of(input).shape
    if (output_size is None) == (factors is None):
        raise TypeError("a size or factors")
    if factors is not None:
        _check_floats(name, factors)
        given: tuple[float | None, ...] = tuple(float(factor) for factor in factors)
        length = tuple(_whole(n * float(factor)) for n, factor in zip(shape[2:], factors, strict=True))
    else:
        given = (None,) * ndim
        length = plain_list(name, "output_size", output_size)
    if len(length) != ndim:
        raise RuntimeError(f"It is expected output_size equals to {ndim}, but got size {len(length)}")
    if len(shape) != ndim + 2:
        raise RuntimeError(f"It is expected input_size equals to {ndim + 2}, but got size {len(shape)}")
    if not all(n > 0 for n in (*shape[2:], *length)):
        raise RuntimeError(_nothing(shape[2:], length))
    if not math.prod(shape[1:]):
        raise RuntimeError(f"Non-empty {ndim + 2}D data tensor expected but got a tensor with sizes {list(shape)}")
    return length, given


def _check_floats(name: str, factors: Any) -> None:
    for place, factor in enumerate(factors):
        if not isinstance(factor, _NUMBERS):
            raise TypeError(
                f"{name}(): argument 'scale_factors' must be tuple of floats, but found element of type "
                f"{type_name(factor)} at pos {place + 1}"
            )


def _whole(value: float) -> int:
    if not math.isfinite(value) or abs(value) >= 2**63:
        raise RuntimeError("value cannot be converted to type int64_t without overflow")
    return int(value)


def _nothing(size: Size, length: Size) -> str:
    def text(sizes: Size) -> str:
        return ", ".join(f"{name}: {n}" for name, n in zip("DHW"[-len(sizes) :], sizes, strict=True))

    joined = "and output" if len(size) == 1 else "output"
    return f"Input and output sizes should be greater than 0, but got input ({text(size)}) {joined} ({text(length)})"


def _refuse(x: Any, stub: str, allowed: tuple[dtypes.dtype, ...]) -> None:
    """Raise NotImplementedError, with the name of torch's kernel, unless the dtype is one of those allowed."""
    kind = dtypes.of(array_of(x))
    if kind not in allowed:
        raise NotImplementedError(f"\"{stub}\" not implemented for '{kind.scalar_name}'")


_SINGLE = (dtypes.float32, dtypes.float64)
_FLOATING = (*_SINGLE, dtypes.float16, dtypes.bfloat16)


def _is_simple(input: Any, length: Size) -> bool:
    """Whether torch takes the kernel that is made for few pixels, or for channels that lie together."""
    array = array_of(input)
    if len(length) == 1:
        return False
    channels_last = array.shape[1] > 3 and np.moveaxis(array, 1, -1).flags.c_contiguous
    return channels_last or (len(length) == 2 and sum(length) <= _SMALL)


def _computed(x: Any) -> np.dtype[Any]:
    """The dtype of the computation."""
    kind = array_of(x).dtype
    if kind == np.uint8:
        return np.dtype(np.float64)
    return dtypes.accumulation(kind)


def _nearest(name: str, mode: str, ndim: int) -> Any:
    make = tables.nearest if mode == "nearest" else tables.nearest_exact

    def raw(input: Any, output_size: Any, scale_factors: Any) -> Any:
        length, factors = _sizes(name, input, output_size, scale_factors, ndim)
        simple = _is_simple(input, length)
        stub = f"upsample_nearest{ndim}d_channels_last" if simple else "compute_indices_weights_nearest"
        _refuse(input, stub, (*_FLOATING, dtypes.uint8))
        shape = array_of(input).shape[2:]
        kind = array_of(input).dtype
        dtype = np.dtype(np.float64 if kind == np.float64 else np.float32)
        taps = tuple(make(*given, dtype, simple) for given in zip(shape, length, factors, strict=True))
        return ops.resize(input, mode, taps)

    raw.__name__ = name
    raw.__doc__ = f"`interpolate` with the mode {mode!r} in {ndim}-D."
    return function(
        "(Tensor input, tuple of ints output_size, tuple of floats scale_factors)",
        f"(Tensor input, tuple of ints output_size, {_SCALES[ndim]}, *, Tensor out = None)",
    )(raw)


_SCALES = {
    1: "float scales = None",
    2: "float scales_h = None, float scales_w = None",
    3: "float scales_d = None, float scales_h = None, float scales_w = None",
}

NEAREST = {
    (mode, ndim): _nearest(f"{stem}{ndim}d", mode, ndim)
    for mode, stem in (("nearest", "upsample_nearest"), ("nearest-exact", "_upsample_nearest_exact"))
    for ndim in (1, 2, 3)
}

Builder = Callable[[int, int, float | None, bool, Any], Taps]


def _weighted(name: str, mode: str, ndim: int, make: Builder, stub: str) -> Any:
    """A function of torch's for one of the modes that take `align_corners`."""
    antialias = mode.endswith("_aa")

    def raw(input: Any, output_size: Any, align_corners: bool, scale_factors: Any) -> Any:
        if not isinstance(align_corners, (bool, np.bool_)):
            raise TypeError("a bool")
        length, factors = _sizes(name, input, output_size, scale_factors, ndim)
        return _blend(input, mode, length, factors, align_corners, make, _stub(input, length))

    def _stub(input: Any, length: Size) -> str:
        simple = mode in ("bilinear", "trilinear") and _is_simple(input, length)
        return f"upsample_{mode}{ndim}d_channels_last" if simple else stub

    raw.__name__ = name
    raw.__doc__ = f"`interpolate` with the mode {mode.removesuffix('_aa')!r}{' antialiased' if antialias else ''}."
    return function(
        "(Tensor input, tuple of ints output_size, bool align_corners, tuple of floats scale_factors)",
        f"(Tensor input, tuple of ints output_size, bool align_corners, {_SCALES[ndim]}, *, Tensor out = None)",
    )(raw)


def _blend(
    input: Any, mode: str, length: Size, factors: Sequence[float | None], corners: bool, make: Builder, stub: str
) -> Any:
    """The result of a mode with weights."""
    antialias = mode.endswith("_aa")
    plane = (dtypes.uint8,) if len(length) == 2 else ()
    array = array_of(input)
    shape = array.shape[2:]
    if antialias and shape == length:
        return _copied(input, mode)
    _refuse(input, stub, (*(_SINGLE if antialias else _FLOATING), *plane))
    whole = array.dtype == np.uint8
    if whole and shape == length:
        return ops.resize(input, mode, (None,) * len(length))
    dtype = _computed(input)
    taps = tuple(
        None if (antialias or whole) and n == m else make(n, m, factor, bool(corners), dtype)
        for n, m, factor in zip(shape, length, factors, strict=True)
    )
    return ops.resize(input, mode, taps)


def _copied(input: Any, mode: str) -> Any:
    """What antialiasing makes of an input of the size of the result: torch takes any dtype, but differentiates two."""
    kind, stem = dtypes.of(array_of(input)), mode.removesuffix("_aa")
    if kind not in _SINGLE and is_grad_enabled() and getattr(input, "requires_grad", False):
        if kind.is_complex:
            text = "does not support automatic differentiation for outputs with complex dtype."
            raise RuntimeError(f"_upsample_{stem}2d_aa {text}")
        reason = f"\"upsample_{stem}2d_aa_backward_cpu\" not implemented for '{kind.scalar_name}'"
        input = undifferentiated(input, reason=reason, error=NotImplementedError)
    return ops.resize(input, mode, (None, None))


def _antialiased(mode: str) -> Builder:
    return lambda *given: tables.antialiased(*given, mode)


LINEAR = {
    mode: _weighted(f"upsample_{mode}{ndim}d", mode, ndim, tables.linear, "compute_indices_weights_linear")
    for mode, ndim in (("linear", 1), ("bilinear", 2), ("trilinear", 3))
}
BICUBIC = _weighted("upsample_bicubic2d", "bicubic", 2, tables.cubic, "compute_indices_weights_cubic")
ANTIALIASED = {
    mode: _weighted(f"_upsample_{mode}2d_aa", f"{mode}_aa", 2, _antialiased(mode), "compute_index_ranges_weights")
    for mode in tables.FILTERS
}
