"""Sums of single precision in groups: near the exact ones, with the same bits on any number of threads."""

import numpy as np
import pytest

from pyconv.kernels import sums, threads


@pytest.fixture
def rng():
    return np.random.default_rng(5)


CASES = [
    ((8, 32, 28, 28), (0, 1, 2, 3)),
    ((8, 32, 28, 28), (2, 3)),
    ((8, 32, 28, 28), (3,)),
    ((8, 32, 28, 28), (1,)),
    ((8, 32, 28, 28), (0,)),
    ((8, 32, 28, 28), (0, 2, 3)),
    ((8, 32, 28, 28), (1, 3)),
    ((37, 1000), (1,)),
    ((37, 1000), (0,)),
    ((3, 40_000), (1,)),
    ((100_000,), (0,)),
]


@pytest.mark.parametrize(("shape", "axes"), CASES)
def test_they_are_near_the_exact_sums(rng, shape, axes):
    x = rng.standard_normal(shape).astype(np.float32)
    found = sums.in_groups(x, axes)
    exact = x.sum(axis=axes, dtype=np.float64, keepdims=True)
    assert (found.shape, found.dtype) == (exact.shape, np.float64)
    count = x.size // exact.size
    unit = 2.0**-24 * abs(x).sum(axis=axes, dtype=np.float64, keepdims=True)
    assert (abs(found - exact) / unit).max() < 1 + np.sqrt(min(count, sums.RUN))


@pytest.mark.parametrize("shape", [(7, 4099), (5, 9)])
def test_lengths_that_make_no_runs_are_left_to_others(shape):
    assert sums.in_groups(np.ones(shape, np.float32), (1,)) is None


def test_rows_too_short_and_elements_apart_are_left_to_others():
    x = np.ones((64, 64, 3), np.float32)
    assert sums.in_groups(x, (1,)) is None
    assert sums.in_groups(x.transpose(2, 0, 1), (2,)) is None
    assert sums.in_groups(x, ()) is None
    assert sums.in_groups(x[:0], (0,)) is None


@pytest.mark.parametrize("value", [np.inf, np.nan, 3e38])
def test_what_overflows_is_left_to_others(value):
    assert sums.in_groups(np.full((64, 64), value, np.float32), (1,)) is None


def test_the_bits_do_not_depend_on_the_number_of_threads(rng):
    x = rng.standard_normal((30, 64, 100, 25)).astype(np.float32)
    before = threads.count()
    try:
        found = []
        for count in (1, 2, 3):
            threads.set_count(count)
            found.append([sums.in_groups(x, axes).tobytes() for axes in ((0, 1, 2, 3), (1, 2, 3), (2, 3), (1,))])
    finally:
        threads.set_count(before)
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(("shape", "axes"), [((37, 1000), (1,)), ((8, 32, 28, 28), (0, 2, 3)), ((50_000,), (0,))])
def test_sums_of_products_are_near_the_exact_ones(rng, shape, axes):
    a, b = (rng.standard_normal(shape).astype(np.float32) for _ in range(2))
    found = sums.products_in_groups(a, b, axes)
    exact = (a.astype(float) * b).sum(axis=axes, keepdims=True)
    unit = 2.0**-24 * abs(a * b).sum(axis=axes, dtype=np.float64, keepdims=True)
    assert (found.shape, found.dtype) == (exact.shape, np.float64)
    assert (abs(found - exact) / unit).max() < 1 + np.sqrt(sums.RUN)


def test_products_along_other_dimensions_are_left_to_others():
    x = np.ones((64, 64), np.float32)
    assert sums.products_in_groups(x, x, (0,)) is None
    assert sums.products_in_groups(x, x.T, (1,)) is None
    assert sums.products_in_groups(x[:, :7].copy(), x[:, :7].copy(), (1,)) is None
    assert sums.products_in_groups(x * np.float32(3e38), x, (1,)) is None
