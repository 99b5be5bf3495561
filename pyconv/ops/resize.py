"""Resizing and its transpose, which are linear and each other's derivative.

May import: NumPy, `pyconv.dtypes`, `pyconv.kernels`, `pyconv.autograd`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.primitive import Primitive, primitive
from pyconv.kernels import resize as kernels
from pyconv.kernels.memory_order import ordered_as
from pyconv.kernels.resize import Taps
from pyconv.kernels.resize_bytes import resize_bytes

Array = np.ndarray[Any, Any]
Along = tuple[Taps | None, ...]


def transposed(taps: Along) -> Along:
    """The taps of the transposed map."""
    return tuple(None if one is None else one.transposed for one in taps)


@primitive("UpsampleNearest1D")
def _resize(x: Array, *, taps: Along) -> Array:
    if x.dtype == np.uint8 and any(one is not None and one.weight is not None for one in taps):
        return ordered_as(resize_bytes(x, taps), x)
    return ordered_as(kernels.resize(x, taps), x)


def _named(name: str) -> Primitive:
    """`resize` and its derivative under the names that torch has for a mode."""
    there, back = _resize.alias(name), _resize.alias(f"{name}Backward")
    there.vjps, back.vjps = {}, {}
    there.defvjp(0, lambda g, x, *, taps: back(g, taps=transposed(taps)))
    back.defvjp(0, lambda g, x, *, taps: there(g, taps=transposed(taps)))
    return there


_STEMS = {
    "nearest": ("UpsampleNearest1D", "UpsampleNearest2D", "UpsampleNearest3D"),
    "nearest-exact": ("UpsampleNearestExact1D", "UpsampleNearestExact2D", "UpsampleNearestExact3D"),
    "linear": ("UpsampleLinear1D",),
    "bilinear": ("UpsampleBilinear2D",),
    "bicubic": ("UpsampleBicubic2D",),
    "trilinear": ("UpsampleTrilinear3D",),
    "bilinear_aa": ("UpsampleBilinear2DAa",),
    "bicubic_aa": ("UpsampleBicubic2DAa",),
    "lanczos_aa": ("UpsampleLanczos2DAa",),
}
_OPS = {name: _named(name) for names in _STEMS.values() for name in names}


def resize(x: Any, mode: str, taps: Along) -> Any:
    """`x` mapped along its last dimensions.

    Args:
        x: a Tensor or an ndarray.
        mode: torch's name of the way of resizing, with '_aa' if it is antialiased; it names the step of the graph.
        taps: one for each of the last dimensions, None for one that stays as it is.

    Example:
        >>> resize(np.array([1.0, 2.0]), "nearest", (Taps(2, np.array([[0, 0, 1, 1]]), None),))
        array([1., 1., 2., 2.])
    """
    names = _STEMS[mode]
    return _OPS[names[len(taps) - 1 if len(names) > 1 else 0]](x, taps=taps)
