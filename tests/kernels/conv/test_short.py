"""Short convolutions: exact, at once, and as careful with infinities as the others."""

import numpy as np
import pytest

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv import short
from tests.kernels.conv.draws import draw, whole

FLOAT32 = np.dtype(np.float32)


def both(name, conv, *operands):
    """What `short` makes of a pass, and what `direct` does."""
    found = []
    for algorithm in ("short", "direct"):
        with maps.use(algorithm), np.errstate(invalid="ignore"):
            found.append(getattr(maps, name)(*operands, conv))
    return found


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("ndim", [1, 2, 3])
def test_whole_numbers_come_out_exactly(seed, ndim):
    d = draw(seed, ndim, np.float32)
    if short.ALGORITHM.supports(d.conv, FLOAT32):
        for name, operands in (("forward", (d.x, d.w, d.b)), ("input_grad", (d.gy, d.w)), ("weight_grad", (d.x, d.gy))):
            np.testing.assert_array_equal(*both(name, d.conv, *operands), err_msg=name)


def test_operands_may_lie_in_any_order():
    rng = np.random.default_rng(0)
    conv = Conv.of((2, 3, 5, 4), (6, 3, 3, 2))
    x, w, gy = (whole(rng, shape[::-1], np.float32).T for shape in (conv.x_shape, conv.w_shape, conv.y_shape))
    for name, operands in (("forward", (x, w, None)), ("input_grad", (gy, w)), ("weight_grad", (x, gy))):
        np.testing.assert_array_equal(*both(name, conv, *operands), err_msg=name)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("where", ["x", "w", "gy"])
def test_an_infinity_reaches_only_what_reads_it(where, stride):
    conv = Conv.of((2, 2, 6, 6), (3, 2, 3, 3), None, stride, 1)
    rng = np.random.default_rng(1)
    arrays = {"x": conv.x_shape, "w": conv.w_shape, "gy": conv.y_shape}
    arrays = {name: rng.standard_normal(shape, np.float32) for name, shape in arrays.items()}
    arrays[where][1, 1, 2, 0] = np.inf
    x, w, gy = arrays["x"], arrays["w"], arrays["gy"]
    for name, operands in (("forward", (x, w, None)), ("input_grad", (gy, w)), ("weight_grad", (x, gy))):
        got, expected = both(name, conv, *operands)
        np.testing.assert_array_equal(np.isfinite(got), np.isfinite(expected), err_msg=name)
        np.testing.assert_array_equal(np.isnan(got), np.isnan(expected), err_msg=name)


def test_it_serves_small_layers_alone():
    small, large = Conv.of((1, 3, 5, 5), (4, 3, 3, 3), None, 1, 1), Conv.of((1, 64, 56, 56), (64, 64, 3, 3))
    assert {maps.choose(small, FLOAT32, name).name for name in maps.PASSES} == {"short"}
    assert not short.ALGORITHM.supports(large, FLOAT32)
    assert not short.ALGORITHM.supports(small, np.dtype(np.float16))


def test_weights_that_take_long_to_turn_are_another_algorithm_s():
    conv = Conv.of((1, 129, 4), (128, 129, 3), None, 1, 1)
    assert maps.choose(conv, FLOAT32, "forward").name == "short"
    assert maps.choose(conv, FLOAT32, "input_grad").name != "short"
