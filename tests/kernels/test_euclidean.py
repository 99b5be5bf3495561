"""Norms of rows; the literals are torch 2.13's, of `torch.from_numpy(waves(n)).norm(2, 1)` on x86-64."""

import numpy as np
import pytest

import pyconv
from pyconv.kernels import euclidean
from pyconv.ops.weight_norm import norm_except_dim


def waves(*shape):
    return np.sin(np.arange(np.prod(shape), dtype=np.float64) ** 2).astype(np.float32).reshape(shape)


NORMS = {
    3: [1.1317346096038818, 0.5198528170585632],
    8: [1.8558932542800903, 2.2019410133361816],
    13: [2.4865009784698486, 2.580275297164917],
    30: [3.843449831008911, 3.7377328872680664],
    71: [5.9092206954956055, 6.129330635070801],
    1000: [22.409164428710938, 22.617233276367188],
}


@pytest.mark.parametrize("n", NORMS)
def test_norms_of_rows_are_torchs_bit_for_bit(n):
    assert euclidean.of_rows(waves(2, n)).tolist() == NORMS[n]
    assert pyconv.from_numpy(waves(2, n)).norm(2, 1).tolist() == NORMS[n]


def test_what_is_made_of_them():
    x = waves(2, 3, 3, 3)
    assert norm_except_dim(x, 2, 0).ravel().tolist() == [3.6222219467163086, 3.753396511077881]
    assert pyconv.from_numpy(x).norm().item() == 5.216175079345703


@pytest.mark.parametrize("n", range(40))
def test_norms_are_near_those_of_double_precision(n):
    x = np.random.default_rng(n).standard_normal((5, n)).astype(np.float32)
    np.testing.assert_allclose(euclidean.of_rows(x), np.linalg.norm(x.astype(np.float64), axis=1), rtol=1e-6)


def test_squares_that_are_too_large():
    assert pyconv.tensor([[1e30, 1]]).norm(2, 1).item() == np.inf
    assert pyconv.tensor([[1e30]]).norm(2, 1).item() == np.float32(1e30)


def apart(a, b):
    return np.sqrt(((a[..., :, None, :].astype(np.float64) - b[..., None, :, :]) ** 2).sum(-1))


ROWS = np.random.default_rng(0).standard_normal((60, 9))
CLOUDS = {
    "around zero": (ROWS, ROWS[:50] + 1),
    "far from zero": (ROWS + 1e5, ROWS[:50] + 1e5),
    "close": (ROWS, ROWS * (1 + 1e-6)),
    "the same": (ROWS, ROWS),
    "zeros": (ROWS * 0, ROWS * 0),
    "tiny": (ROWS * 1e-30, ROWS[:50] * 1e-30),
    "large": (ROWS * 1e37, ROWS[:50] * 1e37),
    "infinite": (np.where(ROWS > 1, np.inf, ROWS), ROWS),
    "no columns": (ROWS[:, :0], ROWS[:, :0]),
    "no rows": (ROWS[:0], ROWS),
    "stacks": (ROWS.reshape(3, 1, 20, 9), ROWS.reshape(2, 30, 9)),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", CLOUDS)
def test_distances_are_those_of_the_differences(name):
    a, b = (x.astype(np.float32) for x in CLOUDS[name])
    np.testing.assert_allclose(euclidean.distances(a, b), apart(a, b), rtol=3e-8)
    found = pyconv.cdist(pyconv.from_numpy(a), pyconv.from_numpy(b)).numpy()
    np.testing.assert_allclose(found, apart(a, b).astype(np.float32), rtol=1e-7)


def test_distances_in_pieces(monkeypatch):
    monkeypatch.setattr(euclidean, "_TERMS", 20)
    a = ROWS.astype(np.float32)
    np.testing.assert_allclose(euclidean.distances(a, a * np.float32(1 + 1e-6)), apart(a, a * np.float32(1 + 1e-6)))
