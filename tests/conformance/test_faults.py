"""Each planted fault is found within 200 cases and by the checks that may find it; without one nothing is found."""

import pytest

from conformance import selftest
from conformance.checks import CHECKS
from conformance.faults import FAULTS, Faulty
from conformance.runner import judge
from conformance.tokens import parse

PLANTED = {fault.name: fault for faults in FAULTS.values() for fault in faults}


@pytest.fixture(scope="module")
def results():
    """What became of every fault, by its name."""
    return {result.name: result for result in selftest.run()}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_and_named(results, name):
    result = results[name]
    assert result.caught, f"not found in {result.after} cases"
    assert result.after <= 200
    assert {found.check for found in result.differences} <= PLANTED[name].found_by
    assert result.check in PLANTED[name].found_by


def test_torch_without_a_fault_does_not_differ_from_torch():
    assert selftest.control(seed=0, limit=500) == []


def test_there_are_enough_faults_each_told_in_a_sentence_and_found_by_a_check_that_there_is():
    assert len(PLANTED) == sum(map(len, FAULTS.values())) >= 45
    for fault in PLANTED.values():
        assert fault.wrong.endswith(".")
        assert "\n" not in fault.wrong
        assert fault.found_by
        assert fault.found_by <= CHECKS.keys()


def test_every_check_has_a_fault_to_find():
    named_after_the_map = {"second"}  # a wrong second derivative is told as a value or a shape
    assert frozenset().union(*(fault.found_by for fault in PLANTED.values())) == CHECKS.keys() - named_after_the_map


@pytest.mark.parametrize(
    ("check", "name"),
    [
        ("second", "second derivative lacks the weight"),
        ("algorithms", "second algorithm wrong in the weight gradient"),
        ("written", "zeros not written"),
        ("repeat", "nondeterministic last bit"),
        ("threads", "threads change the last bit"),
        ("adjoint", "gradient of the input flipped"),
        ("operands", "written to between the elements"),
    ],
)
def test_a_check_finds_its_fault_alone_and_nothing_without_it(torch, check, name):
    case = parse("conv2d n2 c2 o3 h7x6 k1 s3 bias module strided f32 real seed5")
    assert judge(case, torch, PLANTED[name].plant(torch), (check,)).differences
    assert not judge(case, torch, Faulty(torch), (check,)).differences


def test_a_fault_is_found_in_the_same_case_again_alone(results):
    (alone,) = selftest.run(names=["circular as replicate"])
    assert alone == results["circular as replicate"]


def test_a_family_can_be_asked_for():
    assert {result.name for result in selftest.run(names=["groups"])} == {fault.name for fault in FAULTS["groups"]}


def test_a_fault_that_the_cases_do_not_reach_is_told_as_not_found():
    (result,) = selftest.run(limit=1, names=["circular as replicate"])
    assert (result.caught, result.after, result.check, result.case) == (False, 1, "", "")
    table = selftest.table([result])
    assert "> 1  NOT FOUND" in table
    assert table.endswith("0 of 1 faults found")


def test_an_unknown_fault_is_refused():
    with pytest.raises(ValueError, match="no fault and no family 'flipped colonel'; families: maps, geometry"):
        selftest.run(names=["flipped colonel"])


def test_a_fault_that_writes_to_its_operands_does_not_spoil_them_for_the_next():
    names = ["input written to", "weight written to", "cotangent written to", "second derivative zero"]
    together = {result.name: result for result in selftest.run(names=names)}
    assert together == {name: result for name in names for result in selftest.run(names=[name])}
