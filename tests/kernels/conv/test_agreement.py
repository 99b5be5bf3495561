"""Every algorithm against `direct`: exactly on whole numbers, within the bound on real ones."""

import math

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import (
    correlation,
    direct,
    im2col,
    image_piles,
    in_cache,
    interleaved,
    joined_images,
    kernel_rows,
    pointwise,
    row_windows,
    runs,
    short,
    stacked_rows,
    strips,
    toeplitz,
    winograd,
    winograd_weights,
)
from pyconv.kernels.conv.tiles import tiles
from tests.kernels.conv.draws import Draw, assert_under_bound, draw, whole

SEEDS = (*range(7), 11)  # the last two in one group, without dilation and without strides
CASES = [
    (seed, ndim, dtype)
    for seed in SEEDS
    for ndim in (1, 2, 3)
    for dtype in ("float64", "float16", "complex64", "int16")
]
# "fft" and "fft_weights" serve float32 in one group, "swapped" images smaller than their kernels, "dilated" ones no
# undilated kernels, "volumes" three dimensions only: see their tests
OTHERS = ("fft", "fft_weights", "swapped", "dilated", "dilated-high", "dilated-weights", "volumes")
GENERAL = [a for a in maps.ALGORITHMS if a.name not in OTHERS]
SERVED = dict.fromkeys(("depthwise", "whole-rows", "stacked-rows"), (48, 48)) | dict.fromkeys(
    (
        *("channels-last", "kernel-rows", "row-sums", "in-cache", "turned", "column-sums", "joined-images"),
        *("row-windows", "turned-windows", "winograd-weights", "phases"),
    ),
    (40, 1),
)
"""Outputs and groups of 48 channels for those that do not serve any number."""
STRIDES = {"phases": 2}
"""The stride of those that serve no other."""
BLOCKS = [
    (direct, "BLOCK"),
    (direct, "WEIGHT_BLOCK"),
    (im2col, "COLUMN_BLOCK"),
    (im2col, "WEIGHT_BLOCK"),
    (in_cache, "BLOCK"),
    (pointwise, "WEIGHT_BLOCK"),
    (winograd, "TILE_BLOCK"),
    (winograd, "WEIGHT_BLOCK"),
    (winograd_weights, "BLOCK"),
    (winograd_weights, "LARGEST_BLOCK"),
    (toeplitz, "BLOCK"),
    (correlation, "BLOCK"),
    (strips, "BLOCK"),
    (stacked_rows, "BLOCK"),
    (image_piles, "BLOCK"),
    (runs, "BLOCK"),
    (row_windows, "BLOCK"),
]


@pytest.fixture(params=[False, True], ids=["whole", "in small pieces"])
def pieces(request, monkeypatch):
    """The blocks as they are, or so small that every loop goes round more than once."""
    if request.param:
        for module, name in BLOCKS:
            monkeypatch.setattr(module, name, 512)
        monkeypatch.setattr("pyconv.kernels.conv.tiles.SHORTEST_PIECES", 1)
        monkeypatch.setattr(im2col, "SHORTEST_SUM", 2)


@pytest.fixture(autouse=True)
def any_channels(monkeypatch):
    """Whole numbers are exact with however few channels."""
    for module in (winograd, winograd_weights):
        monkeypatch.setattr(module, "FEWEST_CHANNELS", 1)
        monkeypatch.setattr(module, "FEWEST_MULTIPLICATIONS", 1)
    monkeypatch.setattr(winograd_weights, "FEWEST_POSITIONS", 1)


@pytest.fixture(autouse=True)
def any_size(monkeypatch):
    """What is meant for small layers is right for others as well."""
    monkeypatch.setattr(short, "LONGEST", 1 << 40)
    monkeypatch.setattr(short, "SPREAD", 1 << 40)
    monkeypatch.setattr(interleaved, "LIMIT", 1 << 40)
    monkeypatch.setattr(interleaved, "HEAVIEST", 1 << 40)
    monkeypatch.setattr(kernel_rows, "SHORTEST_SUM", 2)
    monkeypatch.setattr(in_cache, "NARROWEST", 1)
    monkeypatch.setattr(joined_images, "SMALLEST", 1)
    monkeypatch.setattr(joined_images, "LARGEST", 1 << 40)


def all_maps(d, algorithm):
    """What an algorithm makes of a draw, for the passes that it has."""
    calls = {
        "forward": (d.x, d.w, d.b),
        "forward without bias": (d.x, d.w, None),
        "input_grad": (d.gy, d.w),
        "weight_grad": (d.x, d.gy),
    }
    with maps.use(algorithm.name):
        return {
            name: getattr(maps, name.split()[0])(*operands, d.conv)
            for name, operands in calls.items()
            if algorithm.has(name.split()[0])
        }


@pytest.mark.parametrize(("seed", "ndim", "dtype"), CASES)
@pytest.mark.usefixtures("pieces")
def test_all_algorithms_give_the_same(seed, ndim, dtype):
    d = draw(seed, ndim, dtype, lambda rng, shape, kind: whole(rng, shape, kind, -2, 3))
    expected = all_maps(d, direct.ALGORITHM)
    for algorithm in maps.ALGORITHMS:
        if algorithm.supports(d.conv, d.x.dtype) and not algorithm.loose:
            for name, values in all_maps(d, algorithm).items():
                np.testing.assert_array_equal(values, expected[name], err_msg=f"{algorithm.name} {name}")


@pytest.mark.usefixtures("pieces")
def test_each_algorithm_is_held_to_something():
    held = {
        a.name for seed in SEEDS for a in maps.ALGORITHMS if a.supports(draw(seed, 2, "float64").conv, np.dtype("f8"))
    }
    assert held == {a.name for a in GENERAL}


def test_small_pieces_are_many(monkeypatch):
    monkeypatch.setattr(im2col, "COLUMN_BLOCK", 512)
    conv = Conv.of((2, 3, 9, 9), (4, 3, 3, 3))
    parts = im2col._parts(conv, np.dtype(np.float64), conv.terms)
    assert len(parts) > 2 * 9
    assert len({part.positions for part in parts}) > 1 or conv.output[1] % parts[0].positions == 0


@pytest.mark.parametrize(
    ("algorithm", "name"), [(a.name, name) for a in GENERAL for name in maps.PASSES if a.has(name)]
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_errors_stay_under_the_bound(algorithm, dtype, name):
    rng = np.random.default_rng(1)
    kernel, (outputs, groups) = 1 if algorithm == "pointwise" else 3, SERVED.get(algorithm, (40, 2))
    weights, stride = (outputs, 48 // groups, kernel, kernel), STRIDES.get(algorithm, 1)
    conv = Conv.of((2, 48, 13, 11), weights, None, stride, kernel // 2, 1, groups)
    x, w, gy = (rng.standard_normal(shape).astype(dtype) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    operands = {"forward": (x, w, None), "input_grad": (gy, w), "weight_grad": (x, gy)}[name]
    back = outputs // groups * kernel**2
    terms = {"forward": conv.terms, "input_grad": back, "weight_grad": conv.batch * conv.positions}[name]
    with maps.use(algorithm):
        got = getattr(maps, name)(*operands, conv)
    wide = np.longdouble if dtype is np.float64 else np.float64
    assert_under_bound(got, name, operands, conv, terms, wide)


@pytest.mark.parametrize("algorithm", [a.name for a in GENERAL])
def test_outputs_are_fully_written_and_inputs_left_alone(algorithm, monkeypatch):
    real_empty = np.empty

    def poisoned(shape, dtype=float, *args, **kwargs):
        made = real_empty(shape, dtype, *args, **kwargs)
        made.view(np.uint8)[...] = 0xFF
        return made

    kernel = 1 if algorithm == "pointwise" else 3
    rng = np.random.default_rng(2)
    outputs, groups = SERVED.get(algorithm, (48, 2))
    weights, stride = (outputs, 48 // groups, kernel, kernel), STRIDES.get(algorithm, 1)
    conv = Conv.of((3, 48, 7, 6), weights, None, stride, 0, 1, groups)
    x, w, gy = (whole(rng, shape, np.float64) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    before = [a.copy() for a in (x, w, gy)]
    monkeypatch.setattr(np, "empty", poisoned)
    d = Draw(conv, x, w, None, gy, {})
    first, again = (all_maps(d, maps.find(algorithm)) for _ in range(2))
    for a, b in zip(first.values(), again.values(), strict=True):
        assert np.isfinite(a).all()
        assert a.tobytes() == b.tobytes()
    for a, b in zip((x, w, gy), before, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("limit", [1, 3, 7, 20, 60, 1000])
@pytest.mark.parametrize("size", [(17,), (5, 6), (3, 4, 5)])
def test_tiles_cover_once_and_keep_the_limit(size, limit):
    conv = Conv.of((3, 1, *size), (1, 1, *(1 for _ in size)))
    seen = np.zeros((3, conv.positions), int)
    for tile in tiles(conv, limit):
        seen[tile.images, tile.run] += 1
        assert tile.positions == math.prod(tile.shape)
        assert tile.count * tile.positions <= max(limit, 1)
        grid = np.arange(conv.positions).reshape(conv.output)
        box = grid[tuple(slice(o, o + n) for o, n in zip(tile.origin, tile.shape, strict=True))]
        np.testing.assert_array_equal(box.ravel(), np.arange(tile.run.start, tile.run.stop))
    np.testing.assert_array_equal(seen, 1)
