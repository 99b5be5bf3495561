"""Rows among zeros, their phases in planes of their own."""

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels.conv.padded_rows import PaddedRows, pitch

CROPPED = Window((3, 3), (2, 1), ((-2, -3), (-1, 2)), (1, 1))
CASES = [
    Conv.of((1, 6, 20, 33), (8, 6, 3, 3), None, 1, 1),
    Conv.of((1, 3, 25, 27), (8, 3, 5, 5), None, 4, 2),
    Conv.of((1, 4, 31, 30), (6, 4, 5, 4), None, (1, 2), (0, 3), (2, 3)),
    Conv.of((1, 2, 12, 10), (4, 2, 3, 3), None, 1, 12, 12),
    Conv(1, 2, 4, 1, (20, 15), CROPPED.output((20, 15)), CROPPED),
]


def expected(conv, image, first, stop, more):
    """The same from `np.pad`, cropped where the padding is negative."""
    (low, high), (left, right) = conv.window.padding
    cut = image[:, max(0, -low) : image.shape[1] - max(0, -high), max(0, -left) : image.shape[2] - max(0, -right)]
    padded = np.pad(cut, ((0, 0), (max(0, low), max(0, high) + more), (max(0, left), max(0, right) + pitch(conv))))
    stride, step = conv.window.stride
    reach = (stop - first - 1) * stride + (conv.window.kernel[0] - 1) * conv.window.dilation[0] + 1 + more
    rows = padded[:, first * stride : first * stride + reach, : pitch(conv)]
    return rows.reshape(*rows.shape[:2], -1, step).transpose(3, 0, 1, 2)


@pytest.mark.parametrize("more", [0, 3])
@pytest.mark.parametrize("conv", CASES)
def test_the_rows_of_a_padded_image(conv, more):
    image = np.random.default_rng(0).standard_normal(conv.x_shape[1:], np.float32)
    height = conv.output[0]
    for first, stop in ((0, height), (0, 1), (height // 2, height)):
        rows = PaddedRows(conv, first, stop, more, image.dtype)
        rows.load(image)
        seen = rows.planes[:, :, : rows.planes.shape[2] - more]
        np.testing.assert_array_equal(seen, expected(conv, image, first, stop, more)[:, :, : seen.shape[2]])
        assert rows.planes.shape[2] == seen.shape[2] + more


def test_what_another_put_there_is_not_seen():
    image = np.random.default_rng(0).standard_normal((6, 20, 33), np.float32)
    first = PaddedRows(CASES[0], 0, 20, 0, image.dtype)
    second = PaddedRows(CASES[3], 0, 12, 0, image.dtype)
    for _ in range(2):
        first.load(image)
        np.testing.assert_array_equal(first.planes, expected(CASES[0], image, 0, 20, 0))
        second.load(image[:2, :12, :10])
        np.testing.assert_array_equal(second.planes, expected(CASES[3], image[:2, :12, :10], 0, 12, 0))


@pytest.mark.parametrize("conv", CASES)
def test_the_rows_of_several_images(conv):
    images = np.random.default_rng(0).standard_normal((3, *conv.x_shape[1:]), np.float32)
    rows = PaddedRows(conv, 0, conv.output[0], 0, images.dtype, (3,))
    rows.load(images.swapaxes(0, 1))
    for number, image in enumerate(images):
        np.testing.assert_array_equal(rows.planes[:, :, number], expected(conv, image, 0, conv.output[0], 0))
