"""The numbers of a case: they depend on the case alone, and are in their dtype and range."""

from dataclasses import replace

import numpy as np
import pytest

from conformance.case import DTYPES, parse
from conformance.fills import SIGNIFICAND_BITS, draw, numpy_dtype

CASE = parse("conv2d n2 c4 o6 h9x10 k3x5 bias f32 ints seed17")


def test_a_case_has_the_same_numbers_each_time():
    first, second = draw(CASE), draw(CASE)
    assert all(np.array_equal(first.arrays[name], second.arrays[name]) for name in first.arrays)
    assert np.array_equal(first.cotangent((2, 6, 7, 6)), second.cotangent((2, 6, 7, 6)))


def test_another_seed_has_other_numbers():
    other = draw(replace(CASE, seed=18))
    assert not np.array_equal(draw(CASE).arrays["input"], other.arrays["input"])


def test_the_operands_do_not_share_their_numbers():
    arrays = draw(parse("conv1d n1 c4 o4 h3 k3 input=4x4x3")).arrays
    assert not np.array_equal(arrays["input"], arrays["weight"])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("fill", ["ints", "real"])
def test_every_array_has_the_dtype_of_the_case(dtype, fill):
    operands = draw(replace(CASE, dtype=dtype, fill=fill))
    dtypes = {array.dtype for array in operands.arrays.values()} | {operands.cotangent((2, 3)).dtype}
    assert dtypes == {numpy_dtype(dtype)}


def test_integer_fills_reach_their_range_and_not_beyond():
    arrays = draw(parse("conv2d n2 c8 o8 h20x20 k9x9 bias f32 ints")).arrays
    assert (arrays["input"].min(), arrays["input"].max()) == (-32, 32)
    assert (arrays["weight"].min(), arrays["weight"].max()) == (-32, 32)
    assert abs(arrays["bias"]).max() <= 8
    assert all(np.array_equal(array, np.round(array)) for array in arrays.values())


def test_integer_dtypes_take_their_full_range():
    array = draw(parse("pad n9 c9 h99 p0,0 i8")).arrays["input"]
    assert (array.min(), array.max()) == (-128, 127)


def test_an_integer_bias_of_a_float_stays_small():
    assert set(draw(parse("conv1d c1 o64 h3 k3 bias=i64 f32")).arrays["bias"]) <= set(range(9))


def test_a_halving_thins_one_operand_and_leaves_the_others():
    whole, thin = draw(CASE), draw(CASE, {"input": 2})
    kept = thin.arrays["input"] != 0
    assert 0.15 < kept.sum() / np.count_nonzero(whole.arrays["input"]) < 0.35
    assert np.array_equal(thin.arrays["input"][kept], whole.arrays["input"][kept])
    assert np.array_equal(thin.arrays["weight"], whole.arrays["weight"])


def test_mapped_operands_have_mapped_cotangents():
    operands = draw(CASE)
    doubled = operands.mapped(lambda array: 2 * array)
    assert np.array_equal(doubled.arrays["weight"], 2 * operands.arrays["weight"])
    assert np.array_equal(doubled.cotangent((3,)), 2 * operands.cotangent((3,)))


def test_roundoffs_are_those_of_numpy():
    for dtype in ("f16", "f32", "f64", "complex64", "complex128"):
        assert np.finfo(numpy_dtype(dtype)).eps == 2.0 ** (1 - SIGNIFICAND_BITS[dtype])
