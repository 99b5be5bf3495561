"""The taps beside the formulas of resizing, written out for one position."""

import math

import numpy as np
import pytest

from pyconv.kernels import resize_taps as tables

F32, F64 = np.dtype(np.float32), np.dtype(np.float64)


@pytest.mark.parametrize(("n", "m"), [(3, 7), (7, 3), (5, 5), (1, 4), (4, 1)])
@pytest.mark.parametrize("corners", [False, True])
def test_linear_lies_between_two_neighbours(n, m, corners):
    taps = tables.linear(n, m, None, corners, F64)
    for to in range(m):
        place = to * (n - 1) / max(m - 1, 1) if corners else max((to + 0.5) * n / m - 0.5, 0)
        found = float((taps.index[:, to] * taps.weight[:, to]).sum())
        assert found == pytest.approx(min(place, n - 1))
        assert taps.index[1, to] - taps.index[0, to] in (0, 1)


@pytest.mark.parametrize(("n", "m"), [(3, 7), (7, 3), (10, 4)])
def test_nearest_is_the_element_below_and_exact_the_one_around(n, m):
    below, around = tables.nearest(n, m, None, F64, False), tables.nearest_exact(n, m, None, F64, False)
    assert below.index[0].tolist() == [to * n // m for to in range(m)]
    assert around.index[0].tolist() == [math.floor((to + 0.5) * n / m) for to in range(m)]


def test_the_factor_of_the_user_is_kept():
    assert tables.nearest(5, 6, 1.3, F64, False).index[0].tolist() == [int(to / 1.3) for to in range(6)]
    assert tables.nearest(5, 5, 1.1, F64, False).index[0].tolist() == [0, 0, 1, 2, 3]
    assert tables.nearest(5, 5, 1.1, F64, True).index[0].tolist() == [0, 1, 2, 3, 4]
    assert tables.linear(5, 6, 1.3, False, F64).weight[1, 1] == pytest.approx(1.5 / 1.3 - 0.5)


def test_cubic_reproduces_lines_inside():
    taps = tables.cubic(20, 33, None, False, F64)
    place = (np.arange(33) + 0.5) * 20 / 33 - 0.5
    found = (taps.index * taps.weight).sum(axis=0)
    assert np.abs(found - place)[4:-4].max() < 0.15


def test_keys_weights_are_those_of_the_paper():
    assert [float(w) for w in tables.keys_weights(np.float64(0.5))] == [-0.09375, 0.59375, 0.59375, -0.09375]
    assert [float(w) for w in tables.keys_weights(np.float64(0.0))] == [0, 1, 0, 0]


@pytest.mark.parametrize(("mode", "width"), [("bilinear", 2), ("bicubic", 4), ("lanczos", 6)])
def test_a_filter_is_as_wide_as_an_element_of_the_result(mode, width):
    taps = tables.antialiased(60, 10, None, False, F64, mode)
    assert taps.count[5] == width * 6
    np.testing.assert_allclose(np.where(np.arange(len(taps.index))[:, None] < taps.count, taps.weight, 0).sum(0), 1)


def test_positions_are_rounded_once():
    scale = np.float32(17) / np.float32(170)
    exact = [np.float32(max(float(scale) * (to + 0.5) - 0.5, 0)) for to in range(170)]
    taps = tables.linear(17, 170, None, False, F32)
    assert taps.weight[1].tolist() == [p - np.floor(p) for p in exact]
