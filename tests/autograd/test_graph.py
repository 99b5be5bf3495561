"""Hooks on what nodes keep, places in the graph, and changes counted by hand."""

import gc
import weakref

import pytest

import pyconv
from pyconv.autograd import graph
from tests.autograd.primitives import cube, product, tensor


def test_what_nodes_keep_is_packed_and_unpacked():
    packed, unpacked = [], []

    def pack(t):
        packed.append(t.tolist())
        return len(packed) - 1

    def unpack(place):
        unpacked.append(place)
        return pyconv.tensor(packed[place], dtype=pyconv.float64)

    a, b = tensor(2.0, 3.0), tensor(5.0, 7.0)
    with graph.saved_tensors_hooks(pack, unpack):
        y = product(a * 1, b)
    z = product(y, y)
    assert packed == [[2.0, 3.0], [5.0, 7.0]]
    assert not unpacked
    z.sum().backward()
    assert unpacked == [0, 1]
    assert a.grad.tolist() == [2 * 2 * 25.0, 2 * 3 * 49.0]
    assert b.grad.tolist() == [2 * 5 * 4.0, 2 * 7 * 9.0]


def test_results_are_packed_too_and_derivatives_of_any_order_go_through():
    x = tensor(2.0)
    with graph.saved_tensors_hooks(lambda t: t.clone(), lambda t: t):
        y = cube(x)
    (first,) = pyconv.autograd.grad(y, x, create_graph=True)
    assert first.tolist() == [12.0]
    with graph.saved_tensors_hooks(lambda t: t.detach().clone(), lambda t: t):
        y = product(x, product(x, x))
    (first,) = pyconv.autograd.grad(y, x, create_graph=True)
    assert pyconv.autograd.grad(first, x)[0].tolist() == [12.0]


def test_what_is_packed_is_not_kept_otherwise():
    x = tensor(2.0)
    middle = x * 1
    reference = weakref.ref(middle._array)
    with graph.saved_tensors_hooks(lambda t: t.item(), lambda value: tensor(value, requires_grad=False)):
        y = product(middle, middle)
    del middle
    gc.collect()
    assert reference() is None
    y.backward()
    assert x.grad.tolist() == [4.0]


def test_the_innermost_hooks_count():
    seen = []
    x = tensor(2.0)
    with graph.saved_tensors_hooks(lambda t: seen.append("outer") or t.detach(), lambda t: t):
        with graph.saved_tensors_hooks(lambda t: seen.append("inner") or t.detach(), lambda t: t):
            product(x, x)
        product(x, x)
    product(x, x)
    assert seen == ["inner"] * 2 + ["outer"] * 2


def test_hooks_that_do_not_fit():
    x = tensor(2.0)
    with graph.saved_tensors_hooks(lambda t: t.detach(), lambda t: 3):
        y = product(x, x)
    with pytest.raises(TypeError, match="unpack_hook expected to be a Tensor but got result of type int"):
        y.backward()
    refused = pytest.raises(RuntimeError, match="A saved tensor pack hook is modifying its input in place")
    with graph.saved_tensors_hooks(lambda t: t.add_(1), lambda t: t), refused:
        product(x, x)


def test_copies_do_not_see_changes():
    x = tensor(2.0)
    middle = x * 1
    with graph.saved_tensors_hooks(lambda t: t.detach().clone(), lambda t: t):
        y = product(middle, middle)
    middle.add_(1)
    y.backward()
    assert x.grad.tolist() == [4.0]


def test_hooks_can_be_refused():
    x = tensor(3.0)
    with graph.disable_saved_tensors_hooks("not here"):
        with pytest.raises(RuntimeError, match="not here"), graph.save_on_cpu():
            pass
        assert product(x, x).item() == 9
    with graph.save_on_cpu():
        y = product(x, x)
    y.backward()
    assert x.grad.tolist() == [6.0]


def test_gradients_of_places_in_the_graph():
    x = tensor(1.0, 2.0)
    y = x * 2
    z = y * 3
    edge = graph.get_gradient_edge(y)
    assert (edge.node, edge.output_nr) == (y.grad_fn, 0)
    assert pyconv.autograd.grad(z.sum(), edge, retain_graph=True)[0].tolist() == [3.0, 3.0]
    pyconv.autograd.backward(graph.get_gradient_edge(z), pyconv.ones(2, dtype=pyconv.float64))
    assert x.grad.tolist() == [6.0, 6.0]
    with pytest.raises(RuntimeError, match="gradient edge for a Tensor that does not require gradients"):
        graph.get_gradient_edge(pyconv.ones(1))


def test_changes_counted_by_hand():
    x, y = tensor(1.0, requires_grad=False), tensor(1.0, requires_grad=False)
    graph.increment_version([x, y, x])
    graph.increment_version(x)
    assert (x._version, y._version) == (3, 1)
    with pytest.raises(RuntimeError, match=r"increment_version expect a Iterable\[Tensor\] as input"):
        graph.increment_version(3)
