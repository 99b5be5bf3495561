"""A batch normalization in evaluation mode made part of the layer before it.

May import: `pyconv.nn.modules`, `pyconv.nn.parameter`, `pyconv.tensor`.
"""

from __future__ import annotations

import copy
from typing import Any, TypeVar

from pyconv.nn.modules.module import Module
from pyconv.nn.parameter import Parameter
from pyconv.tensor import Tensor
from pyconv.tensor.creation import ones_like, zeros_like

M = TypeVar("M", bound=Module)


def _check(layer: Any, bn: Any) -> None:
    if layer.training or bn.training:
        raise AssertionError("Fusion only for eval!")


def _check_running(bn: Any) -> None:
    if bn.running_mean is None or bn.running_var is None:
        raise AssertionError("bn.running_mean and bn.running_var must not be None")


def fuse_conv_bn_eval(conv: M, bn: Any, transpose: bool = False) -> M:
    """A convolution that does what a convolution and the batch normalization behind it do in evaluation mode.

    Args:
        conv: in evaluation mode; it is left as it is.
        bn: likewise, with running statistics.
        transpose: whether it is a transposed convolution.

    Raises:
        AssertionError: one is in training mode, or there are no running statistics.

    Example:
        >>> import pyconv.nn as nn
        >>> conv, bn = nn.Conv1d(1, 2, 1).eval(), nn.BatchNorm1d(2).eval()
        >>> fuse_conv_bn_eval(conv, bn)
        Conv1d(1, 2, kernel_size=(1,), stride=(1,))
    """
    _check(conv, bn)
    fused: Any = copy.deepcopy(conv)
    _check_running(bn)
    fused.weight, fused.bias = fuse_conv_bn_weights(
        fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias, transpose
    )
    found: M = fused
    return found


def fuse_conv_bn_weights(
    conv_w: Any,
    conv_b: Any,
    bn_rm: Any,
    bn_rv: Any,
    bn_eps: float,
    bn_w: Any,
    bn_b: Any,
    transpose: bool = False,
) -> tuple[Parameter, Parameter]:
    """The weight and bias of a convolution with the batch normalization behind it.

    Args:
        conv_w: (O, C/groups, ...), or (C, O/groups, ...) for a transposed convolution.
        conv_b: (O,), or None for zeros.
        bn_rm: the running mean, (O,).
        bn_rv: the running variance, (O,).
        bn_eps: added to the variance.
        bn_w: (O,), or None for ones.
        bn_b: (O,), or None for zeros.
        transpose: whether it is a transposed convolution.

    Example:
        >>> import pyconv
        >>> one = pyconv.ones(1)
        >>> weight, bias = fuse_conv_bn_weights(pyconv.ones(1, 1, 1), None, one, one, 3.0, None, None)
        >>> weight.item(), bias.item()
        (0.5, -0.5)
    """
    weight_dtype = conv_w.dtype
    bias_dtype = weight_dtype if conv_b is None else conv_b.dtype
    conv_b = zeros_like(bn_rm) if conv_b is None else conv_b
    bn_w = ones_like(bn_rm) if bn_w is None else bn_w
    bn_b = zeros_like(bn_rm) if bn_b is None else bn_b
    rstd = (bn_rv + bn_eps).rsqrt()
    shape = [1] * conv_w.dim()
    shape[1 if transpose else 0] = -1
    weight: Tensor = (conv_w * (bn_w * rstd).reshape(shape)).to(dtype=weight_dtype)
    bias: Tensor = ((conv_b - bn_rm) * rstd * bn_w + bn_b).to(dtype=bias_dtype)
    return Parameter(weight.detach(), conv_w.requires_grad), Parameter(bias.detach(), conv_b.requires_grad)


def fuse_linear_bn_eval(linear: M, bn: Any) -> M:
    """A linear layer that does what a linear layer and the batch normalization behind it do in evaluation mode.

    Args:
        linear: in evaluation mode; it is left as it is.
        bn: likewise, with running statistics, for as many features as `linear` gives or for one.

    Raises:
        AssertionError: one is in training mode, the features differ, or there are no running statistics.

    Example:
        >>> import pyconv.nn as nn
        >>> linear, bn = nn.Linear(1, 2).eval(), nn.BatchNorm1d(2).eval()
        >>> fuse_linear_bn_eval(linear, bn)
        Linear(in_features=1, out_features=2, bias=True)
    """
    _check(linear, bn)
    fused: Any = copy.deepcopy(linear)
    if fused.out_features != bn.num_features and bn.num_features != 1:
        raise AssertionError(
            "To fuse, linear.out_features == bn.num_features or bn.num_features == 1, got "
            f"linear.out_features={fused.out_features} and bn.num_features={bn.num_features}"
        )
    _check_running(bn)
    fused.weight, fused.bias = fuse_linear_bn_weights(
        fused.weight, fused.bias, bn.running_mean, bn.running_var, bn.eps, bn.weight, bn.bias
    )
    found: M = fused
    return found


def fuse_linear_bn_weights(
    linear_w: Any, linear_b: Any, bn_rm: Any, bn_rv: Any, bn_eps: float, bn_w: Any, bn_b: Any
) -> tuple[Parameter, Parameter]:
    """The weight and bias of a linear layer with the batch normalization behind it.

    Args:
        linear_w: (O, I).
        linear_b: (O,), or None for zeros.
        bn_rm: the running mean, (O,) or (1,), as are the others.
        bn_rv: the running variance.
        bn_eps: added to the variance.
        bn_w: the normalization's weight.
        bn_b: its bias.

    Example:
        >>> import pyconv
        >>> one = pyconv.ones(1)
        >>> weight, bias = fuse_linear_bn_weights(pyconv.ones(1, 1), None, one, one, 3.0, one, one)
        >>> weight.item(), bias.item()
        (0.5, 0.5)
    """
    weight_dtype = linear_w.dtype
    bias_dtype = weight_dtype if linear_b is None else linear_b.dtype
    linear_b = zeros_like(bn_rm) if linear_b is None else linear_b
    scale = bn_w * (bn_rv + bn_eps).rsqrt()
    weight: Tensor = linear_w * scale.unsqueeze(-1).to(dtype=weight_dtype)
    bias: Tensor = ((linear_b - bn_rm) * scale + bn_b).to(dtype=bias_dtype)
    return Parameter(weight.detach(), linear_w.requires_grad), Parameter(bias.detach(), linear_b.requires_grad)
