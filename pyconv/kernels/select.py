"""Choices between the elements of two arrays, made on their bits: `numpy.where` branches, and guesses wrong.

On values whose signs follow no pattern a product of bits with a mask takes an eighth of the time. May import: NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_FEW = 1 << 11
"""Elements up to which `numpy.where` is as fast."""

_BITS = {size: np.dtype(f"i{size}") for size in (1, 2, 4, 8)}


def kept(keep: Array, x: Array) -> Array:
    """X where the mask holds, and 0 elsewhere.

    Args:
        keep: bool, of the shape of `x`.
        x: of any dtype.

    Example:
        >>> kept(np.array([True, False]), np.array([np.nan, np.nan]))
        array([nan,  0.])
    """
    bits = _BITS.get(x.itemsize)
    if bits is None or x.size < _FEW:
        return np.where(keep, x, x.dtype.type(0))
    found: Array = np.multiply(x.view(bits), keep).view(x.dtype)
    return found


def chosen(condition: Array, x: Array, y: Array) -> Array:
    """X where the mask holds, and y elsewhere.

    Args:
        condition: bool, of the shape of `x`.
        x: of any dtype.
        y: of the same shape and dtype.

    Example:
        >>> chosen(np.array([True, False]), np.array([1.0, 2.0]), np.array([3.0, 4.0]))
        array([1., 4.])
    """
    bits = _BITS.get(x.itemsize)
    if bits is None or x.size < _FEW or y.dtype != x.dtype or y.shape != x.shape:
        return np.where(condition, x, y)
    beneath = y.view(bits)
    found = x.view(bits) ^ beneath
    found *= condition
    found ^= beneath
    value: Array = found.view(x.dtype)
    return value


def where(condition: Array, x: Array, y: Array) -> Array:
    """`numpy.where`, by bits where one shape is that of all operands but single elements.

    Args:
        condition: bool; the others broadcast with it.
        x: what is taken where it holds.
        y: what is taken elsewhere, of the same dtype.

    Example:
        >>> where(np.array([True, False]), np.array([1.0, 2.0]), np.array(0.5))
        array([1. , 0.5])
    """
    bits = _BITS.get(x.dtype.itemsize)
    plain = all(type(v) is np.ndarray and v.flags.c_contiguous for v in (condition, x, y))
    if not plain or bits is None or condition.size < _FEW or y.dtype != x.dtype or condition.dtype != np.bool_:
        return np.where(condition, x, y)
    if any(v.size != 1 and v.shape != condition.shape for v in (x, y)) or max(x.ndim, y.ndim) > condition.ndim:
        return np.where(condition, x, y)
    beneath = y.view(bits)
    found = np.multiply(x.view(bits) ^ beneath, condition, dtype=bits)
    found ^= beneath
    value: Array = found.view(x.dtype)
    return value


def either(condition: Array, one: float, other: float, dtype: np.dtype[Any]) -> Array:
    """One number where the mask holds, and another elsewhere.

    Args:
        condition: bool.
        one: the number where it holds.
        other: the number elsewhere.
        dtype: of the result.

    Example:
        >>> either(np.array([True, False]), 1, 0.5, np.dtype(np.float32))
        array([1. , 0.5], dtype=float32)
    """
    bits = _BITS.get(dtype.itemsize)
    if bits is None or condition.size < _FEW:
        return np.where(condition, dtype.type(one), dtype.type(other))
    above, beneath = np.array((one, other), dtype).view(bits)
    found = np.multiply(condition, above ^ beneath, dtype=bits)
    found ^= beneath
    value: Array = found.view(dtype)
    return value
