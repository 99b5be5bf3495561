"""Bands against what the formula of a convolution says that each row reads."""

import numpy as np
import pytest

from pyconv.kernels.conv.bands import band_matrices, rows_read
from tests.kernels.conv.test_toeplitz import draw


@pytest.mark.parametrize("name", ["forward", "input_grad"])
@pytest.mark.parametrize("seed", range(30))
def test_every_block_reads_what_the_formula_says(seed, name):
    conv, _ = draw(seed)
    band = rows_read(conv, name)
    taps, stride, dilation = conv.window.kernel[0], conv.window.stride[0], conv.window.dilation[0]
    low = conv.window.padding[0][0]
    weights = np.arange(1.0, taps + 1).reshape(1, 1, 1, taps, 1)
    matrix = band_matrices(weights, band, np.dtype(np.float64)).reshape(band.rows, band.depth)
    for block in range(3):
        found = {}
        for row, place in zip(*np.nonzero(matrix), strict=True):
            key = block * band.rows + row, band.first + block * band.step + place
            found[tuple(int(n) for n in key)] = int(matrix[row, place]) - 1
        rows = range(block * band.rows, (block + 1) * band.rows)
        if name == "forward":
            expected = {(y, y * stride + t * dilation - low): t for y in rows for t in range(taps)}
        else:
            expected = {
                (x, (x + low - t * dilation) // stride): t
                for x in rows
                for t in range(taps)
                if (x + low - t * dilation) % stride == 0
            }
        assert found == expected
