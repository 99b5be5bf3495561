"""Capsules of memory."""

import numpy as np
import pytest

import pyconv
from pyconv.utils import dlpack


def test_a_capsule_lends_the_memory_once():
    x = pyconv.arange(3)
    capsule = pyconv.to_dlpack(x)
    y = dlpack.from_dlpack(capsule)
    y[0] = 5
    assert x.tolist() == [5, 1, 2]
    with pytest.raises((RuntimeError, ValueError)):
        dlpack.from_dlpack(capsule)


def test_numpy_takes_the_tensor():
    assert np.from_dlpack(pyconv.ones(2)).tolist() == [1, 1]


def test_what_is_no_tensor_is_refused():
    with pytest.raises(TypeError, match=r"^_to_dlpack\(\): argument 'data' \(position 1\) must be Tensor, not int$"):
        dlpack.to_dlpack(3)
