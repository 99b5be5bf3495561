"""`direct`, by which the rest is judged, against seven loops written from the formula."""

import ml_dtypes
import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from tests.kernels.conv.draws import draw, whole
from tests.oracle import convolve, input_gradient, weight_gradient

EXACT = ("float64", "float32", "float16", "complex64", "complex128")


@pytest.fixture(autouse=True)
def _direct():
    with maps.use("direct"):
        yield


@pytest.mark.parametrize("dtype", EXACT)
@pytest.mark.parametrize("ndim", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_the_three_maps_are_the_oracles(seed, ndim, dtype):
    d = draw(seed, ndim, dtype)
    y = maps.forward(d.x, d.w, d.b, d.conv)
    gx, gw = maps.input_grad(d.gy, d.w.conj(), d.conv), maps.weight_grad(d.x.conj(), d.gy, d.conv)
    assert y.dtype == gx.dtype == gw.dtype == np.dtype(dtype)
    np.testing.assert_array_equal(y, convolve(d.x, d.w, d.b, **d.options))
    np.testing.assert_array_equal(gx, input_gradient(d.gy, d.w, d.x.shape, **d.options))
    np.testing.assert_array_equal(gw, weight_gradient(d.x, d.gy, d.w.shape, **d.options))


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint8"])
def test_integers_wrap(dtype):
    info = np.iinfo(dtype)

    def full(rng, shape, dtype):
        return rng.integers(info.min, info.max, shape, np.dtype(dtype), endpoint=True)

    d = draw(3, 2, dtype, full)
    exact = convolve(d.x.astype(object), d.w.astype(object), d.b.astype(object), **d.options)
    wrapped = [int(v) % 2**info.bits for v in exact.ravel()]
    got = maps.forward(d.x, d.w, d.b, d.conv)
    assert got.dtype == np.dtype(dtype)
    assert [int(v) % 2**info.bits for v in got.ravel()] == wrapped


def test_bytes_wrap_as_torchs_do():
    x, w = np.full((1, 1, 3, 3), 200, np.uint8), np.ones((1, 1, 3, 3), np.uint8)
    assert maps.forward(x, w, None, Conv.of(x.shape, w.shape)).item() == 8


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16])
def test_sixteen_bits_are_summed_in_float32_and_rounded_once(dtype):
    bits = 11 if dtype is np.float16 else 8
    step = 2.0 ** (1 - bits)
    # 1 + 3·step/4 + step/4·... : each term alone is lost beside 1 in the narrow type; their sum is not.
    x = np.array([1, *[step / 4] * 3], dtype).reshape(1, 1, 4)
    w = np.ones((1, 1, 4), dtype)
    y = maps.forward(x, w, None, Conv.of(x.shape, w.shape))
    assert y.dtype == np.dtype(dtype)
    assert float(y.item()) == 1 + step
    # With a bias: rounded after it is added, not before.
    b = np.array([step / 4], dtype)
    y = maps.forward(x[..., :2], w[..., :2], b, Conv.of((1, 1, 2), (1, 1, 2), (1,)))
    assert float(y.item()) == float(np.float32(1 + step / 2).astype(dtype))


@pytest.mark.parametrize("groups", [1, 4])
def test_operands_may_lie_as_they_like(groups):
    rng = np.random.default_rng(0)
    x, w = whole(rng, (2, 4, 6, 6), np.float64), whole(rng, (4, 4 // groups, 3, 3), np.float64)
    conv = Conv.of(x.shape, w.shape, None, 1, 1, 1, groups)
    expected = maps.forward(x, w, None, conv)
    gx, gw = maps.input_grad(expected, w, conv), maps.weight_grad(x, expected, conv)
    for lay in (np.asfortranarray, lambda a: np.flip(np.flip(a, -1).copy(), -1), lambda a: np.repeat(a, 2, 0)[::2]):
        a, b, g = lay(x), lay(w), lay(expected)
        for array in (a, b, g):
            array.flags.writeable = False
        np.testing.assert_array_equal(maps.forward(a, b, None, conv), expected)
        np.testing.assert_array_equal(maps.input_grad(g, b, conv), gx)
        np.testing.assert_array_equal(maps.weight_grad(a, g, conv), gw)


def test_overlapping_input():
    base = np.arange(12.0)
    x = np.lib.stride_tricks.as_strided(base, (1, 3, 8), (0, 8, 8))
    w = np.arange(6.0).reshape(1, 3, 2)
    conv = Conv.of(x.shape, w.shape)
    np.testing.assert_array_equal(maps.forward(x, w, None, conv), maps.forward(x.copy(), w, None, conv))


def test_nothing_in_gives_nothing_or_zeros():
    conv = Conv.of((0, 4, 5, 5), (6, 4, 3, 3))
    x, w = np.ones(conv.x_shape), np.ones(conv.w_shape)
    gy = np.ones(conv.y_shape)
    assert maps.forward(x, w, np.ones(6), conv).shape == (0, 6, 3, 3)
    assert maps.input_grad(gy, w, conv).shape == (0, 4, 5, 5)
    np.testing.assert_array_equal(maps.weight_grad(x, gy, conv), np.zeros((6, 4, 3, 3)))
    conv = Conv.of((1, 0, 5, 5), (4, 0, 3, 3))
    assert maps.forward(np.ones(conv.x_shape), np.ones(conv.w_shape), np.ones(4), conv).shape == (1, 0, 3, 3)
