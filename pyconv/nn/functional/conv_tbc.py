"""torch's conv_tbc: a 1-D convolution of sequences whose time comes first and whose channels come last.

May import: `pyconv.geometry`, `pyconv.dtypes`, `pyconv.size`, `pyconv.ops`, `pyconv.signatures`, `pyconv.functions`.
"""

from __future__ import annotations

from typing import Any

from pyconv import dtypes
from pyconv.functions.stacked_products import matmul
from pyconv.geometry import Conv
from pyconv.ops import conv as ops
from pyconv.ops.cast import array_of
from pyconv.ops.index import take
from pyconv.ops.layout import clone
from pyconv.ops.shape import permute
from pyconv.signatures import signature
from pyconv.size import contiguous_format

_finished = clone.alias("ConvTbc")


@signature("(Tensor input, Tensor weight, Tensor bias, int pad = 0)")
def conv_tbc(input: Any, weight: Any, bias: Any, pad: int = 0) -> Any:
    """A 1-D convolution of a batch that lies as time, batch, channels.

    Args:
        input: (T, N, C); Tensors, or ndarrays throughout.
        weight: (kT, C, O), of the dtype of `input`.
        bias: (O,), likewise.
        pad: zeros at both ends of the time; negative to leave out what is there.

    Returns:
        (T_out, N, O), T_out = T + 2·pad - kT + 1.

    Raises:
        RuntimeError: sizes or dtypes do not fit.
        TypeError: an argument is of the wrong type.

    Example:
        >>> import numpy as np
        >>> conv_tbc(np.arange(4.0).reshape(4, 1, 1), np.ones((3, 1, 1)), np.zeros(1)).ravel()
        array([3., 6.])
    """
    x, w, b = map(array_of, (input, weight, bias))
    _check(x.shape, w.shape, b.shape)
    _check_dtypes(x, w)
    length = x.shape[0] + 2 * pad - w.shape[0] + 1
    if length < 0:
        sizes = [length, x.shape[1], w.shape[2]]
        raise RuntimeError(f"Trying to create tensor with negative dimension {length}: {sizes}")
    if pad < 0 or not length:
        input, pad = take(input, index=(slice(max(-pad, 0), x.shape[0] + min(pad, 0)),)), max(pad, 0)
    if not length:
        return matmul(take(input, index=(slice(0, 0),)), take(weight, index=(0,)))
    input, weight = permute(input, axes=(1, 2, 0)), permute(weight, axes=(2, 1, 0))
    geometry = Conv.of(array_of(input).shape, array_of(weight).shape, b.shape, 1, pad, 1, 1)
    y = permute(ops.conv(input, weight, bias, geometry=geometry), axes=(2, 0, 1))
    return _finished(y, order=contiguous_format)


def _check(x: tuple[int, ...], w: tuple[int, ...], b: tuple[int, ...]) -> None:
    if len(x) != 3:
        raise RuntimeError("Input must have 3 dims: time, batch, in_channel")
    if len(w) != 3:
        raise RuntimeError("Weight tensor must have 3 dims: kernel_width, in_channels, out_channels.")
    if len(b) != 1:
        raise RuntimeError("Bias must be 1-D")
    if x[2] != w[1]:
        raise RuntimeError("Input dim 2 (input channels) is not == dim 1 in the weight tensor")
    if b[0] != w[2]:
        raise RuntimeError("Bias size must equal dim 2 in the weight tensor (output channels).")


def _check_dtypes(x: Any, w: Any) -> None:
    kinds = dtypes.of(x), dtypes.of(w)
    if kinds[0] is not kinds[1]:
        raise RuntimeError(
            f"self and mat2 must have the same dtype, but got {kinds[0].scalar_name} and {kinds[1].scalar_name}"
        )
