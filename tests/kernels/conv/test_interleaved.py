"""Images side by side: exact in piles of any size, and within the bound."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import image_piles, interleaved
from tests.kernels.conv.draws import assert_under_bound, whole

FLOAT32 = np.dtype(np.float32)


def geometry(seed):
    """Some images, one or two dimensions, rows that are not dilated."""
    rng = np.random.default_rng(seed)
    ndim, groups = int(rng.integers(1, 3)), int(rng.integers(1, 3))
    c, o = (groups * int(rng.integers(1, 4)) for _ in range(2))
    kernel, stride, dilation = ([int(n) for n in rng.integers(1, high, ndim)] for high in (5, 4, 3))
    if ndim == 2:
        dilation[0] = 1
    padding = [int(rng.integers(0, k + 2)) for k in kernel]
    size = [(k - 1) * d + 1 + int(rng.integers(0, 6)) for k, d in zip(kernel, dilation, strict=True)]
    shapes = (int(rng.integers(1, 8)), c, *size), (o, c // groups, *kernel)
    return Conv.of(*shapes, None, stride, padding, dilation, groups), rng


@pytest.mark.parametrize("pile", [1, 3, 16])
@pytest.mark.parametrize("seed", range(40))
def test_whole_numbers_come_out_exactly(seed, pile, monkeypatch):
    monkeypatch.setattr(image_piles, "PILE", pile)
    monkeypatch.setattr(image_piles, "BLOCK", 1)
    conv, rng = geometry(seed)
    if not interleaved.ALGORITHM.supports(conv, FLOAT32):
        assert conv.window.taps == 1
        return
    shapes = conv.x_shape, conv.w_shape, conv.y_shape, (conv.out_channels,)
    x, w, gy, b = (whole(rng, shape, np.float32) for shape in shapes)
    for name, operands in (("forward", (x, w, b)), ("input_grad", (gy, w)), ("weight_grad", (x, gy))):
        with maps.use("direct"):
            expected = getattr(maps, name)(*operands, conv)
        with maps.use("interleaved"):
            np.testing.assert_array_equal(getattr(maps, name)(*operands, conv), expected, err_msg=name)


@pytest.mark.parametrize("where", ["x", "w", "gy"])
def test_an_infinity_reaches_only_what_reads_it(where):
    conv = Conv.of((5, 2, 6, 6), (3, 2, 3, 3), None, 1, 1)
    rng = np.random.default_rng(1)
    arrays = {"x": conv.x_shape, "w": conv.w_shape, "gy": conv.y_shape}
    arrays = {name: rng.standard_normal(shape, np.float32) for name, shape in arrays.items()}
    arrays[where][1, 1, 2, 0] = np.inf
    x, w, gy = arrays["x"], arrays["w"], arrays["gy"]
    for name, operands in (("forward", (x, w, None)), ("input_grad", (gy, w)), ("weight_grad", (x, gy))):
        found = []
        for algorithm in ("interleaved", "direct"):
            with maps.use(algorithm), np.errstate(invalid="ignore"):
                found.append(getattr(maps, name)(*operands, conv))
        np.testing.assert_array_equal(*map(np.isfinite, found), err_msg=name)
        np.testing.assert_array_equal(*map(np.isnan, found), err_msg=name)


@pytest.mark.parametrize("name", maps.PASSES)
def test_errors_stay_under_the_bound(name):
    rng = np.random.default_rng(3)
    conv = Conv.of((20, 6, 14, 14), (16, 6, 5, 5))
    x, w, gy = (rng.standard_normal(shape, np.float32) for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    operands = {"forward": (x, w, None), "input_grad": (gy, w), "weight_grad": (x, gy)}[name]
    terms = {"forward": 150, "input_grad": 16 * 25, "weight_grad": 20 * 100}[name]
    with maps.use("interleaved"):
        got = getattr(maps, name)(*operands, conv)
    assert_under_bound(got, name, operands, conv, terms)


def test_it_is_chosen_for_many_small_images():
    conv = Conv.of((64, 6, 14, 14), (16, 6, 5, 5))
    assert {maps.choose(conv, FLOAT32, name).name for name in maps.PASSES} == {"interleaved"}
