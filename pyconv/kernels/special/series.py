"""Sums of Chebyshev polynomials and of powers.

May import: NumPy, `pyconv.kernels`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv.kernels.pieces import each_piece

Array = np.ndarray[Any, Any]
_BLOCK = 1 << 14
"""How many elements are computed at a time: a few arrays of them stay in the cache."""


def blockwise(kernel: Callable[..., Array]) -> Callable[..., Array]:
    """An elementwise kernel that goes through its operand block by block, in the order of its memory.

    Args:
        kernel: of one operand and of numbers, giving the dtype of the operand.

    Example:
        >>> blockwise(np.negative)(np.array([1.0, 2.0]))
        array([-1., -2.])
    """

    @functools.wraps(kernel)
    def run(x: Array, *numbers: float, **named: float) -> Array:
        if not x.flags.c_contiguous and 0 not in x.strides:
            order = sorted(range(x.ndim), key=lambda axis: -abs(x.strides[axis]))
            if order != list(range(x.ndim)):
                return run(x.transpose(order), *numbers, **named).transpose(np.argsort(order))
        if x.size <= _BLOCK:
            return kernel(x.reshape(-1), *numbers, **named).reshape(x.shape)
        flat = x.reshape(-1)
        out = np.empty_like(flat)

        def fill(target: Array, source: Array) -> None:
            target[...] = kernel(source, *numbers, **named)

        each_piece(fill, _BLOCK, out, flat)
        return out.reshape(x.shape)

    return run


def chebyshev(x: Array, coefficients: tuple[float, ...]) -> Array:
    """The sum of coefficients[k]·T_k(x), -1 <= x <= 1, by the recurrence of C. W. Clenshaw (1955).

    Example:
        >>> chebyshev(np.array([0.5]), (1.0, 2.0, 3.0))
        array([0.5])
    """
    doubled = 2 * x
    last = np.zeros_like(x)
    before = np.zeros_like(x)
    for c in coefficients[:0:-1]:
        last, before = doubled * last - before + c, last
    return ((doubled * last - before + 2 * coefficients[0]) - before) / 2


def powers(x: Array, coefficients: tuple[float, ...]) -> Array:
    """The polynomial with these coefficients, the constant first, by Horner's rule.

    Example:
        >>> powers(np.array([2.0]), (1.0, 0.0, 3.0))
        array([13.])
    """
    found = np.full_like(x, coefficients[-1])
    for c in coefficients[-2::-1]:
        found = found * x + c
    return found
