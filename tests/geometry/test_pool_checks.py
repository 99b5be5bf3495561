"""The sizes that pooling refuses."""

import pytest

from pyconv.geometry.pool_checks import Pool, axes_2d, axes_3d, check_fractional, check_max_1d, check_samples

FLAT = Pool((2, 2), (2, 2), (0, 0), (1, 1), False)
DEEP = Pool((2, 2, 2), (2, 2, 2), (0, 0, 0), (1, 1, 1), False)


def test_axes_are_one_for_each_dimension():
    assert [axis.output for axis in axes_2d((2, 3, 6, 7), FLAT)] == [3, 3]
    assert [axis.output for axis in axes_3d((3, 4, 6, 9), DEEP, "f", True)] == [2, 3, 4]
    assert [axis.output for axis in axes_2d((0, 3, 6, 7), FLAT)] == [3, 3]


@pytest.mark.parametrize(
    ("shape", "pool", "text"),
    [
        ((2, 0, 6, 6), FLAT, r"Expected 3D or 4D .* but got:\[2, 0, 6, 6\]"),
        ((0, 6, 6), FLAT, r"but got:\[0, 6, 6\]"),
        ((1, 1, 1, 6, 6), FLAT, r"but got:\[1, 1, 1, 6, 6\]"),
        ((3, 1, 6), FLAT, r"Given input size: \(3x1x6\). Calculated output size: \(3x0x3\). Output size is too small"),
        ((3, 6, 6), Pool((2, -1), (2, 2), (0, 0), (1, 1), False), "kernel size .* got kH: 2 kW: -1"),
        ((3, 6, 6), Pool((2, 2), (2, -2), (0, 0), (1, 1), False), "stride .* got dH: 2 dW: -2"),
        ((3, 6, 6), Pool((2, 2), (2, 2), (0, 0), (1, 0), False), "dilation .* got dilationH: 1 dilationW: 0"),
        ((3, 6, 6), Pool((3, 3), (1, 1), (2, 0), (2, 2), False), "got padW = 0, padH = 2, kW = 3, kH = 3"),
    ],
)
def test_two_dimensions(shape, pool, text):
    with pytest.raises(RuntimeError, match=text):
        axes_2d(shape, pool)


@pytest.mark.parametrize(
    ("shape", "pool", "text"),
    [
        ((2, 0, 6, 6, 6), DEEP, r"f: Expected input's non-batch .* \[2, 0, 6, 6, 6\] and non-batch dimension 0 has"),
        ((1, 6, 1, 6), DEEP, r"input image \(T: 6 H: 1 W: 6\) smaller than kernel size \(kT: 2 kH: 2 kW: 2\)"),
        (
            (1, 6, 6, 6),
            Pool((3, 3, 3), (1, 1, 1), (2, 0, 0), (2, 2, 2), False),
            "kT: 3 kW: 3 kH: 3 padT: 2 padW: 0 padH: 0",
        ),
    ],
)
def test_three_dimensions(shape, pool, text):
    with pytest.raises(RuntimeError, match=text):
        axes_3d(shape, pool, "f", True)


@pytest.mark.parametrize(
    ("shape", "sizes", "text"),
    [
        ((6,), ((2,), (), (0,), (1,)), r"max_pool1d: Expected 2D or 3D .* but got:\[6\]"),
        ((2, 6), ((2, 2), (), (0,), (1,)), "kernel_size must be an int, .* but got size 2"),
        ((2, 6), ((2,), (1, 1), (0,), (1,)), "stride must be None, .* but got size 2"),
        ((2, 6), ((2,), (), (), (1,)), "padding must be an int, .* but got size 0"),
        ((2, 6), ((2,), (), (0,), ()), "dilation must be an int, .* but got size 0"),
        ((2, 6), ((0,), (), (0,), (1,)), "kernel_size must be greater than zero, but got 0"),
        ((2, 6), ((2,), (-1,), (0,), (1,)), "stride must be greater than zero, but got -1"),
        ((2, 6), ((2,), (), (-1,), (1,)), "padding must be non-negative, but got -1"),
        ((2, 6), ((3,), (), (2,), (2,)), "at most half of kernel size, but got padding=2 and kernel_size=3"),
        ((2, 6), ((2,), (), (0,), (0,)), "dilation must be greater than zero, but got 0"),
        ((2, 6), ((7,), (), (0,), (1,)), "Invalid computed output size: 0"),
    ],
)
def test_one_dimension(shape, sizes, text):
    with pytest.raises(RuntimeError, match=text):
        check_max_1d(shape, sizes, False)


def test_one_dimension_becomes_two():
    assert check_max_1d((2, 6), ((2,), (), (1,), (1,)), True) == Pool((1, 2), (1, 2), (0, 1), (1, 1), True)


def test_fractional_windows_end_before_the_input_in_three_dimensions_only():
    check_fractional((1, 6, 6), (2, 2), (5, 5))
    with pytest.raises(RuntimeError, match="pool width 2 too large relative to input width 6"):
        check_fractional((1, 9, 9, 6), (2, 2, 2), (5, 5, 5))


@pytest.mark.parametrize(
    ("samples", "same", "text"),
    [
        ((2, 3, 2), False, "same dtype as input"),
        ((3, 2), True, "to have 3 dimensions, got 2"),
        ((1, 3, 2), True, "no less then input batch size"),
        ((2, 2, 2), True, "equals to input channel size"),
        ((2, 3, 3), True, "equals to 2; got 3"),
    ],
)
def test_samples(samples, same, text):
    with pytest.raises(RuntimeError, match=text):
        check_samples((2, 3, 6, 6), samples, same)
