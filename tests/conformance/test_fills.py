"""The numbers of a case: they depend on the case alone, are in their dtype and range, and lie in memory as asked."""

from dataclasses import replace

import numpy as np
import pytest

from conformance.case import DTYPES, LAYOUTS
from conformance.fills import SIGNIFICAND_BITS, draw, laid_out, numpy_dtype
from conformance.tokens import parse

CASE = parse("conv2d n2 c4 o6 h9x10 k3x5 bias f32 ints seed17")

LITERALS = {
    "conv1d n1 c2 o1 h3 k2 bias f32 ints seed17": {
        "input": [26.0, 6.0, -6.0, -18.0, 23.0, 1.0],
        "weight": [-29.0, 13.0, 6.0, 12.0],
        "bias": [-1.0],
        "cotangent": [[6.0, 7.0], [2.0, 8.0]],
        "input direction": [-3.0, -1.0],
    },
    "conv1d n1 c2 o1 h2 k1 f64 real seed17": {
        "input": [2.6275091022336436, -0.6352330913170515, 0.28799726276548343, 0.6213223565458555],
        "weight": [1.0056232201312538, -1.0147894836415132],
        "cotangent": [[0.42061046766015875, 1.2409756238510041], [0.1599615350272342, 0.014196532802646211]],
        "input direction": [-0.25560976803934177, 0.7111564093019881],
    },
    "conv1d n1 c1 o1 h3 k1 complex64 ints seed17": {
        "input": [2 - 2j, 6 + 7j, -6 + 1j],
        "weight": [-5 + 5j],
        "cotangent": [[6 - 4j, 7 - 6j], [2 + 1j, 8 - 5j]],
    },
    "pad c1 h3 p0,0 i8 seed17": {"input": [115, 75, 74]},
    "pad c1 h3 p0,0 u8 seed17": {"input": [115, 75, 74], "cotangent": [[123, 237], [19, 191]]},
    "pad c1 h2 p0,0 i64 seed17": {"input": [-2857865647823532941, 2969429415550431307]},
    "pad c1 h4 p0,0 bf16 real seed17": {"input": [2.625, -0.63671875, 0.287109375, 0.62109375]},
    "pad c1 h3 p0,0 f16 ints seed17": {"input": [2.0, 2.0, -2.0]},
}


@pytest.mark.parametrize("line", LITERALS)
def test_the_numbers_are_these_bit_for_bit_on_every_machine(line):
    operands = draw(parse(line))
    for name, values in LITERALS[line].items():
        found = operands.arrays[name] if name in operands.arrays else operands.draw(name, np.shape(values))
        assert found.tobytes() == np.array(values).astype(found.dtype).tobytes()


def test_a_case_has_the_same_numbers_each_time():
    first, second = draw(CASE), draw(CASE)
    assert all(np.array_equal(first.arrays[name], second.arrays[name]) for name in first.arrays)
    assert np.array_equal(first.draw("cotangent", (2, 6, 7, 6)), second.draw("cotangent", (2, 6, 7, 6)))


def test_another_seed_has_other_numbers():
    other = draw(replace(CASE, seed=18))
    assert not np.array_equal(draw(CASE).arrays["input"], other.arrays["input"])


def test_no_two_tensors_share_their_numbers():
    operands = draw(parse("conv1d n1 c4 o4 h3 k3 input=4x4x3 bias=4x4x3 f64 real"))
    names = ("cotangent", "input direction", "weight direction", "bias direction")
    arrays = [*operands.arrays.values(), *(operands.draw(name, (4, 4, 3)) for name in names)]
    assert len({array.tobytes() for array in arrays}) == len(arrays) == 7


def test_the_layout_does_not_change_the_numbers_of_the_others():
    plain, strided = draw(CASE), draw(replace(CASE, layout="strided"))
    assert all(np.array_equal(plain.arrays[name], strided.arrays[name]) for name in plain.arrays)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("fill", ["ints", "real"])
def test_every_array_has_the_dtype_of_the_case(dtype, fill):
    operands = draw(replace(CASE, dtype=dtype, fill=fill))
    dtypes = {array.dtype for array in operands.arrays.values()} | {operands.draw("cotangent", (2, 3)).dtype}
    assert dtypes == {numpy_dtype(dtype)}


def test_an_array_of_another_dtype_has_a_direction_of_that_dtype():
    operands = draw(parse("conv1d n1 c1 o1 h4 k2 bias weight=f64 bias=f16 f32 real"))
    assert operands.arrays["weight"].dtype == operands.draw("weight direction", (1, 1, 2)).dtype == np.float64
    assert operands.arrays["bias"].dtype == operands.draw("bias direction", (1,)).dtype == np.float16
    assert operands.draw("input direction", (2,)).dtype == operands.draw("cotangent", (2,)).dtype == np.float32


@pytest.mark.parametrize(
    ("dtype", "ranges"),
    [("f64", (32, 32, 8, 8)), ("f32", (32, 32, 8, 8)), ("f16", (4, 2, 8, 4)), ("bf16", (4, 4, 8, 4))],
)
def test_integer_fills_reach_their_range_and_have_no_zero(dtype, ranges):
    operands = draw(parse(f"conv2d n2 c8 o100 h20x20 k9x9 bias {dtype} ints"))
    arrays = [*operands.arrays.values(), operands.draw("cotangent", (40, 40))]
    for array, largest in zip(arrays, ranges, strict=True):
        values = array.astype(np.float64)
        assert set(np.unique(values)) == {sign * n for n in range(1, largest + 1) for sign in (-1, 1)}


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_both_parts_of_complex_integers_reach_their_range_and_have_no_zero(dtype):
    array = draw(parse(f"pad n9 c9 h99 p0,0 {dtype} ints")).arrays["input"]
    for part in (array.real, array.imag):
        assert set(np.unique(part)) == set(range(-8, 0)) | set(range(1, 9))
    assert abs(np.corrcoef(array.real.ravel(), array.imag.ravel())[0, 1]) < 0.1


def test_real_fills_are_bell_shaped_and_use_the_whole_significand():
    values = draw(parse("pad n9 c99 h99 p0,0 f64 real")).arrays["input"].ravel()
    assert 0.25 < (values < 0).mean() < 0.5
    assert 1.1 < values.std() < 1.3
    assert 2.5 < abs(values).max() <= 5
    assert np.count_nonzero(values * 2.0**48 % 1) > 0.8 * values.size


@pytest.mark.parametrize(("dtype", "least", "most"), [("i8", -128, 127), ("u8", 0, 255), ("i16", -(2**15), 2**15 - 1)])
def test_integer_dtypes_take_their_full_range(dtype, least, most):
    array = draw(parse(f"pad n99 c99 h99 p0,0 {dtype}")).arrays["input"].astype(int)
    assert (array.min(), array.max()) == (least, most)


def test_wide_integer_dtypes_take_high_and_low_bits():
    for dtype, bits in (("i32", 32), ("i64", 64)):
        array = draw(parse(f"pad n9 c9 h9 p0,0 {dtype}")).arrays["input"]
        assert array.min() < -(2 ** (bits - 2)) < 2 ** (bits - 2) < array.max()
        assert {0, 1} == set(np.unique(array & 1))


def test_an_integer_bias_of_a_float_stays_small():
    assert set(draw(parse("conv1d c1 o64 h3 k3 bias=i64 f32")).arrays["bias"]) == set(range(9))


def test_a_reduction_halves_the_range_of_one_tensor_and_leaves_the_others():
    whole, halved = draw(CASE), draw(CASE, {"input": 2})
    assert np.abs(halved.arrays["input"]).max() == 8
    assert np.count_nonzero(halved.arrays["input"]) == halved.arrays["input"].size
    assert np.array_equal(np.sign(halved.arrays["input"]), np.sign(whole.arrays["input"]))
    assert np.array_equal(halved.arrays["weight"], whole.arrays["weight"])


def test_reductions_beyond_one_make_a_random_half_zero_each():
    ones = draw(CASE, {"input": 5}).arrays["input"]
    assert set(np.unique(ones)) == {-1, 1}
    thin = draw(CASE, {"input": 7}).arrays["input"]
    kept = thin != 0
    assert 0.17 < kept.mean() < 0.33
    assert np.array_equal(thin[kept], ones[kept])


def test_cotangents_are_reduced_too():
    assert np.abs(draw(CASE, {"cotangent": 3}).draw("cotangent", (40,))).max() == 1


def test_mapped_operands_have_mapped_cotangents():
    operands = draw(CASE)
    doubled = operands.mapped(lambda array: 2 * array)
    assert np.array_equal(doubled.arrays["weight"], 2 * operands.arrays["weight"])
    assert np.array_equal(doubled.draw("cotangent", (3,)), 2 * operands.draw("cotangent", (3,)))


def test_roundoffs_are_those_of_numpy():
    for dtype in ("f16", "f32", "f64", "complex64", "complex128"):
        assert np.finfo(numpy_dtype(dtype)).eps == 2.0 ** (1 - SIGNIFICAND_BITS[dtype])


PLAIN = np.arange(1.0, 25.0, dtype=np.float32).reshape(2, 3, 4)


@pytest.mark.parametrize("layout", [None, *LAYOUTS])
@pytest.mark.parametrize("shape", [(2, 3, 4), (5,), (1, 1), (3, 1), (1, 4), (2, 2, 3, 5)])
def test_a_layout_keeps_shape_and_dtype_and_all_but_one_the_values(layout, shape):
    plain = np.arange(1, np.prod(shape) + 1, dtype=np.int16).reshape(shape)
    found = laid_out(plain.copy(), layout)
    assert (found.shape, found.dtype) == (plain.shape, plain.dtype)
    assert np.array_equal(found, plain) or layout == "overlapping"


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 0)])
def test_an_array_of_no_axes_or_of_no_elements_stays_what_it_is(layout, shape):
    plain = np.zeros(shape)
    assert laid_out(plain, layout) is plain


def test_contiguous_is_the_array_itself():
    assert laid_out(PLAIN, None) is PLAIN


def test_strided_is_every_second_element_with_no_number_between():
    found = laid_out(PLAIN.copy(), "strided")
    assert found.strides == (96, 32, 8)
    between = np.lib.stride_tricks.as_strided(found.base.ravel()[1:], found.shape, found.strides)
    assert np.isnan(between).all()


def test_strided_integers_have_an_odd_number_between():
    found = laid_out(np.arange(4, dtype=np.int8), "strided")
    assert found.strides == (2,)
    assert found.base.tolist() == [0, 77, 1, 77, 2, 77, 3, 77]


def test_strided_bfloat16_has_no_number_between():
    found = laid_out(np.ones(3, numpy_dtype("bf16")), "strided")
    assert np.isnan(found.base[1::2].astype(float)).all()


def test_fortran_has_the_first_axis_as_the_fastest():
    found = laid_out(PLAIN.copy(), "fortran")
    assert found.strides == (4, 8, 24)
    assert found.flags.f_contiguous
    assert not found.flags.c_contiguous


def test_reversed_has_negative_strides():
    assert laid_out(PLAIN.copy(), "reversed").strides == (-48, -16, -4)


def test_readonly_cannot_be_written():
    found = laid_out(PLAIN.copy(), "readonly")
    assert not found.flags.writeable
    assert found.flags.c_contiguous


def test_overlapping_rows_share_all_but_one_element():
    found = laid_out(PLAIN.copy(), "overlapping")
    assert found.strides[-2:] == (4, 4)
    assert np.array_equal(found[:, 1:, :-1], found[:, :-1, 1:])
    assert np.array_equal(found[:, 0], PLAIN[:, 0])
    assert np.array_equal(found[:, :, -1], PLAIN[:, :, -1])


def test_an_overlapping_vector_is_one_element():
    found = laid_out(np.arange(5.0, 9.0), "overlapping")
    assert (found.strides, set(found)) == ((0,), {5.0})


@pytest.mark.parametrize(
    ("layout", "has"),
    [
        ("strided", lambda array: array.strides[-1] == 2 * array.itemsize),
        ("fortran", lambda array: array.strides[0] == array.itemsize),
        ("reversed", lambda array: array.strides[-1] == -array.itemsize),
        ("readonly", lambda array: not array.flags.writeable),
        ("overlapping", lambda array: array.strides[-2] == array.strides[-1]),
    ],
)
def test_input_weight_and_cotangent_are_laid_out_and_the_bias_is_not(layout, has):
    operands = draw(replace(CASE, layout=layout))
    cotangent = operands.draw("cotangent", (2, 6, 7, 6))
    assert has(operands.arrays["input"])
    assert has(operands.arrays["weight"])
    assert has(cotangent)
    for plain in (operands.arrays["bias"], operands.draw("input direction", (2, 4, 9, 10))):
        assert plain.flags.c_contiguous
        assert plain.flags.writeable
