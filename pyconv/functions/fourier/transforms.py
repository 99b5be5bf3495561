"""What torch.fft's functions are made of: dtypes, sizes, norms, and the order of transforms.

May import: NumPy, `pyconv.dtypes`, `pyconv.ops`, `pyconv.functions`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.dims import dimension
from pyconv.functions.products import shape_of
from pyconv.ops import fourier
from pyconv.ops.cast import array_of, cast, conj
from pyconv.ops.elementwise import kind_of
from pyconv.ops.fourier import Axes, resized


def _floating(x: Any) -> Any:
    """`x` in a dtype that is transformed: integers in the default one."""
    kind = kind_of(x)
    if kind in (dtypes.float16, dtypes.bfloat16):
        raise RuntimeError(f"Unsupported dtype {kind.scalar_name}")
    return x if dtypes.category(kind) > 1 else cast(x, dtypes.get_default_dtype().numpy)


def _complex(x: Any) -> Any:
    x = _floating(x)
    kind = array_of(x).dtype
    return x if kind.kind == "c" else cast(x, np.dtype(np.complex64 if kind == np.float32 else np.complex128))


def _scale(norm: str | None, count: int, forward: bool) -> float:
    if norm not in (None, "backward", "ortho", "forward"):
        raise RuntimeError(f'Invalid normalization mode: "{norm}"')
    if norm == "ortho":
        return 1 / math.sqrt(count)
    return 1 / count if (norm == "forward") == forward else 1.0


def _axis(x: Any, dim: int) -> int:
    if not shape_of(x):
        raise IndexError(f"Dimension specified as {dim} but tensor has no dimensions")
    return dimension(dim, len(shape_of(x)))


def _count(n: int) -> int:
    if n < 1:
        raise RuntimeError(f"Invalid number of data points ({n}) specified")
    return n


def plain(input: Any, n: int | None, dim: int, norm: str | None, forward: bool) -> Any:
    """The transform along a dimension, or its inverse."""
    x = _floating(input)
    axis = _axis(x, dim)
    count = _count(shape_of(x)[axis] if n is None else n)
    x = resized(x, {axis: count})
    scale = _scale(norm, count, forward)
    if array_of(x).dtype.kind == "c":
        return fourier.transform(x, axes=(axis,), forward=forward, scale=scale)
    found = fourier.from_real(x, axes=(axis,), half=False, scale=scale)
    return found if forward else conj(found)


def _real_only(caller: str, x: Any) -> Any:
    kind = kind_of(x)
    if kind.is_complex:
        raise RuntimeError(f"{caller} expects a real input tensor, but got {kind.scalar_name}")
    return _floating(x)


def real(input: Any, n: int | None, dim: int, norm: str | None, forward: bool = True) -> Any:
    """Half the spectrum of real numbers along a dimension."""
    x = _real_only("rfft" if forward else "ihfft", input)
    axis = _axis(x, dim)
    count = _count(shape_of(x)[axis] if n is None else n)
    found = fourier.from_real(resized(x, {axis: count}), axes=(axis,), half=True, scale=_scale(norm, count, forward))
    return found if forward else conj(found)


def inverse_hermitian(input: Any, n: int | None, dim: int, norm: str | None) -> Any:
    """Half of the numbers whose spectrum is real."""
    return real(input, n, dim, norm, forward=False)


def inverse_real(input: Any, n: int | None, dim: int, norm: str | None, forward: bool = False) -> Any:
    """The real numbers that half a spectrum along a dimension stands for."""
    x = _complex(input)
    axis = _axis(x, dim)
    count = _count(2 * (shape_of(x)[axis] - 1) if n is None else n)
    x = resized(x, {axis: count // 2 + 1})
    x = conj(x) if forward else x
    return fourier.to_real(x, axes=(axis,), size=count, scale=_scale(norm, count, forward))


def hermitian(input: Any, n: int | None, dim: int, norm: str | None) -> Any:
    """The real spectrum of numbers of which half are given."""
    return inverse_real(input, n, dim, norm, forward=True)


def _dimensions(x: Any, s: Any, dim: Any) -> tuple[Axes, list[int]]:
    """The dimensions to transform, and their sizes."""
    size = shape_of(x)
    if dim is not None and not size:
        raise IndexError("Dimension specified as 0 but tensor has no dimensions")
    given = None if s is None else [s] if isinstance(s, int) else list(s)
    named = None if dim is None else [dim] if isinstance(dim, int) else list(dim)
    if named is not None:
        axes = tuple(dimension(d, len(size)) for d in named)
        if len(set(axes)) < len(axes):
            raise RuntimeError("FFT dims must be unique")
        if given is not None and len(given) != len(axes):
            raise RuntimeError("When given, dim and shape arguments must have the same length")
    elif given is not None:
        if len(given) > len(size):
            raise RuntimeError(f"Got shape with {len(given)} values but input tensor only has {len(size)} dimensions.")
        axes = tuple(range(len(size) - len(given), len(size)))
    else:
        axes = tuple(range(len(size)))
    wanted = [-1] * len(axes) if given is None else given
    sizes = [size[axis] if n == -1 else n for axis, n in zip(axes, wanted, strict=True)]
    return axes, [_count(n) for n in sizes]


def _sized(axes: Axes, sizes: Sequence[int]) -> dict[int, int]:
    return dict(zip(axes, sizes, strict=True))


def plain_many(input: Any, s: Any, dim: Any, norm: str | None, forward: bool) -> Any:
    """The transform over dimensions, or its inverse."""
    x = _complex(input)
    axes, sizes = _dimensions(x, s, dim)
    scale = _scale(norm, math.prod(sizes), forward)
    return fourier.transform(resized(x, _sized(axes, sizes)), axes=axes, forward=forward, scale=scale)


def _some(name: str, axes: Axes) -> None:
    if not axes:
        raise RuntimeError(f"{name} must transform at least one axis")


def real_many(input: Any, s: Any, dim: Any, norm: str | None) -> Any:
    """Half the spectrum of real numbers over dimensions."""
    kind = kind_of(input)
    if kind.is_complex:
        raise RuntimeError(f"rfftn expects a real-valued input tensor, but got {kind.scalar_name}")
    x = _floating(input)
    axes, sizes = _dimensions(x, s, dim)
    _some("rfftn", axes)
    scale = _scale(norm, math.prod(sizes), True)
    return fourier.from_real(resized(x, _sized(axes, sizes)), axes=axes, half=True, scale=scale)


def _halved(x: Any, s: Any, dim: Any) -> tuple[Any, Axes, list[int]]:
    """What is to be made real over dimensions: cut to sizes, the last to half of it."""
    size = shape_of(x)
    axes, sizes = _dimensions(x, s, dim)
    if axes:
        asked = None if s is None else s if isinstance(s, int) else list(s)[-1]
        sizes[-1] = _count(2 * (size[axes[-1]] - 1)) if asked in (None, -1) else sizes[-1]
        x = resized(x, _sized(axes, [*sizes[:-1], sizes[-1] // 2 + 1]))
    return x, axes, sizes


def inverse_real_many(input: Any, s: Any, dim: Any, norm: str | None) -> Any:
    """The real numbers that half a spectrum over dimensions stands for."""
    x, axes, sizes = _halved(_complex(input), s, dim)
    _some("irfftn", axes)
    return fourier.to_real(x, axes=axes, size=sizes[-1], scale=_scale(norm, math.prod(sizes), False))


def hermitian_many(input: Any, s: Any, dim: Any, norm: str | None) -> Any:
    """The real spectrum over dimensions of numbers of which half are given along the last."""
    x, axes, sizes = _halved(_complex(input), s, dim)
    _some("hfftn", axes)
    if len(axes) > 1:
        x = fourier.transform(x, axes=axes[:-1], forward=True, scale=_scale(norm, math.prod(sizes[:-1]), True))
    scale = _scale(norm, sizes[-1], True)
    return fourier.to_real(conj(x), axes=axes[-1:], size=sizes[-1], scale=scale)


def inverse_hermitian_many(input: Any, s: Any, dim: Any, norm: str | None) -> Any:
    """Half of the numbers whose spectrum over dimensions is real."""
    kind = kind_of(input)
    if kind.is_complex:
        raise RuntimeError(f"Only supports floating-point dtypes, but found: {kind.scalar_name}")
    x = _floating(input)
    axes, sizes = _dimensions(x, s, dim)
    _some("ihfftn", axes)
    scale = _scale(norm, sizes[-1], False)
    found = conj(fourier.from_real(resized(x, _sized(axes, sizes)), axes=axes[-1:], half=True, scale=scale))
    if len(axes) == 1:
        return found
    scale = _scale(norm, math.prod(sizes[:-1]), False)
    return fourier.transform(found, axes=axes[:-1], forward=False, scale=scale)
