"""Functions as data: their operands, and the calls made of them."""

import numpy as np
import pytest

import pyconv
from benchmarks.functions import GROUPS
from benchmarks.functions.function import Function, each, normal, parameter, places, positive, target

FUNCTIONS = [function for group in GROUPS.values() for function in group.functions]


def test_operands_have_the_batch_before_them_unless_they_are_weights():
    function = Function("some", "add", (normal(3), parameter(3), target(3), positive(2), places(5, 4)))
    weights, found = function.arrays(2)[1], function.arrays(2)
    assert [array.shape for array in found] == [(2, 3), (3,), (2, 3), (2, 2), (2, 4)]
    assert [array.dtype for array in found] == [np.float32] * 4 + [np.int64]
    assert found[3].min() > 0
    assert found[3].max() < 1
    assert found[4].max() < 5
    np.testing.assert_array_equal(weights, found[1])


def test_those_of_a_kind_share_operands_and_arguments():
    first, second = each("nn.functional.", (normal(2),), "softmax", "log_softmax", dim=1)
    assert (first.title, first.path, first.arguments) == ("softmax", "nn.functional.softmax", {"dim": 1})
    assert second.path == "nn.functional.log_softmax"


def test_the_forward_pass_gives_the_first_result():
    function = Function("max", "max", (normal(3),), {"dim": 1})
    (x,) = function.arrays(2)
    np.testing.assert_array_equal(function.run(pyconv, [x], "forward")().numpy(), x.max(1))


def test_the_backward_pass_gives_the_first_leafs_gradient_anew():
    function = Function("times", "mul", (normal(3), parameter(3)))
    x, w = function.arrays(2)
    both = function.run(pyconv, [x, w], "forward+backward")
    first = both().numpy().copy()
    np.testing.assert_array_equal(both().numpy(), first)
    cotangent = np.random.default_rng(1).standard_normal((2, 3)).astype(np.float32)
    np.testing.assert_array_equal(first, cotangent * w)


def test_operands_can_be_one_sequence():
    function = Function("cat", "cat", (normal(3), normal(3)), {"dim": 1}, joined=True)
    assert function.run(pyconv, function.arrays(2), "forward")().shape == (2, 6)


@pytest.mark.parametrize("function", FUNCTIONS, ids=[function.title for function in FUNCTIONS])
def test_each_function_runs_both_ways(function):
    arrays = function.arrays(1)
    function.run(pyconv, arrays, "forward")()
    gradient = function.run(pyconv, arrays, "forward+backward")().numpy()
    assert np.isfinite(gradient).all()
    assert gradient.any()


def test_names_are_apart_and_fit_their_column():
    titles = [function.title for function in FUNCTIONS]
    assert len({*titles}) == len(titles)
    assert max(map(len, titles)) <= 34
