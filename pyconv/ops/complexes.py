"""Complex values put together from real ones.

May import: NumPy, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import primitive
from pyconv.ops import unary
from pyconv.ops.arithmetic import add, mul, sub
from pyconv.ops.cast import array_of
from pyconv.ops.index import select
from pyconv.ops.shape import sum_to
from pyconv.ops.strided import view_as_real

Array = np.ndarray[Any, Any]


def _joined(real: Array, imag: Array) -> Array:
    out = np.empty(np.broadcast_shapes(real.shape, imag.shape), np.result_type(real.dtype, np.complex64))
    out.real, out.imag = real, imag
    return out


def _part(g: Any, which: int) -> Any:
    return select(view_as_real(g), index=(*(slice(None),) * array_of(g).ndim, which))


@primitive("Complex")
def join(real: Array, imag: Array) -> Array:
    """Real + imag·i."""
    return _joined(real, imag)


join.defvjp(0, lambda g, real, imag: sum_to(_part(g, 0), real.shape))
join.defvjp(1, lambda g, real, imag: sum_to(_part(g, 1), imag.shape))


@primitive("Polar")
def polar(size: Array, angle: Array) -> Array:
    """Size·exp(angle·i)."""
    return _joined(size * np.cos(angle), size * np.sin(angle))


def _of_size(g: Any, size: Any, angle: Any) -> Any:
    along = add(mul(_part(g, 0), unary.cos(angle)), mul(_part(g, 1), unary.sin(angle)))
    return sum_to(mul(along, np.sign(array_of(size))), array_of(size).shape)


def _of_angle(g: Any, size: Any, angle: Any) -> Any:
    across = sub(mul(_part(g, 1), unary.cos(angle)), mul(_part(g, 0), unary.sin(angle)))
    return sum_to(mul(across, size), array_of(angle).shape)


polar.defvjp(0, _of_size, saves=(0, 1))
polar.defvjp(1, _of_angle, saves=(0, 1))
