"""Samples made a batch, and values made tensors.

May import: NumPy, the standard library, pyconv.
"""

from __future__ import annotations

import collections.abc
import copy
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from pyconv.dtypes import float64
from pyconv.functions.joining import stack
from pyconv.tensor import Tensor
from pyconv.tensor.creation import as_tensor, tensor

Map = dict[Any, Callable[..., Any]]

default_collate_err_msg_format = (
    "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {}"
)
np_str_obj_array_pattern = re.compile(r"[SaUO]")
"""Finds the dtypes of text and objects, by their `str`."""


def default_convert(data: Any) -> Any:
    """The same value with tensors for NumPy's arrays and numbers, at any depth.

    Args:
        data: any object; tuples become lists.

    Example:
        >>> default_convert({"a": np.arange(2), "b": "text"})
        {'a': tensor([0, 1]), 'b': 'text'}
    """
    if isinstance(data, Tensor):
        return data
    if isinstance(data, (np.ndarray, np.generic)) and not isinstance(data, np.str_):
        return data if isinstance(data, np.ndarray) and _is_text(data) else as_tensor(data)
    if isinstance(data, collections.abc.Mapping):
        return _like_mapping(data, {key: default_convert(data[key]) for key in data})
    if isinstance(data, tuple):
        items = [default_convert(item) for item in data]
        return type(data)(*items) if hasattr(data, "_fields") else items
    if isinstance(data, collections.abc.Sequence) and not isinstance(data, (str, bytes)):
        return _like_sequence(data, [default_convert(item) for item in data])
    return data


def default_collate(batch: Any) -> Any:
    """A batch of samples: tensors stacked along a new first dimension, inside the containers of a sample.

    Args:
        batch: a list of samples of the same structure: tensors, arrays, numbers, strings, and mappings and sequences
            of them.

    Returns:
        Tensors of shape (len(batch), ...); strings as they are.

    Raises:
        TypeError: a sample is something else.
        RuntimeError: sequences of different lengths, or tensors of different shapes.

    Example:
        >>> default_collate([{"x": 1, "y": "a"}, {"x": 2, "y": "b"}])
        {'x': tensor([1, 2]), 'y': ['a', 'b']}
        >>> default_collate([(1, 0.5), (2, 1.5)])
        [tensor([1, 2]), tensor([0.5000, 1.5000], dtype=torch.float64)]
    """
    return collate(batch, collate_fn_map=default_collate_fn_map)


def collate(batch: Any, *, collate_fn_map: Map | None = None) -> Any:
    """`default_collate` with the functions for single types given.

    Args:
        batch: a list of samples of the same structure.
        collate_fn_map: functions of a batch by the type, or tuple of types, of its samples.

    Raises:
        TypeError: a sample is of no such type.
        RuntimeError: sequences of different lengths.
    """
    first = batch[0]
    found = _function(type(first), first, collate_fn_map or {})
    if found is not None:
        return found(batch, collate_fn_map=collate_fn_map)
    if isinstance(first, collections.abc.Mapping):
        columns = {key: collate([item[key] for item in batch], collate_fn_map=collate_fn_map) for key in first}
        return _like_mapping(first, columns)
    if not isinstance(first, collections.abc.Sequence):
        raise TypeError(default_collate_err_msg_format.format(type(first)))
    make: Any = type(first)
    is_named = isinstance(first, tuple) and hasattr(first, "_fields")
    if not is_named and any(len(item) != len(first) for item in batch):
        raise RuntimeError("each element in list of batch should be of equal size")
    items = [collate(column, collate_fn_map=collate_fn_map) for column in zip(*batch, strict=False)]
    if is_named:
        return make(*items)
    return items if isinstance(first, tuple) else _like_sequence(first, items)


def _is_text(array: np.ndarray[Any, Any]) -> bool:
    """Whether an array holds text or objects."""
    return np_str_obj_array_pattern.search(array.dtype.str) is not None


def _function(kind: type, value: Any, functions: Map) -> Callable[..., Any] | None:
    if kind in functions:
        return functions[kind]
    return next((function for known, function in functions.items() if isinstance(value, known)), None)


def _made(kind: Any, items: Any) -> Any:
    return kind(items)


def _like_mapping(source: Any, items: dict[Any, Any]) -> Any:
    """A mapping of the source's kind, if one can be made."""
    try:
        if isinstance(source, collections.abc.MutableMapping):
            made = copy.copy(source)
            made.update(items)
            return made
        return _made(type(source), items)
    except TypeError:
        return items


def _like_sequence(source: Any, items: list[Any]) -> Any:
    """A sequence of the source's kind, if one can be made."""
    try:
        if isinstance(source, collections.abc.MutableSequence):
            made = copy.copy(source)
            for i, item in enumerate(items):
                made[i] = item
            return made
        return _made(type(source), items)
    except TypeError:
        return items


def collate_tensor_fn(batch: Any, *, collate_fn_map: Map | None = None) -> Any:  # noqa: ARG001
    """Tensors stacked."""
    return stack(list(batch), 0)


def collate_numpy_array_fn(batch: Any, *, collate_fn_map: Map | None = None) -> Any:
    """Arrays made tensors and stacked.

    Raises:
        TypeError: arrays of text or of objects.
    """
    if _is_text(batch[0]):
        raise TypeError(default_collate_err_msg_format.format(batch[0].dtype))
    return collate([as_tensor(array) for array in batch], collate_fn_map=collate_fn_map)


def collate_numpy_scalar_fn(batch: Any, *, collate_fn_map: Map | None = None) -> Any:  # noqa: ARG001
    """NumPy's numbers as one tensor."""
    return as_tensor(batch)


def collate_float_fn(batch: Any, *, collate_fn_map: Map | None = None) -> Any:  # noqa: ARG001
    """Floats as one tensor of float64."""
    return tensor(batch, dtype=float64)


def collate_int_fn(batch: Any, *, collate_fn_map: Map | None = None) -> Any:  # noqa: ARG001
    """Integers as one tensor."""
    return tensor(batch)


def collate_str_fn(batch: Any, *, collate_fn_map: Map | None = None) -> Any:  # noqa: ARG001
    """Strings as they are."""
    return batch


default_collate_fn_map: Map = {
    Tensor: collate_tensor_fn,
    np.ndarray: collate_numpy_array_fn,
    (np.bool_, np.number, np.object_): collate_numpy_scalar_fn,
    float: collate_float_fn,
    int: collate_int_fn,
    str: collate_str_fn,
    bytes: collate_str_fn,
}
"""What `default_collate` does with a batch, by the type of its samples."""
