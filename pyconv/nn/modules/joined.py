"""A convolution and the activation after it as one call, where no gradient is wanted.

What lies between them is seen by nobody, and the pieces of a 1×1 convolution are cut off while they are in the cache.
(Smaller pieces, so that more of them stays there, took 1.1 to 1.9 times as long: the product reads its operands anew
for each.) May import: NumPy, and all of pyconv but `optim` and `megengine`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np

from pyconv.kernels.bounds import Bounds
from pyconv.nn.functional.conv import bounded_conv
from pyconv.nn.modules.activation.rectifiers import Hardtanh, ReLU, ReLU6
from pyconv.nn.modules.conv import Conv1d, Conv2d, Conv3d
from pyconv.nn.modules.hooks import GLOBAL
from pyconv.nn.modules.module import Module
from pyconv.signatures.autocast import state
from pyconv.tensor import Tensor

_CONVOLUTIONS = (Conv1d, Conv2d, Conv3d)
_ACTIVATIONS = (ReLU, ReLU6, Hardtanh)


def joined(modules: Iterable[Module]) -> Iterator[Callable[[Any], Any]]:
    """The modules, a convolution and an activation after it as one call.

    Example:
        >>> from pyconv.nn.modules.conv import Conv2d
        >>> len(list(joined([Conv2d(1, 1, 1), ReLU(), ReLU()])))
        2
    """
    conv: Any = None
    for module in modules:
        if conv is not None and type(module) in _ACTIVATIONS:
            yield partial(_activated, conv, module)
            conv = None
            continue
        if conv is not None:
            yield conv
        conv = module if type(module) in _CONVOLUTIONS else None
        if conv is None:
            yield module
    if conv is not None:
        yield conv


def _activated(conv: Any, activation: Any, input: Any) -> Any:
    """The activation of the convolution of the input."""
    found = None
    if type(input) is Tensor and type(input._array) is np.ndarray and _is_plain(conv) and _is_plain(activation):
        options = conv.stride, conv.padding, conv.dilation, conv.groups
        if conv.padding_mode == "zeros" and not state.enabled:
            found = bounded_conv(input, conv.weight, conv.bias, *options, _bounds(activation))
    return activation(conv(input)) if found is None else found


def _is_plain(module: Any) -> bool:
    """Whether to call a module is to call the `forward` of its class."""
    hooks = module._forward_hooks or module._forward_pre_hooks or module._backward_hooks or module._backward_pre_hooks
    everywhere = GLOBAL.forward or GLOBAL.forward_pre or GLOBAL.backward or GLOBAL.backward_pre
    return not (hooks or everywhere or "forward" in module.__dict__)


def _bounds(activation: Any) -> Bounds:
    return (0, math.inf) if type(activation) is ReLU else (activation.min_val, activation.max_val)
