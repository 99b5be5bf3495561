"""The file of cases that failed once."""

from pathlib import Path

import pytest

from conformance.plan import Plan
from conformance.regressions import add, default_file, load


def test_a_file_that_is_not_there_has_no_cases(tmp_path):
    assert load(tmp_path / "absent") == ()


def test_cases_are_added_once_and_comments_are_left_alone(tmp_path):
    path = tmp_path / "folder" / "mine.txt"
    assert add(path, ["pad c1 h3 p1,1 f32 ints seed0"]) == ["pad c1 h3 p1,1 f32 ints seed0"]
    path.write_text("# why\n\n" + path.read_text() + "fold c1 h1 k1 os1  # a reason\n")
    assert add(path, ["fold c1 h1 k1 os1 f32 ints seed0", "pad c1 h3 p1,1 f32 ints seed0"]) == []
    assert load(path) == ("pad c1 h3 p1,1 f32 ints seed0", "fold c1 h1 k1 os1 f32 ints seed0")


def test_a_line_that_is_no_case_is_refused(tmp_path):
    (tmp_path / "file").write_text("conv9d\n")
    with pytest.raises(ValueError, match="unknown operation 'conv9d'"):
        load(tmp_path / "file")


def test_each_library_has_a_file():
    assert default_file("a.b:C") == Path(".conformance/a.b.C.txt")


def test_pyconvs_own_are_cases_and_pass_first():
    lines = load(Path(__file__).parents[2] / default_file("pyconv"))
    assert len(lines) >= 8
    plan = Plan(regressions=lines)
    assert [str(plan.case(number)) for number in range(-len(lines), 0)] == list(lines)
