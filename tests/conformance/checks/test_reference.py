"""What is right about a case: exact sums, yardsticks, what is moved and not computed, what torch gets wrong."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from conformance.case import SPATIAL_AXES, is_integer
from conformance.cases import draw as draw_case
from conformance.checks.difference import Raised
from conformance.checks.reference import Live, attempt, in_double
from conformance.fills import SIGNIFICAND_BITS, draw
from conformance.tokens import parse

CONV = "conv2d n2 c2 o2 h5x6 k2x3 bias f32 real seed1"


@pytest.fixture(autouse=True)
def _quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _taxicab(array):
    return (np.abs(array.real) + np.abs(array.imag)).astype(np.float64)


@pytest.mark.parametrize("op", SPATIAL_AXES)
def test_every_exact_sum_of_magnitudes_fits_the_significand(torch, op):
    for number in (n for n in range(120) if n % 4 != 3):
        case = replace(draw_case(6, number, [op]), fill="ints")
        if is_integer(case.dtype):
            continue
        live = Live(case, torch)
        sums = torch.run(in_double(case), live.operands.mapped(_taxicab))
        assert max(array.max(initial=0) for array in sums.values()) <= 2.0 ** SIGNIFICAND_BITS[case.dtype]
        assert all(
            np.array_equal(live.exact[n], array.astype(live.exact[n].dtype)) for n, array in live.outcome.items()
        )


def test_small_cases_are_not_reduced_and_real_ones_and_integers_never(torch):
    large = "n3 c16 o16 h9x9 k5x5 p2"
    assert Live(parse(CONV.replace("real", "ints")), torch).reductions == {}
    assert Live(parse(f"conv2d {large} f16 real"), torch).reductions == {}
    assert Live(parse(f"conv2d {large} i8 ints"), torch).reductions == {}


def test_a_long_sum_reduces_the_input_and_the_cotangent(torch):
    live = Live(parse("conv2d n3 c48 o48 h9x9 k5x5 p2 f16 ints"), torch)
    assert set(live.reductions) == {"input", "cotangent"}
    assert min(live.reductions.values()) > 0
    plain = draw(live.case)
    assert np.abs(live.operands.arrays["input"]).max() < np.abs(plain.arrays["input"]).max()
    assert np.array_equal(live.operands.arrays["weight"], plain.arrays["weight"])


def test_a_yardstick_is_the_value_in_double_and_the_bound_of_its_own_sum(torch):
    live = Live(parse(CONV), torch)
    x, w, b = (live.operands.arrays[name].astype(float) for name in ("input", "weight", "bias"))
    output = live.yardsticks["output"]
    place = (1, 0, 2, 1)
    window = x[1, :, 2:4, 1:4]
    assert output.values[place] == pytest.approx((window * w[0]).sum() + b[0], rel=1e-14)
    magnitude = (abs(window) * abs(w[0])).sum() + abs(b[0])
    assert output.bound[place] == pytest.approx((2 + 2 * np.sqrt(13)) * 2.0**-24 * magnitude, rel=1e-12)
    assert set(live.yardsticks) == {"output", "input gradient", "weight gradient", "bias gradient"}


def test_the_terms_of_a_gradient_are_counted_too(torch):
    live = Live(parse("conv1d n4 c1 o1 h30 k3 bias f32 real seed1"), torch)
    cotangent = live.operands.draw("cotangent", (4, 1, 28)).astype(float)
    bound = (2 + 2 * np.sqrt(112)) * 2.0**-24 * abs(cotangent).sum()
    assert live.yardsticks["bias gradient"].bound == pytest.approx([bound], rel=1e-12)


@pytest.mark.parametrize("line", ["pad c1 h4 p1,1 reflect real", "unfold c1 h4x4 k2 real"])
def test_an_output_that_is_only_moved_has_no_yardstick_and_its_gradient_has(torch, line):
    assert set(Live(parse(line), torch).yardsticks) == {"input gradient"}


@pytest.mark.parametrize("line", ["conv1d n1 c1 o1 h5 k2 ints", "conv1d n1 c1 o1 h2 k3 real"])
def test_integers_and_errors_have_no_yardsticks(torch, line):
    assert Live(parse(line), torch).yardsticks == {}


def test_second_derivatives_are_measured_in_both_tiers(torch):
    for fill in ("ints", "real"):
        maps, yardsticks = Live(parse(CONV.replace("real", fill)), torch).second
        assert list(maps) == [f"second derivative by {name}" for name in ("input", "weight", "cotangent")]
        assert maps.keys() == yardsticks.keys()


def test_what_an_integer_dtype_gives_is_not_known_otherwise(torch):
    assert Live(parse("conv1d n1 c1 o1 h5 k2 i8"), torch).exact == {}


def test_an_answer_is_maps_or_what_is_raised(torch):
    case = parse("conv1d n1 c1 o1 h2 k3 f32")
    assert isinstance(attempt(torch.run, parse(CONV), draw(parse(CONV))), dict)
    found = attempt(torch.run, case, draw(case))
    assert isinstance(found, Raised)
    assert found.kind == "RuntimeError"
    assert found == Live(case, torch).outcome


def test_ctrl_c_is_no_answer():
    def interrupted(case, operands):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(interrupted, parse(CONV), draw(parse(CONV)))


def test_a_module_that_cannot_be_made_is_told_by_what_it_raises(torch):
    facts = Live(parse("conv1d n1 c1 o1 h5 k2 g0 module"), torch).facts
    assert facts == Raised("ValueError", "groups must be a positive integer")
    assert Live(parse("conv1d n1 c1 o1 h5 k2"), torch).facts is None


def test_in_double_precision_every_operand_is_of_one_dtype():
    case = in_double(parse("conv1d n1 c1 o1 h5 k2 bias weight=f16 bias=i8 f32"))
    assert set(case.dtypes().values()) == {"f64"}
