"""Named parts of a program."""

import pytest

import pyconv
from pyconv.autograd.profiler import record_function


def test_a_name_changes_nothing():
    with record_function("part", "more") as part:
        x = pyconv.ones(2)
    assert (part.name, part.args, x.sum().item()) == ("part", "more", 2)
    with pytest.raises(KeyError), pyconv.autograd.profiler.record_function("part"):
        raise KeyError

    @record_function("function")
    def twice(x):
        return 2 * x

    assert twice(2) == 4


def test_a_category_to_filter():
    assert issubclass(pyconv.jit.TracerWarning, Warning)
