"""Steps of optimizers on arrays in place, piece by piece: a piece stays in the cache for all of its operations.

The roundings are those of the operations on tensors that the same steps are made of: a + alpha·b is rounded once. In
single precision BLAS does that in a product with two rows, where its sums are fused multiply-adds. Of 11 million
parameters a step with momentum and decay then takes 1.2 times as long as torch's on two threads, 1.5 if threads are
called for each parameter, by way of double precision 3; with products rounded by themselves it would take 0.9. May
import: NumPy, `pyconv.kernels`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv.kernels.pieces import each_piece, each_piece_of_all
from pyconv.kernels.scratch import scratch

Array = np.ndarray[Any, Any]

PIECE = 1 << 17
"""Elements of a piece. What a step holds of it at a time takes three megabytes, and the second cache has room for two;
but with shorter ones threads wait for one another, as the interpreter's lock changes hands at each operation. With
half as many a step of SGD takes 1.15 times as long, with a quarter 1.9, with twice as many 1.1 to 1.2."""

_FLOAT32, _FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)


def flattened(*arrays: Array) -> list[Array] | None:
    """Views of one dimension that go through several arrays in one order; None where the arrays do not allow it.

    They have to be of one shape and one dtype, float32 or float64, and to lie without gaps in one order.

    Example:
        >>> [view.shape for view in flattened(np.zeros((2, 3)), np.ones((2, 3)))]
        [(6,), (6,)]
        >>> flattened(np.zeros((2, 3)), np.ones((3, 2)).T) is None
        True
    """
    first = arrays[0]
    if first.dtype not in (_FLOAT32, _FLOAT64):
        return None
    for array in arrays:
        if type(array) is not np.ndarray or array.dtype != first.dtype or array.shape != first.shape:
            return None
    if all(array.flags.c_contiguous for array in arrays):
        return [array.reshape(-1) for array in arrays]
    if any(array.strides != first.strides for array in arrays):
        return None
    views = [array.ravel(order="K") for array in arrays]
    return views if all(map(np.may_share_memory, views, arrays)) else None


def _add(a: Array, b: Array, alpha: float, out: Array) -> None:
    """A + alpha·b into `out`, in single precision rounded once."""
    rows = scratch("pair", (2, *a.shape), a.dtype)
    rows[0], rows[1] = a, b
    _add_rows(rows, alpha, out)


def _add_rows(rows: Array, alpha: float, out: Array) -> None:
    """`_add` of two rows that lie side by side and share no memory with `out`."""
    a, b = rows
    if a.dtype == _FLOAT64:
        np.multiply(b, alpha, out=out)
        np.add(a, out, out=out)
    elif a.size > 1 and _products_round_once():
        np.matmul(np.array([1, alpha], np.float32), rows, out=out)
    else:
        np.copyto(out, _sum_in_double(a, b, alpha), casting="same_kind")


def _sum_in_double(a: Array, b: Array, alpha: float) -> Array:
    """A + alpha·b of single precision, before it is rounded."""
    total, scaled = scratch("total", a.shape, _FLOAT64), scratch("scaled", a.shape, _FLOAT64)
    np.copyto(scaled, b)
    scaled *= float(np.float32(alpha))
    np.copyto(total, a)
    total += scaled
    return total


@functools.lru_cache(maxsize=1)
def _products_round_once() -> bool:
    """Whether BLAS rounds 1·a + alpha·b once, found out by trying lengths on either side of its unrolled loops."""
    rng = np.random.default_rng(0)
    for length in (*range(2, 70), 4099):
        a, b = rows = rng.standard_normal((2, length), np.float32)
        fused = np.array([1, 0.1], np.float32) @ rows
        if (fused != _sum_in_double(a, b, 0.1).astype(np.float32)).any():
            return False
    return True


def sgd(
    several: Sequence[tuple[Array, Array, Array | None]],
    *,
    lr: float,
    decay: float,
    momentum: float,
    damping: float,
    nesterov: bool,
) -> None:
    """A step of stochastic gradient descent.

    Args:
        several: parameters of one dimension, which are changed, each with its gradient and its momentum, which is
            changed too, or None without.
        lr: by how much of the direction the parameter goes down.
        decay: how much of the parameter is added to the gradient.
        momentum: how much of the momentum stays.
        damping: how much of the gradient is added to it.
        nesterov: whether the direction is the gradient plus the momentum's share of the new momentum.

    Example:
        >>> w = np.ones(2)
        >>> sgd([(w, w.copy(), None)], lr=0.5, decay=0, momentum=0, damping=1, nesterov=False)
        >>> w
        array([0.5, 0.5])
    """

    def step(p: Array, g: Array, b: Array | None) -> None:
        rows = scratch("rows", (3, *p.shape), p.dtype)
        rows[1], direction = p, rows[2]
        if decay != 0:
            rows[0] = g
            _add_rows(rows[:2], decay, direction)
        else:
            direction[...] = g
        if b is not None:
            b *= p.dtype.type(momentum)
            if damping == 1:
                b += direction
            else:
                _add(b, direction, damping, b)
            if nesterov:
                _add(direction, b, momentum, direction)
            else:
                direction[...] = b
        _add_rows(rows[1:], -lr, p)

    each_piece_of_all(step, PIECE, several)


def adam(
    param: Array,
    grad: Array,
    mean: Array,
    square: Array,
    *,
    betas: tuple[float, float],
    decay: float,
    shrink: float,
    scale: float,
    eps: float,
    rate: float,
) -> None:
    """A step of Adam.

    Args:
        param: of one dimension, changed.
        grad: its gradient.
        mean: the running mean of the gradient, changed.
        square: the running mean of its square, changed.
        betas: how much of each stays.
        decay: how much of the parameter is added to the gradient.
        shrink: what the parameter is multiplied by first; 1 for nothing.
        scale: what the root of the mean square is divided by.
        eps: is added to that.
        rate: by how much of the mean over that root the parameter goes down.

    Example:
        >>> w, mean, square = np.ones(2), np.zeros(2), np.zeros(2)
        >>> adam(w, w.copy(), mean, square, betas=(0.5, 0.75), decay=0, shrink=1, scale=1.0, eps=0.0, rate=0.5)
        >>> w, mean
        (array([0.5, 0.5]), array([0.5, 0.5]))
    """
    kind, weight = param.dtype.type, 1 - betas[0]

    def step(p: Array, g: Array, m: Array, s: Array) -> None:
        direction, work, root = (scratch(name, p.shape, p.dtype) for name in ("direction", "work", "root"))
        if shrink != 1:
            p *= kind(shrink)
        if decay != 0:
            _add(g, p, decay, direction)
            g = direction
        # from the nearer end, as `lerp` does it
        np.subtract(g, m, out=work)
        work *= kind(weight if abs(weight) < 0.5 else 1 - weight)
        if abs(weight) < 0.5:
            m += work
        else:
            np.subtract(g, work, out=m)
        s *= kind(betas[1])
        np.multiply(g, kind(1 - betas[1]), out=work)
        work *= g
        s += work
        np.sqrt(s, out=root)
        root /= kind(scale)
        root += kind(eps)
        np.multiply(m, kind(-rate), out=work)
        work /= root
        p += work

    each_piece(step, PIECE, param, grad, mean, square)
