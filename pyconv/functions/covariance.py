"""Covariance and correlation matrices.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.functions.slicing import imag, real
from pyconv.ops import extremes
from pyconv.ops.arithmetic import add, div, mul, sub
from pyconv.ops.cast import array_of
from pyconv.ops.index import take
from pyconv.ops.matmul import adjoint, times
from pyconv.ops.reduce import total
from pyconv.ops.shape import reshape, squeeze
from pyconv.ops.unary import sqrt
from pyconv.signatures import function

__all__ = ["corrcoef", "cov"]


def _check(input: Any, weights: Any, name: str, category: int, what: str) -> None:
    """Check the weights of the observations of `input`, `(n, k)`."""
    array = array_of(weights)
    if array.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} with {array.ndim} dimensions"
        )
    if dtypes.category(dtypes.of(array)) != category:
        raise RuntimeError(
            f"cov(): expected {name} to have {what} dtype but got {name} with {dtypes.of(array).scalar_name} dtype"
        )
    count = array_of(input).shape[1]
    if array.size != count:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations in the input but got "
            f"{array.size} != {count}"
        )
    if array.size and array.min() < 0:
        raise RuntimeError(f"cov(): {name} cannot be negative")


@function("(Tensor input, *, int correction = 1, Tensor fweights = None, Tensor aweights = None)")
def cov(input: Any, *, correction: int = 1, fweights: Any = None, aweights: Any = None) -> Any:
    """The covariance matrix of variables.

    Args:
        input: `(n, k)`, n variables of k observations, or `(k)`, one variable.
        correction: what is taken from the count of observations before dividing by it.
        fweights: `(k)`, integers, how often each observation was made.
        aweights: `(k)`, floats, how important each is.

    Returns:
        `(n, n)`, of one variable `()`.

    Raises:
        RuntimeError: an argument does not fit.

    Example:
        >>> import pyconv
        >>> cov(pyconv.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
        tensor([[ 1., -1.],
                [-1.,  1.]])
    """
    array = array_of(input)
    if array.ndim > 2:
        raise RuntimeError(
            f"cov(): expected input to have two or fewer dimensions but got an input with {array.ndim} dimensions"
        )
    if array.dtype == np.bool_:
        raise RuntimeError("cov(): bool dtype is not supported for input")
    rows = input if array.ndim == 2 else reshape(input, shape=(1, array.size))
    weights = _weights(rows, fweights, aweights)
    count: Any = array_of(rows).shape[1] if weights is None else total(weights, (0,))
    mean = div(total(rows if weights is None else mul(rows, weights), (1,), True), count)
    free = _freedom(count, weights, aweights, correction)
    centred = sub(rows, mean)
    found = times(centred, adjoint(centred if weights is None else mul(centred, weights)))
    shape = tuple(n for n in array_of(found).shape if n != 1)
    return squeeze(div(found, free), shape=shape)


def _weights(rows: Any, fweights: Any, aweights: Any) -> Any:
    """What each observation counts, None where each counts 1."""
    weights = None
    if fweights is not None:
        _check(rows, fweights, "fweights", 1, "integral")
        weights = fweights
    if aweights is not None:
        _check(rows, aweights, "aweights", 2, "floating point")
        weights = aweights if weights is None else mul(weights, aweights)
    if weights is not None and array_of(weights).size and not array_of(weights).sum():
        raise RuntimeError("cov(): weights sum to zero, can't be normalized")
    return weights


def _freedom(count: Any, weights: Any, aweights: Any, correction: int) -> Any:
    """The degrees of freedom, 0 where there are less."""
    if aweights is not None and correction:
        free = sub(count, div(mul(total(mul(weights, aweights), (0,)), correction), count))
    else:
        free = sub(count, correction) if weights is not None else count - correction
    if (free if isinstance(free, int) else float(array_of(free))) <= 0:
        warnings.warn(
            "cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of observations.",
            UserWarning,
            stacklevel=4,
        )
        return 0 if isinstance(free, int) else mul(free, 0)
    return free


@function("(Tensor input)")
def corrcoef(input: Any) -> Any:
    """The correlation matrix of variables.

    Args:
        input: `(n, k)`, n variables of k observations, or `(k)`, one variable.

    Returns:
        `(n, n)`, of one variable `()`.

    Raises:
        RuntimeError: `input` has more dimensions.

    Example:
        >>> import pyconv
        >>> corrcoef(pyconv.tensor([[0.0, 1.0, 2.0], [2.0, 1.0, 0.0]]))
        tensor([[ 1., -1.],
                [-1.,  1.]])
    """
    ndim = array_of(input).ndim
    if ndim > 2:
        raise RuntimeError(
            f"corrcoef(): expected input to have two or fewer dimensions but got an input with {ndim} dimensions"
        )
    found = cov(input)
    if not array_of(found).ndim:
        return div(found, found)
    count = len(array_of(found))
    places = np.arange(count)
    diagonal = take(found, index=(places, places))
    deviation = sqrt(real(diagonal) if array_of(found).dtype.kind == "c" else diagonal)
    scaled = div(div(found, reshape(deviation, shape=(count, 1))), reshape(deviation, shape=(1, count)))
    if array_of(scaled).dtype.kind != "c":
        return extremes.clamp(scaled, -1, 1)
    parts = [extremes.clamp(part(scaled), -1, 1) for part in (real, imag)]
    return add(parts[0], mul(parts[1], 1j))
