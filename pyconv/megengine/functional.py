"""MegEngine's functions: torch's, with MegEngine's argument names, layouts and refusals.

May import: `pyconv.kernels.pad`, `pyconv.ops`, `pyconv.nn.functional`, `pyconv.megengine.layout`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from inspect import Parameter, Signature
from typing import Any

from pyconv.kernels.pad import source
from pyconv.megengine.layout import check, joined
from pyconv.nn import functional as torch
from pyconv.ops.arithmetic import promoted
from pyconv.ops.cast import cast
from pyconv.ops.pad import constant, gather

nn = sys.modules[__name__]
relu, max_pool2d = torch.relu, torch.max_pool2d
DEFAULTS = {"bias": None, "stride": 1, "padding": 0, "output_padding": 0, "dilation": 1, "groups": 1,
            "conv_mode": "cross_correlation", "compute_mode": "default", "padding_mode": "zeros"}  # fmt: skip


def taking(arguments: str, function: Callable[..., Any], name: str, **defaults: Any) -> Any:
    """A function under a name, which takes these arguments and gives all of them to another by their names."""
    values, kinds = DEFAULTS | defaults, {"kwargs": Parameter.VAR_KEYWORD}
    parameters = [
        Parameter(each, kinds.get(each, Parameter.POSITIONAL_OR_KEYWORD), default=values.get(each, Parameter.empty))
        for each in arguments.split()
    ]

    def named(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        return function(**given.arguments)

    named.__name__ = named.__qualname__ = name
    named.__dict__["__signature__"] = signature = Signature(parameters)
    return named


def _convolve(call: Callable[..., Any], inp: Any, weight: Any, bias: Any, groups: int,
              conv_mode: str = "cross_correlation", compute_mode: str = "default", **given: Any) -> Any:  # fmt: skip
    if conv_mode.lower() != "cross_correlation" or compute_mode.lower() not in ("default", "float32"):
        raise AssertionError(f"modes {conv_mode!r}, {compute_mode!r}: only 'cross_correlation', 'default' or 'float32'")
    check(call.__name__, inp, weight, bias, groups)
    sizes = {name: ints(name, value, inp.ndim - 2) for name, value in given.items()}
    extra = sizes.get("output_padding", ())
    if any(more >= step for more, step in zip(extra, sizes["stride"], strict=False)):
        raise AssertionError(f"output_padding {extra} is not less than stride {sizes['stride']}")
    dtype = promoted(inp, weight).numpy
    weight = weight.reshape(joined(tuple(weight.shape), groups))
    out = call(cast(inp, dtype), cast(weight, dtype), groups=groups, **sizes)
    return out if bias is None else out + bias


def _function(name: str, arguments: str) -> Any:
    function = taking(f"inp weight bias {arguments}", partial(_convolve, getattr(torch, name)), name)
    function.__doc__ = f"""torch's `{name}` of (N, C, ...), for weights (O, C, *k) or with groups (G, O/G, C/G, *k), if
    transposed (C, O, *k) or (G, C/G, O/G, *k), and a bias (1, O, 1, ...); with `compute_mode` 'default' too, float16
    is summed in float32. A RuntimeError says the right layout, an AssertionError the modes and sizes that there are.
    """
    return function


conv1d = _function("conv1d", "stride padding dilation groups conv_mode compute_mode")
conv2d = _function("conv2d", "stride padding dilation groups conv_mode compute_mode")
conv3d = _function("conv3d", "stride padding dilation groups conv_mode")
conv_transpose2d = _function("conv_transpose2d", "stride padding output_padding dilation groups conv_mode compute_mode")
conv_transpose3d = _function("conv_transpose3d", "stride padding output_padding dilation groups")


def ints(name: str, value: Any, ndim: int) -> tuple[int, ...]:
    """`ndim` ints, or one for all; an AssertionError where they are others, or too small for what `name` says."""
    values = tuple(value) if isinstance(value, Iterable) else (value,) * ndim
    least = 0 if "pad" in name else 1
    if len(values) != ndim or min(values) < least:
        raise AssertionError(f"{name} is an int or a tuple of {ndim}, each {least} or more; got {value!r}")
    return tuple(int(v) for v in values)


def pad(src: Any, pad_width: Sequence[Any], mode: str = "constant", constant_value: float = 0.0) -> Any:
    """Add (before, after) elements to the first dimension, the second, and so on; an AssertionError where it cannot.

    The `mode` is 'constant', 'reflect', or 'replicate', which is also 'edge'.

    Example:
        >>> from pyconv.megengine.tensor import Tensor
        >>> pad(Tensor([1.0, 2.0, 3.0]), ((1, 2),), "reflect")
        Tensor([2. 1. 2. 3. 2. 1.], device=xpux:0)
    """
    mode, pairs = mode.lower().replace("edge", "replicate"), [ints("pad_width", pair, 2) for pair in pad_width]
    if mode not in ("constant", "reflect", "replicate") or len(pairs) > src.ndim:
        raise AssertionError(f"no mode {mode!r}, or more than {src.ndim} pairs: {pad_width}")
    if mode == "constant":
        return constant(src, padding=(*pairs, *((0, 0),) * (src.ndim - len(pairs))), value=constant_value)
    for axis, pair in enumerate(pairs):
        if mode == "reflect" and max(pair) >= src.shape[axis]:
            raise AssertionError(f"reflect takes less than the size of the dimension, {src.shape[axis]}; got {pair}")
        src = gather(src, index=source(mode, src.shape[axis], *pair), axis=axis) if any(pair) else src
    return src
