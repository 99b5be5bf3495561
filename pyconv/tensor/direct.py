"""Changes in place that write their result where it belongs at once, of numbers that no gradient goes through.

The values are those of the operations; anything out of the ordinary is left to them. May import: NumPy,
`pyconv.autograd`, `pyconv.kernels`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv.autograd import quiet
from pyconv.autograd.traced import Traced
from pyconv.kernels.bounds import at_least
from pyconv.kernels.pieces import each_piece
from pyconv.kernels.steps import flattened

Array = np.ndarray[Any, Any]

_KINDS = (np.dtype(np.float32), np.dtype(np.float64), np.dtype(np.int64))
_EXACT = 1 << 53
_PIECE = 1 << 18
"""Elements of a piece, of which the other threads take some: enough for their number not to be what counts."""
_SHARED = 1 << 22
"""Elements from which on threads share them: one operation on a million, by two threads in halves, took a quarter
longer than by one, as the second one starts late. Within ResNet-50's inference of one image the ReLU of 0.4 and 0.8
million takes 1.7 and 1.4 times as long by two threads, and the sum of two of them 1.2 and 0.93 times."""


def write(x: Array, op: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Make `x` what an operation gives of it; whether that could be done here.

    Example:
        >>> def relu(input): ...
        >>> x = np.array([-1.0, 2.0])
        >>> write(x, relu, (), {}), x
        (True, array([0., 2.]))
    """
    known = _KNOWN.get(getattr(op, "__name__", ""))
    if known is None or kwargs or type(x) is not np.ndarray or x.dtype not in _KINDS or not x.flags.writeable:
        return False
    token = quiet.hold()
    try:
        return known(x, *args)
    finally:
        quiet.release(token)


def _relu(x: Array) -> bool:
    _each(lambda piece: at_least(piece, piece.dtype.type(0), out=piece), x)
    return True


def _hardtanh(x: Array, low: Any = -1, high: Any = 1) -> bool:
    if x.dtype.kind != "f" or not (_is_number(low) and _is_number(high) and low <= high):
        return False
    low, high = x.dtype.type(low), x.dtype.type(high)
    _each(lambda piece: np.clip(piece, low, high, out=piece), x)
    return True


def _add(x: Array, other: Any) -> bool:
    return _by(np.add, x, other)


def _mul(x: Array, other: Any) -> bool:
    return _by(np.multiply, x, other)


def _by(ufunc: np.ufunc, x: Array, other: Any) -> bool:
    if isinstance(other, Traced):
        operand = other._array
        if type(operand) is not np.ndarray or operand.dtype != x.dtype or operand.shape != x.shape:
            return False
        _each(lambda piece, values: ufunc(piece, values, out=piece), x, operand)
        return True
    if not _is_number(other) or (x.dtype.kind == "i" and type(other) is float):
        return False
    number = x.dtype.type(other)
    _each(lambda piece: ufunc(piece, number, out=piece), x)
    return True


def _each(work: Callable[..., Any], x: Array, *others: Array) -> None:
    """`work` of arrays, of large ones piece by piece, where they lie apart and in one order."""
    if x.size >= _SHARED and not any(np.may_share_memory(x, other) for other in others):
        pieces = flattened(x, *others)
        if pieces is not None:
            each_piece(work, _PIECE, *pieces)
            return
    work(x, *others)


def _is_number(value: Any) -> bool:
    """Whether a value is a number that becomes a float without a word."""
    return type(value) is float or (type(value) is int and abs(value) < _EXACT)


_KNOWN: dict[str, Callable[..., bool]] = {
    "relu": _relu,
    "relu6": lambda x: _hardtanh(x, 0, 6),
    "hardtanh": _hardtanh,
    "add": _add,
    "mul": _mul,
}
"""By the names of the operations."""
