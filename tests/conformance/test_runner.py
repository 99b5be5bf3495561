"""One case through the checks: tiers, trust, exact sums, and operands that do not depend on the order."""

from dataclasses import dataclass

import numpy as np
import pytest

from conformance.case import parse
from conformance.cases import draw
from conformance.compare import Raised
from conformance.runner import run, run_case


@dataclass(frozen=True)
class Bent:
    """torch with one of its maps changed."""

    torch: object
    where: str
    change: object
    name: str = "bent"

    def run(self, case, operands):
        maps = self.torch.run(case, operands)
        return maps | {self.where: self.change(maps[self.where])}


@pytest.mark.parametrize(
    ("line", "tier"),
    [
        ("conv1d n1 c2 o2 h5 k2 f32 ints seed1", "exact"),
        ("conv1d n1 c2 o2 h5 k2 i8 ints seed1", "exact"),
        ("conv1d n1 c2 o2 h5 k2 f32 real seed1", "real"),
        ("conv1d n1 c2 o2 h5 k6 f32 real seed1", "error"),
    ],
)
def test_the_tier_of_a_case(torch, line, tier):
    verdict = run_case(parse(line), torch, torch)
    assert (verdict.tier, verdict.differences) == (tier, ())


@pytest.mark.parametrize("where", ["output", "input gradient", "weight gradient", "bias gradient"])
@pytest.mark.parametrize("fill", ["ints", "real"])
def test_every_map_is_compared(torch, where, fill):
    case = parse(f"conv2d n2 c2 o2 h4x4 k2x2 bias f32 {fill} seed1")
    verdict = run_case(case, torch, Bent(torch, where, lambda array: array + 1))
    assert [(d.check, d.where) for d in verdict.differences] == [("value", where)]


def test_the_exact_tier_has_no_tolerance_and_the_real_one_has_little(torch):
    nudged = Bent(torch, "output", lambda array: np.nextafter(array, np.inf, dtype=array.dtype))
    exact = run_case(parse("conv1d n1 c2 o2 h5 k2 f32 ints seed1"), torch, nudged)
    real = run_case(parse("conv1d n1 c2 o2 h5 k2 f32 real seed1"), torch, nudged)
    assert len(exact.differences) == 1
    assert real.differences == ()
    assert 0 < real.ratios()[0] < 1


def test_what_only_moves_numbers_is_exact_in_both_tiers(torch):
    nudged = Bent(torch, "output", lambda array: np.nextafter(array, np.inf, dtype=array.dtype))
    for line in ("pad c1 h4 p1,1 reflect f32 real seed1", "unfold c1 h4x4 k2 f32 real seed1"):
        assert len(run_case(parse(line), torch, nudged).differences) == 1


def test_a_result_that_is_mostly_zeros_or_empty_is_mistrusted(torch):
    lines = {
        "conv1d n1 c1 o1 h9 k1 p20 f32 ints seed1": True,
        "conv1d n0 c1 o1 h9 k1 f32 ints seed1": True,
        "conv1d n1 c2 o2 h9 k3 f32 ints seed1": False,
    }
    assert {line: run_case(parse(line), torch, torch).mistrusted for line in lines} == lines


@pytest.mark.parametrize("dtype", ["f16", "bf16", "complex64"])
def test_sums_that_would_round_are_thinned_until_they_are_exact(torch, dtype):
    case = parse(f"conv2d n3 c16 o16 h9x9 k5x5 p2 bias {dtype} ints seed3")
    wide = {"complex64": np.complex128}.get(dtype, np.float64)
    seen = []

    class Spy:
        name = "spy"

        def run(self, case, operands):
            seen.append(operands)
            return torch.run(case, operands)

    verdict = run_case(case, torch, Spy())
    double = parse(str(case).replace(dtype, "complex128" if dtype == "complex64" else "f64"))
    exact = torch.run(double, seen[0].mapped(lambda array: array.astype(wide)))
    assert verdict.differences == ()
    assert all(np.array_equal(exact[name], verdict.got[name].astype(wide)) for name in exact)
    assert np.count_nonzero(exact["output"]) > exact["output"].size / 2


def test_an_exception_of_the_candidate_is_a_difference_of_outcome(torch):
    class Failing:
        name = "failing"

        def run(self, case, operands):
            raise KeyError("kernel")

    verdict = run_case(parse("conv1d n1 c2 o2 h5 k2 f32 ints seed1"), torch, Failing())
    assert [(d.check, d.expected, d.got) for d in verdict.differences] == [
        ("outcome", "no error", "KeyError: 'kernel'")
    ]
    assert verdict.tier == "exact"
    assert verdict.got == Raised("KeyError", "'kernel'")


def test_where_torch_refuses_double_precision_the_maps_must_be_equal(torch):
    line = "conv_transpose2d n2 c1 o1 h1x1 k1x1 p1 f32 real seed1"
    verdict = run_case(parse(line), torch, torch)
    assert verdict.differences == ()


def test_a_case_does_not_depend_on_those_before_it(torch):
    numbers = range(40)
    forwards = [verdict.expected for verdict in run((draw(2, n) for n in numbers), torch, torch)]
    backwards = [verdict.expected for verdict in run((draw(2, n) for n in reversed(numbers)), torch, torch)]
    for first, second in zip(forwards, reversed(backwards)):
        assert (first == second) if isinstance(first, Raised) else all(
            np.array_equal(first[name], second[name]) for name in first
        )  # fmt: skip
