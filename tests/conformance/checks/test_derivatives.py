"""The adjoint identities: they hold in torch for every operation, and fail for whatever breaks them alone."""

import numpy as np
import pytest

from conformance.case import SPATIAL_AXES
from conformance.cases import draw
from conformance.checks import adjoint, second
from conformance.checks.difference import Difference
from tests.conformance.checks.bent import Bent, found

LINES = [
    "conv2d n2 c2 o2 h5x6 k3x3 s2 p1 bias f64 real seed1",
    "conv2d n2 c2 o2 h5x6 k3x3 p1 bias complex64 real seed2",
    "conv2d n2 c2 o4 h5x6 k3x3 p1 g2 bias complex128 ints seed3",
    *(f"conv2d n2 c2 o2 h5x6 k3x4 psame bias {mode} f32 real seed4" for mode in ("reflect", "replicate", "circular")),
    "conv1d n2 c2 o2 h5 k2 p3 circular complex64 real seed5",
    "conv_transpose2d n2 c4 o2 h3x4 k3 s2 op1 g2 bias f32 real seed6",
    "conv_transpose1d n2 c4 o2 h3 k3 s2 bias complex64 ints seed7",
    "unfold n1 c2 h5x6 k3 p1 complex64 real seed8",
    "fold n1 c8 h20 k2 os5x6 f32 real seed9",
    *(f"pad n1 c2 h5x6 p1,2,2,1 {mode} f64 real seed10" for mode in ("constant", "reflect", "replicate", "circular")),
]


def _spun(name):
    """That map turned in the complex plane or, where it is real, upside down."""
    return lambda case, maps: maps | {name: maps[name] * (1j if maps[name].dtype.kind == "c" else -1)}


@pytest.mark.parametrize("line", LINES)
def test_the_identity_holds_in_torch(torch, line):
    assert found(adjoint, torch, line, torch) == []


@pytest.mark.parametrize("number", range(400, 430))
def test_it_holds_in_any_drawn_case(torch, number):
    assert found(adjoint, torch, str(draw(11, number)), torch) == []


@pytest.mark.parametrize("line", LINES)
def test_a_wrong_gradient_of_the_input_breaks_it(torch, line):
    differences = found(adjoint, torch, line, Bent(run=_spun("input gradient")))
    assert [(d.check, d.where) for d in differences] == [("adjoint", "input gradient")]
    assert differences[0].expected.startswith("⟨cotangent, output⟩ = ")
    assert differences[0].got.startswith("⟨input gradient, input⟩ = ")


@pytest.mark.parametrize("line", [line for line in LINES if line.startswith("conv")])
def test_a_wrong_gradient_of_the_weight_breaks_it(torch, line):
    differences = found(adjoint, torch, line, Bent(run=_spun("weight gradient")))
    assert [d.where for d in differences] == ["weight gradient"]


@pytest.mark.parametrize("name", ["output", "bias gradient"])
def test_a_wrong_output_or_gradient_of_the_bias_breaks_both(torch, name):
    differences = found(adjoint, torch, LINES[0], Bent(run=_spun(name)))
    assert [d.where for d in differences] == ["input gradient", "weight gradient"]


def test_a_gradient_that_is_not_conjugated_breaks_it(torch):
    line = "conv1d n1 c1 o1 h5 k2 complex64 ints seed5"
    plain = Bent(run=lambda case, maps: {name: np.conj(array) for name, array in maps.items()})
    assert found(adjoint, torch, line, plain) != []


def test_what_a_bound_allows_breaks_nothing(torch):
    nudged = Bent(run=lambda case, maps: {n: np.nextafter(a, np.inf, dtype=a.dtype) for n, a in maps.items()})
    assert found(adjoint, torch, "conv2d n2 c2 o2 h5x6 k3x3 bias f32 real seed1", nudged) == []


@pytest.mark.parametrize(
    "line",
    [
        "pad n1 c2 h4 p1,2 v1.5 f32 ints seed7",
        "conv1d n1 c2 o2 h5 k2 i8 ints seed9",
        "conv1d n1 c2 o2 h5 k6 seed8",
        "conv_transpose2d n1 c1 o2 h1x2 k2x2 d2 op1,1 bias=i32 f64 real seed136774",
    ],
    ids=["a constant is no linear map", "integers have no gradients", "torch refuses", "the bias has no gradient"],
)
def test_where_there_is_no_identity_nothing_is_asked(torch, line):
    assert found(adjoint, torch, line, Bent(run=lambda case, maps: {n: -a for n, a in maps.items()})) == []


def test_maps_of_other_shapes_are_left_to_the_check_of_shapes(torch):
    wide = Bent(run=lambda case, maps: {name: array[None] for name, array in maps.items()})
    assert found(adjoint, torch, LINES[0], wide) == []


@pytest.mark.parametrize("op", SPATIAL_AXES)
def test_second_derivatives_of_torch_pass_whatever_the_operation(torch, op):
    for number in (n for n in range(120, 132) if n % 4 != 3):
        assert found(second, torch, str(draw(12, number, [op])), torch) == []


def _failing(case, maps):
    raise RuntimeError("no second time")


def test_no_second_derivative_at_all_is_an_outcome(torch):
    difference = Difference("outcome", "second derivatives", "no error", "RuntimeError: no second time")
    assert found(second, torch, LINES[0], Bent(second=_failing)) == [difference]


def test_a_library_that_differentiates_once_is_not_asked_for_the_second_time(torch):
    once = Bent(second=_failing)
    once.orders = 1
    assert found(second, torch, LINES[0], once) == []
