"""The three maps of a convolution, ndarray in, ndarray out, each by the algorithm that the planner chooses.

⟨gy, conv(x, w)⟩ is linear in x, w and gy; the maps are its three partial derivatives:

    forward(x, w) → y        input_grad(gy, w) → gx        weight_grad(x, gy) → gw

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.kernels`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels import ending, threads
from pyconv.kernels.bounds import Bounds, clip
from pyconv.kernels.conv.algorithm import PASSES, Algorithm, Estimate
from pyconv.kernels.conv.plan import ALGORITHMS, candidates, choose, explain, find, prefer, use

Array = np.ndarray[Any, Any]

SHORT = 1 << 18
"""Multiplications up to which a pass is one thread's, in BLAS as well."""

__all__ = [
    "ALGORITHMS",
    "PASSES",
    "Algorithm",
    "Conv",
    "Estimate",
    "candidates",
    "choose",
    "explain",
    "find",
    "forward",
    "input_grad",
    "prefer",
    "use",
    "weight_grad",
]


def forward(x: Array, w: Array, b: Array | None, conv: Conv, bounds: Bounds | None = None) -> Array:
    """conv(x, w) + b, cut off at bounds if there are any.

    Args:
        x: (N, C, *input).
        w: (O, C/G, *kernel), of the dtype of x.
        b: (O,) or None.
        conv: the geometry.
        bounds: the smallest and the largest result, of a dtype that is its own accumulation dtype.

    Returns:
        (N, O, *output), summed in the accumulation dtype of x and rounded once to the dtype of x.

    Example:
        >>> x, w = np.arange(5.0).reshape(1, 1, 5), np.ones((1, 1, 3))
        >>> forward(x, w, None, Conv.of(x.shape, w.shape))
        array([[[3., 6., 9.]]])
    """
    out = np.empty(conv.y_shape, x.dtype)
    if not out.size:
        return out
    if bounds is not None and choose(conv, x.dtype, "forward").bounds:
        _run("forward", x.dtype, conv, x, w, b, conv, out, bounds)
        return out
    _run("forward", x.dtype, conv, x, w, b, conv, out)
    if bounds is not None:
        clip(out, bounds)
    return out


def input_grad(gy: Array, w: Array, conv: Conv, dtype: np.dtype[Any] | None = None) -> Array:
    """The gradient of ⟨gy, conv(x, w)⟩ with respect to x; also the transposed convolution of gy with w.

    Args:
        gy: (N, O, *output).
        w: (O, C/G, *kernel), of the dtype of gy.
        conv: the geometry.
        dtype: that of the result: by default that of gy, else its accumulation dtype.

    Returns:
        (N, C, *input).
    """
    out = np.empty(conv.x_shape, gy.dtype if dtype is None else dtype)
    if out.size:
        _run("input_grad", gy.dtype, conv, gy, w, conv, out)
    return out


def weight_grad(x: Array, gy: Array, conv: Conv) -> Array:
    """The gradient of ⟨gy, conv(x, w)⟩ with respect to w.

    Args:
        x: (N, C, *input).
        gy: (N, O, *output), of the dtype of x.
        conv: the geometry.

    Returns:
        (O, C/G, *kernel) of the dtype of x.
    """
    out = np.empty(conv.w_shape, x.dtype)
    if not conv.multiplications:
        out[...] = 0
    elif out.size:
        _run("weight_grad", x.dtype, conv, x, gy, conv, out)
    return out


def _run(name: str, dtype: np.dtype[Any], conv: Conv, *operands: Any) -> None:
    """One pass, on several threads where it is long enough for them."""
    algorithm = choose(conv, dtype, name)
    work = getattr(algorithm, name)
    ending.begin()
    try:
        if conv.multiplications <= SHORT or _is_for_blas(conv, algorithm):
            work(*operands)
            return
        with threads.together(alone=conv.multiplications < algorithm.alone_below):
            work(*operands)
    finally:
        ending.finish()


def _is_for_blas(conv: Conv, algorithm: Algorithm) -> bool:
    """Whether BLAS's own threads are to share the products of a pass."""
    return conv.multiplications < algorithm.blas_below and not _has_vectors(conv)


def _has_vectors(conv: Conv) -> bool:
    """Whether a product has a side of one: BLAS's threads may share out its sums, and with them the last bit."""
    return 1 in (conv.positions, conv.terms, conv.out_channels // conv.groups)
