"""MegEngine's functions: torch's, with MegEngine's argument names, layouts and refusals.

May import: `pyconv.ops`, `pyconv.nn.functional`, `pyconv.megengine.layout`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pyconv.megengine.layout import check, joined
from pyconv.nn import functional as torch
from pyconv.ops.arithmetic import promoted
from pyconv.ops.cast import cast

Ints = int | Sequence[int]
nn = sys.modules[__name__]
relu, max_pool2d = torch.relu, torch.max_pool2d


def conv1d(inp: Any, weight: Any, bias: Any = None, stride: Ints = 1, padding: Ints = 0, dilation: Ints = 1,
           groups: int = 1, conv_mode: str = "cross_correlation", compute_mode: str = "default") -> Any:  # fmt: skip
    """A convolution of (N, C, L). See `conv2d`."""
    return _convolve(torch.conv1d, **locals())


def conv2d(inp: Any, weight: Any, bias: Any = None, stride: Ints = 1, padding: Ints = 0, dilation: Ints = 1,
           groups: int = 1, conv_mode: str = "cross_correlation", compute_mode: str = "default") -> Any:  # fmt: skip
    """A convolution of (N, C, H, W).

    Args:
        inp: of floating point, or integers, which become what the weight is.
        weight: (O, C, kH, kW), with groups (G, O/G, C/G, kH, kW).
        bias: (1, O, 1, 1).
        stride: an int or two, as are `padding` and `dilation`.
        padding: of zeros on both sides.
        dilation: the distance of the kernel's elements.
        groups: into how many parts the channels are cut; each sees its own.
        conv_mode: 'cross_correlation'.
        compute_mode: 'default' or 'float32': both sum float16 in float32.

    Raises:
        RuntimeError: another layout; the text says the right one.
        AssertionError: sizes or modes that there are not.
    """
    return _convolve(torch.conv2d, **locals())


def conv3d(inp: Any, weight: Any, bias: Any = None, stride: Ints = 1, padding: Ints = 0, dilation: Ints = 1,
           groups: int = 1, conv_mode: str = "cross_correlation") -> Any:  # fmt: skip
    """A convolution of (N, C, D, H, W). See `conv2d`."""
    return _convolve(torch.conv3d, **locals())


def conv_transpose2d(inp: Any, weight: Any, bias: Any = None, stride: Ints = 1, padding: Ints = 0,
                     output_padding: Ints = 0, dilation: Ints = 1, groups: int = 1,
                     conv_mode: str = "cross_correlation", compute_mode: str = "default") -> Any:  # fmt: skip
    """A transposed convolution, whose weight is (C, O, kH, kW), with groups (G, C/G, O/G, kH, kW). See `conv2d`."""
    return _convolve(torch.conv_transpose2d, **locals())


def conv_transpose3d(inp: Any, weight: Any, bias: Any = None, stride: Ints = 1, padding: Ints = 0,
                     output_padding: Ints = 0, dilation: Ints = 1, groups: int = 1) -> Any:  # fmt: skip
    """A transposed convolution of (N, C, D, H, W). See `conv_transpose2d`."""
    return _convolve(torch.conv_transpose3d, **locals())


def _convolve(call: Callable[..., Any], inp: Any, weight: Any, bias: Any, groups: int,
              conv_mode: str = "cross_correlation", compute_mode: str = "default", **given: Ints) -> Any:  # fmt: skip
    """Call torch's function with what it takes."""
    if conv_mode.lower() != "cross_correlation" or compute_mode.lower() not in ("default", "float32"):
        modes = (conv_mode, compute_mode)
        raise AssertionError(f"the modes are 'cross_correlation' and 'default' or 'float32', not {modes}")
    check(call.__name__, inp, weight, bias, groups)
    sizes = {name: ints(name, value, inp.ndim - 2) for name, value in given.items()}
    extra = sizes.get("output_padding", ())
    if any(more >= step for more, step in zip(extra, sizes["stride"], strict=False)):
        raise AssertionError(f"output_padding {extra} is not less than stride {sizes['stride']}")
    dtype = promoted(inp, weight).numpy
    weight = weight.reshape(joined(tuple(weight.shape), groups))
    out = call(cast(inp, dtype), cast(weight, dtype), groups=groups, **sizes)
    return out if bias is None else out + bias


def ints(name: str, value: Any, ndim: int) -> tuple[int, ...]:
    """`ndim` ints, or one for all; an AssertionError where they are others, or too small for what `name` says."""
    values = tuple(value) if isinstance(value, Iterable) else (value,) * ndim
    if len(values) != ndim or isinstance(value, str):
        raise AssertionError(f"tuple len is not equal to n: {value}; {name} is an int or {ndim} of them")
    values, least = tuple(int(v) for v in values), 0 if "pad" in name else 1
    if min(values) < least:
        raise AssertionError(f"invalid value: {values}; {name} is {least} or more")
    return values


def pad(src: Any, pad_width: Sequence[Any], mode: str = "constant", constant_value: float = 0.0) -> Any:
    """Add elements before and after each dimension.

    Args:
        src: of any shape.
        pad_width: (before, after) of the first dimension, the second, and so on; dimensions left out get none.
        mode: 'constant', 'reflect', or 'replicate', which is also 'edge'.
        constant_value: of the constant elements.

    Raises:
        AssertionError: another mode, widths below 0 or too many, or a reflection as wide as the dimension.

    Example:
        >>> from pyconv.megengine.tensor import Tensor
        >>> pad(Tensor([1.0, 2.0, 3.0]), ((1, 2),), "reflect")
        Tensor([2. 1. 2. 3. 2. 1.], device=xpux:0)
    """
    mode, pairs = mode.lower().replace("edge", "replicate"), [ints("pad_width", pair, 2) for pair in pad_width]
    if mode not in ("constant", "reflect", "replicate") or len(pairs) > src.ndim:
        raise AssertionError(f"no mode {mode!r}, or more than {src.ndim} pairs: {pad_width}")
    if mode == "constant":
        pairs += [(0, 0)] * (src.ndim - len(pairs))
        return torch.pad(src, tuple(amount for pair in reversed(pairs) for amount in pair), value=constant_value)
    for axis, pair in enumerate(pairs):
        before, size, after = src.shape[:axis], src.shape[axis], src.shape[axis + 1 :]
        if mode == "reflect" and max(pair) >= size:
            raise AssertionError(f"reflect takes less than the size of the dimension, {size}; got {pair}")
        if any(pair):
            planes = torch.pad(src.reshape(1, math.prod(before), size, math.prod(after)), (0, 0, *pair), mode)
            src = planes.reshape(*before, size + sum(pair), *after)
    return src
