"""Primitives, nodes and what they keep; values and views of them."""

import gc
import weakref

import numpy as np
import pytest

import pyconv
from pyconv.autograd.graph import OUTPUT, Spec, Traced, node_of, primitive


@primitive("Scale")
def scale(x, *, factor):
    return x * factor


scale.defvjp(0, lambda g, x, *, factor: scale(g, factor=factor))


@primitive("Product")
def product(a, b):
    return a * b


seen = []


def product_vjp(g, a, b):
    seen.append((a, b))
    return product(g, b)


product.defvjp(0, product_vjp, saves=(1,))
product.defvjp(1, lambda g, a, b: product(g, a), saves=(0,))


@primitive("Cube")
def cube(x):
    return x**3


cube.defvjp(0, lambda g, y, x: g * (y / x * 3), saves=(OUTPUT, 0))


@primitive("Tail", is_view=True)
def tail(x):
    return x[1:]


def tensor(*values, requires_grad=True):
    return pyconv.tensor(list(values), dtype=pyconv.float64, requires_grad=requires_grad)


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


def test_an_operand_that_no_vjp_needs_is_a_spec_and_is_let_go():
    x = tensor(1.0, 2.0)
    middle = x * 1
    reference = weakref.ref(middle)
    y = scale(middle, factor=2)
    del middle
    gc.collect()
    assert reference() is None
    y.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]

    spec = Spec(np.ones((2, 3), np.float32))
    assert (spec.shape, spec.dtype) == ((2, 3), np.float32)


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


def test_nodes_say_what_they_are():
    x = tensor(1.0)
    node = product(x, tensor(2.0, requires_grad=False)).grad_fn
    assert repr(node).startswith("<ProductBackward0 object at 0x")
    assert [(n and n.name(), i) for n, i in node.next_functions] == [("torch::autograd::AccumulateGrad", 0), (None, 0)]
    assert repr(node_of(x)).startswith("<AccumulateGrad object at 0x")
    assert node_of(x).next_functions == ()


def test_an_alias_is_the_same_op_by_another_name():
    other = scale.alias("Stretch", variant=2)
    x = tensor(1.0)
    y = other(x, factor=4)
    assert y.grad_fn.name() == "StretchBackward2"
    y.backward()
    assert x.grad.tolist() == [4.0]
    assert scale.alias("Plain", variant=None)(x, factor=1).grad_fn.name() == "Plain"


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


def test_a_change_in_place_of_what_was_saved_is_noticed():
    x = tensor(1.0, 2.0)
    y = x * 1
    z = product(y, y)
    y.add_(1)
    text = r"\[torch.DoubleTensor \[2\]\], which is output 0 of Add, is at version 1; expected version 0 instead"
    with pytest.raises(RuntimeError, match=text):
        z.sum().backward()


def test_a_change_in_place_of_a_saved_leaf_is_noticed():
    x = tensor(1.0, 2.0)
    y = product(x, x)
    with pyconv.no_grad():
        x.add_(1)
    with pytest.raises(RuntimeError, match=r"\[torch.DoubleTensor \[2\]\] is at version 1; expected version 0"):
        y.sum().backward()


def test_a_change_in_place_of_a_saved_result_is_noticed():
    x = tensor(1.0, 2.0)
    y = cube(x)
    z = y * 1
    y.add_(1)
    with pytest.raises(RuntimeError, match="which is output 0 of Cube, is at version 1"):
        z.sum().backward()


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
