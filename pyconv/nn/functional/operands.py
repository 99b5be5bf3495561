"""A convolution's operands: the dimension of a batch, and the dtypes that torch refuses, in its words.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import is_grad_enabled
from pyconv.geometry import Conv, check_rank
from pyconv.ops.arithmetic import promoted
from pyconv.ops.cast import array_of, cast
from pyconv.ops.shape import squeeze, unsqueeze


def shape_of(x: Any) -> tuple[int, ...] | None:
    """The shape of an operand, None if there is none."""
    return None if x is None else array_of(x).shape


def with_batch(input: Any, ndim: int, name: str) -> tuple[Any, bool]:
    """The input with a batch dimension, and whether it had one.

    Raises:
        RuntimeError: it has neither the dimensions of a batch nor those of one of its members.
    """
    shape = array_of(input).shape
    batched = check_rank(shape, ndim, name)
    return (input if batched else unsqueeze(input, shape=(1, *shape))), batched


def without_batch(y: Any, batched: bool) -> Any:
    """The result without the batch dimension that `with_batch` put in front."""
    return y if batched else squeeze(y, shape=array_of(y).shape[1:])


def check_bias(x: Any, b: Any) -> None:
    """Raise RuntimeError unless the bias, if there is one, has the dtype of the input."""
    if b is not None and array_of(b).dtype != array_of(x).dtype:
        kinds = dtypes.of(array_of(x)), dtypes.of(array_of(b))
        raise RuntimeError(f"Input type ({kinds[0].cpp_name}) and bias type ({kinds[1].cpp_name}) should be the same")


def check_complex(x: Any, w: Any, b: Any) -> None:
    """Raise RuntimeError unless the operands of a complex input are complex: torch looks at these before the sizes."""
    kind = dtypes.of(array_of(x))
    if not kind.is_complex:
        return
    for what, operand in (("weight", w), ("bias", b)):
        other = kind if operand is None else dtypes.of(array_of(operand))
        if other is not kind:
            raise RuntimeError(f"Input type ({_name(kind)}) and {what} type ({_name(other)}) should be the same")


def matching(x: Any, w: Any) -> tuple[Any, Any]:
    """Input and weight in one dtype: only an empty input takes two, and promotes them.

    Raises:
        RuntimeError: they differ.
    """
    kinds = dtypes.of(array_of(x)), dtypes.of(array_of(w))
    if kinds[0] is kinds[1]:
        return x, w
    batch, channels = array_of(x).shape[:2]
    if not batch or not channels:
        kind = promoted(x, w if not channels else np.zeros((), array_of(w).dtype))
        if kind.is_complex and is_grad_enabled() and any(getattr(a, "requires_grad", False) for a in (x, w)):
            raise RuntimeError("convolution does not support automatic differentiation for outputs with complex dtype.")
        return cast(x, kind.numpy), cast(w, kind.numpy)
    if kinds[0] is dtypes.bfloat16:
        raise RuntimeError(
            f"Input type ({_name(kinds[0])}) and weight type ({_name(kinds[1])}) should be the same or input should be "
            "a MKLDNN tensor and weight is a dense tensor"
        )
    raise RuntimeError(f"expected scalar type {kinds[0].scalar_name} but found {kinds[1].scalar_name}")


def _name(kind: dtypes.dtype) -> str:
    """A dtype as torch names it in these texts, the newer ones in a way of their own."""
    rare = kind.is_complex or kind is dtypes.bfloat16
    return f"CPU{kind.scalar_name}Type" if rare else f"torch.{kind.scalar_name}Tensor"


def check_supported(x: Any, geometry: Conv, transposed: bool) -> None:
    """Refuse the dtypes for which torch has no kernel, as it does.

    Raises:
        NotImplementedError: with the name of torch's kernel.
    """
    kind = dtypes.of(array_of(x))
    empty = not geometry.batch or not geometry.in_channels
    if empty or kind is dtypes.int64 or kind.is_complex or (kind.is_floating_point and kind.itemsize > 1):
        return
    window = geometry.window
    if transposed:
        kernel = f"slow_conv_transpose{3 if window.ndim == 3 else 2}d_out_cpu"
    elif any(d != 1 for d in window.dilation):
        kernel = "slow_conv_dilated<>"
    elif kind in (dtypes.int8, dtypes.int16, dtypes.int32, dtypes.uint8):
        return
    elif window.ndim < 3:
        kernel = "slow_conv2d_cpu"
    else:
        kernel = "slow_conv3d_cpu" if window.taps == 1 and geometry.groups == 1 else "compute_columns3d"
    raise NotImplementedError(f"\"{kernel}\" not implemented for '{kind.scalar_name}'")
