"""erfinv beside torch's: within the last bit, and few values differ at all.

How many depends on the processor: MKL has other code for those with AVX-512.
"""

import numpy as np
import torch

from pyconv.kernels.special.inverse_error import erfinv


def test_single_precision():
    y = np.random.default_rng(0).uniform(-1, 1, 200_000).astype(np.float32)
    ours, theirs = erfinv(y), torch.erfinv(torch.from_numpy(y)).numpy()
    np.testing.assert_array_max_ulp(ours, theirs, 1)
    assert np.mean(ours != theirs) < 0.01


def test_double_precision():
    y = np.random.default_rng(0).uniform(-1, 1, 200_000)
    np.testing.assert_allclose(erfinv(y), torch.erfinv(torch.from_numpy(y)).numpy(), rtol=2e-15)
