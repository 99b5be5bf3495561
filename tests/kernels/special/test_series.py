"""Elementwise kernels that go through their operand block by block."""

import numpy as np
import pytest

from pyconv.kernels.special.series import blockwise

X = np.arange(40 * 30 * 20.0).reshape(40, 30, 20)


@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 0, 1), (2, 1, 0), (0, 2, 1)])
@pytest.mark.parametrize("x", [X, X[:3, :4, :5], X[:, ::2, 1:], X[::-1, :, :1]])
def test_values_and_order(x, axes):
    """The result lies as what NumPy makes of the operand."""
    x = x.transpose(axes)
    found = blockwise(lambda flat, k: flat * k + flat.ndim)(x, 2)
    np.testing.assert_array_equal(found, x * 2 + 1)
    steps = [[step for n, step in zip(y.shape, y.strides, strict=True) if n > 1] for y in (found, x + 1)]
    assert steps[0] == steps[1]


@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2)])
def test_few_elements(shape):
    assert blockwise(np.negative)(np.ones(shape).T).shape == shape[::-1]


def test_an_expanded_operand_gives_a_contiguous_result():
    x = np.broadcast_to(np.arange(5.0), (4, 5))
    found = blockwise(np.negative)(x)
    np.testing.assert_array_equal(found, -x)
    assert found.flags.c_contiguous
