"""Medians, modes and order statistics: which of equals, NaN, gradients and errors."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck


def test_medians_modes_and_order_statistics():
    x = pyconv.tensor([[4, 1, 3, 2], [5, 5, 0, 0]])
    assert x.median(1).values.tolist() == [2, 0]
    assert (x.mode(1).values.tolist(), x.mode(1).indices.tolist()) == ([1, 0], [1, 3])
    assert x.kthvalue(3).values.tolist() == [3, 5]
    assert x.kthvalue(1, 0, True).values.tolist() == [[4, 1, 0, 0]]
    assert np.isnan(pyconv.tensor([]).median().item())


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
def test_nan_is_the_median_and_nanmedian_leaves_it_out(kind):
    x = pyconv.tensor([3.0, np.nan, 1.0, np.nan], dtype=getattr(pyconv, kind))
    assert x.median(0).indices.item() == 1
    assert x.nanmedian().item() == 1


@pytest.mark.parametrize("call", [lambda x: x.median(0)[0], lambda x: x.mode(1)[0], lambda x: x.kthvalue(2)[0]])
def test_derivatives_where_nothing_is_equal(call):
    x = pyconv.tensor(np.random.default_rng(0).normal(size=(3, 4)), requires_grad=True)
    assert gradcheck(call, x)


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda: pyconv.zeros(2).kthvalue(3), RuntimeError, r"selected number k out of range for dimension 0"),
        (lambda: pyconv.ones(2).bool().median(), NotImplementedError, "\"median_cpu\" not implemented for 'Bool'"),
    ],
)
def test_errors(call, kind, text):
    with pytest.raises(kind, match=text):
        call()
