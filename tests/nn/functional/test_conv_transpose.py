"""The functions of transposed convolution: how arguments are taken."""

import numpy as np

import pyconv.nn.functional as F


def test_an_unbatched_input_gives_an_unbatched_output():
    assert F.conv_transpose1d(np.ones((2, 5)), np.ones((2, 3, 2))).shape == (3, 6)
