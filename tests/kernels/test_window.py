"""Padding, sliding views, unfold and fold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyconv.geometry import Window
from pyconv.kernels.window import fold, negated, pad, sliding, unfold
from tests import oracle

amounts = st.integers(-2, 3)


@given(st.tuples(amounts, amounts), st.tuples(amounts, amounts))
def test_pad_is_numpys_where_it_adds_and_a_slice_where_it_crops(first, second):
    x = np.arange(1.0, 31).reshape(5, 6)
    padding = (first, second)
    added = np.pad(x, [(max(low, 0), max(high, 0)) for low, high in padding])
    crop = tuple(slice(max(-low, 0), n - max(-high, 0)) for n, (low, high) in zip(added.shape, padding, strict=True))
    np.testing.assert_array_equal(pad(x, padding), added[crop])


@given(st.tuples(amounts, amounts), st.tuples(amounts, amounts))
def test_negated_is_the_transpose(first, second):
    padding = (first, second)
    rng = np.random.default_rng(0)
    x = rng.integers(-5, 5, (5, 6)).astype(float)
    y = pad(x, padding)
    g = rng.integers(-5, 5, y.shape).astype(float)
    assert np.vdot(g, y) == np.vdot(pad(g, negated(padding)), x)


def test_pad_casts_and_copies_only_where_there_is_a_reason():
    x = np.ones((2, 3), np.float16)
    assert pad(x, ((0, 0), (0, 0))) is x
    assert pad(x, ((0, 0), (0, 0)), np.dtype(np.float32)).dtype == np.float32


def test_sliding_reads_what_the_taps_read():
    window = Window((2, 3), (2, 1), ((0, 0), (0, 0)), (1, 2))
    x = np.arange(60.0).reshape(2, 5, 6)
    view = sliding(x, window, window.output((5, 6)))
    for index in np.ndindex(view.shape):
        c, i, j, r, s = index
        assert view[index] == x[c, i + 2 * r, 2 * j + s]


WINDOWS = [
    Window((3, 2), (1, 1), ((0, 0), (0, 0)), (1, 1)),
    Window((2, 3), (2, 3), ((1, 1), (2, 2)), (1, 1)),
    Window((2, 2), (1, 2), ((1, 1), (0, 0)), (2, 3)),
]


@pytest.mark.parametrize("window", WINDOWS)
def test_unfold_and_fold_are_the_oracles_and_each_others_transpose(window):
    rng = np.random.default_rng(0)
    x = rng.integers(-5, 6, (2, 3, 6, 7)).astype(float)
    options = {"stride": window.stride, "padding": window.padding, "dilation": window.dilation}
    columns = unfold(x, window)
    np.testing.assert_array_equal(columns, oracle.unfold(x, window.kernel, **options))
    g = rng.integers(-5, 6, columns.shape).astype(float)
    image = fold(g, window, (6, 7))
    np.testing.assert_array_equal(image, oracle.fold(g, (6, 7), window.kernel, **options))
    assert np.vdot(g, columns) == np.vdot(image, x)


def test_empty_batch():
    window = Window((2, 2), (1, 1), ((0, 0), (0, 0)), (1, 1))
    assert unfold(np.ones((0, 3, 4, 4)), window).shape == (0, 12, 9)
    assert fold(np.ones((0, 12, 9)), window, (4, 4)).shape == (0, 3, 4, 4)
