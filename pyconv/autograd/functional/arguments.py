"""What the functions of `pyconv.autograd.functional` take and give back: one tensor or a tuple of them.

May import: `pyconv.tensor`.
"""

from __future__ import annotations

from typing import Any

from pyconv.tensor import Tensor

Tensors = tuple[Any, ...]


def as_tuple(value: Any, name: str, function: str) -> tuple[bool, Tensors]:
    """Whether a tuple was given, and the tuple.

    Raises:
        TypeError: something in it is no tensor.
    """
    several = isinstance(value, tuple)
    given: Tensors = value if several else (value,)
    for i, item in enumerate(given):
        if not isinstance(item, Tensor):
            which = f"value at index {i}" if several else f"given {name}"
            raise TypeError(
                f"The {name} given to {function} must be either a Tensor or a tuple of Tensors but the {which} has "
                f"type {type(item)}."
            )
    return several, given


def fresh(tensors: Tensors, create_graph: bool, need_graph: bool) -> Tensors:
    """New tensors of the same values, told apart from those that a function may hold already."""
    return tuple(
        x.view_as(x) if create_graph and x.requires_grad else x.detach().requires_grad_(need_graph) for x in tensors
    )


def finished(tensors: Tensors, create_graph: bool) -> Tensors:
    """The results, nested or not, without their history unless it was asked for."""
    if create_graph:
        return tensors
    return tuple(finished(x, create_graph) if isinstance(x, tuple) else x.detach() for x in tensors)


def unpacked(tensors: Tensors, several: bool) -> Any:
    """One tensor where one was given."""
    return tensors if several else tensors[0]


def vector(v: Any, like: Tensors, several: bool, create_graph: bool, function: str) -> Tensors:
    """The vector of a product, checked against what it is to match.

    Raises:
        RuntimeError: sizes or numbers of tensors do not match.
        TypeError: something in it is no tensor.
    """
    _, given = as_tuple(v, "v", function)
    given = fresh(given, create_graph, False)
    if len(like) != len(given):
        if several:
            raise RuntimeError(f"v is a tuple of invalid length: should be {len(like)} but got {len(given)}.")
        raise RuntimeError("The given v should contain a single Tensor.")
    for i, (found, expected) in enumerate(zip(given, like, strict=True)):
        if found.size() != expected.size():
            where = f"Entry {i} in " if several else ""
            raise RuntimeError(f"{where}v has invalid size: should be {expected.size()} but got {found.size()}.")
    return given


def is_number(tensors: Tensors) -> bool:
    """Whether there is one tensor, of one element."""
    return len(tensors) == 1 and tensors[0].nelement() == 1
