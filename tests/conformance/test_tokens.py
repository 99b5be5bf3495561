"""A case and its line: what is written is read back, what is not understood is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.case import DTYPES, FILLS, LAYOUTS, MODES, SPATIAL_AXES, Case
from conformance.cases import draw
from conformance.tokens import parse, to_text

LINES = [
    "conv2d n2 c4 o6 h9x10 k3x5 s2 p1,2 d1 g2 bias reflect f32 real seed17",
    "conv1d c4 o6 h9 k3, s2, psame module lists bf16 ints seed0",
    "conv3d n0 c0 o1 h1x2x3 k2x2x2 s() p-1 mode=edge weight=4x3 weight=f64 bias=() bias=i8 f16 ints seed1",
    "conv_transpose2d n1 c2 o3 h4x5 k2 s3 op1,0 os1x3x12x13 module complex64 real seed999999",
    "conv_transpose1d n1 c2 o3 h4 k2 op() os7, overlapping f64 real seed3",
    "fold n1 c12 h20 k3x2 os7 strided complex128 real seed5",
    "unfold c2 h5x6 k2x3 input=() u8 ints seed3",
    "pad h5 p1,-2 constant v-1.5 readonly i64 ints seed2",
    "pad h() p0,0 v1e-05 f32 ints seed2",
    "conv2d n1 c1 o1 h4 k2x2 mode=a_word weight=0x2 weight=bf16 i16 ints seed0",
]
SIZES = st.lists(st.integers(-9, 20), max_size=4).map(tuple)
ARGUMENTS = st.none() | st.integers(-9, 99) | SIZES
WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
CASES = st.builds(
    Case,
    st.sampled_from(list(SPATIAL_AXES)),
    batch=st.none() | st.integers(0, 9),
    channels=st.none() | st.integers(0, 99),
    out_channels=st.none() | st.integers(0, 99),
    size=st.none() | SIZES,
    kernel=ARGUMENTS,
    stride=ARGUMENTS,
    padding=ARGUMENTS | WORDS,
    dilation=ARGUMENTS,
    groups=st.none() | st.integers(-9, 9),
    output_padding=ARGUMENTS,
    output_size=ARGUMENTS,
    bias=st.booleans(),
    mode=st.none() | st.sampled_from(MODES) | WORDS,
    value=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    module=st.booleans(),
    lists=st.booleans(),
    input_shape=st.none() | SIZES,
    weight_shape=st.none() | SIZES,
    weight_dtype=st.none() | st.sampled_from(list(DTYPES)),
    bias_shape=st.none() | SIZES,
    bias_dtype=st.none() | st.sampled_from(list(DTYPES)),
    layout=st.none() | st.sampled_from(LAYOUTS),
    dtype=st.sampled_from(list(DTYPES)),
    fill=st.sampled_from(FILLS),
    seed=st.integers(0, 10**12),
)


@pytest.mark.parametrize("line", LINES)
def test_a_line_comes_back(line):
    assert to_text(parse(line)) == str(parse(line)) == line


@given(CASES)
def test_any_case_comes_back_from_its_line(case):
    assert parse(str(case)) == case


def test_a_drawn_case_comes_back_from_its_line():
    cases = [draw(0, number) for number in range(1500)]
    assert [parse(str(case)) for case in cases] == cases


@given(st.permutations(LINES[0].split()[1:]))
def test_the_order_of_tokens_is_free(words):
    assert str(parse(" ".join(["conv2d", *words]))) == LINES[0]


def test_defaults_are_filled_in():
    case = parse("conv2d seed4 k3x3 h5x5 c2 n1 o2 bias")
    assert case == Case("conv2d", batch=1, channels=2, out_channels=2, size=(5, 5), kernel=(3, 3), bias=True, seed=4)
    assert (case.dtype, case.fill, case.stride, case.layout) == ("f32", "ints", None, None)


def test_an_int_a_pair_and_a_tuple_of_one_are_three_things():
    strides = [parse(f"conv2d s{text}").stride for text in ("2", "2,2", "2,", "()")]
    assert strides == [2, (2, 2), (2,), ()]


def test_a_shape_of_one_axis_needs_no_comma():
    assert parse("conv1d h5 input=7 weight=3").size == (5,)
    assert parse("conv1d h5 input=7 weight=3").input_shape == (7,)


def test_a_channel_count_is_not_taken_for_a_dtype_nor_an_output_size_for_channels():
    case = parse("conv_transpose1d c64 complex64 o6 os6 op6")
    assert (case.channels, case.dtype) == (64, "complex64")
    assert (case.out_channels, case.output_size, case.output_padding) == (6, 6, 6)


def test_a_shape_and_a_dtype_of_a_weight_are_two_tokens():
    case = parse("conv1d weight=3x4 weight=f64 bias=f16 bias=2")
    assert (case.weight_shape, case.weight_dtype, case.bias_shape, case.bias_dtype) == ((3, 4), "f64", (2,), "f16")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("", "unknown operation '', should be one of: conv1d"),
        ("conv4d n1", "unknown operation 'conv4d', should be one of: conv1d"),
        ("conv2d n1 q3", "unknown token 'q3' in the case 'conv2d n1 q3'"),
        ("conv2d k3xx3", "unknown token 'k3xx3'"),
        ("conv2d sideways", "unknown token 'sideways'"),
        ("conv2d seed-1", "unknown token 'seed-1'"),
        ("conv2d n1 n2", "the token 'n2' gives batch a second time"),
        ("conv2d f32 f64", "the token 'f64' gives dtype a second time"),
        ("conv2d strided fortran", "the token 'fortran' gives layout a second time"),
        ("conv2d reflect mode=edge", "the token 'mode=edge' gives mode a second time"),
    ],
)
def test_what_is_not_understood_is_refused(line, text):
    with pytest.raises(ValueError, match="^" + text):
        parse(line)


@pytest.mark.parametrize("word", [*DTYPES, *FILLS, *MODES, *LAYOUTS, "bias", "module", "lists"])
def test_every_word_is_a_token(word):
    assert word in str(parse(f"conv2d {word}")).split()
