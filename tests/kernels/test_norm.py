"""Statistics and normalization on arrays: against NumPy in one piece, in blocks, far from zero, in narrow dtypes."""

import tracemalloc

import numpy as np
import pytest

from pyconv.kernels import norm, threads
from pyconv.kernels.norm import adding, blocks, normalized

AXES = {"batch": (0, 2), "rows": (2,), "all": (0, 1, 2), "first": (0,)}


def values(shape, seed=0, offset=0.0):
    return np.random.default_rng(seed).normal(size=shape) + offset


@pytest.mark.parametrize("limit", [4, 16, 1 << 16])
@pytest.mark.parametrize("axes", AXES.values(), ids=AXES)
def test_moments_are_those_of_the_whole_whatever_the_block(monkeypatch, axes, limit):
    monkeypatch.setattr(blocks, "BLOCK", limit)
    x = values((3, 4, 7), offset=2)
    mean, variance = norm.moments(x, axes)
    np.testing.assert_allclose(mean, x.mean(axes, keepdims=True), rtol=1e-13)
    np.testing.assert_allclose(variance, x.var(axes, keepdims=True), rtol=1e-13)


@pytest.mark.parametrize("shape", [(3, 4, 7), (1, 5, 0), (2, 1, 100)])
@pytest.mark.parametrize("limit", [1, 6, 1000])
def test_blocks_cover_every_element_once(monkeypatch, shape, limit):
    monkeypatch.setattr(blocks, "BLOCK", limit)
    seen = np.zeros(shape, int)
    for block in blocks.blocks(shape):
        seen[block] += 1
        assert seen[block].size <= limit
    assert (seen == 1).all()


def test_the_variance_of_float32_values_far_from_zero_is_that_of_double_precision():
    x = values((8, 2, 500), offset=1e5).astype(np.float32)
    np.testing.assert_allclose(norm.moments(x, (0, 2))[1].ravel(), x.astype(float).var((0, 2)), rtol=1e-9)


def test_no_elements_have_no_moments():
    mean, variance = norm.moments(np.zeros((2, 3, 0)), (0, 2))
    assert np.isnan(mean).all()
    assert np.isnan(variance).all()


@pytest.mark.parametrize("affine", [(1, 4, 1), (1, 1, 7)], ids=["channels", "elements"])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float16, 2e-3), (np.float32, 3e-6), (np.float64, 1e-14)])
def test_the_result_is_that_of_the_formula(affine, dtype, tolerance):
    x = values((3, 4, 7), offset=10).astype(dtype)
    w, b = values(affine, 1), values(affine, 2)
    axes = (0, 2) if affine[1] > 1 else (2,)
    mean, variance = norm.moments(x, axes)
    scale = 1 / np.sqrt(variance + 1e-5)
    got = norm.normalize(x, mean, scale, w, b)
    assert got.dtype == dtype
    expected = (x.astype(float) - mean) * scale * w + b
    np.testing.assert_allclose(got.astype(float), expected, tolerance, tolerance)


def test_a_mean_between_two_float32_numbers_costs_nothing():
    x = (values((4, 1, 1000)) * 1e-3 + 1000.00003).astype(np.float32)
    mean, variance = norm.moments(x, (0, 2))
    scale = 1 / np.sqrt(variance)
    expected = (x.astype(float) - mean) * scale
    np.testing.assert_allclose(norm.normalize(x, mean, scale, None, None), expected, 1e-5, 1e-5)


@pytest.mark.parametrize("affine", [(0, 2), (0, 1)], ids=["channels", "elements"])
def test_the_cotangent_of_the_input_is_the_derivative(affine):
    axes = (0, 2) if affine == (0, 2) else (2,)
    x, g = values((3, 4, 5)), values((3, 4, 5), 1)
    w = values(tuple(1 if i in affine else n for i, n in enumerate(x.shape)), 2)
    step = values(x.shape, 3)

    def loss(x):
        mean, variance = norm.moments(x, axes)
        return (g * (x - mean) / np.sqrt(variance + 0.1) * w).sum()

    mean, variance = norm.moments(x, axes)
    rstd = 1 / np.sqrt(variance + 0.1)
    found = norm.sums(g, x, mean, rstd, w, axes, affine)
    count = np.prod([x.shape[i] for i in axes])
    gradient = norm.input_gradient(g, x, mean, rstd, w, None, found, count)
    slope = (loss(x + 1e-6 * step) - loss(x - 1e-6 * step)) / 2e-6
    np.testing.assert_allclose((gradient * step).sum(), slope, rtol=1e-7)
    np.testing.assert_allclose(found.b, g.sum(affine, keepdims=True), rtol=1e-12)
    np.testing.assert_allclose(found.w, (g * (x - mean) * rstd).sum(affine, keepdims=True), rtol=1e-12)


def test_nothing_of_the_size_of_the_input_is_allocated_beside_the_result():
    x = np.ones((8, 16, 4096), np.float32)
    tracemalloc.start()
    mean, variance = norm.moments(x, (0, 2))
    statistics = tracemalloc.get_traced_memory()[1]
    norm.normalize(x, mean, 1 / np.sqrt(variance + 1), None, None)
    whole = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert statistics < x.nbytes
    assert whole < 2 * x.nbytes


@pytest.mark.parametrize("block", [64, 1 << 16])
@pytest.mark.parametrize("offset", [0.0, 2.0, 50.0, 3e4])
def test_single_precision_loses_nothing_however_far_the_mean_is(monkeypatch, offset, block):
    """Near zero the sums are those of the elements as they are, and the mean goes into the constant that is added."""
    monkeypatch.setattr(blocks, "BLOCK", block)
    rng = np.random.default_rng(2)
    x = (rng.standard_normal((4, 3, 40)) + offset).astype(np.float32)
    g, w, b = rng.standard_normal(x.shape).astype(np.float32), rng.random((1, 3, 1)) + 1, rng.random((1, 3, 1))
    axes = (0, 2)
    wide = x.astype(np.float64)
    mean, variance = norm.moments(x, axes)
    np.testing.assert_allclose(mean, wide.mean(axes, keepdims=True), 1e-13)
    np.testing.assert_allclose(variance, wide.var(axes, keepdims=True), 1e-10)
    rstd = 1 / np.sqrt(variance)
    hat = (wide - mean) * rstd
    np.testing.assert_allclose(norm.normalize(x, mean, rstd, w, b), hat * w + b, 2e-6, 2e-6)
    found = norm.sums(g, x, mean, rstd, w, axes, axes)
    expected = [(v * w if i < 2 else v) for i, v in enumerate((g, g * hat, g, g * hat))]
    for value, products in zip(found, expected, strict=True):
        np.testing.assert_allclose(value, products.sum(axes, keepdims=True, dtype=np.float64), 1e-6, 1e-5)
    gx = norm.input_gradient(g, x, mean, rstd, w, None, found, 160)
    v = g * w
    wanted = rstd * (v - v.mean(axes, keepdims=True) - hat * (v * hat).mean(axes, keepdims=True))
    np.testing.assert_allclose(gx, wanted, 1e-5, 1e-5)


def channels(n=40, count=6, length=64, offset=0.5):
    rng = np.random.default_rng(7)
    x = (rng.standard_normal((n, count, length)) + offset).astype(np.float32)
    return x, rng.standard_normal(x.shape).astype(np.float32)


@pytest.mark.parametrize("block", [100, 1 << 16])
@pytest.mark.parametrize("n", [1, 5, 16, 40])
def test_sums_by_channel_are_nearly_exact(monkeypatch, n, block):
    monkeypatch.setattr(blocks, "BLOCK", block)
    x, g = channels(n)
    total, products = adding.sums_by_channel(g, x)
    wide = g.astype(np.float64)
    np.testing.assert_allclose(total, wide.sum(axis=(0, 2), keepdims=True), 0, 2e-7 * np.sqrt(g.size))
    np.testing.assert_allclose(products, (wide * x).sum(axis=(0, 2), keepdims=True), 0, 2e-7 * np.sqrt(g.size))


@pytest.mark.parametrize("offset", [0.5, 50.0])
def test_bits_by_channel_do_not_depend_on_threads(monkeypatch, offset):
    monkeypatch.setattr(blocks, "LARGE", 1)
    monkeypatch.setattr(blocks, "BLOCK", 1000)
    x, g = channels(offset=offset)
    found = []
    for number in (1, 3):
        monkeypatch.setattr(threads._pool, "count", number)
        mean, variance = norm.moments(x, (0, 2))
        sums = norm.sums(g, x, mean, 1 / np.sqrt(variance), None, (0, 2), (0, 2))
        found.append([value.tobytes() for value in (mean, variance, *sums)])
    assert found[0] == found[1]


def test_products_too_large_for_single_precision_are_added_in_double():
    x, g = channels()
    x *= np.float32(1e3)
    mean, variance = norm.moments(x, (0, 2))
    large = g * np.float32(1e36)
    rstd, axes = 1 / np.sqrt(variance), (0, 2)
    expected = norm.sums(g.astype(np.float64), x.astype(np.float64), mean, rstd, None, axes, axes)
    for found, wanted in zip(norm.sums(large, x, mean, rstd, None, axes, axes), expected, strict=True):
        np.testing.assert_allclose(found, wanted * 1e36, 1e-4, 1e34)


@pytest.mark.parametrize("length", [1, 4, 64])
def test_short_rows_have_the_bits_of_long_ones(monkeypatch, length):
    x, g = channels(8, 300, length)
    mean, variance = norm.moments(x, (0, 2))
    rstd, w = 1 / np.sqrt(variance), np.linspace(0.5, 2, 300).reshape(1, 300, 1)
    sums = norm.sums(g, x, mean, rstd, None, (0, 2), (0, 2))
    found = []
    for short in (normalized.SHORT, 0):
        monkeypatch.setattr(normalized, "SHORT", short)
        y = norm.normalize(x, mean, rstd, w, w)
        gx = norm.input_gradient(g, x, mean, rstd, None, w, sums, 8 * length)
        assert y.shape == gx.shape == x.shape
        found.append((y.tobytes(), gx.tobytes()))
    assert found[0] == found[1]


BEGUN_IN_SINGLE = [
    ((64, 1000), (1,), (0,)),
    ((1400, 56), (1,), (0,)),
    ((4, 8, 4, 784), (2, 3), (0, 3)),
    ((1, 64, 784), (0, 2), (0, 2)),
]


@pytest.mark.parametrize("offset", [0.0, 2.0, 50.0])
@pytest.mark.parametrize(("shape", "axes", "affine"), BEGUN_IN_SINGLE)
def test_rows_and_groups_of_single_precision_are_near_doubles(shape, axes, affine, offset):
    rng = np.random.default_rng(8)
    x, g = ((rng.standard_normal(shape) + shift).astype(np.float32) for shift in (offset, 0))
    w = rng.standard_normal([1 if i in affine else n for i, n in enumerate(shape)]).astype(np.float32).astype(float)
    mean, variance = norm.moments(x, axes)
    exact = x.astype(float)
    np.testing.assert_allclose(mean, exact.mean(axis=axes, keepdims=True), rtol=0, atol=1e-6 * (1 + offset))
    np.testing.assert_allclose(variance, exact.var(axis=axes, keepdims=True), rtol=3e-6)
    rstd = 1 / np.sqrt(variance)
    for weight in (None, w):
        found = norm.sums(g, x, mean, rstd, weight, axes, affine)
        wide = norm.sums(g.astype(float), exact, mean, rstd, weight, axes, affine)
        for mine, other in zip(found, wide, strict=True):
            assert mine.shape == other.shape
            np.testing.assert_allclose(mine, other, rtol=0, atol=3e-6 * abs(other).max())


@pytest.mark.parametrize("size", [1e-22, 1e-30, 1e25])
def test_squares_beyond_single_precision_are_formed_in_double(size):
    x = (np.random.default_rng(9).standard_normal((80, 512)) * size).astype(np.float32)
    _, variance = norm.moments(x, (1,))
    np.testing.assert_allclose(variance, x.astype(float).var(axis=1, keepdims=True), rtol=1e-12)
