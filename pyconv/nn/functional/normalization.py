"""torch.nn.functional's normalizations.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pyconv import dtypes
from pyconv import functions as declared
from pyconv.functions import batch_normalization, group_normalization, layer_normalization
from pyconv.functions.views import reshaped_view
from pyconv.ops.arithmetic import div, mul
from pyconv.ops.cast import array_of
from pyconv.ops.channel_window import channel_mean
from pyconv.ops.shape import expand
from pyconv.signatures import method
from pyconv.signatures.out import check_out, write_out
from pyconv.size import Size

__all__ = [
    "batch_norm",
    "group_norm",
    "instance_norm",
    "layer_norm",
    "local_response_norm",
    "normalize",
    "rms_norm",
]


# torch calls the methods, whose texts of errors are others than the functions'
_clamp_min, _mul, _add, _pow = (method(f) for f in (declared.clamp_min, declared.mul, declared.add, declared.pow))


def _check_batch_size(size: Sequence[int]) -> None:
    """Raise ValueError where a channel has one value alone."""
    count = size[0]
    for n in size[2:]:
        count *= n
    if count == 1:
        raise ValueError(f"Expected more than 1 value per channel when training, got input size {size}")


def batch_norm(
    input: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Any:
    """Normalize every channel, in training by the statistics of the batch, else by running ones.

    Args:
        input: (N, C, ...), floating point. A Tensor or an ndarray, as are the others.
        running_mean: (C,), or None; updated in training.
        running_var: (C,), or None; likewise, with the unbiased variance.
        weight: (C,), or None for ones.
        bias: (C,), or None for zeros.
        training: whether the statistics are the batch's.
        momentum: the share of the new statistics in the running ones.
        eps: added to the variance.

    Returns:
        A tensor of the shape and dtype of `input`.

    Raises:
        ValueError: in training, one value for each channel, or an `eps` that is not positive.
        RuntimeError: a size or a dtype does not fit.

    Example:
        >>> import numpy as np
        >>> mean, var = np.zeros(1), np.ones(1)
        >>> batch_norm(np.array([[1.0], [3.0]]), mean, var, training=True, eps=1e-9).round(3)
        array([[-1.],
               [ 1.]])
        >>> mean, var
        (array([0.2]), array([1.1]))
    """
    if training:
        _check_batch_size(_size(input))
    if training and eps <= 0.0:
        raise ValueError(f"batch_norm eps must be positive during training, but got {eps}")
    if eps < 0.0:
        raise ValueError(f"batch_norm eps must be non-negative, but got {eps}")
    return batch_normalization.batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, True)


def _size(x: Any) -> Size:
    return Size(array_of(x).shape)


def instance_norm(
    input: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    use_input_stats: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-05,
) -> Any:
    """Normalize every channel of every sample by its own statistics, or by running ones.

    Args:
        input: (N, C, ...), floating point. A Tensor or an ndarray, as are the others.
        running_mean: (C,), or None; updated.
        running_var: (C,), or None; updated.
        weight: (C,), or None for ones.
        bias: (C,), or None for zeros.
        use_input_stats: whether the statistics are the input's.
        momentum: the share of the new statistics in the running ones.
        eps: added to the variance.

    Returns:
        A tensor of the shape and dtype of `input`.

    Raises:
        ValueError: one spatial element alone.
        RuntimeError: a size or a dtype does not fit.

    Example:
        >>> import numpy as np
        >>> instance_norm(np.array([[[1.0, 3.0], [2.0, 6.0]]]), eps=0.0)
        array([[[-1.,  1.],
                [-1.,  1.]]])
    """
    if use_input_stats:
        size = _size(input)
        if size[2:].numel() == 1:
            raise ValueError(f"Expected more than 1 spatial element when training, got input size {size}")
    return batch_normalization.instance_norm(
        input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, True
    )


def group_norm(input: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-05) -> Any:
    """Normalize every group of channels of every sample by its own statistics.

    Args:
        input: (N, C, ...), floating point. A Tensor or an ndarray, as are the others.
        num_groups: which divides C.
        weight: (C,), or None for ones.
        bias: (C,), or None for zeros.
        eps: added to the variance.

    Returns:
        A tensor of the shape and dtype of `input`.

    Raises:
        ValueError: one value alone in each group.
        RuntimeError: a size or a dtype does not fit.

    Example:
        >>> import numpy as np
        >>> group_norm(np.array([[1.0, 3.0, 2.0, 6.0]]), 2, eps=0.0)
        array([[-1.,  1., -1.,  1.]])
    """
    shape = array_of(input).shape
    if len(shape) < 2:
        raise RuntimeError(f"Expected at least 2 dimensions for input tensor but received {len(shape)}")
    _check_batch_size([shape[0] * shape[1] // num_groups, num_groups, *shape[2:]])
    return group_normalization.group_norm(input, num_groups, weight, bias, eps, True)


def layer_norm(
    input: Any, normalized_shape: Sequence[int], weight: Any = None, bias: Any = None, eps: float = 1e-05
) -> Any:
    """Normalize over the last dimensions by the statistics of each index before them.

    Args:
        input: (..., *normalized_shape), floating point. A Tensor or an ndarray, as are the others.
        normalized_shape: the sizes of the last dimensions.
        weight: of that shape, or None for ones.
        bias: of that shape, or None for zeros.
        eps: added to the variance.

    Returns:
        A tensor of the shape and dtype of `input`.

    Raises:
        RuntimeError: a size or a dtype does not fit.

    Example:
        >>> import numpy as np
        >>> layer_norm(np.array([[1.0, 3.0]]), (2,), np.array([1.0, 2.0]), eps=0.0)
        array([[-1.,  2.]])
    """
    return layer_normalization.layer_norm(input, normalized_shape, weight, bias, eps, True)


def rms_norm(input: Any, normalized_shape: Sequence[int], weight: Any = None, eps: float | None = None) -> Any:
    """Divide by the root of the mean square over the last dimensions.

    Args:
        input: (..., *normalized_shape), floating point or complex. A Tensor or an ndarray, as is the weight.
        normalized_shape: the sizes of the last dimensions.
        weight: of that shape, or None for ones.
        eps: added to the mean square; None for the spacing of the dtype at 1.

    Returns:
        A tensor of the shape and dtype of `input`.

    Raises:
        RuntimeError: a size does not fit.

    Example:
        >>> import numpy as np
        >>> rms_norm(np.array([[3.0, -3.0]]), (2,))
        array([[ 1., -1.]])
    """
    return layer_normalization.rms_norm(input, normalized_shape, weight, eps)


def local_response_norm(input: Any, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Any:
    """Divide by a power of the mean square over neighbouring channels: x / (k + alpha·mean(x²))^beta.

    A. Krizhevsky, I. Sutskever, G. E. Hinton, "ImageNet Classification with Deep Convolutional Neural Networks",
    NeurIPS 2012.

    Args:
        input: (N, C, ...), of at least three dimensions. A Tensor or an ndarray.
        size: how many channels are averaged; those that there are not count as zero.
        alpha: the factor of the mean.
        beta: the exponent.
        k: what is added.

    Returns:
        A tensor of the shape of `input`.

    Raises:
        ValueError: the input has fewer than three dimensions.
        RuntimeError: `size` is not positive.
        NotImplementedError: torch does not average the dtype.

    Example:
        >>> import numpy as np
        >>> local_response_norm(np.array([[[3.0], [4.0]]]), 2, alpha=2.0, beta=0.5, k=0.0)
        array([[[1. ],
                [0.8]]])
    """
    array = array_of(input)
    if array.ndim < 3:
        raise ValueError(
            f"Expected 3D or higher dimensionality                          input (got {array.ndim} dimensions)"
        )
    if not array.size:
        return input
    squares = mul(input, input)
    before = size // 2
    _check_average(array.ndim, array.shape[1], dtypes.of(array_of(squares)), size)
    if array.ndim > 3:
        rows, channels, height, *rest = array.shape
        reshaped_view(squares, (rows, 1, channels, height, math.prod(rest)))
    scale = channel_mean(squares, before=before, after=(size - 1) // 2)
    return div(input, _pow(_add(_mul(scale, alpha), k), beta))


def _check_average(ndim: int, channels: int, kind: dtypes.dtype, size: int) -> None:
    """Refuse what torch's average pooling, which it uses here, refuses."""
    if not isinstance(size, int):
        raise TypeError(
            f"pad(): argument 'pad' failed to unpack the object at pos {3 if ndim == 3 else 5} with error "
            f'"type must be tuple of ints,but got {type(size).__name__}"'
        )
    if isinstance(size, bool):
        raise TypeError(
            f"avg_pool{2 if ndim == 3 else 3}d(): argument 'kernel_size' (position 2) must be tuple of ints, but found "
            "element of type bool at pos 0"
        )
    if channels + size // 2 + (size - 1) // 2 < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if size <= -2:
        raise RuntimeError(
            f"pad should be at most half of effective kernel size, but got pad=0, kernel_size={size} and dilation=1"
        )
    if size <= 0:
        sizes = f"kH: {size} kW: 1" if ndim == 3 else f"kT: {size} kH: 1 kW: 1"
        raise RuntimeError(f"kernel size should be greater than zero, but got {sizes}")
    taken = [dtypes.float32, dtypes.float64, dtypes.int64]
    if ndim == 3:
        taken += [dtypes.float16, dtypes.bfloat16]
    if kind not in taken:
        stub = "avg_pool2d" if ndim == 3 else "avg_pool3d_out_frame"
        raise NotImplementedError(f"\"{stub}\" not implemented for '{kind.scalar_name}'")


def normalize(input: Any, p: float = 2.0, dim: int | tuple[int, ...] = 1, eps: float = 1e-12, out: Any = None) -> Any:
    """Divide by the norm over some dimensions.

    Args:
        input: floating point or complex, of any shape. A Tensor or an ndarray.
        p: the order of the norm.
        dim: the dimension, or dimensions, that the norm is taken over.
        eps: the least divisor.
        out: a tensor for the result.

    Returns:
        A tensor of the shape of `input`.

    Raises:
        RuntimeError: the dtype is an integer or bool.

    Example:
        >>> import numpy as np
        >>> normalize(np.array([[3.0, 4.0]]))
        array([[0.6, 0.8]])
    """
    if out is not None:
        check_out("div", out, (input,), {})
    length = _clamp_min(declared.norm(input, p, dim, True), eps)
    result = div(input, expand(length, shape=array_of(input).shape))
    return result if out is None else write_out("div", out, result, input)
