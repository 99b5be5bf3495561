"""torch.matmul over stacks, against NumPy."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import gradcheck

RANDOM = np.random.default_rng(0)


def real(*shape):
    return torch.tensor(RANDOM.normal(size=shape), requires_grad=True)


MATMUL = [
    ((3,), (3,)),
    ((2, 3), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3, 4)),
    ((5, 2, 3), (3, 4)),
    ((5, 2, 3), (3,)),
    ((3,), (5, 3, 2)),
    ((2, 3), (5, 3, 2)),
    ((5, 2, 3), (1, 3, 4)),
    ((2, 1, 2, 3), (5, 3, 4)),
    ((0, 2, 3), (3, 4)),
    ((2, 0), (0, 4)),
]


@pytest.mark.parametrize(("a", "b"), MATMUL)
def test_matmul_is_numpys(a, b):
    x, y = real(*a), real(*b)
    np.testing.assert_allclose((x @ y).detach().numpy(), x.detach().numpy() @ y.detach().numpy(), rtol=1e-12)
    if x.numel() and y.numel():
        assert gradcheck(torch.matmul, (x, y))
