"""torch.nn.functional's dropout.

May import: `pyconv.autograd`, `pyconv.ops`, `pyconv.functions`.
"""

from __future__ import annotations

import warnings
from typing import Any

from pyconv.functions import dropout as functions
from pyconv.ops import shape
from pyconv.ops.cast import array_of

__all__ = ["alpha_dropout", "dropout", "dropout1d", "dropout2d", "dropout3d", "feature_alpha_dropout"]


def _check(p: float) -> None:
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def dropout(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Zero each element with probability `p`, and scale the others by 1/(1 - p).

    G. E. Hinton et al., "Improving neural networks by preventing co-adaptation of feature detectors", 2012.

    Args:
        input: any shape, of a float dtype.
        p: the probability.
        training: whether to do anything; if not, `input` itself is the result.
        inplace: whether to overwrite `input`.

    Raises:
        ValueError: `p` is outside [0, 1].
        RuntimeError: the dtype is no float.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> dropout(pyconv.ones(4))
        tensor([0., 0., 2., 0.])
    """
    _check(p)
    return (functions.dropout_ if inplace else functions.dropout)(input, p, training)


def alpha_dropout(input: Any, p: float = 0.5, training: bool = False, inplace: bool = False) -> Any:
    """Dropout that keeps mean and variance of what SELU gives.

    G. Klambauer et al., "Self-Normalizing Neural Networks", 2017.

    Args:
        input: any shape, of a float dtype.
        p: the probability.
        training: whether to do anything; if not, `input` itself is the result.
        inplace: whether to overwrite `input`.

    Raises:
        ValueError: `p` is outside [0, 1].
        RuntimeError: the dtype is no float.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> alpha_dropout(pyconv.ones(3), training=True)
        tensor([-0.7792, -0.7792,  1.6656])
    """
    _check(p)
    return (functions.alpha_dropout_ if inplace else functions.alpha_dropout)(input, p, training)


def feature_alpha_dropout(input: Any, p: float = 0.5, training: bool = False, inplace: bool = False) -> Any:
    """`alpha_dropout` of whole channels.

    Args:
        input: (N, C, ...), of a float dtype.
        p: the probability.
        training: whether to do anything; if not, `input` itself is the result.
        inplace: whether to overwrite `input`.

    Raises:
        ValueError: `p` is outside [0, 1].
        RuntimeError: there are fewer than two dimensions, or the dtype is no float.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> feature_alpha_dropout(pyconv.ones(1, 3), training=True)
        tensor([[-0.7792, -0.7792,  1.6656]])
    """
    _check(p)
    return (functions.feature_alpha_dropout_ if inplace else functions.feature_alpha_dropout)(input, p, training)


def dropout1d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Zero whole channels with probability `p`.

    J. Tompson et al., "Efficient Object Localization Using Convolutional Networks", 2015.

    Args:
        input: (N, C, L) or (C, L), of a float dtype.
        p: the probability.
        training: whether to do anything.
        inplace: whether to overwrite `input`.

    Raises:
        ValueError: `p` is outside [0, 1].
        RuntimeError: another number of dimensions, or the dtype is no float.

    Example:
        >>> import pyconv
        >>> _ = pyconv.manual_seed(0)
        >>> dropout1d(pyconv.ones(3, 2))
        tensor([[0., 0.],
                [0., 0.],
                [2., 2.]])
    """
    _check(p)
    size = array_of(input).shape
    if len(size) not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {len(size)}D input. Note that dropout1d exists to "
            "provide channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional "
            "batch dimension (i.e. 2D or 3D inputs)."
        )
    if len(size) == 3:
        return _features(input, p, training, inplace)
    result = _features(shape.unsqueeze(input, shape=(1, *size)), p, training, inplace)
    return input if inplace else shape.squeeze_one(result, shape=size)


def dropout2d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Zero whole channels with probability `p`.

    Args:
        input: (N, C, H, W), or (N, C, L), of a float dtype.
        p: the probability.
        training: whether to do anything.
        inplace: whether to overwrite `input`.

    Raises:
        ValueError: `p` is outside [0, 1].
        RuntimeError: fewer than two dimensions, or the dtype is no float.

    Example:
        >>> import pyconv
        >>> dropout2d(pyconv.ones(1, 2, 2, 2), 1.0).sum()
        tensor(0.)
    """
    _check(p)
    ndim = array_of(input).ndim
    if ndim not in (3, 4):
        _warn(f"{ndim}-D", 2, "3D or 4D")
    if ndim == 3:
        warnings.warn(
            "dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is "
            "desired - input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will "
            "change in a future release to interpret the input as one without a batch dimension, i.e. shape "
            "(C, H, W). To maintain the 1D channel-wise dropout behavior, please switch to using dropout1d instead.",
            stacklevel=2,
        )
    return _features(input, p, training, inplace)


def dropout3d(input: Any, p: float = 0.5, training: bool = True, inplace: bool = False) -> Any:
    """Zero whole channels with probability `p`.

    Args:
        input: (N, C, D, H, W) or (C, D, H, W), of a float dtype.
        p: the probability.
        training: whether to do anything.
        inplace: whether to overwrite `input`.

    Raises:
        ValueError: `p` is outside [0, 1].
        RuntimeError: fewer than two dimensions, or the dtype is no float.

    Example:
        >>> import pyconv
        >>> dropout3d(pyconv.ones(1, 2, 2, 2, 2), 1.0).sum()
        tensor(0.)
    """
    _check(p)
    ndim = array_of(input).ndim
    if ndim not in (4, 5):
        _warn(f"{ndim}-D", 3, "4D or 5D")
    if ndim == 5:
        return _features(input, p, training, inplace)
    size = array_of(input).shape
    result = _features(shape.unsqueeze(input, shape=(1, *size)), p, training, inplace)
    return input if inplace else shape.squeeze_one(result, shape=size)


def _features(input: Any, p: float, training: bool, inplace: bool) -> Any:
    return (functions.feature_dropout_ if inplace else functions.feature_dropout)(input, p, training)


def _warn(received: str, spatial: int, shapes: str) -> None:
    warnings.warn(
        f"dropout{spatial}d: Received a {received} input to dropout{spatial}d, which is deprecated and will result in "
        "an error in a future release. To retain the behavior and silence this warning, please use dropout instead. "
        f"Note that dropout{spatial}d exists to provide channel-wise dropout on inputs with {spatial} spatial "
        f"dimensions, a channel dimension, and an optional batch dimension (i.e. {shapes} inputs).",
        stacklevel=3,
    )
