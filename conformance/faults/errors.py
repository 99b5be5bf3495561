"""Faults of the errors: their words, their types, and whether there is one.

May import: NumPy, `conformance.case`, `conformance.fills`, `base.py`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

import numpy as np

from conformance.adapters.base import Maps
from conformance.case import Case
from conformance.faults.base import FORWARD, Call, wrong_answers, wrong_function
from conformance.fills import Operands, numpy_dtype

_TOO_SMALL = ("Kernel size can't be greater", "Output size is too small", "but its components must be at least one")


@wrong_answers("error text")
def other_words(torch: Any, case: Case, operands: Operands) -> Maps:
    """Errors say 'non positive' where torch says 'non-positive'."""
    return _reworded(torch, case, operands, "non-positive", "non positive")


@wrong_answers("error text")
def sizes_in_parentheses(torch: Any, case: Case, operands: Operands) -> Maps:
    """Errors write sizes as (1, 2) where torch writes [1, 2]."""
    return _reworded(torch, case, operands, "[", "(")


@wrong_answers("error text")
def error_without_its_number(torch: Any, case: Case, operands: Operands) -> Maps:
    """Errors tell what was expected, and not what was there instead."""
    return _reworded(torch, case, operands, ", but got", ", not")


@wrong_answers("error type")
def other_exception(torch: Any, case: Case, operands: Operands) -> Maps:
    """A call that torch answers with RuntimeError raises ValueError."""
    try:
        maps: Maps = torch.run(case, operands)
    except RuntimeError as error:
        raise ValueError(str(error)) from error
    return maps


@wrong_answers("outcome")
def empty_output_accepted(torch: Any, case: Case, operands: Operands) -> Maps:
    """Where no window fits, the result is empty."""
    try:
        maps: Maps = torch.run(case, operands)
    except RuntimeError as error:
        if not any(words in str(error) for words in _TOO_SMALL):
            raise
        maps = {"output": np.zeros(0, np.float32)}
    return maps


@wrong_answers("outcome")
def dtypes_promoted(torch: Any, case: Case, operands: Operands) -> Maps:
    """A weight or a bias of another dtype than the input is cast instead of refused."""
    if case.weight_dtype is not None or case.bias_dtype is not None:
        same = operands.mapped(lambda array: array.astype(numpy_dtype(case.dtype)))
        with suppress(Exception):
            cast: Maps = torch.run(replace(case, weight_dtype=None, bias_dtype=None), same)
            return cast
    maps: Maps = torch.run(case, operands)
    return maps


@wrong_function(*FORWARD, "unfold", found_by=("outcome",))
def full_window_refused(call: Call) -> Any:
    """A kernel as large as what is padded is refused."""
    if set(call.right.shape[-1:] if call.op == "unfold" else call.right.shape[2:]) == {1}:
        raise RuntimeError("Kernel size can't be greater than actual input size")
    return call.right


@wrong_answers("outcome")
def empty_batch_refused(torch: Any, case: Case, operands: Operands) -> Maps:
    """A batch without an image is refused."""
    maps: Maps = torch.run(case, operands)
    if case.batch == 0:
        raise RuntimeError("Expected a batch of at least one image")
    return maps


@wrong_answers("outcome")
def lists_refused(torch: Any, case: Case, operands: Operands) -> Maps:
    """Sizes and amounts must be tuples."""
    maps: Maps = torch.run(case, operands)
    if case.lists and any(isinstance(getattr(case, field.name), tuple) for field in fields(case)):
        raise TypeError("argument must be tuple of ints, not list")
    return maps


def _reworded(torch: Any, case: Case, operands: Operands, old: str, new: str) -> Maps:
    """Torch's maps, or its errors with these words in place of its own."""
    try:
        maps: Maps = torch.run(case, operands)
    except Exception as error:
        raise type(error)(str(error).replace(old, new)) from error
    return maps
