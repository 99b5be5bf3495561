"""torch.tensor_split, against NumPy."""

import numpy as np
import pytest

import pyconv


def grid():
    return pyconv.arange(30.0, dtype=pyconv.float64).reshape(5, 6)


@pytest.mark.parametrize("sections", [1, 2, 4, 7, (1, 3), (0, 2, 9), (-2,)])
@pytest.mark.parametrize("dim", [0, 1])
def test_tensor_split_is_numpys(sections, dim):
    parts = pyconv.tensor_split(grid(), sections, dim)
    for part, expected in zip(parts, np.array_split(grid()._array, sections, dim), strict=True):
        np.testing.assert_array_equal(part._array, expected)
        assert part._is_view() or not part.numel()
