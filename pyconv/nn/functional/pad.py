"""torch's pad, for any number of dimensions with a constant and for 1 to 3 by rule.

May import: NumPy, `pyconv.geometry`, `pyconv.dtypes`, `pyconv.ops`, `pyconv.nn.functional`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.traced import Traced
from pyconv.geometry.padding import check_constant, check_length, check_mode, check_rule, pairs_of
from pyconv.kernels.pad import source
from pyconv.ops import pad as ops
from pyconv.ops.cast import array_of, from_number
from pyconv.signatures import function, plain_list, type_name

_C_NAMES = {"uint8": "uint8_t", "int8": "int8_t", "int16": "int16_t", "int32": "int", "int64": "int64_t"}
_KERNELS = {"reflect": "reflection_pad", "replicate": "replication_pad"}


def pad(input: Any, pad: Sequence[int], mode: str = "constant", value: float | None = None) -> Any:
    """Pad the last dimensions of a tensor.

    Args:
        input: any shape; for the modes by rule, as many spatial dimensions as `pad` has pairs (1 to 3), with or
            without a batch. A Tensor or an ndarray.
        pad: (low, high) for the last dimension, then for the one before it, and so on; a negative amount crops.
        mode: 'constant', 'reflect' (amounts less than the size), 'replicate' or 'circular' (at most the size).
        value: the constant; 0 by default.

    Returns:
        A tensor with the padded sizes, of the dtype of `input`.

    Raises:
        RuntimeError: the amounts do not fit, or the value does not fit the dtype.
        NotImplementedError: another mode, or a mode by rule for another number of dimensions or for bool.
        TypeError: an argument is of the wrong type.

    Example:
        >>> pad(np.arange(4.0).reshape(1, 4), (2, 1), mode="reflect")
        array([[2., 1., 0., 1., 2., 3., 2.]])
        >>> pad(np.ones((1, 2)), (1, -1))
        array([[0., 1.]])
    """
    amounts = _check_types(input, pad, value)
    shape = (input._array if isinstance(input, Traced) else input).shape
    check_mode(mode)
    check_length(shape, amounts)
    if mode == "constant":
        check_constant(shape, amounts)
        adds = any(amount > 0 for amount in amounts)
        fill = _check_value(value, _kind(input)) if value and adds else 0
        return ops.constant(input, padding=pairs_of(amounts), value=fill)
    if value:
        raise RuntimeError(f'Padding mode "{mode}" doesn\'t take in value argument')
    check_rule(shape, amounts, mode)
    return _by_rule(input, amounts, mode, shape)


@function("(Tensor input, tuple of ints pad, Number value = 0)")
def constant_pad_nd(input: Any, pad: Sequence[int], value: complex = 0) -> Any:
    """`pad` with a constant, as torch has it beside its other builtins.

    Args:
        input: any shape; a Tensor or an ndarray.
        pad: (low, high) for the last dimension, then for the one before it, and so on; a negative amount crops.
        value: the constant.

    Raises:
        RuntimeError: the amounts do not fit, or the value does not fit the dtype.
        TypeError: an argument is of the wrong type.

    Example:
        >>> constant_pad_nd(np.ones(2), (1, 1), 3)
        array([3., 1., 1., 3.])
    """
    shape = array_of(input).shape
    if not isinstance(pad, (tuple, list)):
        raise TypeError(f"constant_pad_nd(): argument 'pad' (position 2) must be tuple of ints, not {type_name(pad)}")
    amounts = plain_list("constant_pad_nd", "pad", pad)
    if len(amounts) % 2:
        raise RuntimeError(f"Length of pad must be even but instead it equals {len(amounts)}")
    if len(amounts) > 2 * len(shape):
        raise RuntimeError(
            "Length of pad should be no more than twice the number of dimensions of the input. Pad length is "
            f"{len(amounts)}while the input has {len(shape)}dimensions."
        )
    check_constant(shape, amounts)
    if any(amount > 0 for amount in amounts):
        value = from_number(value, array_of(input).dtype).item()
    return ops.constant(input, padding=pairs_of(amounts), value=value)


def _check_types(input: Any, pad: Any, value: Any) -> tuple[int, ...]:
    if not isinstance(input, (Traced, np.ndarray)):
        raise TypeError(f"pad(): argument 'input' (position 1) must be Tensor, not {type_name(input)}")
    if not isinstance(pad, (tuple, list)):
        raise TypeError(f"pad(): argument 'pad' (position 2) must be tuple of ints, not {type_name(pad)}")
    amounts = plain_list("pad", "pad", pad)
    if value is not None and not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"pad(): argument 'value' (position 4) must be float, not {type_name(value)}")
    return amounts


def _kind(input: Any) -> dtypes.dtype:
    return dtypes.of(input._array if isinstance(input, Traced) else input)


def _check_value(value: float, kind: dtypes.dtype) -> Any:
    """The constant, if the dtype can hold it."""
    if kind is dtypes.bool_ or kind.is_complex:
        return value
    if kind.is_floating_point:
        with np.errstate(over="ignore"):
            fits = not np.isfinite(value) or np.isfinite(np.float64(value).astype(kind.numpy).astype(np.float64))
    else:
        info = np.iinfo(kind.numpy)
        fits = info.min <= value <= info.max
    if not fits:
        name = _C_NAMES.get(kind.name, kind.cpp_name)
        raise RuntimeError(f"value cannot be converted to type {name} without overflow")
    return value if kind.is_floating_point else int(value)


def _by_rule(input: Any, amounts: tuple[int, ...], mode: str, shape: tuple[int, ...]) -> Any:
    padding = pairs_of(amounts)
    ndim, kind = len(padding), _kind(input)
    if mode in _KERNELS and kind in (dtypes.bool_, dtypes.uint16, dtypes.uint32, dtypes.uint64):
        raise NotImplementedError(f"\"{_KERNELS[mode]}{ndim}d\" not implemented for '{kind.scalar_name}'")
    for axis, (low, high) in enumerate(padding, start=len(shape) - ndim):
        index = source(mode, shape[axis], low, high)
        input = ops.BY_RULE[mode, ndim](input, index=index, axis=axis)
    return input
