"""Changes in place: checked, counted, and put into the graph.

May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from pyconv import dtypes
from pyconv.autograd.graph import Traced, attach
from pyconv.autograd.mode import is_grad_enabled
from pyconv.ops import index
from pyconv.ops.cast import cast

T = TypeVar("T", bound=Traced)


def update(target: T, op: Callable[..., Any], *args: Any, **kwargs: Any) -> T:
    """Replace the values of `target` by op(target, ...), and return it.

    Raises:
        RuntimeError: `target` must not be changed in place, or the result does not fit into it.
    """
    _check(target, args)
    result = op(_before(target) if _records(target, args) else target, *args, **kwargs)
    _check_fit(target, result._array)
    result = cast(result, target._array.dtype)
    np.copyto(target._array, result._array)
    target._counter.count += 1
    if result._node is not None:
        attach(target, result._node)
    return target


def set_item(target: T, key: tuple[Any, ...], value: Any) -> None:
    """target[key] = value.

    Raises:
        RuntimeError: `target` must not be changed in place, or the value does not fit.
    """
    _check(target, (value,), view=True)
    if _records(target, (value,)):
        update(target, index.assign, value, index=key)
        return
    array = value._array if isinstance(value, Traced) else np.asarray(value)
    target._array[key] = array.astype(target._array.dtype, copy=False)
    target._counter.count += 1


def fill(target: T, write: Callable[[np.ndarray[Any, Any]], Any]) -> T:
    """Overwrite the values of `target` by a function of its array; no gradient goes through."""
    _check(target, ())
    write(target._array)
    target._counter.count += 1
    if target._node is not None:
        attach(target, None)
    return target


def _records(target: Traced, args: tuple[Any, ...]) -> bool:
    values = (target, *args)
    return is_grad_enabled() and any(isinstance(value, Traced) and value._requires_grad for value in values)


def _before(target: T) -> Any:
    """The value of `target` as it is now, which the backward pass may ask for."""
    value = type(target)._wrap(target._array.copy())
    attach(value, target._node)
    return value


def _check(target: Traced, args: tuple[Any, ...], view: bool = False) -> None:
    if not _records(target, args):
        return
    base = target if target._base is None else target._base
    if base._requires_grad and base._node is None:
        what = "a view of a leaf Variable" if view or base is not target else "a leaf Variable"
        raise RuntimeError(f"{what} that requires grad is being used in an in-place operation.")
    if base is not target:
        raise RuntimeError(
            "pyconv does not record a change in place of a view: change the tensor that it is a view of, by "
            "`tensor[index] = value`, or compute a new one."
        )


def _check_fit(target: Traced, result: np.ndarray[Any, Any]) -> None:
    have, got = dtypes.of(target._array), dtypes.of(result)
    if dtypes.category(got) > dtypes.category(have):
        raise RuntimeError(f"result type {got.scalar_name} can't be cast to the desired output type {have.scalar_name}")
    if result.shape != target._array.shape:
        raise RuntimeError(
            f"output with shape {list(target._array.shape)} doesn't match the broadcast shape {list(result.shape)}"
        )
