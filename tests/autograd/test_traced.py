"""Traced values: views share memory and version."""

import gc
import weakref

import numpy as np
import pytest

from pyconv.autograd.primitive import primitive
from pyconv.autograd.traced import Traced
from tests.autograd.primitives import tail, tensor


def test_a_view_shares_memory_version_and_base():
    x = tensor(1.0, 2.0, 3.0, requires_grad=False)
    y = tail(tail(x))
    assert y._base is x
    y.mul_(5)
    assert x.tolist() == [1.0, 2.0, 15.0]
    assert (x._version, y._version) == (1, 1)


def test_a_base_does_not_keep_its_views():
    x = tensor(1.0, 2.0)
    reference = weakref.ref(tail(x))
    gc.collect()
    assert reference() is None
    assert len(x._views) == 0


def test_a_copy_is_no_view():
    @primitive("Copy", is_view=True)
    def copy(x):
        return x.copy()

    x = tensor(1.0)
    assert copy(x)._base is None


def test_a_class_that_cannot_be_made_around_an_array_says_so():
    with pytest.raises(TypeError, match="Traced cannot be wrapped around ndarray"):
        Traced._wrap(np.ones(1))
