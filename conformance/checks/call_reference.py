"""What is right about a call: torch's answers, and how exact they are by torch's own error.

May import: NumPy, `conformance.call`, `conformance.operations`, `conformance.operands`, `conformance.adapters.base`,
and
`reference.py`, `own_error.py`, `values.py` beside it.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from conformance.adapters.base import Adapter, Maps
from conformance.call import Call, Configuration, Operand, TorchName
from conformance.call_tokens import write
from conformance.case import Case
from conformance.checks.difference import Raised
from conformance.checks.own_error import ROUNDOFF, measure
from conformance.checks.reference import Live, Outcome, Reference, attempt
from conformance.checks.values import Yardstick
from conformance.fills import Array, Operands, numpy_dtype
from conformance.operands import operands_of
from conformance.operations import OPERATIONS

_WAYS = (0, 1, 2)
_WIDE = dict.fromkeys(("f32", "f16", "bf16"), "f64") | {"complex64": "complex128"}
_NARROW = {"f64": "f32", "complex128": "complex64"}
_WIDE_NAMES = dict.fromkeys(("float16", "bfloat16", "float32"), "float64") | {"complex64": "complex128"}
_NARROW_NAMES = {"float64": "float32", "complex128": "complex64"}


def reference_of(case: Configuration, torch: Adapter) -> Reference:
    """Torch's answers to a configuration of either kind.

    Example:
        >>> from conformance.adapters import TorchAdapter
        >>> from conformance.tokens import parse
        >>> reference_of(parse("max_pool1d input=1x4 kernel_size=5"), TorchAdapter()).outcome.kind
        'RuntimeError'
    """
    return Live(case, torch) if isinstance(case, Case) else LiveCall(case, torch)


@dataclass
class LiveCall:
    """The answers of torch to a call, asked for when they are needed; see `reference.Reference`."""

    case: Call
    torch: Adapter

    @property
    def reductions(self) -> Counter[str]:
        """None: nothing is known of the operation's sums."""
        return Counter()

    @functools.cached_property
    def operands(self) -> Operands:
        """See `Reference`."""
        return operands_of(self.case)

    @functools.cached_property
    def outcome(self) -> Outcome:
        """See `Reference`."""
        return attempt(self.torch.run, self.case, self.operands)

    @functools.cached_property
    def yardsticks(self) -> Mapping[str, Yardstick]:
        """See `Reference`; of inexact maps that are computed and not moved."""
        if isinstance(self.outcome, Raised):
            return {}
        return self._measured(self.torch.run, self.outcome)

    @property
    def exact(self) -> Maps:
        """See `Reference`; nothing is right whatever torch says."""
        return {}

    @functools.cached_property
    def second(self) -> tuple[Maps, Mapping[str, Yardstick]]:
        """See `Reference`; none of an operation that torch does not differentiate twice."""
        found = attempt(self.torch.second, self.case, self.operands)
        return ({}, {}) if isinstance(found, Raised) else (found, self._measured(self.torch.second, found))

    @property
    def facts(self) -> dict[str, Any] | None:
        """See `Reference`."""
        return None

    def _measured(self, call: Callable[[Call, Operands], Maps], maps: Maps) -> dict[str, Yardstick]:
        operation, single = OPERATIONS[self.case.op], self.case.dtype in _NARROW and not _narrows(self.case)
        if operation.draws or operation.exact == "all":
            return {}
        asked = [in_other_precision(self.case, self.operands, single=single)]
        asked += [(self.case, neighbouring(self.case, self.operands, way)) for way in _WAYS]
        answers = [attempt(call, *each) for each in asked]
        others, *moved_answers = ({} if isinstance(answer, Raised) else answer for answer in answers)
        moved = [name for name in maps if operation.exact == "output" and name.startswith("output")]
        names = [name for name, array in maps.items() if array.dtype.name in ROUNDOFF and name not in moved]
        return {
            name: _yardstick(
                maps[name], others.get(name, maps[name]), single, [a[name] for a in moved_answers if name in a]
            )
            for name in names
        }


def in_other_precision(call: Call, operands: Operands, *, single: bool) -> tuple[Call, Operands]:
    """The call in double precision, or in single where `single`, with the same numbers.

    Example:
        >>> from conformance.tokens import parse
        >>> call = parse("relu input=3x f16 seed3")
        >>> wide, operands = in_other_precision(call, operands_of(call), single=False)
        >>> wide.dtype, operands.arrays["input"].dtype
        ('f64', dtype('float64'))
    """
    kinds, names = (_NARROW, _NARROW_NAMES) if single else (_WIDE, _WIDE_NAMES)
    dtypes = {numpy_dtype(token): numpy_dtype(kind) for token, kind in kinds.items()}
    members: list[tuple[str, Operand]] = [
        (name, replace(operand, dtype=None if operand.dtype is None else kinds.get(operand.dtype, operand.dtype)))
        for name, operand in call.operands
    ]
    arguments = [(name, write(_renamed(value, names))) for name, value in call.given().items()]
    changed = replace(
        call, operands=tuple(members), arguments=tuple(arguments), dtype=kinds.get(call.dtype, call.dtype)
    )
    return changed, operands.mapped(lambda array: array.astype(dtypes.get(array.dtype, array.dtype)))


def _narrows(call: Call) -> bool:
    """Whether the call names a dtype of less than double precision: torch's error is then seen by double itself."""
    return any(isinstance(value, TorchName) and value.name in _WIDE_NAMES for value in call.given().values())


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    return TorchName(names.get(value.name, value.name)) if isinstance(value, TorchName) else value


def neighbouring(call: Call, operands: Operands, way: int) -> Operands:
    """The operands with each inexact number moved to a neighbour; where many are equal all to the same side.

    Args:
        call: the configuration.
        operands: its operands.
        way: in which of several ways.

    Example:
        >>> from conformance.tokens import parse
        >>> call = parse("relu input=2x2 ties seed1")
        >>> moved = neighbouring(call, operands_of(call), 0).arrays["input"]
        >>> float(abs(moved - operands_of(call).arrays["input"]).max()) < 1e-6
        True
    """
    alike = call.fill in ("ints", "ties")

    def move(array: Array) -> Array:
        if array.dtype.name not in ROUNDOFF:
            return array
        bits = np.random.PCG64(way).random_raw(array.shape)
        signs = np.where(np.asarray(bits) & np.uint64(1), 1.0, -1.0) if not alike else (1.0, -1.0, 2.0)[way]
        kind = np.complex128 if array.dtype.kind == "c" else np.float64
        with np.errstate(all="ignore"):
            moved: Array = np.asarray(array.astype(kind) * (1 + 2 * ROUNDOFF[array.dtype.name] * signs))
            return moved.astype(array.dtype)

    return operands.mapped(move)


def _yardstick(theirs: Array, other: Array, single: bool, moved: list[Array]) -> Yardstick:
    with np.errstate(all="ignore"):
        exact, finite, allowed = measure(theirs, other, single=single, moved=moved)
        values = np.where(finite, exact, theirs.astype(exact.dtype))
    return Yardstick(values, np.full(theirs.shape, max(allowed, np.nextafter(0.0, 1.0))))
