"""Choices by bits are those of `numpy.where`, bit for bit, with few elements and with many."""

import numpy as np
import pytest

from pyconv.kernels.select import chosen, either, kept, where

DTYPES = ["f2", "f4", "f8", "c8", "c16", "i1", "u2", "i4", "i8", "?"]
SHAPES = [(0,), (3,), (64, 50)]


def operands(dtype, shape):
    rng = np.random.default_rng(3)
    x, y = ((5 * rng.standard_normal(shape)).astype(dtype) for _ in range(2))
    if x.dtype.kind == "f" and x.size:
        x.flat[0], y.flat[0], x.flat[-1], y.flat[-1] = np.nan, np.inf, -0.0, -np.inf
    return rng.random(shape) < 0.5, x, y


def same(found, expected):
    assert found.dtype == expected.dtype
    assert found.strides == expected.strides
    assert found.tobytes() == expected.tobytes()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_elements_are_those_of_where(dtype, shape, turned):
    mask, x, y = (array.T if turned else array for array in operands(dtype, shape))
    same(kept(mask, x), np.where(mask, x, x.dtype.type(0)))
    same(chosen(mask, x, y), np.where(mask, x, y))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_numbers_are_those_of_where(dtype, shape):
    mask, x, _ = operands(dtype, shape)
    same(either(mask, 1, 0.3, x.dtype), np.where(mask, x.dtype.type(1), x.dtype.type(0.3)))


def test_operands_of_two_dtypes_promote():
    mask, x, y = operands("f4", (64, 50))
    same(chosen(mask, x, y.astype("f8")), np.where(mask, x, y.astype("f8")))


def test_operands_stay_as_they_are():
    mask, x, y = operands("f4", (64, 50))
    before = mask.copy(), x.copy(), y.copy()
    kept(mask, x), chosen(mask, x, y)
    for now, then in zip((mask, x, y), before, strict=True):
        assert now.tobytes() == then.tobytes()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_operands_broadcast(dtype, shape):
    mask, x, y = operands(dtype, shape)
    one = np.array(3).astype(dtype)
    for a, b in ((x, y), (x, one), (one, y), (one, one), (x[:1], y), (x[None], y)):
        same(where(mask, a, b), np.where(mask, a, b))
    for condition in (mask[:1], mask.astype(np.int8), mask.T.copy().T):
        same(where(condition, x, y), np.where(condition, x, y))
