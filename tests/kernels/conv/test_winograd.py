"""Minimal filtering on whole convolutions: what the drawn cases of `test_agreement` are too small for."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import winograd
from tests.kernels.conv.draws import whole


@pytest.fixture(autouse=True)
def any_channels(monkeypatch):
    """Whole numbers need no many terms to be exact."""
    monkeypatch.setattr(winograd, "FEWEST_CHANNELS", 1)
    monkeypatch.setattr(winograd, "FEWEST_MULTIPLICATIONS", 1)


LAYERS = {
    "many tiles": ((2, 4, 40, 36), (6, 4, 3, 3), 1, 1),
    "few tiles, many channels": ((1, 48, 9, 7), (80, 48, 3, 3), 1, 1),
    "few tiles, groups of many channels": ((1, 140, 9, 7), (16, 70, 3, 3), 1, 2),
    "groups": ((2, 12, 30, 31), (8, 6, 3, 3), 0, 2),
    "more padding than the kernel": ((1, 3, 20, 33), (4, 3, 3, 3), 5, 1),
    "1-D": ((3, 5, 700), (4, 5, 3), 1, 1),
    "3-D": ((1, 3, 9, 12, 13), (4, 3, 3, 3, 3), 1, 1),
    "a side of 1": ((1, 3, 40, 41), (4, 3, 1, 3), (0, 1), 1),
    "a side of 2": ((2, 3, 40, 41), (4, 3, 2, 3), 0, 1),
}


def able(conv, *names):
    """Those of the algorithms that support a convolution: the wide ones leave three dimensions to others."""
    return [name for name in names if maps.find(name).supports(conv, np.dtype(np.float32))]


def operands(layer, dtype=np.float32):
    x_shape, w_shape, padding, groups = layer
    rng = np.random.default_rng(3)
    conv = Conv.of(x_shape, w_shape, None, 1, padding, 1, groups)
    x, w, b, gy = (whole(rng, s, dtype) for s in (x_shape, w_shape, w_shape[:1], conv.y_shape))
    return conv, x, w, b, gy


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_whole_numbers_are_exact(layer):
    conv, x, w, b, gy = operands(layer)
    found = []
    for name in able(conv, "direct", "winograd", "winograd-wide"):
        with maps.use(name):
            found.append((maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv)))
    for expected, *others in zip(*found, strict=True):
        for got in others:
            np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_larger_tiles_are_nearly_exact(layer):
    conv, x, w, b, gy = operands(layer)
    x[..., 0] += 0.5
    gy[..., 0] += 0.5
    w[..., 0] += 0.5
    with maps.use("direct"):
        expected = maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv)
    for name in able(conv, "winograd-wide", "winograd-high"):
        with maps.use(name):
            got = maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv)
        for values, wanted in zip(got, expected, strict=True):
            assert 0 < np.abs(values - wanted).max() < 2e-5 * conv.terms


@pytest.mark.parametrize(("kernel", "supported"), [((3, 3, 3), False), ((1, 3, 3), True), ((3, 1, 1), True)])
def test_in_three_dimensions_larger_tiles_would_lose_too_much(kernel, supported):
    conv = Conv.of((1, 8, 9, 12, 13), (8, 8, *kernel))
    assert winograd.WIDE.supports(conv, np.dtype(np.float32)) is supported
    assert winograd.ALGORITHM.supports(conv, np.dtype(np.float32))


@pytest.mark.parametrize("name", ["winograd-wide", "winograd-high"])
@pytest.mark.parametrize("kernel", [4, 5])
def test_longer_kernels_need_larger_tiles(kernel, name):
    conv = Conv.of((1, 8, 20, 20), (8, 8, kernel, kernel))
    assert not winograd.ALGORITHM.supports(conv, np.dtype(np.float32))
    assert maps.find(name).supports(conv, np.dtype(np.float32))
    rng = np.random.default_rng(0)
    x, w = whole(rng, conv.x_shape, np.float32) + np.float32(0.5), whole(rng, conv.w_shape, np.float32)
    with maps.use("direct"):
        expected = maps.forward(x, w, None, conv)
    with maps.use(name):
        got = maps.forward(x, w, None, conv)
    np.testing.assert_allclose(got, expected, atol=5e-3)


@pytest.mark.parametrize(
    ("channels", "kernel", "side", "most"),
    [
        (64, 3, 26, 1.6),
        (128, 3, 26, 1.6),
        (256, 3, 26, 1.6),
        (64, 5, 26, 2.2),
        (128, 5, 26, 2.4),
        (128, 4, 26, 1.6),
        (256, 5, 14, 2.6),
    ],
)
def test_sums_of_sums_make_up_for_larger_tiles(channels, kernel, side, most):
    conv = Conv.of((1, channels, side, side), (32, channels, kernel, kernel), None, 1, 1)
    rng = np.random.default_rng(0)
    x, w = (rng.standard_normal(shape, dtype=np.float32) for shape in (conv.x_shape, conv.w_shape))
    expected = maps.forward(x.astype(np.float64), w.astype(np.float64), None, conv)
    errors = {}
    for name in ("im2col", "winograd-wide"):
        with maps.use(name):
            errors[name] = float(np.sqrt(np.square(maps.forward(x, w, None, conv) - expected).mean()))
    assert errors["winograd-wide"] < most * errors["im2col"]


@pytest.mark.parametrize("options", [{"stride": 2}, {"dilation": 2}])
def test_strides_and_dilations_are_left_to_others(options):
    conv = Conv.of((1, 8, 20, 20), (8, 8, 3, 3), None, **options)
    assert not winograd.ALGORITHM.supports(conv, np.dtype(np.float32))


def test_the_memory_order_of_the_input_does_not_matter():
    conv, x, w, b, _ = operands(LAYERS["many tiles"])
    last = np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2)
    with maps.use("winograd"):
        np.testing.assert_array_equal(maps.forward(last, w, b, conv), maps.forward(x, w, b, conv))


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize("value", [np.inf, np.nan, 3e38])
def test_what_is_not_finite_stays_where_it_belongs(layer, value):
    conv, x, w, b, gy = operands(layer)
    middle = tuple(n // 2 for n in x.shape[2:])
    x[(0, 0, *middle)], gy[(0, 0, *(n // 2 for n in gy.shape[2:]))] = value, -value
    w[0] += 0.5
    found = []
    for name in able(conv, "direct", "winograd", "winograd-wide", "winograd-high"):
        with maps.use(name), np.errstate(over="ignore", invalid="ignore"):
            found.append((maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv)))
    for expected, *others in zip(*found, strict=True):
        for got in others:
            np.testing.assert_array_equal(np.isfinite(got), np.isfinite(expected))
            np.testing.assert_allclose(got, expected, rtol=1e-4, atol=2e-5 * conv.terms)


@pytest.mark.parametrize(("channels", "supported"), [((32, 32), True), ((32, 24), False), ((24, 32), False)])
def test_few_channels_are_left_to_others(monkeypatch, channels, supported):
    monkeypatch.undo()
    (c, o), groups = channels, 2
    conv = Conv.of((64, c, 99, 99), (o, c // groups, 3, 3), None, 1, 1, 1, groups)
    assert winograd.ALGORITHM.supports(conv, np.dtype(np.float32)) is supported


def test_little_work_is_left_to_others(monkeypatch):
    monkeypatch.undo()
    for side, supported in ((20, False), (99, True)):
        conv = Conv.of((1, 64, side, side), (64, 64, 3, 3), None, 1, 1)
        assert winograd.ALGORITHM.supports(conv, np.dtype(np.float32)) is supported


@pytest.mark.parametrize(("sizes", "most"), [((16, 56, 56), 256), ((56, 56), 256)])
def test_blocks_of_three_dimensions_are_larger(sizes, most, monkeypatch):
    monkeypatch.setattr(winograd, "FEWEST_CHANNELS", 16)
    blocks = []
    monkeypatch.setattr(winograd, "_by_tiles", lambda given, some, _: blocks.extend(some))
    conv = Conv.of((1, 64, *sizes), (64, 64, *(3 for _ in sizes)), None, 1, 1)
    x, w = np.zeros(conv.x_shape, np.float32), np.ones(conv.w_shape, np.float32)
    winograd.ALGORITHM.forward(x, w, None, conv, np.empty(conv.y_shape, np.float32))
    assert most // 2 <= max(block.count for block in blocks) <= most
