"""Primitives: what goes in and comes out, what is recorded."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd.primitive import primitive
from pyconv.autograd.saved import Spec
from pyconv.autograd.traced import Traced
from tests.autograd.primitives import cube, product, scale, seen, tensor


def test_ndarrays_go_in_and_come_out():
    found = scale(np.array([1.0, 2.0]), factor=3)
    assert type(found) is np.ndarray
    np.testing.assert_array_equal(found, [3, 6])


def test_a_tensor_among_the_operands_makes_the_result_a_tensor():
    found = product(np.array([2.0]), tensor(3.0))
    assert type(found) is pyconv.Tensor
    assert found.tolist() == [6.0]
    assert found.grad_fn.name() == "ProductBackward0"


def test_nothing_is_recorded_without_need():
    with pyconv.no_grad():
        assert product(tensor(1.0), tensor(2.0)).grad_fn is None
    assert product(tensor(1.0, requires_grad=False), tensor(2.0, requires_grad=False)).grad_fn is None


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.bool_])
def test_a_result_that_cannot_have_a_gradient_is_not_recorded(dtype):
    @primitive("Round")
    def rounded(x):
        return x.astype(dtype)

    rounded.defvjp(0, lambda g, x: g)
    assert not rounded(tensor(1.0)).requires_grad


def test_an_operand_without_a_vjp_is_a_constant():
    @primitive("Left")
    def left(a, b):
        return a + b

    left.defvjp(0, lambda g, a, b: g)
    assert not left(tensor(1.0, requires_grad=False), tensor(2.0)).requires_grad
    assert left(tensor(1.0), tensor(2.0)).requires_grad


def test_only_what_the_wanted_vjps_need_is_kept():
    seen.clear()
    a, b = tensor(2.0), tensor(3.0, requires_grad=False)
    product(a, b).sum().backward()
    ((first, second),) = seen
    assert isinstance(first, Spec)
    assert isinstance(second, Traced)
    assert a.grad.tolist() == [3.0]


def test_a_vjp_can_ask_for_the_result():
    x = tensor(1.0, 2.0)
    cube(x).sum().backward()
    assert x.grad.tolist() == [3.0, 12.0]


def test_an_alias_is_the_same_op_by_another_name():
    other = scale.alias("Stretch", variant=2)
    x = tensor(1.0)
    y = other(x, factor=4)
    assert y.grad_fn.name() == "StretchBackward2"
    y.backward()
    assert x.grad.tolist() == [4.0]
    assert scale.alias("Plain", variant=None)(x, factor=1).grad_fn.name() == "Plain"
