"""torch.nn.functional's activations.

May import: NumPy, and all of pyconv but `nn.modules`, `optim` and `megengine`.
"""

from __future__ import annotations

from typing import Any

from pyconv import functions
from pyconv.functions import activation as _f
from pyconv.functions.activation import gelu, hardshrink, prelu, softplus, softshrink
from pyconv.functions.activation import log_sigmoid as logsigmoid
from pyconv.signatures.check import checker

__all__ = [
    "celu",
    "celu_",
    "elu",
    "elu_",
    "gelu",
    "glu",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hardtanh_",
    "leaky_relu",
    "leaky_relu_",
    "logsigmoid",
    "mish",
    "prelu",
    "relu",
    "relu6",
    "relu_",
    "rrelu",
    "rrelu_",
    "selu",
    "selu_",
    "sigmoid",
    "silu",
    "softplus",
    "softshrink",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
    "threshold_",
]


def _in_place(declared: Any) -> Any:
    """A function that puts the result of another into its input; unlike a method it counts the input in its texts."""
    raw, called = declared.raw, f"{declared.__name__}_"
    check = checker(called, tuple(text.replace(", *, Tensor out = None", "") for text in declared.texts))

    def call(input: Any, *args: Any, **kwargs: Any) -> Any:
        check((input, *args), kwargs)
        return input._update(raw, *args, **kwargs)

    call.__name__ = call.__qualname__ = called
    call.__doc__ = f"In place: {declared.__doc__}"
    return call


relu_, celu_, selu_, elu_ = map(_in_place, (_f.relu, _f.celu, _f.selu, _f.elu))
leaky_relu_, rrelu_, threshold_, hardtanh_ = map(_in_place, (_f.leaky_relu, _f.rrelu, _f.threshold, _f.hardtanh))
_relu6_ = _in_place(_f.relu6)
_silu_, _mish_, _hardswish_, _hardsigmoid_ = map(_in_place, (_f.silu, _f.mish, _f.hardswish, _f.hardsigmoid))


def relu(input: Any, inplace: bool = False) -> Any:
    """max(input, 0), elementwise.

    Args:
        input: any shape.
        inplace: whether the input takes the result.

    Example:
        >>> import pyconv
        >>> relu(pyconv.tensor([-1.0, 2.0]))
        tensor([0., 2.])
    """
    return relu_(input) if inplace else _f.relu(input)


def relu6(input: Any, inplace: bool = False) -> Any:
    """min(max(input, 0), 6), elementwise.

    Example:
        >>> import pyconv
        >>> relu6(pyconv.tensor([-1.0, 2.0, 7.0]))
        tensor([0., 2., 6.])
    """
    return (_relu6_ if inplace else _f.relu6)(input)


def hardtanh(input: Any, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Any:
    """min(max(input, min_val), max_val), elementwise.

    Raises:
        ValueError: the bounds are in the wrong order.

    Example:
        >>> import pyconv
        >>> hardtanh(pyconv.tensor([-3.0, 0.5]))
        tensor([-1.0000,  0.5000])
    """
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return (hardtanh_ if inplace else _f.hardtanh)(input, min_val, max_val)


def elu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """The input where it is positive, else alpha · (exp(input) - 1).

    Example:
        >>> import pyconv
        >>> elu(pyconv.tensor([-1.0, 2.0]))
        tensor([-0.6321,  2.0000])
    """
    return (elu_ if inplace else _f.elu)(input, alpha)


def selu(input: Any, inplace: bool = False) -> Any:
    """The scaled exponential linear unit.

    Example:
        >>> import pyconv
        >>> selu(pyconv.tensor([-1.0, 2.0]))
        tensor([-1.1113,  2.1014])
    """
    return (selu_ if inplace else _f.selu)(input)


def celu(input: Any, alpha: float = 1.0, inplace: bool = False) -> Any:
    """max(0, input) + min(0, alpha · (exp(input / alpha) - 1)).

    Example:
        >>> import pyconv
        >>> celu(pyconv.tensor([-1.0, 2.0]), 2.0)
        tensor([-0.7869,  2.0000])
    """
    return (celu_ if inplace else _f.celu)(input, alpha)


def leaky_relu(input: Any, negative_slope: float = 0.01, inplace: bool = False) -> Any:
    """The input where it is positive, else times `negative_slope`.

    Example:
        >>> import pyconv
        >>> leaky_relu(pyconv.tensor([-1.0, 2.0]))
        tensor([-0.0100,  2.0000])
    """
    return (leaky_relu_ if inplace else _f.leaky_relu)(input, negative_slope)


def rrelu(
    input: Any, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False, inplace: bool = False
) -> Any:
    """The leaky ReLU with a slope drawn for each element in training.

    Example:
        >>> import pyconv
        >>> rrelu(pyconv.tensor([-1.0, 2.0]))
        tensor([-0.2292,  2.0000])
    """
    return (rrelu_ if inplace else _f.rrelu)(input, lower, upper, training)


def _threshold(input: Any, threshold: float, value: float, inplace: bool = False) -> Any:
    """The input where it is above the threshold, else `value`.

    Example:
        >>> import pyconv
        >>> _threshold(pyconv.tensor([1.0, 3.0]), 2.0, -1.0)
        tensor([-1.,  3.])
    """
    return (threshold_ if inplace else _f.threshold)(input, threshold, value)


threshold = _threshold


def silu(input: Any, inplace: bool = False) -> Any:
    """Input · sigmoid(input).

    Example:
        >>> import pyconv
        >>> silu(pyconv.tensor([-1.0, 2.0]))
        tensor([-0.2689,  1.7616])
    """
    return (_silu_ if inplace else _f.silu)(input)


def mish(input: Any, inplace: bool = False) -> Any:
    """Input · tanh(softplus(input)).

    Example:
        >>> import pyconv
        >>> mish(pyconv.tensor([-1.0, 2.0]))
        tensor([-0.3034,  1.9440])
    """
    return (_mish_ if inplace else _f.mish)(input)


def hardswish(input: Any, inplace: bool = False) -> Any:
    """Input · hardsigmoid(input).

    Example:
        >>> import pyconv
        >>> hardswish(pyconv.tensor([-1.0, 2.0]))
        tensor([-0.3333,  1.6667])
    """
    return (_hardswish_ if inplace else _f.hardswish)(input)


def hardsigmoid(input: Any, inplace: bool = False) -> Any:
    """min(max(input + 3, 0), 6) / 6.

    Example:
        >>> import pyconv
        >>> hardsigmoid(pyconv.tensor([-1.0, 2.0]))
        tensor([0.3333, 0.8333])
    """
    return (_hardsigmoid_ if inplace else _f.hardsigmoid)(input)


def sigmoid(input: Any) -> Any:
    """1 / (1 + exp(-input)).

    Example:
        >>> import pyconv
        >>> sigmoid(pyconv.zeros(1))
        tensor([0.5000])
    """
    return functions.sigmoid(input)


def tanh(input: Any) -> Any:
    """The hyperbolic tangent.

    Example:
        >>> import pyconv
        >>> tanh(pyconv.ones(1))
        tensor([0.7616])
    """
    return functions.tanh(input)


def softsign(input: Any) -> Any:
    """Input / (1 + |input|).

    Example:
        >>> import pyconv
        >>> softsign(pyconv.tensor([-1.0, 3.0]))
        tensor([-0.5000,  0.7500])
    """
    return input / (functions.abs(input) + 1)


def tanhshrink(input: Any) -> Any:
    """Input - tanh(input).

    Example:
        >>> import pyconv
        >>> tanhshrink(pyconv.ones(1))
        tensor([0.2384])
    """
    return input - functions.tanh(input)


def glu(input: Any, dim: int = -1) -> Any:
    """The first half of the input along `dim` times the sigmoid of the second.

    Raises:
        RuntimeError: the dimension cannot be halved.

    Example:
        >>> import pyconv
        >>> glu(pyconv.tensor([2.0, 0.0]))
        tensor([1.])
    """
    if input.ndim == 0:
        raise RuntimeError("glu does not support scalars because halving size must be even")
    return _f.glu(input, dim)
