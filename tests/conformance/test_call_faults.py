"""Faults planted beside torch in single operations: the run of the operation finds each, by the check that is meant."""

import numpy as np
import pytest

from conformance.adapters.base import Adapter
from conformance.cases import draw
from conformance.checks import CHECKS
from conformance.runner import judge

WITHIN = 60


class _Faulty(Adapter):
    """torch, and after it a function of the case, its maps and its operands."""

    name, orders, calls = "faulty", 2, True

    def __init__(self, torch, fault):
        self.torch, self.fault = torch, fault

    def run(self, case, operands):
        return self.fault(case, self.torch.run(case, operands), operands)

    def second(self, case, operands):
        return self.torch.second(case, operands)


def _changed(name, change, holds=lambda case: True):
    def fault(case, maps, _):
        return {n: change(a) if n == name and a.size and holds(case) else a for n, a in maps.items()}

    return fault


def _writes(case, maps, operands):
    for array in operands.arrays.values():
        if array.flags.writeable and array.size:
            array.flat[0] += 1
    return maps


def _reused():
    kept = {}

    def fault(_, maps, __):
        for name, array in maps.items():
            if kept.setdefault(name, array.copy()).shape == array.shape and kept[name].dtype == array.dtype:
                kept[name][...] = array
                maps[name] = kept[name]
            else:
                kept[name] = array.copy()
        return maps

    return fault


def _refuses(kind, text, holds):
    def fault(case, maps, _):
        if holds(case):
            raise kind(text)
        return maps

    return fault


def _unequal(array):
    return array * np.asarray(1.01, array.dtype) if array.dtype.kind == "f" else array


FAULTS = {
    "ceil_mode is forgotten": (
        "max_pool2d",
        _changed("output", lambda a: a[..., :-1], lambda case: case.text("ceil_mode") == "True"),
        {"shape"},
    ),
    "the other of equal numbers is taken": ("max_pool1d", _changed("output 1", lambda a: a + 1), {"value"}),
    "a gradient is a little too large": ("avg_pool2d", _changed("input gradient", _unequal), {"value"}),
    "a running mean is not updated": (
        "batch_norm",
        _changed("running_mean afterwards", np.zeros_like),
        {"value"},
    ),
    "half precision is widened": (
        "gelu",
        _changed("output", lambda a: a.astype(np.float32) if a.dtype == np.float16 else a),
        {"dtype"},
    ),
    "a gradient is missing": (
        "linear",
        lambda case, maps, _: {n: a for n, a in maps.items() if n != "weight gradient"},
        {"maps"},
    ),
    "a dropped number is another": ("dropout", _changed("output", np.flip), {"value"}),
    "a call is refused": (
        "cross_entropy",
        _refuses(ValueError, "no smoothing", lambda case: case.text("label_smoothing") == "0.1"),
        {"outcome", "error type"},
    ),
    "an operand is changed": ("mul", _writes, {"operands"}),
    "a result is overwritten by the next one": ("add", _reused(), {"repeat"}),
    "True counts as two": ("sum", _changed("output", lambda a: a * 2, lambda case: case.dtype == "bool"), {"value"}),
    "a moved number is rounded": (
        "gather",
        _changed("output", lambda a: np.round(a, 3) if a.dtype.kind == "f" else a),
        {"value"},
    ),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_by_its_check(torch, name):
    op, fault, checks = FAULTS[name]
    faulty = _Faulty(torch, fault)
    for number in range(WITHIN):
        case = draw(0, number, [op])
        differences = judge(case, torch, faulty, [n for n in CHECKS if n not in ("written", "threads")]).differences
        if differences:
            assert differences[0].check in checks, (str(case), differences)
            return
    raise AssertionError(f"not found within {WITHIN} cases")


@pytest.mark.filterwarnings("ignore")
def test_without_a_fault_nothing_is_found(torch):
    sound = _Faulty(torch, lambda case, maps, operands: maps)
    for op in sorted({op for op, _, _ in FAULTS.values()}):
        for number in range(12):
            case = draw(1, number, [op])
            assert judge(case, torch, sound, ["outcome", "maps", "dtype", "shape", "value", "repeat"]).differences == ()


def test_what_takes_no_calls_is_not_asked(torch):
    sound = _Faulty(torch, lambda case, maps, operands: maps)
    sound.calls = False
    assert judge(draw(0, 0, ["relu"]), torch, sound).lacks == "no relu"
