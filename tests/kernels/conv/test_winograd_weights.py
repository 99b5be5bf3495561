"""The gradient with respect to w by minimal filtering: in runs of tiles, and in pieces of output channels."""

import math
from dataclasses import replace

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import winograd_weights
from tests.kernels.conv.draws import assert_bits_alike, whole

INSIDE = Conv.of((1, 3, 18, 30), (4, 3, 3, 3), None)
LAYERS = {
    "many tiles": Conv.of((2, 4, 40, 37), (6, 4, 3, 3), None, 1, 1),
    "one tile": Conv.of((3, 5, 4, 4), (7, 5, 3, 3), None, 1, 1),
    "more padding than the kernel": Conv.of((1, 3, 20, 33), (4, 3, 3, 3), None, 1, 5),
    "cropped": replace(INSIDE, input=(20, 33), window=replace(INSIDE.window, padding=((-2, 0), (0, -3)))),
    "3-D": Conv.of((2, 3, 9, 12, 13), (4, 3, 3, 3, 3), None, 1, 1),
    "a side of 1": Conv.of((1, 3, 40, 41), (4, 3, 1, 3), None, 1, (0, 1)),
    "sides of 2 and 4": Conv.of((2, 3, 40, 41), (4, 3, 2, 4), None),
}


@pytest.fixture(autouse=True)
def any_size(monkeypatch):
    """What is meant for large layers is right for small ones."""
    monkeypatch.setattr(winograd_weights, "FEWEST_CHANNELS", 1)
    monkeypatch.setattr(winograd_weights, "FEWEST_MULTIPLICATIONS", 1)
    monkeypatch.setattr(winograd_weights, "FEWEST_POSITIONS", 1)


@pytest.fixture(params=["tiles", "small blocks of tiles", "channels", "few channels"])
def cut(request, monkeypatch):
    """Each way to cut the work up."""
    if request.param == "small blocks of tiles":
        monkeypatch.setattr(winograd_weights, "LARGEST_BLOCK", 512)
        monkeypatch.setattr(winograd_weights, "BLOCK", 512)
    if request.param in ("channels", "few channels"):
        monkeypatch.setattr(winograd_weights, "SUMS", 0)
        monkeypatch.setattr(winograd_weights, "FEWEST_SHARED", 1)
    if request.param == "few channels":
        monkeypatch.setattr(winograd_weights, "SHARED", 250_000)
        monkeypatch.setattr(winograd_weights, "PRODUCTS", 1)
        monkeypatch.setattr(winograd_weights, "NARROWEST", 1)


def operands(conv, dtype=np.float32):
    rng = np.random.default_rng(3)
    return tuple(rng.standard_normal(shape).astype(dtype) for shape in (conv.x_shape, conv.y_shape))


def gradient(name, x, gy, conv):
    with maps.use(name):
        return maps.weight_grad(x, gy, conv)


@pytest.mark.usefixtures("cut")
@pytest.mark.parametrize("conv", LAYERS.values(), ids=LAYERS)
def test_gradients_are_right(conv):
    x, gy = operands(conv, np.float64)
    expected = gradient("direct", x, gy, conv)
    assert np.abs(gradient("winograd-weights", x, gy, conv) - expected).max() < 1e-12 * conv.batch * conv.positions


@pytest.mark.usefixtures("cut")
@pytest.mark.parametrize("conv", [conv for conv in LAYERS.values() if conv.batch * conv.positions >= 384])
def test_errors_stay_under_the_bound(conv):
    x, gy = operands(conv)
    exact = gradient("direct", x.astype(np.float64), gy.astype(np.float64), conv)
    size = gradient("direct", np.abs(x).astype(np.float64), np.abs(gy).astype(np.float64), conv)
    bound = (2 + 2 * math.sqrt(conv.batch * conv.positions)) * 2.0**-24 * size
    assert np.all(np.abs(gradient("winograd-weights", x, gy, conv) - exact) <= bound)


@pytest.mark.parametrize("conv", LAYERS.values(), ids=LAYERS)
def test_whole_numbers_are_exact(conv):
    rng = np.random.default_rng(0)
    x, gy = (whole(rng, shape, np.float32) for shape in (conv.x_shape, conv.y_shape))
    np.testing.assert_array_equal(gradient("winograd-weights", x, gy, conv), gradient("direct", x, gy, conv))


@pytest.mark.parametrize(("batch", "side", "channels"), [(1, 56, 64), (1, 28, 128), (8, 16, 64), (8, 7, 64)])
def test_it_rounds_little_more_than_the_columns(batch, side, channels):
    conv = Conv.of((batch, channels, side, side), (channels, channels, 3, 3), None, 1, 1)
    x, gy = operands(conv)
    exact = gradient("im2col", x.astype(np.float64), gy.astype(np.float64), conv)
    columns, found = (
        float(np.sqrt(np.square(gradient(name, x, gy, conv) - exact).mean())) for name in ("im2col", "winograd-weights")
    )
    assert found < 3 * columns


@pytest.mark.usefixtures("cut")
def test_float16_is_rounded_once():
    conv = LAYERS["many tiles"]
    x, gy = (array / 16 for array in operands(conv, np.float16))
    expected = gradient("winograd-weights", x.astype(np.float32), gy.astype(np.float32), conv)
    np.testing.assert_array_equal(gradient("winograd-weights", x, gy, conv), expected.astype(np.float16))


@pytest.mark.usefixtures("cut")
@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("value", [np.inf, np.nan, 3e38])
def test_what_is_not_finite_stays_where_it_belongs(value, which):
    conv = LAYERS["many tiles"]
    given = operands(conv)
    given[which][0, 1, 0, 0] = value
    with np.errstate(all="ignore"):
        expected, found = (gradient(name, *given, conv) for name in ("direct", "winograd-weights"))
    np.testing.assert_array_equal(np.isfinite(found), np.isfinite(expected))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-3)


@pytest.mark.usefixtures("cut")
def test_operands_may_lie_in_any_order():
    conv = LAYERS["many tiles"]
    x, gy = operands(conv)
    turned = (np.moveaxis(np.ascontiguousarray(np.moveaxis(array, 1, -1)), -1, 1) for array in (x, gy))
    expected = gradient("winograd-weights", x, gy, conv)
    np.testing.assert_array_equal(gradient("winograd-weights", *turned, conv), expected)


@pytest.mark.usefixtures("cut")
def test_bits_do_not_depend_on_threads():
    conv = LAYERS["many tiles"]
    x, gy = operands(conv)
    assert_bits_alike(lambda: (gradient("winograd-weights", x, gy, conv),))


@pytest.mark.parametrize(
    ("shape", "kernel", "options"),
    [
        ((8, 4, 99), (3,), {}),
        ((8, 4, 99, 99), (3, 3), {"stride": 2}),
        ((8, 4, 99, 99), (3, 3), {"dilation": 2}),
        ((8, 4, 99, 99), (3, 3), {"groups": 2}),
        ((8, 4, 99, 99), (3, 5), {}),
        ((8, 4, 99, 99), (1, 1), {}),
        ((1, 40, 9, 30000), (3, 3), {}),
    ],
)
def test_what_is_left_to_others(shape, kernel, options):
    conv = Conv.of(shape, (4, shape[1] // options.get("groups", 1), *kernel), None, **options)
    assert not winograd_weights.ALGORITHM.supports(conv, np.dtype(np.float32))
    for dtype, supported in ((np.float32, True), (np.int64, False), (np.complex64, False)):
        assert winograd_weights.ALGORITHM.supports(LAYERS["many tiles"], np.dtype(dtype)) is supported


@pytest.mark.parametrize(
    ("channels", "side", "supported"), [(64, 48, True), (64, 40, False), (256, 19, False), (15, 200, False)]
)
def test_little_work_few_positions_and_few_channels_are_left_to_others(channels, side, supported, monkeypatch):
    monkeypatch.undo()
    conv = Conv.of((1, channels, side, side), (channels, channels, 3, 3), None, 1, 1)
    assert winograd_weights.ALGORITHM.supports(conv, np.dtype(np.float32)) is supported


@pytest.mark.parametrize(("side", "channels", "supported"), [(112, 128, True), (56, 512, True), (200, 512, False)])
def test_long_sums_of_many_tiles_are_left_to_others(side, channels, supported):
    conv = Conv.of((1, channels, side, side), (channels, channels, 3, 3), None, 1, 1)
    assert winograd_weights.ALGORITHM.supports(conv, np.dtype(np.float32)) is supported
