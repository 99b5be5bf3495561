"""Results of too few bits: of another dtype's arithmetic, of integers that stop at their range's end.

May import: NumPy, its neighbours and `conformance` below this package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from conformance.case import is_integer
from conformance.checks.reference import in_double
from conformance.diagnose.scene import Explanation, Scene, apart, wide
from conformance.fills import Array, Operands, numpy_dtype

_NARROWER = {"f16": ("bf16",), "f64": ("f32", "f16", "bf16"), "f32": ("f16", "bf16"), "complex128": ("complex64",)}
_FLOATING = {"i32": "f32", "i64": "f64"}
_ENOUGH_ZERO_BITS = 12
_BEEN = {
    "float64": ((29, ": it has been float32"),),
    "float32": ((16, ": it has been bfloat16"), (13, ": it has been float16")),
}


def integers(scene: Scene) -> Iterator[Explanation]:
    """Integers stop at the ends of their range, or are computed as floating-point numbers."""
    case = scene.case
    if not (is_integer(case.dtype) and case.is_convolution):
        return
    dtype = scene.expected["output"].dtype
    ends = np.iinfo(dtype)
    if case.dtype != "i64":
        exact = scene.ask(in_double(case, "i64"), scene.operands.mapped(lambda a: a.astype(np.int64)))
        found = {name: np.clip(array, ends.min, ends.max).astype(dtype) for name, array in exact.items()}
        yield Explanation("that of sums which stop at the ends of the range instead of wrapping", found)
    if case.dtype in _FLOATING:
        wider = _FLOATING[case.dtype]
        rounded = scene.ask(in_double(case, wider), scene.operands.mapped(_cast(wider)))
        with np.errstate(invalid="ignore"):
            found = {name: array.astype(dtype) for name, array in rounded.items() if name == "output"}
        yield Explanation(f"that of sums in {numpy_dtype(wider).name}", found)


def _cast(dtype: str) -> Callable[[Array], Array]:
    return lambda array: array.astype(numpy_dtype(dtype))


def complex_parts(scene: Scene) -> Iterator[Explanation]:
    """Of an operand the imaginary part is dropped, or its sign changed."""
    for name, array in scene.operands.arrays.items():
        if np.iscomplexobj(array):
            for text, found in (("without its imaginary part", array.real), ("conjugated", array.conj())):
                operands = Operands(scene.operands.arrays | {name: found.astype(array.dtype)}, scene.operands.draw)
                yield Explanation(f"that with the {name} {text}", scene.ask(scene.case, operands))


def narrower(scene: Scene) -> Iterator[Explanation]:
    """Operands are rounded to a narrower dtype first, or all is computed in it."""
    if scene.case.fill != "real":
        return
    for dtype in _NARROWER.get(scene.case.dtype, ()):
        name = numpy_dtype(dtype).name
        rounding = _rounding(dtype)
        found = scene.ask(scene.case, scene.operands.mapped(rounding))
        yield Explanation(f"that of operands rounded to {name}", found)
    if scene.case.dtype == "f32":
        found = scene.ask(scene.case, scene.operands.mapped(_to_ten_bits))
        yield Explanation("that of operands rounded to ten bits, as TF32 does", found)


def _rounding(dtype: str) -> Callable[[Array], Array]:
    return lambda array: array.astype(numpy_dtype(dtype)).astype(array.dtype)


def _to_ten_bits(array: Array) -> Array:
    bits = np.ascontiguousarray(array).view(np.uint32)
    return ((bits + np.uint32(0x0FFF) + ((bits >> np.uint32(13)) & np.uint32(1))) & np.uint32(0xFFFFE000)).view(
        np.float32
    )


def lost_bits(scene: Scene) -> Iterator[Explanation]:
    """The last bits of the significand are zero in every element."""
    if scene.case.fill != "real":
        return
    for name in scene.wrong:
        expected, got = scene.expected[name], scene.got[name]
        if expected.shape != got.shape or got.dtype.kind not in "fc" or not np.isfinite(wide(got)).all():
            continue
        lost, elements = _zero_bits(got), int(np.count_nonzero(got))
        if lost * elements < _ENOUGH_ZERO_BITS or lost <= _zero_bits(expected):
            continue
        if np.all(apart(expected, got) <= scene.tolerance(name) * 2.0 ** (lost + 1)):
            count, been = next((known for known in _BEEN.get(got.real.dtype.name, ()) if lost >= known[0]), (lost, ""))
            text = f"torch's but for the last {count} bits, which are zero everywhere{been}"
            yield Explanation(text, {name: got}, certain=True)


def _zero_bits(array: Array) -> int:
    """How many bits at the end of the significand are zero in all elements."""
    parts = np.concatenate([array.real.ravel(), array.imag.ravel()]) if np.iscomplexobj(array) else array.ravel()
    integers = np.ascontiguousarray(parts).view(np.dtype(f"u{parts.dtype.itemsize}"))
    together = int(np.bitwise_or.reduce(integers, initial=0))
    return (together & -together).bit_length() - 1 if together else 0
