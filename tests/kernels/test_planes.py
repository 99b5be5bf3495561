"""Elements picked from planes and put back."""

import ml_dtypes
import numpy as np
import pytest

from pyconv.kernels import planes


@pytest.fixture
def drawn():
    rng = np.random.default_rng(0)
    return rng.integers(-9, 10, (2, 3, 4, 5)).astype(float), rng.integers(0, 20, (2, 3, 3, 2))


def test_gather_picks_by_places(drawn):
    x, at = drawn
    expected = [[x[n, c].ravel()[at[n, c]] for c in range(3)] for n in range(2)]
    assert np.array_equal(planes.gather(x, at, 2), expected)


def test_scatter_add_is_the_transpose_of_gather(drawn):
    x, at = drawn
    g = np.random.default_rng(1).integers(-9, 10, at.shape).astype(float)
    assert (planes.gather(x, at, 2) * g).sum() == (planes.scatter_add(g, at, (4, 5)) * x).sum()


def test_planes_are_worked_on_piece_by_piece(monkeypatch, drawn):
    x, at = drawn
    whole = planes.scatter_add(x[..., :3, :2], at, (4, 5))
    for piece in (1, 13):
        monkeypatch.setattr(planes, "_PIECE", piece)
        assert np.array_equal(planes.scatter_add(x[..., :3, :2], at, (4, 5)), whole)


def test_places_outside_count_as_none():
    at = np.array([[3, -1, 1]])
    assert planes.gather(np.array([[5.0, 6.0, 7.0]]), at, 1).tolist() == [[0, 0, 6]]
    assert planes.scatter_add(np.ones((1, 3)), at, (3,)).tolist() == [[0, 1, 0]]
    assert planes.last_outside(at, 3) == -1
    assert planes.last_outside(np.array([0, 2]), 3) is None


def test_the_last_value_stays():
    assert planes.scatter(np.array([[1.0, 2.0]]), np.array([[1, 1]]), (3,)).tolist() == [[0, 2, 0]]


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16])
def test_half_types_are_added_up_in_float32(dtype):
    g = np.full((1, 4096), 1, dtype)
    found = planes.scatter_add(g, np.zeros((1, 4096), np.int64), (1,))
    assert found.dtype == dtype
    assert float(found[0, 0]) == 4096


@pytest.mark.parametrize("shape", [(0, 3, 4, 4), (2, 0, 4, 4)])
def test_no_planes(shape):
    at = np.zeros((*shape[:2], 2, 2), np.int64)
    assert planes.gather(np.zeros(shape), at, 2).shape == at.shape
    assert planes.scatter_add(np.zeros(at.shape), at, (4, 4)).shape == shape
    assert planes.scatter(np.zeros(at.shape), at, (4, 4)).shape == shape
