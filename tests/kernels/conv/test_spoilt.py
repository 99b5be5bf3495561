"""What `direct` computes again: some images and groups, and nothing else."""

import numpy as np

from pyconv.geometry import Conv
from pyconv.kernels import conv as maps
from pyconv.kernels.conv.spoilt import forward_again, input_grad_again

CONV = Conv.of((3, 6, 5, 5), (9, 2, 3, 3), None, 1, 1, 1, 3)
SPOILT = [(slice(0, 1), slice(1, 3)), (slice(2, 3), slice(0, 1))]


def operands():
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape) for shape in (CONV.x_shape, CONV.w_shape, CONV.y_shape, (9,))]


def test_the_spoilt_are_written_and_the_rest_left_alone():
    x, w, gy, b = operands()
    y, gx = np.full(CONV.y_shape, np.nan), np.full(CONV.x_shape, np.nan)
    forward_again(x, w, b, CONV, y, SPOILT)
    input_grad_again(gy, w, CONV, gx, SPOILT)
    with maps.use("direct"):
        for values, expected, channels in ((y, maps.forward(x, w, b, CONV), 3), (gx, maps.input_grad(gy, w, CONV), 2)):
            written = np.zeros(values.shape, bool)
            written[0, channels:], written[2, :channels] = True, True
            np.testing.assert_array_equal(np.isnan(values), ~written)
            np.testing.assert_allclose(values[written], expected[written], rtol=1e-12)


def test_without_a_bias_and_with_nothing_spoilt():
    x, w, _, _ = operands()
    y = np.full(CONV.y_shape, np.nan)
    forward_again(x, w, None, CONV, y, [])
    assert np.isnan(y).all()
    forward_again(x, w, None, CONV, y, [(slice(0, 3), slice(0, 3))])
    with maps.use("direct"):
        np.testing.assert_allclose(y, maps.forward(x, w, None, CONV), rtol=1e-12)
