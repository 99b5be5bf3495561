"""MegEngine's functions: torch's, with MegEngine's argument names, layouts and refusals.

May import: `pyconv.ops`, `pyconv.nn.functional`, `pyconv.megengine.layout`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from pyconv.megengine.layout import declared, joined
from pyconv.nn import functional as torch
from pyconv.ops.arithmetic import promoted
from pyconv.ops.cast import cast

nn = sys.modules[__name__]
relu, max_pool2d = torch.relu, torch.max_pool2d


def ints(name: str, value: Any, ndim: int, least: int = 0) -> tuple[int, ...]:
    """`ndim` ints, or one for all; an AssertionError where they are others, or one is below `least`."""
    values = tuple(value) if isinstance(value, Iterable) else (value,) * ndim
    if len(values) != ndim or isinstance(value, str):
        raise AssertionError(f"tuple len is not equal to n: {value}; {name} is an int or {ndim} of them")
    values = tuple(int(v) for v in values)
    if min(values) < least:
        raise AssertionError(f"invalid value: {values}; {name} is {least} or more")
    return values


def _run(call: Callable[..., Any], inp: Any, weight: Any, bias: Any, groups: int, **given: Any) -> Any:
    """Call torch's function with what it takes."""
    modes, ndim = (given.pop("conv_mode", "cross_correlation"), given.pop("compute_mode", "default")), inp.ndim - 2
    if modes[0].lower() != "cross_correlation" or modes[1].lower() not in ("default", "float32"):
        raise AssertionError(f"the modes are 'cross_correlation' and 'default' or 'float32', not {modes}")
    _check_layout(call.__name__, inp, weight, bias, groups)
    sizes = {name: ints(name, value, ndim, int(name in ("stride", "dilation"))) for name, value in given.items()}
    extra = sizes.get("output_padding", ())
    if any(more >= step for more, step in zip(extra, sizes["stride"], strict=False)):
        raise AssertionError(f"output_padding {extra} is not less than stride {sizes['stride']}")
    dtype = promoted(inp, weight).numpy
    weight = weight.reshape(joined(tuple(weight.shape), groups))
    out = call(cast(inp, dtype), cast(weight, dtype), groups=groups, **sizes)
    return out if bias is None else out + bias


def _check_layout(name: str, inp: Any, weight: Any, bias: Any, groups: int) -> None:
    """Raise a RuntimeError that says which layout is right."""
    ndim, transposed = int(name[-2]), "transpose" in name
    taps = ", ".join(["kD", "kH", "kW"][-ndim:])
    if inp.ndim != ndim + 2:
        raise RuntimeError(f"{name} takes an input of {ndim + 2} dimensions, (N, C, ...); got {tuple(inp.shape)}")
    first, second = ("C", "O") if transposed else ("O", "C")
    layout = f"({first}, {second}, {taps})" if groups == 1 else f"({groups}, {first}/G, {second}/G, {taps})"
    shape = (groups, *weight.shape) if groups == 1 else tuple(weight.shape)
    ins, outs = (1, 2) if transposed else (2, 1)
    if len(shape) != ndim + 3 or shape[0] != groups or groups * shape[ins] != inp.shape[1]:
        raise RuntimeError(
            f"{name} with groups={groups} takes a weight {layout}, with C={inp.shape[1]} for an input "
            f"{tuple(inp.shape)}; got {tuple(weight.shape)}"
        )
    right = (1, groups * shape[outs], *(1,) * ndim)
    if bias is not None and tuple(bias.shape) != right:
        raise RuntimeError(f"{name} takes a bias {right} here, (1, O, 1, ...); got {tuple(bias.shape)}")


_CONV = "inp, weight, bias=None, stride=1, padding=0, dilation=1, groups=1, conv_mode='cross_correlation'"
_TRANSPOSE = "inp, weight, bias=None, stride=1, padding=0, output_padding=0, dilation=1, groups=1"
_MODES = ", conv_mode='cross_correlation', compute_mode='default'"
_DOC = """A {0} of (N, C, ...), whose weight is {1}, with groups {2}, and its bias (1, O, 1, ...).

Raises a RuntimeError that says the right layout, and an AssertionError for a size or mode that there is not.
"""
_FORWARD = _DOC.format("convolution", "(O, C, *k)", "(G, O/G, C/G, *k)")
_BACKWARD = _DOC.format("transposed convolution", "(C, O, *k)", "(G, C/G, O/G, *k)")
conv1d = declared("conv1d", f"{_CONV}, compute_mode='default'", partial(_run, torch.conv1d), _FORWARD)
conv2d = declared("conv2d", f"{_CONV}, compute_mode='default'", partial(_run, torch.conv2d), _FORWARD)
conv3d = declared("conv3d", _CONV, partial(_run, torch.conv3d), _FORWARD)
conv_transpose2d = declared("conv_transpose2d", _TRANSPOSE + _MODES, partial(_run, torch.conv_transpose2d), _BACKWARD)
conv_transpose3d = declared("conv_transpose3d", _TRANSPOSE, partial(_run, torch.conv_transpose3d), _BACKWARD)


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
