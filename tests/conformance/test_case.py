"""What follows from the fields of a case: shapes, dtypes, axes, the way in."""

import pytest

from conformance.case import DTYPES, SPATIAL_AXES, Case, is_integer
from conformance.tokens import parse


def test_shapes_follow_from_the_tokens():
    assert parse("conv2d n2 c4 o6 h9x10 k3 g2 bias").shapes() == {
        "input": (2, 4, 9, 10),
        "weight": (6, 2, 3, 3),
        "bias": (6,),
    }
    assert parse("conv_transpose1d c4 o6 h9 k3 g2").shapes() == {"input": (4, 9), "weight": (4, 3, 3)}
    assert parse("fold n1 c12 h20 k3x2 os7").shapes() == {"input": (1, 12, 20)}
    assert parse("pad h5x6 p1,1").shapes() == {"input": (5, 6)}


def test_a_given_shape_or_dtype_takes_the_place_of_the_one_that_follows():
    case = parse("conv1d n2 c4 o6 h9 k3 input=5x5 weight=1x2 weight=i8 bias=f64 f16")
    assert case.shapes() == {"input": (5, 5), "weight": (1, 2), "bias": (6,)}
    assert case.dtypes() == {"input": "f16", "weight": "i8", "bias": "f64"}


def test_a_bias_that_has_a_shape_is_there():
    assert parse("conv1d n2 c4 o6 h9 k3 bias=7x1").shapes()["bias"] == (7, 1)
    assert "bias" not in parse("conv1d n2 c4 o6 h9 k3").shapes()


def test_impossible_groups_and_kernels_still_have_shapes():
    assert parse("conv1d c4 o6 h9 k3 g0").shapes()["weight"] == (6, 4, 3)
    assert parse("conv1d c4 o6 h9 k3 g5").shapes()["weight"] == (6, 0, 3)
    assert parse("conv1d c4 o6 h9 k-1").shapes()["weight"] == (6, 4, 0)
    assert parse("conv2d c4 o6 h9x9 k1x2x3").shapes()["weight"] == (6, 4, 1, 2, 3)


def test_an_argument_along_the_axes():
    case = Case("conv3d")
    assert case.axes(2) == case.axes((2,)) == (2, 2, 2)
    assert case.axes((1, 2, 3)) == (1, 2, 3)
    assert (case.axes(None), case.axes(None, 0)) == ((1, 1, 1), (0, 0, 0))
    assert case.axes(()) == ()


def test_a_padding_mode_of_a_convolution_needs_a_module():
    assert parse("conv2d reflect").through_module
    assert parse("conv2d module").through_module
    assert not parse("conv2d").through_module
    assert not parse("pad reflect").through_module


@pytest.mark.parametrize("op", SPATIAL_AXES)
def test_an_operation_knows_what_it_is(op):
    case = Case(op)
    assert case.is_transposed == ("transpose" in op)
    assert case.is_convolution == ("conv" in op)
    assert ("weight" in case.shapes()) == case.is_convolution


def test_every_operation_has_spatial_axes():
    assert set(SPATIAL_AXES.values()) == {0, 1, 2, 3}


def test_integer_dtypes():
    assert {dtype for dtype in DTYPES if is_integer(dtype)} == {"i64", "i32", "i16", "i8", "u8"}
