"""torch.nn.functional's softmax, its logarithm, and samples by it.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv import functions
from pyconv.dtypes import dtype as _dtype
from pyconv.nn.functional.kind import array_of_like
from pyconv.ops.cast import array_of
from pyconv.random import default_generator
from pyconv.random.distributions import fill_exponential
from pyconv.signatures import method

__all__ = ["gumbel_softmax", "log_softmax", "softmax", "softmin"]


def _dim_for(name: str, ndim: int, stacklevel: int) -> int:
    """The dimension that torch takes where none is given, with its warning."""
    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument.",
        stacklevel=stacklevel,
    )
    return 0 if ndim in (0, 1, 3) else 1


# torch calls the methods, whose texts of errors are others than the functions'
_softmax = method(functions.softmax)
_log_softmax = method(functions.log_softmax)


def softmax(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: _dtype | None = None) -> Any:
    """exp(input) over its sum along `dim`.

    Args:
        input: any shape.
        dim: the dimension that sums to one.
        dtype: to cast to first.

    Example:
        >>> import pyconv
        >>> softmax(pyconv.tensor([0.0, 0.0]), dim=0)
        tensor([0.5000, 0.5000])
    """
    dim = _dim_for("softmax", input.ndim, _stacklevel) if dim is None else dim
    return _softmax(input, dim) if dtype is None else _softmax(input, dim, dtype=dtype)


def softmin(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: _dtype | None = None) -> Any:
    """The softmax of the negative.

    Example:
        >>> import pyconv
        >>> softmin(pyconv.tensor([0.0, 0.0]), dim=0)
        tensor([0.5000, 0.5000])
    """
    dim = _dim_for("softmin", input.ndim, _stacklevel) if dim is None else dim
    return _softmax(-input, dim) if dtype is None else _softmax(-input, dim, dtype=dtype)


def log_softmax(input: Any, dim: int | None = None, _stacklevel: int = 3, dtype: _dtype | None = None) -> Any:
    """The logarithm of the softmax.

    Example:
        >>> import pyconv
        >>> log_softmax(pyconv.tensor([0.0, 0.0]), dim=0)
        tensor([-0.6931, -0.6931])
    """
    dim = _dim_for("log_softmax", input.ndim, _stacklevel) if dim is None else dim
    return _log_softmax(input, dim) if dtype is None else _log_softmax(input, dim, dtype=dtype)


def gumbel_softmax(logits: Any, tau: float = 1, hard: bool = False, eps: float = 1e-10, dim: int = -1) -> Any:
    """A sample from the Gumbel-softmax distribution (E. Jang and others, 2016, arXiv:1611.01144).

    Args:
        logits: unnormalised logarithms of probabilities, any shape.
        tau: the temperature.
        hard: whether the result is one-hot, with the gradient of the soft one.
        eps: ignored.
        dim: the dimension that sums to one.
    """
    if eps != 1e-10:
        warnings.warn("`eps` parameter is deprecated and has no effect.", stacklevel=2)
    drawn = fill_exponential(default_generator, np.empty(array_of(logits).shape, array_of(logits).dtype))
    noise = -functions.log(array_of_like(drawn, logits))
    soft = _softmax((logits + noise) / tau, dim)
    if not hard:
        return soft
    values = array_of(soft)
    one_hot = np.zeros_like(values)
    if values.ndim:
        np.put_along_axis(one_hot, array_of(functions.max(values, dim, True)[1]), 1, dim)
    else:
        one_hot[...] = 1
    return array_of_like(one_hot - values, soft) + soft
