"""A value whose gradient is refused."""

from __future__ import annotations

import pytest

import pyconv
from pyconv.ops.undifferentiated import undifferentiated


def test_the_value_passes_and_its_gradient_does_not():
    x = pyconv.ones(2, requires_grad=True)
    found = undifferentiated(x, reason="not here")
    assert found.tolist() == [1.0, 1.0]
    with pytest.raises(RuntimeError, match="not here"):
        found.sum().backward()


def test_the_type_of_the_error_may_be_another():
    x = pyconv.ones(2, requires_grad=True)
    with pytest.raises(NotImplementedError, match="not here"):
        undifferentiated(x, reason="not here", error=NotImplementedError).sum().backward()
