"""Results written into tensors that the caller gives.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.signatures.out_rules`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import is_grad_enabled
from pyconv.autograd.traced import Traced
from pyconv.signatures.out_rules import (
    BROADCAST,
    FIRST_LOOKED_AT,
    OVER_A_LINE,
    check_dtype,
    check_growth,
    check_memory,
)

_IN_DTYPE_OF_OUT = ("sum", "prod", "mean", "nansum", "nanmean", "cumsum", "cumprod")
"""These compute in the dtype of `out`."""


def check_out(name: str, out: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Refuse a result that a gradient would go through.

    Raises:
        RuntimeError: a tensor among the arguments, or the one to write to, requires a gradient; there is to be a
            tuple of results whose number is not known.
    """
    if name == "nonzero" and kwargs.get("as_tuple"):
        raise RuntimeError("nonzero does not support the out kwarg when as_tuple is True")
    if is_grad_enabled() and any(item._requires_grad for item in _tensors(out, *args, *kwargs.values())):
        raise RuntimeError(
            f"{name}(): functions with out=... arguments don't support automatic differentiation, but one of the "
            "arguments requires grad."
        )


def _tensors(*values: Any) -> list[Traced]:
    flat = [item for value in values for item in (value if isinstance(value, (tuple, list)) else (value,))]
    return [item for item in flat if isinstance(item, Traced)]


def options_for(name: str, out: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The keyword arguments with the dtype of `out`, for what computes in that.

    Args:
        name: of the function.
        out: what its result is written to.
        kwargs: as they were given.

    Example:
        >>> import pyconv
        >>> options_for("sum", pyconv.zeros(1, dtype=pyconv.float64), {"dim": 0})
        {'dim': 0, 'dtype': torch.float64}
    """
    if name not in _IN_DTYPE_OF_OUT or kwargs.get("dtype") is not None or not isinstance(out, Traced):
        return kwargs
    kind = dtypes.of(out._array)
    whole = dtypes.category(kind) < 2 and name in ("mean", "nanmean", "nansum")
    return kwargs if whole else {**kwargs, "dtype": kind}


def write_out(name: str, out: Any, result: Any, *operands: Any) -> Any:
    """Put a result, or each of several, into the tensor given for it, and return that.

    Args:
        name: of the function, for whose rules see `out_rules`.
        out: a tensor, or as many as there are results.
        result: of the function.
        operands: what it was given; the tensors among these are not to share memory with `out`.

    Raises:
        RuntimeError: the dtype of the tensor cannot take the result's, it shares memory, or it is an operand of
            another shape.
        TypeError: it is no tensor.
    """
    if isinstance(result, tuple):
        written = [_write(name, one, value, *operands) for one, value in zip(out, result, strict=True)]
        return type(result)(*written) if hasattr(result, "_fields") else tuple(written)
    if any(tensor is out for tensor in _tensors(*operands)):
        check_growth(name, out._array.shape, result._array.shape)
    return _write(name, out, result, *operands)


def _write(name: str, out: Any, result: Any, *operands: Any) -> Any:
    """Put one result into a tensor or an ndarray."""
    if not isinstance(out, (Traced, np.ndarray)):
        raise TypeError(f"out must be a tensor, not {type(out).__name__}")
    source = result._array if isinstance(result, Traced) else result
    if isinstance(out, np.ndarray):
        check_dtype(name, dtypes.of(source), dtypes.of(out))
        out[...] = source
        return out
    read = _tensors(*operands)
    if name in BROADCAST:
        check_memory(name, out._array, [tensor._array for tensor in read])
    check_dtype(name, dtypes.of(source), dtypes.of(out._array))
    if name in FIRST_LOOKED_AT:
        check_memory(name, out._array, [tensor._array for tensor in read])
    if name in OVER_A_LINE and out._array.ndim < 2:
        read = [tensor for tensor in read if tensor is not out]
    if out._array.shape != source.shape:
        was_empty = not out._array.size
        _resize(out, source.shape)
        if was_empty and not source.flags.c_contiguous:
            out._array = np.empty_like(source, out._array.dtype)
    check_memory(name, out._array, [tensor._array for tensor in read])
    with np.errstate(all="ignore"):
        np.copyto(out._array, source, casting="unsafe")
    out._counter.count += 1
    return out


def _resize(out: Any, shape: tuple[int, ...]) -> None:
    """Give a tensor another shape, in its memory where that is large enough."""
    if out._array.size:
        warnings.warn(
            f"An output with one or more elements was resized since it had shape {list(out._array.shape)}, which does "
            f"not match the required output shape {list(shape)}. This behavior is deprecated, and in a future PyTorch "
            "release outputs will not be resized unless they have zero elements. You can explicitly reuse an out "
            "tensor t by resizing it, inplace, to zero elements with t.resize_(0).",
            UserWarning,
            stacklevel=6,
        )
    out.resize_(shape)
