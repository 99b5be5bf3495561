"""unfold and fold: windows as columns, and their sum back in place."""

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F


def test_columns_are_windows_in_reading_order():
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    assert F.unfold(x, 2)[0].T.tolist() == [[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]]


def test_fold_adds_what_overlaps():
    counts = F.fold(F.unfold(np.ones((1, 1, 3, 3)), 2), (3, 3), 2)
    assert counts[0, 0].tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]


def test_a_convolution_is_unfold_and_a_product():
    rng = np.random.default_rng(0)
    x, w = rng.integers(-4, 5, (2, 3, 5, 6)).astype(float), rng.integers(-4, 5, (4, 3, 2, 3)).astype(float)
    columns = F.unfold(x, (2, 3), padding=1, stride=2)
    assert np.array_equal(w.reshape(4, -1) @ columns, F.conv2d(x, w, padding=1, stride=2).reshape(2, 4, -1))


@pytest.mark.parametrize(
    ("shape", "kind", "text"),
    [
        ((8, 5), IndexError, "but got 2"),
        ((8, 0), RuntimeError, r"Expected 3D or 4D .* but got: \[8, 0\]"),
        ((0,), IndexError, "but got 1"),
    ],
)
def test_unfold_refuses_too_few_dimensions_in_torchs_order(shape, kind, text):
    with pytest.raises(kind, match=text):
        F.unfold(pyconv.ones(shape), 1)


def test_fold_refuses_columns_that_do_not_fit():
    with pytest.raises(RuntimeError, match="expected size of input's dimension 2 to match"):
        F.fold(pyconv.ones(1, 4, 5), (3, 3), 2)
