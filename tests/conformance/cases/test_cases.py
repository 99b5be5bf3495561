"""A case is a function of seed, number and operation."""

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import conformance
from conformance.case import SPATIAL_AXES
from conformance.cases import EVERY_BROKEN, FAMILIES, draw, pairwise
from conformance.cases.pad import is_undefined
from conformance.operations import OPERATIONS
from conformance.runner import judge


def test_a_number_gives_the_same_case_in_any_order():
    forwards = [draw(3, number) for number in range(60)]
    backwards = [draw(3, number) for number in reversed(range(60))]
    assert forwards == backwards[::-1]
    assert draw(4, 0) != forwards[0]


def test_a_number_gives_the_same_case_in_a_process_that_hashes_otherwise():
    code = "from conformance.cases import draw; [print(draw(2, n)) for n in (*range(40), 123456)]"
    root = Path(conformance.__file__).parents[1]
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, cwd=root
    )
    assert found.stdout.splitlines() == [str(draw(2, number)) for number in (*range(40), 123456)]


def test_operations_come_in_turn():
    assert [draw(0, number).op for number in range(9)] == list(SPATIAL_AXES)
    assert [draw(0, number).op for number in range(9, 18)] == list(OPERATIONS)[:9]
    assert [draw(0, number).op for number in range(18, 36)] == [*SPATIAL_AXES, *list(OPERATIONS)[9:18]]
    assert [draw(0, number, ["pad", "fold"]).op for number in range(3)] == ["pad", "fold", "pad"]


def test_every_operation_has_a_family():
    assert list(FAMILIES) == [*SPATIAL_AXES, *OPERATIONS]


def test_a_choice_of_operations_does_not_change_their_cases():
    assert draw(0, 1, ["conv1d", "conv2d"]) == draw(0, 1)
    assert [draw(0, 18 * turn + 8) for turn in range(99)] == [draw(0, turn, ["pad"]) for turn in range(99)]
    calls = [draw(0, number) for number in range(18 * 60) if number % 18 >= 9]
    assert calls == [draw(0, number, list(OPERATIONS)) for number in range(len(calls))]


def test_the_cases_that_cover_pairs_come_first_and_broken_ones_between_them():
    rows = pairwise(5, "unfold")
    valid = (draw(5, number, ["unfold"]) for number in range(1000) if number % EVERY_BROKEN != EVERY_BROKEN - 1)
    assert tuple(islice(valid, len(rows))) == rows
    assert next(valid) not in rows


def test_nothing_undefined_is_drawn():
    assert not any(is_undefined(draw(0, number, ["pad"])) for number in range(2000))


def test_most_random_valid_cases_are_trusted_whatever_the_operation(torch):
    verdicts = [judge(draw(5, 20000 + number, list(SPATIAL_AXES)), torch, torch, ()) for number in range(1350)]
    mistrusted = {op: [v.mistrusted for v in verdicts if v.case.op == op and v.tier != "error"] for op in SPATIAL_AXES}
    assert all(sum(found) < 0.33 * len(found) for found in mistrusted.values())
    assert sum(map(sum, mistrusted.values())) < 0.2 * sum(map(len, mistrusted.values()))
