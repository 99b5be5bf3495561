"""Sums over windows and their transpose, against loops; the memory layout of results."""

import itertools

import ml_dtypes
import numpy as np
import pytest

from pyconv.geometry.pool import Axis, adaptive, sliding
from pyconv.kernels import pool

AXES = [
    (sliding(5, 3, 2, 1, 1, 3), sliding(6, 2, 2, 0, 1, 3)),
    (sliding(5, 2, 3, 1, 2, 2), sliding(4, 4, 4, 0, 1, 1)),
    (adaptive(5, 3), adaptive(7, 4)),
    (adaptive(3, 7), adaptive(6, 2)),
    (adaptive(4, 1), adaptive(5, 1)),
    (sliding(4, 2, 2, 0, 1, 2), adaptive(5, 2), sliding(3, 3, 1, 1, 1, 3)),
]


def elements(axis: Axis, o):
    """What a window reads along a dimension."""
    every = (axis.starts[o] + t * axis.step for t in range(axis.reach[o]))
    return [i for i in every if 0 <= i < axis.size]


def looped(x, axes):
    out = np.zeros((*x.shape[: -len(axes)], *(axis.output for axis in axes)), x.dtype)
    for place in np.ndindex(*out.shape[-len(axes) :]):
        reads = itertools.product(*(elements(axis, o) for axis, o in zip(axes, place, strict=True)))
        out[(..., *place)] = sum(x[(..., *read)] for read in reads)
    return out


def draw(axes, dtype=np.float64):
    return np.random.default_rng(0).integers(-9, 10, (2, 3, *(axis.size for axis in axes))).astype(dtype)


@pytest.mark.parametrize("axes", AXES)
def test_window_sums_are_the_sums_of_the_windows(axes):
    x = draw(axes)
    assert np.array_equal(pool.window_sum(x, axes), looped(x, axes))


@pytest.mark.parametrize("axes", AXES)
def test_spreading_is_the_transpose(axes):
    x = draw(axes)
    g = np.random.default_rng(1).integers(-9, 10, pool.window_sum(x, axes).shape).astype(float)
    assert (pool.window_sum(x, axes) * g).sum() == (pool.window_spread(g, axes) * x).sum()


@pytest.mark.parametrize(("sum_", "by", "expected"), [(-7, 2, -3), (7, -2, -3), (-7, -2, 3), (7, 2, 3)])
def test_integers_are_divided_towards_zero(sum_, by, expected):
    assert pool.divided(np.array([[sum_]]), by).tolist() == [[expected]]


def test_divisors_multiply_along_the_dimensions():
    x = np.full((1, 2, 3), 12.0)
    assert pool.divided(x, ((1, 2), (1, 2, 3))).tolist() == [[[12, 6, 4], [6, 3, 2]]]


def test_a_sum_of_nothing_is_not_minus_zero():
    assert not np.signbit(pool.divided(np.zeros((1, 1)), -3)).any()


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16])
def test_half_types_are_rounded_once(dtype):
    axes = (adaptive(16, 1), adaptive(16, 1))
    x = np.random.default_rng(0).standard_normal((1, 16, 16)).astype(dtype)
    found = pool.average(x, axes, ((16,), (16,)))
    assert found.dtype == dtype
    assert found[0, 0, 0] == x.astype(np.float64).mean().astype(dtype)


def test_results_keep_channels_last():
    axes = AXES[0]
    x = np.moveaxis(np.ascontiguousarray(np.moveaxis(draw(axes), 1, -1)), -1, 1)
    assert pool.is_channels_last(x)
    found = pool.average(x, axes, 6)
    assert pool.is_channels_last(found)
    assert np.array_equal(found, pool.average(np.ascontiguousarray(x), axes, 6))
    assert pool.is_channels_last(pool.average_spread(found, axes, 6))
