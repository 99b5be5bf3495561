"""torch.group_norm, and the native form that gives statistics too.

May import: NumPy, and all of pyconv below `tensor`.
"""

from __future__ import annotations

import operator
from typing import Any

from pyconv.functions.normalization import Array, by_own_statistics, check_floating, check_mixed, result_dtype
from pyconv.ops import norm as ops
from pyconv.ops.cast import array_of, cast
from pyconv.ops.shape import reshape
from pyconv.signatures import function

__all__ = ["group_norm", "native_group_norm"]


@function(
    "(Tensor input, int num_groups, Tensor weight = None, Tensor bias = None, float eps = 1e-05, "
    "bool cudnn_enabled = True)"
)
def group_norm(
    input: Any,
    num_groups: int,
    weight: Any = None,
    bias: Any = None,
    eps: float = 1e-05,
    cudnn_enabled: bool = True,  # noqa: ARG001
) -> Any:
    """Normalization of every group of channels of every sample by its own statistics.

    Y. Wu, K. He, "Group Normalization", ECCV 2018.

    Args:
        input: (N, C, ...), floating point.
        num_groups: which divides C.
        weight: (C,), or None for ones; of the dtype of `input`, or float32 beside a 16-bit input.
        bias: (C,), or None for zeros.
        eps: added to the variance.
        cudnn_enabled: means nothing here.

    Returns:
        A tensor of the shape and dtype of `input`.

    Raises:
        RuntimeError: a size or a dtype does not fit.
        NotImplementedError: the dtype is no float.

    Example:
        >>> import numpy as np
        >>> group_norm(np.array([[1.0, 3.0, 2.0, 6.0]]), 2, eps=0.0)
        array([[-1.,  1., -1.,  1.]])
    """
    return _grouped(input, operator.index(num_groups), weight, bias, float(eps))[0]


def _grouped(x: Any, groups: int, weight: Any, bias: Any, eps: float) -> tuple[Any, Array, Array]:
    shape = array_of(x).shape
    if len(shape) < 2:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [-1, 0], but got {len(shape)})"
            if shape
            else "Dimension specified as 0 but tensor has no dimensions"
        )
    if groups <= 0:
        raise RuntimeError(f"Expected num groups to be greater than 0, got {groups}")
    if shape[1] % groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{list(shape)} and num_groups={groups}"
        )
    # Beside a bad bias, too, torch prints the shape of the weight.
    shown = [0] if weight is None else list(array_of(weight).shape)
    for name, value in (("weight", weight), ("bias", bias)):
        if value is not None and array_of(value).shape != (shape[1],):
            raise RuntimeError(
                f"Expected {name} to be a vector of size equal to the number of channels in input, but got {name} of "
                f"shape {shown} and input of shape {list(shape)}"
            )
    check_mixed(x, weight, bias)
    check_floating("GroupNormKernelImpl", x)
    return by_own_statistics(x, weight, bias, ops.group_layout(shape, groups), eps)


@function(
    "(Tensor input, Tensor weight = None, Tensor bias = None, int N, int C, int HxW, int group, float eps, *, "
    "tuple of Tensors out = None)"
)
def native_group_norm(input: Any, weight: Any, bias: Any, N: int, C: int, HxW: int, group: int, eps: float) -> Any:
    """Group normalization together with the statistics it used.

    Args:
        input: (N, C, ...), floating point.
        weight: (C,), or None for ones.
        bias: (C,), or None for zeros.
        N: the number of samples.
        C: of channels.
        HxW: of elements of a channel.
        group: of groups.
        eps: added to the variance.

    Returns:
        The result; the mean, and one over the standard deviation, both (N, group).

    Raises:
        RuntimeError: a size or a dtype does not fit.

    Example:
        >>> import numpy as np
        >>> y, mean, rstd = native_group_norm(np.array([[1.0, 3.0, 2.0, 6.0]]), None, None, 1, 4, 1, 2, 0.0)
        >>> mean, rstd
        (array([[2., 4.]]), array([[1. , 0.5]]))
    """
    _check_group_sizes(input, N * C * HxW)
    out, center, rstd = _grouped(input, operator.index(group), weight, bias, float(eps))
    dtype = result_dtype(input, weight, bias)
    found = ops.recorded(input, ops.group_layout(array_of(input).shape, int(group)), center, rstd)
    return out, *(cast(reshape(value, shape=(N, group)), dtype) for value in found)


def _check_group_sizes(x: Any, size: int) -> None:
    if array_of(x).size != size:
        raise RuntimeError(
            "Expected X.numel() == N * C * HxW to be true, but got false.  "
            "(Could this error message be improved?  If so, please report an enhancement request to PyTorch.)"
        )
