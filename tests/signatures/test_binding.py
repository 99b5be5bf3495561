"""Calls are bound by name, those of known types as those that are looked at."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.signatures.binding import binder

CONV = (
    "(Tensor input, tuple of ints stride = 1, tuple of ints padding = 0)",
    '(Tensor input, tuple of ints stride = 1, str padding = "valid")',
)
X = torch.ones(2)


@pytest.mark.parametrize(
    ("args", "kwargs", "bound"),
    [
        ((X,), {}, {"input": X}),
        ((X, 2), {}, {"input": X, "stride": 2}),
        ((X, [1, 2]), {}, {"input": X, "stride": (1, 2)}),
        ((X, (1, 2), "same"), {}, {"input": X, "stride": (1, 2), "padding": "same"}),
        ((X,), {"padding": np.int64(3)}, {"input": X, "padding": 3}),
        ((), {"x": X, "stride": torch.tensor(2)}, {"input": X, "stride": 2}),
        ((X, torch.Size([1, 2])), {}, {"input": X, "stride": (1, 2)}),
    ],
)
def test_a_call_is_bound_the_same_way_again(args, kwargs, bound):
    bind = binder("conv", CONV)
    for _ in range(3):
        found = bind(args, kwargs)
        assert found is not None
        assert found.keys() == bound.keys()
        assert all(found[name] is value if value is X else found[name] == value for name, value in bound.items())
        sizes = [value for value in found.values() if not isinstance(value, (torch.Tensor, str))]
        assert all(type(value) in (int, tuple) for value in sizes)


def test_a_wrong_item_is_found_after_right_ones():
    bind = binder("conv", CONV[:1])
    for _ in range(2):
        assert bind((X, (1, 2)), {}) == {"input": X, "stride": (1, 2)}
    for wrong in ((True, 1), ("a",)):
        assert bind((X, wrong), {}) is None
    for wrong in ((1, 2.5), (1, None)):
        with pytest.raises(TypeError, match="type must be tuple of ints"):
            bind((X, wrong), {})


def test_a_bool_is_no_int_after_an_int():
    bind = binder("f", ("(int n)",))
    assert bind((3,), {}) == bind((3,), {}) == {"n": 3}
    assert bind((True,), {}) is None


def test_sizes_may_come_one_by_one():
    bind = binder("zeros", ("(tuple of ints size, *, torch.dtype dtype = None)",))
    for _ in range(2):
        assert bind((2, 3), {"dtype": torch.int8}) == {"size": (2, 3), "dtype": torch.int8}
        assert bind(((2, 3),), {}) == {"size": (2, 3)}
        assert bind((), {"size": (2, 3)}) == {"size": (2, 3)}


def test_arrays_count_as_tensors_where_all_are():
    bind = binder("add", ("(Tensor input, Tensor other)",))
    array = np.ones(2)
    for _ in range(2):
        assert bind((array, array), {}) is not None
        assert bind((array, X), {}) is None
