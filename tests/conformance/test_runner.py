"""One case through both libraries: tiers, trust, exact sums, and operands that do not depend on the order."""

import warnings

import numpy as np
import pytest

from conformance.adapters import Adapter
from conformance.cases import draw
from conformance.checks.call_reference import reference_of
from conformance.checks.difference import Raised
from conformance.runner import judge
from conformance.tokens import parse


class Bent(Adapter):
    """torch with one of its maps changed."""

    name = "bent"

    def __init__(self, torch, where, change):
        self.torch, self.where, self.change = torch, where, change

    def run(self, case, operands):
        maps = self.torch.run(case, operands)
        return maps | {self.where: self.change(maps[self.where])}


def run_case(case, torch, candidate):
    """The verdict by the checks of values, dtypes, shapes and outcomes."""
    return judge(case, torch, candidate, ("outcome", "error type", "error text", "maps", "dtype", "shape", "value"))


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

    class Spy(Adapter):
        name = "spy"

        def run(self, case, operands):
            seen.append(operands)
            return torch.run(case, operands)

    verdict = run_case(case, torch, Spy())
    double = parse(str(case).replace(dtype, "complex128" if dtype == "complex64" else "f64"))
    exact = torch.run(double, seen[0].mapped(lambda array: array.astype(wide)))
    assert verdict.differences == ()
    assert all(np.array_equal(exact[name], verdict.trial.got[name].astype(wide)) for name in exact)
    assert np.count_nonzero(exact["output"]) > exact["output"].size / 2


def test_an_exception_of_the_candidate_is_a_difference_of_outcome(torch):
    class Failing(Adapter):
        name = "failing"

        def run(self, case, operands):
            raise KeyError("kernel")

    verdict = run_case(parse("conv1d n1 c2 o2 h5 k2 f32 ints seed1"), torch, Failing())
    assert [(d.check, d.expected, d.got) for d in verdict.differences] == [
        ("outcome", "no error", "KeyError: 'kernel'")
    ]
    assert verdict.tier == "exact"
    assert verdict.trial.got == Raised("KeyError", "'kernel'")


def test_where_torch_refuses_double_precision_the_maps_must_be_equal(torch):
    line = "conv_transpose2d n2 c1 o1 h1x1 k1x1 p1 f32 real seed1"
    verdict = run_case(parse(line), torch, torch)
    assert verdict.differences == ()


def test_a_case_does_not_depend_on_those_before_it(torch):
    numbers = range(40)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        forwards = [reference_of(draw(2, n), torch).outcome for n in numbers]
        backwards = [reference_of(draw(2, n), torch).outcome for n in reversed(numbers)]
    for first, second in zip(forwards, reversed(backwards)):
        assert (first == second) if isinstance(first, Raised) else all(
            np.array_equal(first[name], second[name], equal_nan=True) for name in first
        )  # fmt: skip


def test_what_a_library_lacks_is_not_asked(torch):
    class Narrow(Adapter):
        name = "narrow"

        def lacks(self, case):
            return "no groups" if (case.groups or 1) > 1 else None

    verdict = judge(parse("conv1d n1 c2 o2 h5 k2 g2"), torch, Narrow())
    assert (verdict.tier, verdict.lacks, verdict.checks, verdict.differences) == ("none", "no groups", (), ())


def test_checks_that_mean_nothing_to_a_library_are_left_out(torch):
    class Careless(Bent):
        skips = frozenset({"value"})

    verdict = run_case(parse("conv1d n1 c2 o2 h5 k2"), torch, Careless(torch, "output", lambda array: array + 1))
    assert verdict.differences == ()
    assert "value" not in verdict.checks


def test_a_library_without_gradients_is_asked_for_results_alone(torch):
    class Forward(Adapter):
        name = "forward"
        orders = 0

        def run(self, case, operands):
            return {"output": torch.run(case, operands)["output"]}

    assert judge(parse("conv1d n1 c2 o2 h5 k2 real"), torch, Forward()).differences == ()
