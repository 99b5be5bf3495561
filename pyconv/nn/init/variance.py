"""Distributions scaled so that the variance of activations or gradients survives a layer.

The formulas are evaluated in torch's order, on which the last bit of a bound depends.

May import: the standard library, `pyconv.random`, `pyconv.tensor` and `pyconv.nn.init.fill`.
"""

from __future__ import annotations

import math
import warnings

from pyconv.nn.init.fill import normal_, uniform_
from pyconv.random import Generator
from pyconv.tensor import Tensor

_GAIN_ONE = (
    "linear",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "conv_transpose2d",
    "conv_transpose3d",
    "sigmoid",
)


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """The factor by which a nonlinearity asks for larger weights.

    Args:
        nonlinearity: `'linear'`, `'conv1d'` ... `'conv_transpose3d'` and `'sigmoid'` (1), `'tanh'` (5/3),
            `'relu'` (√2), `'leaky_relu'` (√(2 / (1 + param²))) or `'selu'` (3/4).
        param: the negative slope of `'leaky_relu'`, 0.01 if not given.

    Raises:
        ValueError: an unknown nonlinearity, or a slope that is no number.

    Example:
        >>> calculate_gain("tanh"), calculate_gain("leaky_relu", 1.0)
        (1.6666666666666667, 1.0)
    """
    if nonlinearity in _GAIN_ONE:
        return 1
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return math.sqrt(2.0)
    if nonlinearity == "leaky_relu":
        slope = 0.01 if param is None else param
        if isinstance(slope, bool) or not isinstance(slope, (int, float)):
            raise ValueError(f"negative_slope {param} not a valid number")
        return math.sqrt(2.0 / (1 + slope**2))
    if nonlinearity == "selu":
        return 3.0 / 4
    raise ValueError(f"Unsupported nonlinearity {nonlinearity}")


def _calculate_fan_in_and_fan_out(tensor: Tensor) -> tuple[int, int]:
    """Inputs per output and outputs per input of a weight (O, C, *kernel)."""
    if tensor.dim() < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    fan_out, fan_in, *kernel = tensor.shape
    positions = math.prod(kernel)
    return fan_in * positions, fan_out * positions


def _calculate_correct_fan(tensor: Tensor, mode: str) -> int:
    mode = mode.lower()
    valid_modes = ["fan_in", "fan_out"]
    if mode not in valid_modes:
        raise ValueError(f"Mode {mode} not supported, please use one of {valid_modes}")
    return _calculate_fan_in_and_fan_out(tensor)[valid_modes.index(mode)]


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill from the uniform distribution on ±gain·√(6 / (fan_in + fan_out)).

    X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010,
    https://proceedings.mlr.press/v9/glorot10a.html

    Args:
        tensor: weight (O, C, ...), at least two dimensions; overwritten and returned.
        gain: factor for the nonlinearity, see `calculate_gain`.
        generator: source of the numbers; the default generator if not given.

    Raises:
        ValueError: fewer than two dimensions.

    Example:
        >>> xavier_uniform_(Tensor(1, 2), generator=Generator().manual_seed(0))
        tensor([[-0.0106,  0.7586]])
    """
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    std = gain * math.sqrt(2.0 / float(fan_in + fan_out))
    bound = math.sqrt(3.0) * std
    return uniform_(tensor, -bound, bound, generator)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, generator: Generator | None = None) -> Tensor:
    """Fill from the normal distribution with standard deviation gain·√(2 / (fan_in + fan_out)).

    X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010,
    https://proceedings.mlr.press/v9/glorot10a.html

    Args:
        tensor: weight (O, C, ...), at least two dimensions; overwritten and returned.
        gain: factor for the nonlinearity, see `calculate_gain`.
        generator: source of the numbers; the default generator if not given.

    Raises:
        ValueError: fewer than two dimensions.

    Example:
        >>> xavier_normal_(Tensor(1, 2), generator=Generator().manual_seed(0))
        tensor([[ 1.2582, -0.2396]])
    """
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    std = gain * math.sqrt(2.0 / float(fan_in + fan_out))
    return normal_(tensor, 0.0, std, generator)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Fill from the uniform distribution on ±gain·√(3 / fan).

    K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers: surpassing human-level performance on
    ImageNet classification", 2015, https://arxiv.org/abs/1502.01852

    Args:
        tensor: weight (O, C, ...), at least two dimensions; overwritten and returned.
        a: negative slope of the nonlinearity, where that is `'leaky_relu'`.
        mode: `'fan_in'` keeps the variance of activations from layer to layer, `'fan_out'` that of gradients.
        nonlinearity: as `calculate_gain` knows it.
        generator: source of the numbers; the default generator if not given.

    Raises:
        ValueError: fewer than two dimensions, or an unknown mode or nonlinearity.

    Example:
        >>> kaiming_uniform_(Tensor(1, 2), generator=Generator().manual_seed(0))
        tensor([[-0.0130,  0.9291]])
    """
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    fan = _calculate_correct_fan(tensor, mode)
    std = calculate_gain(nonlinearity, a) / math.sqrt(fan)
    bound = math.sqrt(3.0) * std
    return uniform_(tensor, -bound, bound, generator)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    generator: Generator | None = None,
) -> Tensor:
    """Fill from the normal distribution with standard deviation gain / √fan.

    K. He, X. Zhang, S. Ren, J. Sun, "Delving deep into rectifiers: surpassing human-level performance on
    ImageNet classification", 2015, https://arxiv.org/abs/1502.01852

    Args:
        tensor: weight (O, C, ...), at least two dimensions; overwritten and returned.
        a: negative slope of the nonlinearity, where that is `'leaky_relu'`.
        mode: `'fan_in'` keeps the variance of activations from layer to layer, `'fan_out'` that of gradients.
        nonlinearity: as `calculate_gain` knows it.
        generator: source of the numbers; the default generator if not given.

    Raises:
        ValueError: fewer than two dimensions, or an unknown mode or nonlinearity.

    Example:
        >>> kaiming_normal_(Tensor(1, 2), generator=Generator().manual_seed(0))
        tensor([[ 1.5410, -0.2934]])
    """
    if 0 in tensor.shape:
        warnings.warn("Initializing zero-element tensors is a no-op", stacklevel=2)
        return tensor
    fan = _calculate_correct_fan(tensor, mode)
    std = calculate_gain(nonlinearity, a) / math.sqrt(fan)
    return normal_(tensor, 0, std, generator)
