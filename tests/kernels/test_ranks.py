"""Elements found by rank are those of a stable sort, among equal ones and NaN too."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyconv.kernels import ranks

NUMBERS = st.sampled_from([0.0, -0.0, 1.0, 2.0, -1.0, np.nan, np.inf, -np.inf])


def ascending(row):
    return row.argsort(kind="stable")


def descending(row):
    return len(row) - 1 - row[::-1].argsort(kind="stable")[::-1]


@given(st.lists(NUMBERS, min_size=1, max_size=12), st.data())
def test_of_one_row(values, data):
    row = np.array(values)
    k = data.draw(st.integers(1, len(row)))
    assert ranks.first(row, k).tolist() == ascending(row)[:k].tolist()
    assert ranks.first(row, k, descending=True).tolist() == descending(row)[:k].tolist()
    assert ranks.at(row, k - 1).tolist() == [ascending(row)[k - 1]]


@pytest.mark.parametrize("dtype", ["f4", "i8", "u1"])
def test_of_many_rows(dtype):
    rows = np.random.default_rng(0).integers(0, 9, (3, 4, 50)).astype(dtype)
    order = rows.argsort(axis=-1, kind="stable")
    np.testing.assert_array_equal(ranks.first(rows, 7), order[..., :7])
    np.testing.assert_array_equal(ranks.at(rows, 30), order[..., 30:31])
    backwards = 49 - rows[..., ::-1].argsort(axis=-1, kind="stable")[..., ::-1]
    np.testing.assert_array_equal(ranks.first(rows, 7, descending=True), backwards[..., :7])
