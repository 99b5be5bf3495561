"""Maxima over windows and their places, against loops."""

import itertools

import numpy as np
import pytest

from pyconv.geometry.pool import sliding
from pyconv.kernels import pool_max
from tests.kernels.test_pool import AXES, draw, elements


def looped(x, axes):
    """Torch's rule: a larger element or a NaN takes the place of what was found before it."""
    outputs = tuple(axis.output for axis in axes)
    lead = x.shape[: -len(axes)]
    values, found = np.empty((*lead, *outputs), x.dtype), np.empty((*lead, *outputs), np.int64)
    plane = x.shape[-len(axes) :]
    for place in np.ndindex(*lead, *outputs):
        best, at = pool_max.least(x.dtype), None
        for read in itertools.product(*map(elements, axes, place[len(lead) :])):
            value = x[(*place[: len(lead)], *read)]
            if at is None or value > best or np.isnan(value):
                best, at = value, int(np.ravel_multi_index(read, plane))
        values[place], found[place] = best, at
    return values, found


def special(x, kind):
    rng = np.random.default_rng(3)
    if kind == "nan":
        return np.where(rng.random(x.shape) < 0.2, np.nan, x)
    return np.where(rng.random(x.shape) < 0.8, -np.inf, x) if kind == "-inf" else x


@pytest.mark.parametrize("axes", AXES)
@pytest.mark.parametrize("kind", ["ties", "nan", "-inf"])
def test_values_and_places(axes, kind):
    x = special(draw(axes), kind)
    values, found = pool_max.maximum_with_places(x, axes)
    expected, places = looped(x, axes)
    assert np.array_equal(values, expected, equal_nan=True)
    assert np.array_equal(found, places)
    assert np.array_equal(pool_max.maximum(x, axes), expected, equal_nan=True)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64])
def test_integers(dtype):
    axes = AXES[0]
    x = draw(axes, dtype)
    values, found = pool_max.maximum_with_places(x, axes)
    expected, places = looped(x, axes)
    assert values.dtype == dtype
    assert np.array_equal(values, expected)
    assert np.array_equal(found, places)


def test_a_window_without_elements_holds_the_least_value():
    axes = (sliding(1, 1, 1, 0, 1, 1), sliding(2, 2, 1, 1, 3, 1))
    values, _ = pool_max.maximum_with_places(np.zeros((1, 1, 2)), axes)
    assert values.tolist() == pool_max.maximum(np.zeros((1, 1, 2)), axes).tolist() == [[[-np.inf]]]


@pytest.mark.parametrize("block", [1, 40, 1 << 20])
def test_blocks_change_nothing(monkeypatch, block):
    axes = AXES[0]
    x = draw(axes)
    whole = pool_max.maximum_with_places(x, axes)
    monkeypatch.setattr(pool_max, "BLOCK", block)
    for values, expected in zip(pool_max.maximum_with_places(x, axes), whole, strict=True):
        assert np.array_equal(values, expected)
    assert np.array_equal(pool_max.maximum(x, axes), whole[0])


def test_windows_with_more_taps_than_a_byte_counts():
    axes = (sliding(20, 18, 1, 0, 1, 3), sliding(20, 18, 1, 0, 1, 3))
    x = np.random.default_rng(0).permutation(800).reshape(2, 20, 20)
    values, found = pool_max.maximum_with_places(x, axes)
    expected, places = looped(x, axes)
    assert np.array_equal(values, expected)
    assert np.array_equal(found, places)


def test_windows_at_starts_of_each_plane():
    x = np.arange(32.0).reshape(1, 2, 4, 4)
    x[0, 1, 2, 2] = np.nan
    rows, columns = np.array([[[0, 2], [1, 2]]]), np.array([[[0, 1], [2, 2]]])
    values, found = pool_max.maximum_at_starts(x, [rows, columns], (2, 2))
    assert found.tolist() == [[[[5, 6], [13, 14]], [[10, 10], [10, 10]]]]
    assert values[0, 0].tolist() == [[5, 6], [13, 14]]
    assert np.isnan(values[0, 1]).all()
