"""Faults of memory layouts: operands whose elements do not lie one after another.

May import: NumPy, `conformance.case`, `conformance.fills`, `base.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from conformance.adapters.base import Maps
from conformance.case import Case
from conformance.faults.base import wrong_answers
from conformance.fills import Array, Operands


def in_memory_order(array: Array) -> Array:
    """The array that has the shape, and begins at the address, of another, but reads on element by element.

    It begins again where that memory ends.

    Example:
        >>> in_memory_order(np.arange(8)[::2]), in_memory_order(np.arange(3)[::-1])
        (array([0, 1, 2, 3]), array([2, 0, 1]))
    """
    owner: Any = array
    memory = array
    while (owner := getattr(owner, "base", None)) is not None:
        memory = owner if isinstance(owner, np.ndarray) else memory
    begin = array.__array_interface__["data"][0] - memory.__array_interface__["data"][0]
    elements = np.roll(memory.ravel(order="K"), -begin // memory.itemsize)
    return np.resize(elements, array.shape)


@wrong_answers("value", "adjoint")
def input_read_as_contiguous(torch: Any, case: Case, operands: Operands) -> Maps:
    """The strides of the input are ignored, its memory read in order."""
    return _run(torch, case, operands, "input", in_memory_order(operands.arrays["input"]))


@wrong_answers("value", "adjoint")
def weight_read_as_contiguous(torch: Any, case: Case, operands: Operands) -> Maps:
    """The strides of the weight are ignored, its memory read in order."""
    if "weight" not in operands.arrays:
        maps: Maps = torch.run(case, operands)
        return maps
    return _run(torch, case, operands, "weight", in_memory_order(operands.arrays["weight"]))


@wrong_answers("value", "adjoint")
def negative_strides_made_positive(torch: Any, case: Case, operands: Operands) -> Maps:
    """An input with negative strides is read the other way round."""
    array = operands.arrays["input"]
    backwards = tuple(axis for axis, step in enumerate(array.strides) if step < 0)
    return _run(torch, case, operands, "input", np.flip(array, backwards))


@wrong_answers("value", "adjoint")
def overlap_read_once(torch: Any, case: Case, operands: Operands) -> Maps:
    """Elements of the input that share memory are read as if each were there once."""
    array = operands.arrays["input"]
    begin, end = np.lib.array_utils.byte_bounds(array)
    shared = end - begin < array.nbytes
    return _run(torch, case, operands, "input", in_memory_order(array) if shared else array)


@wrong_answers("outcome")
def read_only_refused(torch: Any, case: Case, operands: Operands) -> Maps:
    """An input that cannot be written to is refused."""
    maps: Maps = torch.run(case, operands)
    if case.layout == "readonly" and not operands.arrays["input"].flags.writeable:
        raise ValueError("assignment destination is read-only")
    return maps


def _run(torch: Any, case: Case, operands: Operands, name: str, array: Array) -> Maps:
    """Torch's maps, of an array in place of an operand."""
    maps: Maps = torch.run(case, Operands(operands.arrays | {name: array}, operands.draw))
    return maps
