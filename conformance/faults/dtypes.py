"""Faults of dtypes: of results, of what they are computed in, of how they are rounded.

Sums kept in float16, and results truncated to bfloat16, are not among them: their error stays under the bound,
which any sum in the working precision may use up.

May import: NumPy, `conformance.case`, `conformance.fills`, `base.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.adapters.base import Maps
from conformance.case import Case, is_integer
from conformance.faults.base import wrong_answers
from conformance.fills import Array, Operands, numpy_dtype


@wrong_answers("dtype")
def wider_half(torch: Any, case: Case, operands: Operands) -> Maps:
    """A float16 output is the float32 that it was summed up in."""
    maps: Maps = torch.run(case, operands)
    return maps | ({"output": maps["output"].astype(np.float32)} if maps["output"].dtype == np.float16 else {})


@wrong_answers("dtype")
def wider_integers(torch: Any, case: Case, operands: Operands) -> Maps:
    """Sums of small integers are int64, as NumPy's are."""
    maps: Maps = torch.run(case, operands)
    summed = case.is_convolution and is_integer(case.dtype)
    return {name: array.astype(np.int64) if summed else array for name, array in maps.items()}


@wrong_answers("dtype")
def gradients_in_float32(torch: Any, case: Case, operands: Operands) -> Maps:
    """The gradients of half precision are float32."""
    maps: Maps = torch.run(case, operands)
    bent = {n: a.astype(np.float32) for n, a in maps.items() if n.endswith("gradient") and a.dtype.itemsize == 2}
    return maps | bent


@wrong_answers("value")
def saturated_integers(torch: Any, case: Case, operands: Operands) -> Maps:
    """Sums of small integers stop at the end of their range instead of wrapping."""
    maps: Maps = torch.run(case, operands)
    if case.is_convolution and case.dtype in ("i8", "u8", "i16"):
        ends = np.iinfo(maps["output"].dtype)
        wide = torch.run(replace(case, dtype="i64"), operands.mapped(lambda array: array.astype(np.int64)))["output"]
        maps["output"] = np.clip(wide, ends.min, ends.max).astype(maps["output"].dtype)
    return maps


@wrong_answers("value")
def large_integers_by_way_of_double(torch: Any, case: Case, operands: Operands) -> Maps:
    """int64 is computed in float64."""
    maps: Maps = torch.run(case, operands)
    if case.is_convolution and case.dtype == "i64":
        with np.errstate(invalid="ignore"):
            maps["output"] = _by_way_of(torch, case, operands, "f64")["output"]
    return maps


@wrong_answers("value", "adjoint")
def double_in_single(torch: Any, case: Case, operands: Operands) -> Maps:
    """float64 is computed in float32."""
    maps: Maps = torch.run(case, operands)
    return _by_way_of(torch, case, operands, "f32") if case.dtype == "f64" else maps


@wrong_answers("value", "adjoint")
def half_by_way_of_bfloat16(torch: Any, case: Case, operands: Operands) -> Maps:
    """float16 is computed in bfloat16."""
    maps: Maps = torch.run(case, operands)
    return _by_way_of(torch, case, operands, "bf16") if case.dtype == "f16" else maps


@wrong_answers("value", "adjoint")
def single_by_tensor_cores(torch: Any, case: Case, operands: Operands) -> Maps:
    """The operands of a float32 convolution are rounded to ten bits behind the point, as TF32 has it."""
    maps: Maps = torch.run(case, operands)
    if not case.is_convolution or case.dtype != "f32":
        return maps
    rounded: Maps = torch.run(case, operands.mapped(_masked(0x1000, 13)))
    return rounded


@wrong_answers("value", "adjoint")
def rounded_too_early(torch: Any, case: Case, operands: Operands) -> Maps:
    """float32 results lose their last six bits."""
    maps: Maps = torch.run(case, operands)
    return {name: _masked(0x20, 6)(array) for name, array in maps.items()}


@wrong_answers("value", "adjoint")
def real_part_of_the_weight(torch: Any, case: Case, operands: Operands) -> Maps:
    """The imaginary part of a complex weight is dropped."""
    maps: Maps = torch.run(case, operands)
    weight = operands.arrays.get("weight")
    if weight is None or not np.iscomplexobj(weight):
        return maps
    real = Operands(operands.arrays | {"weight": weight.real.astype(weight.dtype)}, operands.draw)
    dropped: Maps = torch.run(case, real)
    return dropped


def _by_way_of(torch: Any, case: Case, operands: Operands, dtype: str) -> Maps:
    """The maps computed in another dtype and cast back."""
    found = torch.run(replace(case, dtype=dtype), operands.mapped(lambda array: array.astype(numpy_dtype(dtype))))
    return {name: array.astype(numpy_dtype(case.dtype)) for name, array in found.items()}


def _masked(half: int, bits: int) -> Callable[[Array], Array]:
    """Rounds a float32 array off by this many bits, `half` being half of the last that is left; no other array."""

    def rounded(array: Array) -> Array:
        if array.dtype != np.float32:
            return array
        kept: Array = ((array.view(np.int32) + half) & (-1 << bits)).view(np.float32)
        return kept

    return rounded
