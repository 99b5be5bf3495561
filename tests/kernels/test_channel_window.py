"""Sums over neighbouring channels."""

import numpy as np
import pytest

from pyconv.kernels.channel_window import window_sum


@pytest.mark.parametrize(("before", "after"), [(0, 0), (1, 0), (0, 2), (3, 3), (9, 9)])
def test_a_sum_is_over_the_channels_that_there_are(before, after):
    x = np.arange(30.0).reshape(2, 5, 3)
    got = window_sum(x, before, after)
    for c in range(5):
        np.testing.assert_array_equal(got[:, c], x[:, max(0, c - before) : c + after + 1].sum(1))


def test_half_precision_is_added_up_in_single():
    assert window_sum(np.ones((1, 2), np.float16), 1, 1).dtype == np.float32
