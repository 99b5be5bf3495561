"""Nodes: what they say of themselves, and what they let go."""

import gc
import weakref

import numpy as np
import pytest

from pyconv.autograd.node import node_of
from pyconv.autograd.primitive import primitive
from tests.autograd.primitives import cube, product, scale, tensor


def test_nodes_say_what_they_are():
    x = tensor(1.0)
    node = product(x, tensor(2.0, requires_grad=False)).grad_fn
    assert repr(node).startswith("<ProductBackward0 object at 0x")
    assert [(n and n.name(), i) for n, i in node.next_functions] == [("torch::autograd::AccumulateGrad", 0), (None, 0)]
    assert repr(node_of(x)).startswith("<AccumulateGrad object at 0x")
    assert node_of(x).next_functions == ()


def test_a_graph_that_nobody_holds_goes_at_once():
    x = tensor(1.0)
    y = cube(x * 1)
    node = weakref.ref(y.grad_fn)
    gc.disable()
    try:
        del y
        assert node() is None
    finally:
        gc.enable()


def test_a_leaf_has_one_node_which_lives_as_long_as_it_is_used():
    x = tensor(1.0)
    y, z = x * 2, x * 3
    assert y.grad_fn.next_functions[0][0] is z.grad_fn.next_functions[0][0] is node_of(x)
    assert node_of(x).variable is x
    with pytest.raises(AttributeError, match="'MulBackward0' object has no attribute 'variable'"):
        _ = y.grad_fn.variable


def test_a_second_pass_needs_what_the_first_one_freed():
    x = tensor(1.0)
    y = scale(x, factor=2)
    y.backward()
    y.backward()
    assert x.grad.tolist() == [4.0]
    z = product(x, x)
    z.backward(retain_graph=True)
    z.backward()
    with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
        z.backward()


@pytest.mark.parametrize("constant", [np.array([2.0]), (np.array([2.0]), 1)], ids=["operand", "inside a tuple"])
def test_an_array_that_is_kept_counts_as_saved(constant):
    @primitive("Times")
    def times(x, *, by):
        return x * (by[0] if isinstance(by, tuple) else by)

    times.defvjp(0, lambda g, x, *, by: times(g, by=by))
    y = times(tensor(1.0), by=constant)
    y.backward()
    with pytest.raises(RuntimeError, match="second time"):
        y.backward()


def test_an_array_that_was_kept_is_let_go_with_the_graph():
    @primitive("Times")
    def times(x, *, by):
        return x * by

    times.defvjp(0, lambda g, x, *, by: times(g, by=by))
    constant = np.array([2.0])
    reference = weakref.ref(constant)
    y = times(tensor(1.0), by=constant)
    del constant
    assert reference() is not None
    y.backward()
    assert reference() is None
