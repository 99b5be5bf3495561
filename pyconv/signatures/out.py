"""Results written into tensors that the caller gives.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import Traced
from pyconv.autograd.mode import is_grad_enabled


def check_out(name: str, out: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Refuse a result that a gradient would go through.

    Raises:
        RuntimeError: a tensor among the arguments, or the one to write to, requires a gradient.
    """
    values = [out, *args, *kwargs.values()]
    flat = [item for value in values for item in (value if isinstance(value, (tuple, list)) else (value,))]
    if is_grad_enabled() and any(isinstance(item, Traced) and item._requires_grad for item in flat):
        raise RuntimeError(
            f"{name}(): functions with out=... arguments don't support automatic differentiation, but one of the "
            "arguments requires grad."
        )


def write_out(out: Any, result: Any) -> Any:
    """Put a result, or each of several, into the tensor given for it, and return that.

    Raises:
        RuntimeError: the dtype of the tensor cannot take the result's.
        TypeError: it is no tensor.
    """
    if isinstance(result, tuple):
        written = [write_out(one, value) for one, value in zip(out, result, strict=True)]
        return type(result)(*written) if hasattr(result, "_fields") else tuple(written)
    if not isinstance(out, (Traced, np.ndarray)):
        raise TypeError(f"out must be a tensor, not {type(out).__name__}")
    source = result._array if isinstance(result, Traced) else result
    have, got = dtypes.of(out._array if isinstance(out, Traced) else out), dtypes.of(source)
    if dtypes.category(got) > dtypes.category(have):
        raise RuntimeError(f"result type {got.scalar_name} can't be cast to the desired output type {have.scalar_name}")
    if isinstance(out, np.ndarray):
        out[...] = source
        return out
    if out._array.shape != source.shape:
        _resize(out, source.shape)
    with np.errstate(all="ignore"):
        np.copyto(out._array, source, casting="unsafe")
    out._counter.count += 1
    return out


def _resize(out: Traced, shape: tuple[int, ...]) -> None:
    """Give a tensor another shape, in its memory where that is large enough."""
    if out._array.size:
        warnings.warn(
            f"An output with one or more elements was resized since it had shape {list(out._array.shape)}, which does "
            f"not match the required output shape {list(shape)}. This behavior is deprecated, and in a future PyTorch "
            "release outputs will not be resized unless they have zero elements. You can explicitly reuse an out "
            "tensor t by resizing it, inplace, to zero elements with t.resize_(0).",
            UserWarning,
            stacklevel=5,
        )
    count = int(np.prod(shape))
    flat = out._array.reshape(-1) if out._array.flags.c_contiguous else np.empty(0, out._array.dtype)
    out._array = (flat[:count] if flat.size >= count else np.empty(count, out._array.dtype)).reshape(shape)
