"""Maxima of windows of 2×2 side by side are those found by places, ties and NaN told apart, and so are gradients."""

import numpy as np
import pytest

from pyconv.geometry.pool import sliding
from pyconv.kernels import planes, pool_max, pool_quarters


def halving(*size):
    return tuple(sliding(n, 2, 2, 0, 1, n // 2) for n in size)


def numbers(shape, kinds=3):
    return np.random.default_rng(0).integers(0, kinds, shape).astype(np.float32)


@pytest.mark.parametrize("shape", [(3, 2, 4, 6), (5, 8, 2), (2, 2), (1, 1, 28, 28)])
@pytest.mark.parametrize("kinds", [2, 3, 1000])
def test_values_and_numbers_are_those_of_the_places(shape, kinds):
    x, axes = numbers(shape, kinds), halving(*shape[-2:])
    assert pool_quarters.divides(axes, x)
    values, taken = pool_quarters.search(x)
    expected, at = pool_max.maximum_with_places(x, axes)
    assert values.tolist() == expected.tolist()
    assert taken.tolist() == (at // shape[-1] % 2 * 2 + at % 2).tolist()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_cotangents_go_where_the_places_are(dtype):
    x = numbers((3, 2, 4, 6))
    values, taken = pool_quarters.search(x)
    _, at = pool_max.maximum_with_places(x, halving(4, 6))
    g = np.random.default_rng(1).standard_normal(values.shape).astype(dtype)
    g[0, 0, 0, 0] = -np.inf
    found = pool_quarters.spread(g, taken)
    assert found.dtype == dtype
    assert found.tolist() == planes.scatter_add(g, at, (4, 6)).tolist()
    assert pool_quarters.spread(g.swapaxes(0, 1), taken.swapaxes(0, 1)).tolist() == found.swapaxes(0, 1).tolist()
    assert pool_quarters.gather(x, taken).tolist() == values.tolist()


def test_what_is_worked_on_at_once_does_not_show(monkeypatch):
    x = numbers((3, 2, 8, 6))
    values, taken = pool_quarters.search(x)
    spread = pool_quarters.spread(values, taken)
    monkeypatch.setattr(pool_quarters, "BLOCK", 24)
    again, numbers_again = pool_quarters.search(x)
    assert (again.tolist(), numbers_again.tolist()) == (values.tolist(), taken.tolist())
    assert pool_quarters.spread(values, taken).tolist() == spread.tolist()


def test_a_window_with_a_nan_has_a_nan():
    for place in range(4):
        x = numbers((2, 4))
        x[place // 2, place % 2] = np.nan
        assert np.isnan(pool_quarters.search(x)[0]).tolist() == [[True, False]]


@pytest.mark.parametrize(
    "axes",
    [
        halving(4),
        (sliding(4, 2, 2, 0, 1, 2), sliding(5, 2, 2, 0, 1, 2)),
        (sliding(4, 2, 2, 0, 1, 2), sliding(4, 2, 1, 0, 1, 3)),
        (sliding(4, 2, 2, 1, 1, 3), sliding(4, 2, 2, 0, 1, 2)),
        (sliding(4, 3, 2, 0, 1, 1), sliding(4, 2, 2, 0, 1, 2)),
    ],
)
def test_other_windows_are_told_apart(axes):
    x = np.zeros((2, *(axis.size for axis in axes)), np.float32)
    assert not pool_quarters.divides(axes, x)


def test_other_arrays_are_told_apart():
    assert not pool_quarters.divides(halving(4, 4), np.zeros((2, 4, 4)))
    assert not pool_quarters.divides(halving(4, 4), np.zeros((4, 4), np.float32).T[:, ::-1])
    assert not pool_quarters.divides(halving(4, 4), np.zeros((0, 4, 4), np.float32))
