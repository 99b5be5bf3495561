"""Changes in place: checked, counted, and put into the graph.

What is changed is a base or a view of one. A change of a view that is recorded is recorded of its base, and all
views of the base are made again from it. May import: NumPy, `pyconv.dtypes`, `pyconv.autograd`, `pyconv.ops`,
`pyconv.tensor`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from pyconv import dtypes
from pyconv.autograd.mode import InferenceVersion, is_grad_enabled, is_inference_mode_enabled
from pyconv.autograd.traced import Traced, attach, move
from pyconv.meta import Meta
from pyconv.ops import assignment, index, unary
from pyconv.ops.cast import array_of, as_like, cast
from pyconv.ops.layout import is_dense
from pyconv.ops.strided import address
from pyconv.signatures import type_name
from pyconv.tensor import checks, direct

T = TypeVar("T", bound=Traced)


def update(target: T, op: Callable[..., Any], *args: Any, **kwargs: Any) -> T:
    """Replace the values of `target` by op(target, ...), and return it.

    Raises:
        RuntimeError: `target` must not be changed in place, or the result does not fit into it.
    """
    _check_inference(target)
    recorded = _records(target, args)
    if recorded:
        _check_recorded(target)
    name = getattr(op, "__name__", "")
    overlaps = _may_overlap(target._array, name)
    if op not in (assignment.fill, assignment.zero) and not overlaps:
        _check_overlap(target._array)
    if name not in _OF_A_NUMBER or any(getattr(value, "ndim", 1) for value in args[-1:]):
        _check_shared(target._array, (*args, *kwargs.values()), name in _APART)
    if not (recorded or overlaps) and direct.write(target._array, op, args, kwargs):
        target._counter.count += 1
        return target
    if recorded and name in _OF_THE_RESULT and _write_recorded(target, op, args, kwargs):
        return target
    result = op(_before(target, name not in _OF_THE_RESULT) if recorded else target, *args, **kwargs)
    _check_fit(target, result._array, op, *args, *kwargs.values())
    result = cast(result, target._array.dtype)
    np.copyto(target._array, result._array, where=target._array != result._array if overlaps else True)
    target._counter.count += 1
    if recorded:
        record(target, result)
    return target


def _write_recorded(target: Traced, op: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Write the result of an operation whose gradient is one of it alone, and record it; whether that could be done.

    The graph keeps the memory of `target` itself, which is refused there when it is changed again.
    """
    before = _before(target, False)
    if not direct.write(target._array, op, args, kwargs):
        return False
    target._counter.count += 1
    result = type(target)._wrap(target._array)
    result._counter = target._counter
    _OF_THE_RESULT[op.__name__](result, before)
    record(target, result)
    return True


def set_item(target: Traced, key: tuple[Any, ...], value: Any) -> None:
    """target[key] = value.

    Raises:
        RuntimeError: `target` must not be changed in place, or the value does not fit.
        TypeError: the value is no tensor and no number.
    """
    if not checks.is_item(value):
        kind = dtypes.of(target._array).scalar_name
        raise TypeError(f"can't assign a {type_name(value)} to a torch.{kind}Tensor")
    _check_inference(target)
    recorded = _records(target, (value,))
    if not index.is_basic(key):
        basic, key = index.parted(key, target._array.ndim)
        if any(part != slice(None) for part in basic):
            target = index.view_op(basic)(target, index=basic)
    if index.is_basic(key) and recorded:
        op = assignment.settle if getattr(value, "ndim", 0) else assignment.fill
        update(index.view_op(key)(target, index=key), op, value)
    elif recorded:
        update(target, assignment.assign, value, index=key)
    else:
        _write_item(target, key, value)


def _write_item(target: Traced, key: tuple[Any, ...], value: Any) -> None:
    """target[key] = value, which no gradient will go through."""
    if index.is_basic(key):
        view = index.take(target._array, index=key)
        found = array_of(assignment.settled(view, value))
        if found.ndim:
            _check_overlap(view)
        if found.ndim:
            _check_shared(view, (value,), False)
        view[...] = found
    else:
        assignment.check_source(value, target, key)
        _may_overlap(target._array, "index_put")
        if getattr(value, "ndim", 0):
            _check_shared(target._array, (value,), True)
        assignment.put_into(target._array, key, array_of(as_like(value, target)))
    target._counter.count += 1


def fill(target: T, write: Callable[[np.ndarray[Any, Any]], Any]) -> T:
    """Overwrite the values of `target` by a function of its array; the gradient is zero.

    Raises:
        RuntimeError: `target` must not be changed in place.
    """
    _check_inference(target)
    if _records(target, ()):
        _check_recorded(target)
        values = np.empty_like(target._array)
        if not isinstance(values, Meta):
            write(values)
        return update(target, assignment.replace, values)
    _check_overlap(target._array)
    if not isinstance(target._array, Meta):
        write(target._array)
    target._counter.count += 1
    return target


def become(target: T, view: Callable[[T], T]) -> T:
    """Make `target` the view that a function gives of it, counted and recorded, and return it.

    Raises:
        RuntimeError: `target` must not be changed in place.
    """
    _check_inference(target)
    if _records(target, ()):
        _check_recorded(target)
    made = view(target)
    target._array = made._array
    if target._base is not None:
        target._steps = made._steps
    if made._node is not None:
        move(target, made._node, made._output)
    target._counter.count += 1
    return target


def _check_inference(target: Traced) -> None:
    if isinstance(target._counter, InferenceVersion) and not is_inference_mode_enabled():
        raise RuntimeError(
            "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a "
            "normal tensor before doing inplace update.See https://github.com/pytorch/rfcs/pull/17 for more details."
        )


def _records(target: Traced, args: tuple[Any, ...]) -> bool:
    values = (target, target._base, *args)
    return is_grad_enabled() and any(isinstance(value, Traced) and value._requires_grad for value in values)


def _before(target: T, kept: bool) -> Any:
    """The value of `target` as it is now; a copy where the backward pass may ask for it."""
    value = type(target)._wrap(target._array.copy() if kept else target._array)
    node = target._node
    if node is not None and node.hooks is not None and target._base is not None and target._steps:
        twin = type(target)._wrap(target._base._array)
        attach(twin, target._base._node, target._base._output)
        node = assignment.replay(twin, target._steps)._node
    attach(value, node)
    return value


def record(target: Traced, result: Traced) -> None:
    """Put `target`, which has the values of `result` now, into the graph."""
    base = target if target._base is None else target._base
    if base is target:
        move(base, result._node)
    else:
        assignment.copy_slices.record(base, (base, result), {"steps": target._steps})
    if base._node is None or not base._views:
        return
    twin = type(base)._wrap(base._array)
    attach(twin, base._node)
    for view in tuple(base._views):
        if view._steps is not None:
            node = assignment.replay(twin, view._steps)._node
            node.rename("AsStridedBackward0")
            move(view, node)


def _check_recorded(target: Traced) -> None:
    if target._steps is None:
        raise RuntimeError(
            f"{_WITHOUT_GRADIENT} Given that this use case is ambiguous and error-prone, it is forbidden. You can "
            "clarify your code by moving both the view and the inplace either both inside the no_grad block (if you "
            "don't want the inplace to be tracked) or both outside (if you want the inplace to be tracked)."
        )
    if any("number" in static for _, static in target._steps):
        op, static = target._steps[-1]
        made = f"Output {static.get('number', 0)} of {op.name} is a view and is being modified inplace."
        raise RuntimeError(
            f"{_WITHOUT_GRADIENT if target._node is None else made} This view is the output of a function that returns "
            "multiple views. Such functions do not allow the output views to be modified inplace. You should replace "
            "the inplace operation by an out-of-place one."
        )
    base = target if target._base is None else target._base
    if (target._requires_grad or base._requires_grad) and base._node is None:
        what = "a leaf Variable" if base is target else "a view of a leaf Variable"
        raise RuntimeError(f"{what} that requires grad is being used in an in-place operation.")


_WITHOUT_GRADIENT = "A view was created in no_grad mode and is being modified inplace with grad mode enabled."


def _overlaps(array: np.ndarray[Any, Any]) -> bool:
    return array.size > 0 and any(n > 1 and not step for n, step in zip(array.shape, array.strides, strict=True))


def _check_overlap(array: np.ndarray[Any, Any]) -> None:
    if _overlaps(array):
        raise RuntimeError(
            "unsupported operation: more than one element of the written-to tensor refers to a single memory location. "
            "Please clone() the tensor before performing the operation."
        )


_APART = frozenset(
    ["index_add", "index_copy", "index_fill", "index_put", "put", "scatter", "scatter_add", "scatter_reduce"]
)
"""The operations that read from no memory that they write to; the others may read exactly what they write to."""
_OF_A_NUMBER = ("fill", "masked_fill", "assign")
"""The operations that take a number out of a tensor without dimensions before they write."""
_OF_THE_RESULT = {"relu": unary.record_relu}
"""The operations whose gradient is one of the result alone: what was there is not kept. Each with what records it."""
_ON_EXPANDED = {"index_fill": "[mask] = scalar", "masked_fill": "[mask] = scalar", "index_put": "[indices] = tensor"}
"""The operations that still write to elements which share memory, and what is done by them, too."""


def _may_overlap(array: np.ndarray[Any, Any], name: str) -> bool:
    """Whether an operation writes to elements that share memory, if some do; that is warned of."""
    if name not in _ON_EXPANDED or not _overlaps(array):
        return False
    warnings.warn(
        f"Use of {name}_ on expanded tensors is deprecated. Please clone() the tensor before performing this "
        f"operation. This also applies to advanced indexing e.g. tensor{_ON_EXPANDED[name]}",
        UserWarning,
        stacklevel=5,
    )
    return True


def _check_shared(array: np.ndarray[Any, Any], args: tuple[Any, ...], apart: bool) -> None:
    """Refuse to write to memory that another operand is read from, in whole or in part."""
    for value in args:
        if isinstance(value, tuple):
            _check_shared(array, value, apart)
        elif isinstance(value, Traced) and _shares(array, value._array, apart):
            raise RuntimeError(
                "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single "
                "memory location. Please clone() the tensor before performing the operation."
            )


def _shares(array: np.ndarray[Any, Any], other: np.ndarray[Any, Any], apart: bool) -> bool:
    if array is other:
        return apart and array.size > 0
    if (array.base is None and other.base is None) or not np.may_share_memory(array, other):
        return False
    if not (is_dense(array) and is_dense(other)):
        return False
    same = address(array) == address(other) and array.strides == other.strides and array.shape == other.shape
    return apart or not same


_CLAMPS = ("clamp", "clamp_min", "clamp_max", "clip")
"""The operations that name dtypes as C++ does where they are given numbers."""


def _check_fit(target: Traced, result: np.ndarray[Any, Any], op: Callable[..., Any], *args: Any) -> None:
    have, got = dtypes.of(target._array), dtypes.of(result)
    if dtypes.category(got) > dtypes.category(have):
        of_numbers = getattr(op, "__name__", "") in _CLAMPS and not any(isinstance(value, Traced) for value in args)
        name = have.cpp_name if of_numbers else have.scalar_name
        raise RuntimeError(f"result type {got.scalar_name} can't be cast to the desired output type {name}")
    if result.shape != target._array.shape:
        raise RuntimeError(
            f"output with shape {list(target._array.shape)} doesn't match the broadcast shape {list(result.shape)}"
        )
