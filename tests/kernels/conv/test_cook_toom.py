"""Minimal filtering: F(m, r) is a correlation, with the fewest products."""

import numpy as np
import pytest

from pyconv.kernels.conv.cook_toom import filtering

SIZES = [(1, 1), (2, 2), (3, 2), (2, 3), (4, 3), (3, 4), (2, 5)]


@pytest.mark.parametrize(("outputs", "taps"), SIZES)
def test_it_is_a_correlation(outputs, taps):
    rng = np.random.default_rng(0)
    g, d = rng.standard_normal(taps), rng.standard_normal(outputs + taps - 1)
    f = filtering(outputs, taps)
    a, b, c = (np.array(rows) for rows in (f.inverse, f.inputs, f.taps))
    np.testing.assert_allclose(a @ ((c @ g) * (b @ d)), np.correlate(d, g), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("outputs", "taps"), SIZES)
def test_it_takes_one_product_for_each_input(outputs, taps):
    f = filtering(outputs, taps)
    assert f.points == len(f.taps) == outputs + taps - 1
    assert f.outputs == len(f.inverse) == outputs


@pytest.mark.parametrize("taps", [2, 3])
def test_two_outputs_need_no_coefficients_but_halves(taps):
    f = filtering(2, taps)
    assert {abs(c) for rows in (f.inverse, f.inputs, f.taps) for row in rows for c in row} <= {0, 0.5, 1}
