"""torch.dropout and its kin: the functions behind those of torch.nn.functional, and their in-place forms.

May import: NumPy, `pyconv.autograd`, `pyconv.random`, `pyconv.ops`, `pyconv.signatures`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv.autograd.traced import Traced
from pyconv.functions.random import source_of
from pyconv.ops import arithmetic
from pyconv.ops import dropout as ops
from pyconv.ops.cast import array_of
from pyconv.signatures import function

__all__ = [
    "alpha_dropout",
    "alpha_dropout_",
    "dropout",
    "dropout_",
    "feature_alpha_dropout",
    "feature_alpha_dropout_",
    "feature_dropout",
    "feature_dropout_",
    "native_dropout",
    "native_dropout_backward",
]

_SIGNATURE = "(Tensor input, float p, bool train)"


def _dropped(
    input: Any, p: float, train: bool, *, features: bool = False, alpha: bool = False, inplace: bool = False
) -> Any:
    x = array_of(input)
    if not 0 <= p <= 1:
        raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {p:g}")
    if p == 0 or not train or not x.size:
        return input
    multiply = _times if inplace else _product
    if p == 1:
        return multiply(input, np.zeros((), x.dtype))
    kept = ops.noise(x, p, features=features, source=source_of(None))
    if not alpha:
        return multiply(input, ops.scaled(kept, p))
    scale, shift = ops.scaled_and_shifted(kept, p)
    scaled = multiply(input, scale)
    return _plus(scaled, shift) if inplace else arithmetic.add(scaled, _like(scaled, shift))


def _like(input: Any, array: Any) -> Any:
    return type(input)._wrap(array) if isinstance(input, Traced) else array


def _product(input: Any, noise: Any) -> Any:
    return arithmetic.mul(input, _like(input, noise))


def _times(input: Any, noise: Any) -> Any:
    if isinstance(input, Traced):
        return _updated(input, lambda x: _product(x, noise))
    return np.multiply(input, noise, out=input)


def _updated(input: Any, op: Any) -> Any:
    return input._update(op)


def _plus(input: Any, shift: Any) -> Any:
    if isinstance(input, Traced):
        return _updated(input, lambda x: arithmetic.add(x, _like(x, shift)))
    return np.add(input, shift, out=input)


@function(_SIGNATURE)
def dropout(input: Any, p: float, train: bool) -> Any:
    """Zero each element with probability `p`, and scale the others by 1/(1 - p).

    Args:
        input: any shape, of a float dtype.
        p: the probability.
        train: whether to do anything; if not, `input` itself is the result.

    Raises:
        RuntimeError: `p` is outside [0, 1], or the dtype is no float.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> dropout(pyconv.ones(4), 0.5, True)
        tensor([0., 0., 2., 0.])
    """
    return _dropped(input, p, train)


@function(_SIGNATURE)
def dropout_(input: Any, p: float, train: bool) -> Any:
    """`dropout` in place.

    Example:
        >>> import pyconv
        >>> dropout_(pyconv.ones(2), 1.0, True)
        tensor([0., 0.])
    """
    return _dropped(input, p, train, inplace=True)


@function(_SIGNATURE)
def feature_dropout(input: Any, p: float, train: bool) -> Any:
    """`dropout` of whole channels: of dimension 1, for each item of the batch.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> feature_dropout(pyconv.ones(1, 3, 2), 0.5, True)
        tensor([[[0., 0.],
                 [0., 0.],
                 [2., 2.]]])
    """
    return _dropped(input, p, train, features=True)


@function(_SIGNATURE)
def feature_dropout_(input: Any, p: float, train: bool) -> Any:
    """`feature_dropout` in place."""
    return _dropped(input, p, train, features=True, inplace=True)


@function(_SIGNATURE)
def alpha_dropout(input: Any, p: float, train: bool) -> Any:
    """Dropout that keeps mean and variance of what SELU gives.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> alpha_dropout(pyconv.ones(3), 0.5, True)
        tensor([-0.7792, -0.7792,  1.6656])
    """
    return _dropped(input, p, train, alpha=True)


@function(_SIGNATURE)
def alpha_dropout_(input: Any, p: float, train: bool) -> Any:
    """`alpha_dropout` in place."""
    return _dropped(input, p, train, alpha=True, inplace=True)


@function(_SIGNATURE)
def feature_alpha_dropout(input: Any, p: float, train: bool) -> Any:
    """`alpha_dropout` of whole channels."""
    return _dropped(input, p, train, features=True, alpha=True)


@function(_SIGNATURE)
def feature_alpha_dropout_(input: Any, p: float, train: bool) -> Any:
    """`feature_alpha_dropout` in place."""
    return _dropped(input, p, train, features=True, alpha=True, inplace=True)


@function("(Tensor input, float p, bool train)")
def native_dropout(input: Any, p: float, train: bool | None) -> Any:
    """`dropout`, and the mask of what it kept.

    Returns:
        The result, and a bool tensor of the same shape.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> native_dropout(pyconv.ones(3), 0.5, True)
        (tensor([0., 0., 2.]), tensor([False, False,  True]))
    """
    x = array_of(input)
    mask = np.ones_like(x, np.bool_)
    if train is False:
        return ops.native(input, mask=mask, scale=1.0), _like(input, mask)
    source_of(None).fill_bernoulli(mask, 1 - p)
    return ops.native(input, mask=mask, scale=1 / (1 - p) if p < 1 else 0.0), _like(input, mask)


@function("(Tensor grad_output, Tensor mask, float scale)")
def native_dropout_backward(grad_output: Any, mask: Any, scale: float) -> Any:
    """The gradient of `native_dropout` for its input.

    Example:
        >>> import pyconv
        >>> native_dropout_backward(pyconv.ones(2), pyconv.tensor([True, False]), 2.0)
        tensor([2., 0.])
    """
    return ops.native_backward(grad_output, mask=array_of(mask), scale=float(scale))
