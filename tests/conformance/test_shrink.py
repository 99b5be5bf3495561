"""A failing case becomes the smallest that fails in the same way, and always the same one."""

import numpy as np
import pytest

from conformance.adapters import Adapter
from conformance.case import SPATIAL_AXES
from conformance.cases import draw
from conformance.cases.pad import is_undefined
from conformance.checks.difference import Difference
from conformance.faults import FAULTS
from conformance.fills import Operands
from conformance.known import Known
from conformance.runner import judge
from conformance.shrink import same_failure, shrink
from conformance.simplifications import SIMPLIFICATIONS, candidates, complexity
from conformance.tokens import parse

LARGE = "conv3d n3 c6 o4 h9x10x11 k3x2x5 s2,1,3 p1,2,0 d1,2,1 g2 bias reflect lists strided bf16 real seed17"


class Bent(Adapter):
    """torch with a fault in the cases that a condition picks."""

    name = "bent"

    def __init__(self, torch, fault, condition=lambda case: True):
        self.torch, self.fault, self.condition = torch, fault, condition

    def run(self, case, operands):
        maps = self.torch.run(case, operands)
        return self.fault(maps) if self.condition(case) else maps


def negative(maps):
    return maps | {"output": -maps["output"]}


def torch_answers(torch, case):
    return judge(case, torch, torch, ["outcome"]).tier != "error"


@pytest.mark.parametrize(
    ("condition", "smallest"),
    [
        (lambda case: True, "conv1d c1 o1 h1 k1 f32 ints seed0"),
        (lambda case: (case.batch or 0) > 1, "conv1d n2 c1 o1 h1 k1 f32 ints seed0"),
        (lambda case: (case.groups or 1) > 1, "conv1d c2 o2 h1 k1 g2 f32 ints seed0"),
        (lambda case: max(case.axes(case.kernel)) > 2, "conv1d c1 o1 h3 k3 f32 ints seed0"),
        (lambda case: len(set(case.axes(case.stride))) > 1, "conv2d c1 o1 h1x1 k1 s1,2 f32 ints seed0"),
        (lambda case: case.stride is not None, "conv1d c1 o1 h1 k1 s1 f32 ints seed0"),
        (lambda case: isinstance(case.stride, tuple), "conv1d c1 o1 h1 k1 s1, f32 ints seed0"),
        (lambda case: case.mode == "reflect", "conv1d c1 o1 h1 k1 reflect f32 ints seed0"),
        (lambda case: case.through_module, "conv1d c1 o1 h1 k1 reflect f32 ints seed0"),
        (lambda case: case.dtype in ("f16", "bf16"), "conv1d c1 o1 h1 k1 f16 ints seed0"),
        (lambda case: case.fill == "real", "conv1d c1 o1 h1 k1 f32 real seed0"),
        (lambda case: case.layout is not None, "conv1d c1 o1 h1 k1 strided f32 ints seed0"),
        (lambda case: case.seed % 2, "conv1d c1 o1 h1 k1 f32 ints seed1"),
        (lambda case: max(case.axes(case.padding, 0)) > 1, "conv1d c1 o1 h1 k1 p2 f32 ints seed0"),
        (lambda case: case.bias and (case.out_channels or 0) > 3, "conv1d c1 o4 h1 k1 bias f32 ints seed0"),
    ],
)
def test_what_a_failure_does_not_need_goes(torch, condition, smallest):
    assert str(shrink(parse(LARGE), lambda case: condition(case) and torch_answers(torch, case))) == smallest


@pytest.mark.parametrize(
    ("line", "condition", "smallest"),
    [
        (
            "conv_transpose2d n2 c4 o6 h3x4 k3x2 s3,2 os11x9 module bias f64 real seed5",
            lambda case: case.output_size is not None and case.module,
            "conv_transpose1d c1 o1 h1 k1 os1, module f32 ints seed0",
        ),
        (
            "conv_transpose3d n2 c4 o6 h3x4x2 k3 s3 op1,2,1 g2 f16 real seed5",
            lambda case: max(case.axes(case.output_padding, 0)) > 1,
            "conv_transpose1d c1 o1 h1 k1 s3 op2 f32 ints seed0",
        ),
        (
            "fold n2 c12 h20 k3x2 os6x6 bf16 lists real seed5",
            lambda case: max(case.axes(case.kernel)) > 2,
            "fold c3 h1 k3x1 os3x1 f32 ints seed0",
        ),
        (
            "unfold n2 c3 h6x7 k3x2 p1 d2 fortran real seed5",
            lambda case: len(set(case.axes(case.kernel))) > 1,
            "unfold c1 h2x1 k2x1 f32 ints seed0",
        ),
        (
            "pad n2 c3 h6x7x5 p1,2,0,3,-1,2 reflect i32 lists seed5",
            lambda case: case.mode == "reflect" and max(case.padding or (0,)) > 1,
            "pad c1 h3 p0,2 reflect f32 ints seed0",
        ),
        (
            "pad n2 c3 h6x7 p0,0,0,0,1,1 v2.5 complex64 real seed5",
            lambda case: bool(case.value),
            "pad c1 h1 p0,0 v2.5 f32 ints seed0",
        ),
        (
            "conv2d n2 c3 o2 h6x7 k4x2 psame d1,2 u8 seed5",
            lambda case: case.padding == "same",
            "conv1d c1 o1 h1 k1 psame f32 ints seed0",
        ),
    ],
)
def test_cases_of_every_operation_stay_consistent(torch, line, condition, smallest):
    assert str(shrink(parse(line), lambda case: condition(case) and torch_answers(torch, case))) == smallest


def test_padding_becomes_input_where_only_the_sum_counts(torch):
    """A window of two needs an input of two; zeros beside an input of one would do, but are one thing more."""
    case = parse("conv1d n1 c1 o1 h1 k3 p1 f32 ints seed0")
    assert str(shrink(case, lambda case: case.kernel == 3 and torch_answers(torch, case))) == (
        "conv1d c1 o1 h3 k3 f32 ints seed0"
    )


def test_an_empty_batch_or_no_channel_is_kept_only_where_it_is_needed(torch):
    case = parse("conv2d n0 c0 o2 h4x4 k3x3 f64 seed1")
    assert str(shrink(case, lambda case: torch_answers(torch, case))) == "conv1d c1 o1 h1 k1 f32 ints seed0"
    assert str(shrink(case, lambda case: case.channels == 0)) == "conv1d c0 o1 h1 k1 f32 ints seed0"
    assert str(shrink(case, lambda case: case.batch == 0)) == "conv1d n0 c1 o1 h1 k1 f32 ints seed0"


def test_not_more_cases_are_tried_than_allowed():
    tried = []

    def fails(case):
        tried.append(case)
        return True

    whole = shrink(parse(LARGE), fails)
    assert len(tried) < 60
    tried.clear()
    part = shrink(parse(LARGE), fails, budget=3)
    assert len(tried) == 3
    assert complexity(whole) < complexity(part) < complexity(parse(LARGE))


def test_a_case_that_does_not_fail_again_is_given_back():
    assert shrink(parse(LARGE), lambda case: False) == parse(LARGE)


def test_each_step_has_a_line():
    for number in range(60):
        case = draw(3, number, list(SPATIAL_AXES))
        for simplification in SIMPLIFICATIONS:
            for simpler in candidates(case, simplification):
                assert parse(str(simpler)) == simpler


def test_a_fault_shrinks_to_a_case_that_has_it_and_the_same_one_again(torch):
    bent = Bent(torch, negative, lambda case: max(case.axes(case.kernel)) > 1 and case.dtype == "bf16")
    case = parse(LARGE)
    difference = next(d for d in judge(case, torch, bent, ["value"]).differences)
    small = shrink(case, same_failure(case, torch, bent, difference))
    assert str(small) == "conv1d c1 o1 h2 k2 bf16 ints seed0"
    assert small == shrink(case, same_failure(case, torch, bent, difference))
    assert [(d.check, d.where) for d in judge(small, torch, bent, ["value"]).differences] == [("value", "output")]


def test_another_map_or_check_is_not_the_same_failure(torch):
    case = parse("conv1d n1 c1 o1 h4 k2 seed1")
    wrong = Bent(torch, lambda maps: maps | {"input gradient": maps["input gradient"].astype(np.float64) + 1})
    for check, where, same in (
        ("value", "input gradient", True),
        ("dtype", "input gradient", True),
        ("value", "output", False),
        ("shape", "input gradient", False),
    ):
        assert same_failure(case, torch, wrong, Difference(check, where, "", ""))(case) is same


class Reworded(Adapter):
    """torch, with other words for a stride and for a bias."""

    name = "reworded"

    def __init__(self, torch):
        self.torch = torch

    def run(self, case, operands):
        try:
            return self.torch.run(case, operands)
        except RuntimeError as error:
            raise RuntimeError(
                str(error).replace("non-positive", "bad").replace("bias to be 1", "bias to be one")
            ) from error


def test_the_text_of_an_error_stays_the_same_but_for_its_sizes(torch):
    """The case has two faults; only the one that was reported is kept."""
    reworded = Reworded(torch)
    case = parse("conv3d n2 c2 o4 h3x3x4 k2x3x4 p1 bias bias=3x2 f16 seed3")
    (difference,) = judge(case, torch, reworded, ["error text"]).differences
    assert "bias to be one" in difference.got
    small = shrink(case, same_failure(case, torch, reworded, difference))
    assert str(small) == "conv1d c1 o1 h1 k1 bias=1x1 f32 ints seed0"
    (difference,) = judge(small, torch, reworded, ["error text"]).differences
    assert "bias to be one" in difference.got
    stride = parse("conv1d n1 c1 o1 h4 k2 s-1")
    assert not same_failure(case, torch, reworded, difference)(stride)


def test_an_explained_difference_is_not_the_failure(torch):
    bent, case = Bent(torch, negative), parse("conv1d n2 c2 o2 h5 k3 bf16 seed1")
    (difference,) = judge(case, torch, bent, ["value"]).differences
    entry = Known("value", "^conv.* f32 ", "", "", "a reason", "a link")
    small = shrink(case, same_failure(case, torch, bent, difference, [entry]))
    assert str(small) == "conv1d c1 o1 h1 k1 f64 ints seed0"


def test_what_torch_leaves_undefined_is_not_looked_at(torch):
    case = parse("pad n1 c1 h4 p3,-1 circular f32 seed1")
    bent = Bent(torch, negative)
    (difference,) = judge(case, torch, bent, ["value"]).differences
    fails = same_failure(case, torch, bent, difference)
    undefined = parse("pad n1 c1 h4 p4,-1 circular f32 seed1")
    assert is_undefined(undefined)
    assert fails(case)
    assert not fails(undefined)


def test_a_second_derivative_is_found_again(torch):
    class Wrong(Bent):
        orders = 2

        def second(self, case, operands: Operands):
            maps = self.torch.second(case, operands)
            return maps | {"second derivative by cotangent": 2 * maps["second derivative by cotangent"]}

    wrong, case = Wrong(torch, dict), parse("conv2d n2 c2 o2 h4x5 k3x2 p1 bias f64 real seed2")
    (difference,) = judge(case, torch, wrong, ["second"]).differences
    small = shrink(case, same_failure(case, torch, wrong, difference))
    assert str(small) == "conv1d c1 o1 h1 k1 f32 ints seed0"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("fault", [FAULTS[family][0] for family in FAULTS], ids=lambda fault: fault.name)
def test_the_first_fault_of_every_family_becomes_small(torch, fault):
    candidate = fault.plant(torch)
    verdicts = (judge(draw(0, number, list(SPATIAL_AXES)), torch, candidate) for number in range(300))
    verdict = next(verdict for verdict in verdicts if verdict.differences)
    tried = []
    fails = same_failure(verdict.case, torch, candidate, verdict.differences[0])
    small = shrink(verdict.case, lambda case: tried.append(case) or fails(case))
    assert fails(small)
    assert len(tried) < 100
    assert sum(np.prod(shape, dtype=int) for shape in small.shapes().values()) <= 10
