"""Which of two faults is reported: each fault alone, and every pair that one call can have."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from tests.errors.making import IMAGE, KERNEL, Call, Entries, Zeros

FAULTS: dict[str, dict[str, Any]] = {
    "inputdim": {"input": Zeros((4,))},
    "stride_len": {"stride": [1, 1, 1]},
    "pad_neg": {"padding": -1},
    "stride0": {"stride": 0},
    "dil0": {"dilation": 0},
    "groups0": {"groups": 0},
    "chan": {"weight": Zeros((4, 3, 3, 3))},
    "bias": {"bias": Zeros((3,))},
    "ksize": {"weight": Zeros((4, 4, 9, 9))},
    "out0": {"weight": Zeros((0, 4, 3, 3))},
    "gdiv": {"weight": Zeros((3, 2, 3, 3)), "groups": 2},
    "wdtype": {"weight": Zeros(KERNEL, "float64")},
    "bdtype": {"bias": Zeros((4,), "float64")},
    "padlen": {"padding": [1, 1, 1]},
    "dillen": {"dilation": [1, 1, 1]},
    "padstr": {"padding": "full"},
    "samestride": {"padding": "same", "stride": 2},
}


def faulty(*names: str) -> Call:
    """conv2d, by keyword, with the named faults at once."""
    arguments: dict[str, Any] = {"input": Zeros(IMAGE), "weight": Zeros(KERNEL)}
    for name in names:
        arguments |= FAULTS[name]
    return lambda t: t.nn.functional.conv2d(
        **{key: value.on(t) if isinstance(value, Zeros) else value for key, value in arguments.items()}
    )


def precedence() -> Entries:
    """Each fault alone, and every two that concern different arguments: which one is reported."""
    for name in FAULTS:
        yield f"alone: {name}", faulty(name)
    for one, other in combinations(FAULTS, 2):
        if not FAULTS[one].keys() & FAULTS[other].keys():
            yield f"both: {one} and {other}", faulty(one, other)
