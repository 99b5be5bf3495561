"""All combinations of the elements of several vectors."""

import itertools

import numpy as np

import pyconv


def grid(*shape):
    return pyconv.arange(float(np.prod(shape)), dtype=pyconv.float64).reshape(shape)


def test_grids_products_and_combinations():
    vectors = [grid(2), grid(3) + 5]
    expected = np.meshgrid(*(v._array for v in vectors), indexing="xy")
    for found, array in zip(pyconv.meshgrid(*vectors, indexing="xy"), expected, strict=True):
        np.testing.assert_array_equal(found._array, array)
    pairs = itertools.product(*(v.tolist() for v in vectors))
    assert pyconv.cartesian_prod(*vectors).tolist() == [list(pair) for pair in pairs]
    expected = itertools.combinations_with_replacement(range(4), 3)
    assert pyconv.combinations(pyconv.arange(4), 3, True).tolist() == [list(row) for row in expected]
