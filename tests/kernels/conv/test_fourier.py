"""Transforms as products, against NumPy's."""

import numpy as np
import pytest

from pyconv.kernels.conv.fourier import column_frequencies, column_places, row_frequencies, row_places

LENGTHS = [(1, 1), (2, 2), (5, 3), (8, 8), (27, 11), (42, 31)]


@pytest.mark.parametrize(("points", "places"), LENGTHS)
def test_columns_there_and_back(points, places):
    x = np.random.default_rng(0).standard_normal(places)
    spectrum = column_frequencies(points, places) @ x
    np.testing.assert_allclose(spectrum[::2] + 1j * spectrum[1::2], np.fft.rfft(x, points), atol=1e-12)
    np.testing.assert_allclose(column_places(points, places) @ spectrum, x, atol=1e-12)


@pytest.mark.parametrize(("points", "places"), LENGTHS)
def test_rows_there_and_back(points, places):
    parts = np.random.default_rng(1).standard_normal((2, places))
    spectrum = row_frequencies(points, places) @ parts.ravel()
    np.testing.assert_allclose(
        spectrum[::2] + 1j * spectrum[1::2], np.fft.fft(parts[0] + 1j * parts[1], points), atol=1e-12
    )
    np.testing.assert_allclose(row_places(points, places) @ spectrum, parts.ravel(), atol=1e-12)
