"""Products of what taps read inside the image: which places these are, and what the padding never gives."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import taps
from tests.kernels.conv.draws import draw, geometry


@pytest.mark.parametrize("seed", range(12))
def test_every_place_is_read_once_for_each_tap_that_reads_it(seed):
    rng = np.random.default_rng(seed)
    conv = geometry(rng, int(rng.integers(1, 4)))
    window = conv.window
    expected = set()
    for tap, offsets in enumerate(np.ndindex(window.kernel)):
        for place in np.ndindex(conv.output):
            along = zip(place, window.stride, offsets, window.dilation, window.padding, strict=True)
            read = tuple(p * s + t * d - low for p, s, t, d, (low, _) in along)
            if all(0 <= r < n for r, n in zip(read, conv.input, strict=True)):
                expected.add((tap, place, read))
    for side, size in enumerate((conv.output, conv.input)):
        found = []
        for start in range(0, size[0], 2):
            for box in taps._within(conv, side, slice(start, min(size[0], start + 2))):
                read, written = _places(box.read, (conv.input, conv.output)[side]), _places(box.written, (2, *size[1:]))
                moved = [(first + start, *rest) for first, *rest in written]
                pairs = zip(moved, read, strict=True) if side == 0 else zip(read, moved, strict=True)
                found += [(box.tap, place, at) for place, at in pairs]
        assert len(found) == len(set(found))
        assert set(found) == expected


def _places(index, size):
    grid = np.stack(np.meshgrid(*map(np.arange, size), indexing="ij"), -1)
    return [tuple(map(int, place)) for place in grid[index[1:]].reshape(-1, len(size))]


@pytest.mark.parametrize("seed", range(8))
def test_small_blocks_give_the_same(seed, monkeypatch):
    d = draw(seed, 2, "float64")
    passes = {"forward": (d.x, d.w, d.b), "input_grad": (d.gy, d.w), "weight_grad": (d.x, d.gy)}
    with maps.use("direct"):
        expected = {kind: getattr(maps, kind)(*given, d.conv) for kind, given in passes.items()}
    monkeypatch.setattr(taps, "BLOCK", 256)
    for kind, given in passes.items():
        out = np.empty_like(expected[kind])
        getattr(taps, kind)(*given, d.conv, out)
        np.testing.assert_array_equal(out, expected[kind])


def test_padding_times_an_infinite_weight_is_nothing():
    conv = Conv.of((1, 4, 9, 9), (4, 4, 3, 3), None, 1, 4, 4)
    x, w = np.ones(conv.x_shape, np.float32), np.ones(conv.w_shape, np.float32)
    w[0, 0, 0, 0] = np.inf
    with maps.use("taps"):
        y = maps.forward(x, w, None, conv)
    assert not np.isnan(y).any()
    assert np.isinf(y[0, 0]).sum() == 25


def test_a_window_as_wide_as_the_image_is_served_so():
    conv = Conv.of((8, 512, 28, 28), (256, 512, 3, 3), None, 1, 12, 12)
    assert maps.choose(conv, np.dtype(np.float32), "forward").name == "taps"
