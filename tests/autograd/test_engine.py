"""The order of a pass, what it adds up, and whose memory a gradient is in."""

import gc
import threading
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pyconv
from pyconv.autograd.primitive import primitive


def tensor(*values, requires_grad=True):
    return pyconv.tensor(list(values), dtype=pyconv.float64, requires_grad=requires_grad)


def counted():
    """An op that does nothing, and a list of the cotangents that came back through it."""
    passed = []

    @primitive("Counted")
    def op(x):
        return x.copy()

    def vjp(g, x):
        passed.append(g.tolist())
        return g

    op.defvjp(0, vjp)
    return op, passed


def test_a_node_is_run_once_with_all_that_reaches_it():
    op, passed = counted()
    x = tensor(2.0)
    shared = op(x)
    ((shared * 3 + shared * 4) * shared).sum().backward()
    assert passed == [[28.0]]
    assert x.grad.tolist() == [28.0]


def test_nodes_beside_the_way_to_the_inputs_are_not_run():
    op, passed = counted()
    x, y = tensor(2.0), tensor(3.0)
    (found,) = pyconv.autograd.grad((x * op(y)).sum(), x)
    assert found.tolist() == [3.0]
    assert passed == []


def test_nodes_below_the_inputs_are_not_run():
    op, passed = counted()
    middle = op(tensor(2.0))
    pyconv.autograd.grad((middle * 3).sum(), middle)
    assert passed == []


def test_nodes_below_the_inputs_are_not_freed():
    x = tensor(2.0)
    middle = x * x
    pyconv.autograd.grad((middle * middle).sum(), middle)
    assert pyconv.autograd.grad(middle, x)[0].tolist() == [4.0]


def test_cotangents_arrive_from_the_newest_node_to_the_oldest():
    """(1 - 1e16) + 1e16 is 0, as torch has it; the other way round it would be 1."""
    x = tensor(1.0)
    first, second, third = x * 1e16, x * -1e16, x * 1
    (first + second + third).sum().backward()
    assert x.grad.tolist() == [0.0]
    x.grad = None
    pyconv.autograd.backward([x * 1e16, x * -1e16, x * 1])
    assert x.grad.tolist() == [0.0]


def test_a_leaf_gets_its_gradient_as_soon_as_it_is_whole():
    @primitive("Failing")
    def failing(x):
        return x.copy()

    def fail(g, x):
        raise KeyError

    failing.defvjp(0, fail)
    x, y = tensor(1.0), tensor(2.0)
    oldest = x * 1
    older = failing(y * 1)
    with pytest.raises(KeyError):
        (older + x * 3).sum().backward()
    assert x.grad.tolist() == [3.0]
    assert y.grad is None
    assert oldest.grad_fn.next_functions[0][0].variable is x


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100), st.booleans()), min_size=1, max_size=25))
def test_a_random_graph_has_the_gradient_of_its_polynomial(steps):
    """Values carry their own derivative along: (value, derivative) for x = 0.5."""
    x = tensor(0.5)
    nodes, exact = [x], [(0.5, 1.0)]
    for first, second, multiply in steps:
        i, j = first % len(nodes), second % len(nodes)
        (a, da), (b, db) = exact[i], exact[j]
        if multiply:
            nodes.append(nodes[i] * nodes[j])
            exact.append((a * b, a * db + b * da))
        else:
            nodes.append(nodes[i] + nodes[j] * 0.25)
            exact.append((a + b / 4, da + db / 4))
    (found,) = pyconv.autograd.grad(nodes[-1].sum(), x)
    np.testing.assert_allclose(found._array, [exact[-1][1]], rtol=1e-9)


def test_a_long_chain_needs_no_recursion():
    x = y = tensor(1.0)
    for _ in range(20_000):
        y = y + x
    y.sum().backward()
    assert x.grad.tolist() == [20_001.0]
    node = weakref.ref(y.grad_fn)
    del y
    gc.collect()
    assert node() is None


def test_leaves_have_gradients_in_memory_of_their_own():
    x, y, g = tensor(1.0, 2.0), tensor(3.0, 4.0), tensor(1.0, 1.0, requires_grad=False)
    for create_graph in (False, True):
        x.grad = y.grad = None
        (x + y).backward(g, create_graph=create_graph)
        assert not np.shares_memory(x.grad._array, y.grad._array)
        assert not np.shares_memory(x.grad._array, g._array)


def test_a_cotangent_that_only_looks_new_is_copied():
    @primitive("Wrapping")
    def wrapping(x):
        return x.copy()

    wrapping.defvjp(0, lambda g, x: pyconv.Tensor._wrap(g._array))
    x, g = tensor(1.0), tensor(1.0, requires_grad=False)
    wrapping(x).backward(g)
    assert not np.shares_memory(x.grad._array, g._array)


def test_a_gradient_is_writeable_and_dense():
    x = tensor(1.0, 2.0)
    y = x * 1
    y.retain_grad()
    y.sum().backward()
    for found in (x.grad, y.grad):
        found.mul_(3)
        assert found.tolist() == [3.0, 3.0]


def test_a_gradient_lies_in_memory_as_its_leaf_does_where_that_has_no_gaps():
    memory = np.zeros((2, 5, 6, 3))
    for leaf, strides in (
        (memory.transpose(0, 3, 1, 2), (90, 1, 18, 3)),
        (memory[:, :, :, :2].transpose(0, 3, 1, 2), (60, 30, 6, 1)),
        (memory[:1, :, :1].transpose(3, 0, 1, 2), (5, 5, 1, 1)),
        (memory.T, (1, 3, 18, 90)),
    ):
        x = pyconv.from_numpy(leaf).requires_grad_()
        (x * 2).contiguous().sum().backward()
        assert x.grad.stride() == strides
        pyconv.zeros(x.shape, dtype=pyconv.float64).add_(x).sum().backward()
        assert x.grad.tolist() == np.full(x.shape, 3.0).tolist()


def test_a_retained_gradient_adds_up_and_a_new_one_is_made():
    x = tensor(1.0)
    y = x * 2
    y.retain_grad()
    z = y * 3
    z.backward(retain_graph=True)
    first = y.grad
    z.backward()
    assert first.tolist() == [3.0]
    assert y.grad.tolist() == [6.0]


def test_a_recorded_pass_leaves_a_gradient_that_can_be_differentiated():
    x = tensor(2.0)
    (x**3).backward(create_graph=True)
    assert x.grad.tolist() == [12.0]
    (second,) = pyconv.autograd.grad(x.grad, x)
    assert second.tolist() == [12.0]


def test_passes_in_threads_add_to_their_own_leaves():
    leaves = [tensor(float(i)) for i in range(4)]

    def work(leaf):
        for _ in range(50):
            (leaf * leaf).sum().backward()

    threads = [threading.Thread(target=work, args=(leaf,)) for leaf in leaves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [leaf.grad.tolist() for leaf in leaves] == [[100.0 * i] for i in range(4)]
