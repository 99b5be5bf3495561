"""A case and its line: what is written is read back, what is not understood is refused."""

import pytest

from conformance.case import DTYPES, FILLS, MODES, SPATIAL_AXES, Case, parse
from conformance.cases import draw

LINES = [
    "conv2d n2 c4 o6 h9x10 k3x5 s2 p1,2 d1 g2 bias reflect f32 real seed17",
    "conv1d c4 o6 h9 k3, s2, psame module lists bf16 ints seed0",
    "conv3d n0 c0 o1 h1x2x3 k2x2x2 s() p-1 mode=edge weight=4x3 weight=f64 bias=() bias=i8 f16 ints seed1",
    "conv_transpose2d n1 c2 o3 h4x5 k2 s3 op1,0 os1x3x12x13 module complex64 real seed999999",
    "fold n1 c12 h20 k3x2 os7 complex128 real seed5",
    "unfold c2 h5x6 k2x3 input=() u8 ints seed3",
    "pad h5 p1,-2 constant v-1.5 i64 ints seed2",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_comes_back(line):
    assert str(parse(line)) == line


def test_a_drawn_case_comes_back_from_its_line():
    cases = [draw(0, number) for number in range(1500)]
    assert [parse(str(case)) for case in cases] == cases


def test_the_order_of_tokens_is_free_and_defaults_are_filled_in():
    case = parse("conv2d seed4 k3x3 h5x5 c2 n1 o2 bias")
    assert case == Case("conv2d", batch=1, channels=2, out_channels=2, size=(5, 5), kernel=(3, 3), bias=True, seed=4)
    assert (case.dtype, case.fill, case.stride) == ("f32", "ints", None)


def test_an_int_a_pair_and_a_tuple_of_one_are_three_things():
    strides = [parse(f"conv2d s{text}").stride for text in ("2", "2,2", "2,", "()")]
    assert strides == [2, (2, 2), (2,), ()]


def test_a_channel_count_is_not_taken_for_a_dtype():
    assert parse("conv1d c64 complex64").channels == 64
    assert parse("conv1d c64 complex64").dtype == "complex64"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("", "unknown operation '', should be one of: conv1d"),
        ("conv4d n1", "unknown operation 'conv4d', should be one of: conv1d"),
        ("conv2d n1 q3", "unknown token 'q3' in the case 'conv2d n1 q3'"),
        ("conv2d k3xx3", "unknown token 'k3xx3'"),
        ("conv2d n1 n2", "the token 'n2' gives batch a second time"),
        ("conv2d f32 f64", "the token 'f64' gives dtype a second time"),
    ],
)
def test_what_is_not_understood_is_refused(line, text):
    with pytest.raises(ValueError, match="^" + text.replace("?", r"\?")):
        parse(line)


@pytest.mark.parametrize("word", [*DTYPES, *FILLS, *MODES])
def test_every_word_is_a_token(word):
    assert word in str(parse(f"conv2d {word}")).split()


def test_shapes_follow_from_the_tokens():
    assert parse("conv2d n2 c4 o6 h9x10 k3 g2 bias").shapes() == {
        "input": (2, 4, 9, 10),
        "weight": (6, 2, 3, 3),
        "bias": (6,),
    }
    assert parse("conv_transpose1d c4 o6 h9 k3 g2").shapes() == {"input": (4, 9), "weight": (4, 3, 3)}
    assert parse("fold n1 c12 h20 k3x2 os7").shapes() == {"input": (1, 12, 20)}


def test_a_given_shape_or_dtype_takes_the_place_of_the_one_that_follows():
    case = parse("conv1d n2 c4 o6 h9 k3 input=5x5 weight=1x2 weight=i8 bias=f64 f16")
    assert case.shapes() == {"input": (5, 5), "weight": (1, 2), "bias": (6,)}
    assert case.dtypes() == {"input": "f16", "weight": "i8", "bias": "f64"}


def test_impossible_groups_still_have_shapes():
    assert parse("conv1d c4 o6 h9 k3 g0").shapes()["weight"] == (6, 4, 3)
    assert parse("conv1d c4 o6 h9 k-1").shapes()["weight"] == (6, 4, 0)


def test_a_padding_mode_of_a_convolution_needs_a_module():
    assert parse("conv2d reflect").through_module
    assert parse("conv2d module").through_module
    assert not parse("conv2d").through_module
    assert not parse("pad reflect").through_module


def test_every_operation_has_spatial_axes():
    assert set(SPATIAL_AXES.values()) == {0, 1, 2, 3}
