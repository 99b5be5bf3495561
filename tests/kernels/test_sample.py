"""Sampling beside a loop over the points, and its derivatives beside differences."""

import itertools

import numpy as np
import pytest

from pyconv.kernels.sample import Sampling, sample, slope, spread
from pyconv.kernels.sample_points import axis_of, weights

RNG = np.random.default_rng(0)
EVERY = [
    Sampling(mode, padding, corners)
    for mode in ("bilinear", "nearest", "bicubic")
    for padding in ("zeros", "border", "reflection")
    for corners in (False, True)
]


def expected(x, grid):
    """Bilinear sampling of one channel with zeros outside and corners aligned, point by point."""
    out = np.zeros(len(grid))
    for p, point in enumerate(grid):
        place = [(c + 1) / 2 * (n - 1) for c, n in zip(point[::-1], x.shape, strict=True)]
        for index in itertools.product(*map(range, x.shape)):
            out[p] += x[index] * np.prod([max(0, 1 - abs(at - i)) for at, i in zip(place, index, strict=True)])
    return out


@pytest.mark.parametrize("shape", [(4, 5), (3, 2, 4)])
def test_a_value_is_the_sum_over_all_elements(shape):
    x, grid = RNG.normal(size=shape), RNG.uniform(-1.4, 1.4, (9, len(shape)))
    points = grid.reshape(1, *(1,) * (len(shape) - 1), 9, len(shape))
    found = sample(x[None, None], points, [], Sampling("bilinear", "zeros", True))
    np.testing.assert_allclose(found.ravel(), expected(x, grid), atol=1e-12)


@pytest.mark.parametrize("how", EVERY, ids=str)
def test_spreading_is_the_transpose(how):
    x, grid = RNG.normal(size=(2, 3, 4, 5)), RNG.uniform(-1.8, 1.8, (2, 6, 2, 2))
    g, direction = RNG.normal(size=(2, 3, 6, 2)), RNG.normal(size=grid.shape)
    for directions in ([], [direction]):
        there = (g * sample(x, grid, directions, how)).sum()
        back = (x * spread(g, grid, directions, how, (4, 5))).sum()
        assert there == pytest.approx(back, abs=1e-10)


@pytest.mark.parametrize("how", [how for how in EVERY if how.mode != "nearest"], ids=str)
def test_derivatives_are_those_of_differences(how):
    x, grid = RNG.normal(size=(1, 2, 4, 5)), RNG.uniform(-1.7, 1.7, (1, 6, 2, 2))
    g, v, step = RNG.normal(size=(1, 2, 6, 2)), RNG.normal(size=grid.shape), 1e-6
    ahead, behind = (sample(x, grid + sign * step * v, [], how) for sign in (1, -1))
    along = sample(x, grid, [v], how)
    np.testing.assert_allclose(along, (ahead - behind) / (2 * step), atol=1e-6)
    assert (slope(g, x, grid, [], how) * v).sum() == pytest.approx((g * along).sum())
    ahead, behind = (slope(g, x, grid + sign * step * v, [], how) for sign in (1, -1))
    np.testing.assert_allclose(slope(g, x, grid, [v], how), (ahead - behind) / (2 * step), atol=1e-5)


def test_reflection_goes_back_and_forth():
    how = Sampling("nearest", "reflection", True)
    points = np.array([-1.0, -2.0, -3.0, -4.0, -5.0, 1.0, 2.0, 3.0])
    assert axis_of(points, 3, how).index[0].tolist() == [0, 1, 2, 1, 0, 2, 1, 0]


def test_what_is_no_number_is_outside_and_at_a_border_the_first_element():
    x = np.array([[[[3.0, 4.0]]]])
    nothing = np.full((1, 1, 1, 2), np.nan)
    assert sample(x, nothing, [], Sampling("nearest", "border", False)).item() == 3
    assert sample(x, nothing, [], Sampling("nearest", "zeros", False)).item() == 0
    assert sample(x[None], nothing[None, ..., [0, 1, 1]], [], Sampling("bilinear", "zeros", False)).item() == 0


def test_cubic_weights_and_their_derivatives():
    axis = axis_of(np.array([0.1, -0.3]), 9, Sampling("bicubic", "zeros", True))
    near = axis_of(np.array([0.1, -0.3]) + 1e-6, 9, Sampling("bicubic", "zeros", True))
    for order in range(3):
        slopes = weights(axis, "bicubic", order + 1)
        for w, ahead, along in zip(
            weights(axis, "bicubic", order), weights(near, "bicubic", order), slopes, strict=True
        ):
            np.testing.assert_allclose((ahead - w) / 1e-6, along, atol=2e-3)


def test_half_types_are_rounded_once():
    x, grid = RNG.normal(size=(1, 2, 4, 5)).astype(np.float16), RNG.uniform(-1, 1, (1, 3, 3, 2)).astype(np.float16)
    how = Sampling("bicubic", "border", False)
    wide = sample(x.astype(np.float32), grid.astype(np.float32), [], how)
    assert np.array_equal(sample(x, grid, [], how), wide.astype(np.float16))
