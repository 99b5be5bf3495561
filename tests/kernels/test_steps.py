"""Steps on arrays are those of the formulas, whatever the pieces and the threads."""

import numpy as np
import pytest

from pyconv.kernels import pieces, steps, threads


def arrays(count, size=1000, dtype=np.float64):
    rng = np.random.default_rng(5)
    return [rng.standard_normal(size).astype(dtype) for _ in range(count)]


@pytest.mark.parametrize("piece", [7, 1 << 16])
@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("damping", [1, 0.7])
@pytest.mark.parametrize("decay", [0, 0.1])
def test_sgd_goes_by_the_formula(monkeypatch, decay, damping, nesterov, piece):
    monkeypatch.setattr(steps, "PIECE", piece)
    p, g, b = arrays(3)
    direction = g + decay * p
    momentum = 0.9 * b + damping * direction
    expected = p - 0.01 * (direction + 0.9 * momentum if nesterov else momentum)
    steps.sgd([(p, g, b)], lr=0.01, decay=decay, momentum=0.9, damping=damping, nesterov=nesterov)
    np.testing.assert_allclose(p, expected, 1e-12, 1e-14)
    np.testing.assert_allclose(b, momentum, 1e-12, 1e-14)


@pytest.mark.parametrize("piece", [7, 1 << 16])
@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.3, 0.4)])
@pytest.mark.parametrize(("decay", "shrink"), [(0, 1), (0.1, 1), (0, 0.99)])
def test_adam_goes_by_the_formula(monkeypatch, decay, shrink, betas, piece):
    monkeypatch.setattr(steps, "PIECE", piece)
    p, g, m, s = arrays(4)
    s = np.abs(s)
    direction = g + decay * p
    mean = betas[0] * m + (1 - betas[0]) * direction
    square = betas[1] * s + (1 - betas[1]) * direction**2
    expected = shrink * p - 0.01 * mean / (np.sqrt(square) / 0.5 + 1e-8)
    steps.adam(p, g, m, s, betas=betas, decay=decay, shrink=shrink, scale=0.5, eps=1e-8, rate=0.01)
    for found, wanted in ((p, expected), (m, mean), (s, square)):
        np.testing.assert_allclose(found, wanted, 1e-12, 1e-14)


def test_single_precision_rounds_a_sum_once():
    # 1 + 2**-24 + 2**-48: the product is not representable, and rounded by itself would leave a tie
    p, g = np.array([1.0], np.float32), np.array([1 + 2.0**-12], np.float32)
    steps.sgd([(p, g, None)], lr=-(2.0**-24) * (1 - 2.0**-12), decay=0, momentum=0, damping=1, nesterov=False)
    assert p[0] == np.float32(1.0)
    p = np.array([1.0], np.float32)
    steps.sgd([(p, g, None)], lr=-(2.0**-24), decay=0, momentum=0, damping=1, nesterov=False)
    assert p[0] == np.float32(1 + 2.0**-23)


@pytest.mark.parametrize("size", [1, 2, 3, 17, 64, 1000])
def test_sums_are_rounded_once_with_blas_as_in_double_precision(monkeypatch, size):
    found = []
    for by_products in (steps._products_round_once(), False):
        monkeypatch.setattr(steps, "_products_round_once", lambda chosen=by_products: chosen)
        p, g, b = arrays(3, size, np.float32)
        steps.sgd([(p, g, b)], lr=0.01, decay=0.1, momentum=0.9, damping=0.7, nesterov=True)
        found.append((p.tobytes(), b.tobytes()))
    assert found[0] == found[1]


def test_the_bits_do_not_depend_on_threads(monkeypatch):
    monkeypatch.setattr(pieces, "LARGE", 1)
    monkeypatch.setattr(steps, "PIECE", 64)
    found = []
    for number in (1, 3):
        monkeypatch.setattr(threads._pool, "count", number)
        p, g, b = arrays(3, 5000, np.float32)
        steps.sgd([(p, g, b)], lr=0.01, decay=0.1, momentum=0.9, damping=1, nesterov=False)
        found.append((p.tobytes(), b.tobytes()))
    assert found[0] == found[1]


def test_arrays_in_one_order_become_flat():
    x, y = np.zeros((2, 3, 4)), np.ones((2, 3, 4))
    for axes in ((0, 1, 2), (2, 0, 1)):
        views = steps.flattened(x.transpose(axes), y.transpose(axes))
        assert views is not None
        assert [view.shape for view in views] == [(24,), (24,)]
        views[0][:] = 5
        assert (x == 5).all()


@pytest.mark.parametrize(
    "other",
    [np.zeros((3, 2)), np.zeros((2, 3), np.float32), np.zeros((3, 2)).T, np.zeros((2, 6))[:, ::2]],
)
def test_arrays_of_another_kind_do_not(other):
    assert steps.flattened(np.zeros((2, 3)), other) is None


def test_gaps_and_other_dtypes_are_left_alone():
    assert steps.flattened(np.zeros((2, 6))[:, ::2]) is None
    assert steps.flattened(np.zeros(3, np.complex64)) is None
