"""Hooks on tensors and on the nodes of the graph."""

import pytest

import pyconv


def leaf(*values):
    """A tensor that needs a gradient."""
    return pyconv.tensor(values, requires_grad=True)


def test_a_hook_on_a_leaf_changes_its_gradient():
    x = leaf(1.0, 1.0)
    handle = x.register_hook(lambda g: g * 2)
    (x * 3).sum().backward()
    assert x.grad.tolist() == [6, 6]
    handle.remove()
    x.grad = None
    (x * 3).sum().backward()
    assert x.grad.tolist() == [3, 3]


def test_hooks_are_called_in_order_on_what_the_last_one_gave():
    x = leaf(1.0)
    seen = []
    x.register_hook(lambda g: seen.append(g.item()))
    x.register_hook(lambda g: g + 1)
    x.register_hook(lambda g: seen.append(g.item()))
    (x * 3).sum().backward()
    assert seen == [3, 4]


def test_a_hook_on_a_result_is_called_before_its_node():
    x = leaf(1.0)
    y = x * 3
    y.register_hook(lambda g: g * 5)
    y.sum().backward()
    assert x.grad.tolist() == [15]


def test_a_hook_sees_the_sum_of_cotangents():
    x = leaf(1.0)
    y = x * 1
    seen = []
    y.register_hook(lambda g: seen.append(g.item()))
    (y * 2 + y * 3).sum().backward()
    assert seen == [5]


def test_a_hook_is_called_by_grad_too():
    x = leaf(1.0)
    y = x * 2
    y.register_hook(lambda g: g * 10)
    assert pyconv.autograd.grad(y.sum(), y)[0].item() == 10
    assert pyconv.autograd.grad((x * 2).sum(), x)[0].item() == 2


def test_a_hook_may_be_recorded():
    x = leaf(2.0)
    y = x * x
    y.register_hook(lambda g: g * x)
    (g,) = pyconv.autograd.grad(y.sum(), x, create_graph=True)
    assert g.item() == 8
    assert pyconv.autograd.grad(g.sum(), x)[0].item() == 8


def test_hooks_of_nodes_see_both_ends():
    x = leaf(1.0, 1.0)
    y = x * 3
    seen = []
    y.grad_fn.register_prehook(lambda outputs: seen.append(("before", outputs[0].tolist())))
    y.grad_fn.register_hook(lambda inputs, outputs: seen.append((inputs[0].tolist(), inputs[1], outputs[0].tolist())))
    y.sum().backward()
    assert seen == [("before", [1, 1]), ([3, 3], None, [1, 1])]


def test_hooks_of_nodes_may_change_both_ends():
    x = leaf(1.0)
    y = x * 3
    y.grad_fn.register_prehook(lambda outputs: (outputs[0] * 2,))
    y.grad_fn.register_hook(lambda inputs, outputs: (inputs[0] + 1, None))
    y.sum().backward()
    assert x.grad.item() == 7


def test_a_hook_after_accumulation_sees_the_parameter():
    x = leaf(1.0)
    seen = []

    def hook(param):
        seen.append(param.grad.item())
        param.grad = None

    handle = x.register_post_accumulate_grad_hook(hook)
    (x * 3).sum().backward()
    assert (seen, x.grad) == ([3], None)
    handle.remove()
    (x * 3).sum().backward()
    assert x.grad.item() == 3


def test_a_retained_gradient_is_that_after_the_hooks():
    x = leaf(1.0)
    y = x * 1
    y.retain_grad()
    y.register_hook(lambda g: g * 4)
    y.sum().backward()
    assert y.grad.item() == 4


@pytest.mark.parametrize(
    ("hook", "kind", "text"),
    [
        (lambda g: pyconv.ones(7), RuntimeError, "hook '<lambda>' has changed the size of value"),
        (lambda g: 3, TypeError, "expected Variable, but hook returned 'int'"),
    ],
)
def test_wrong_results_of_hooks_are_refused(hook, kind, text):
    x = leaf(1.0)
    x.register_hook(hook)
    with pytest.raises(kind, match=text):
        (x * 3).sum().backward()


def test_hooks_need_a_gradient():
    with pytest.raises(RuntimeError, match="cannot register a hook on a tensor that doesn't require gradient"):
        pyconv.ones(1).register_hook(print)
    with pytest.raises(RuntimeError, match="cannot register a hook on a tensor that doesn't require gradient"):
        pyconv.ones(1).register_post_accumulate_grad_hook(print)
    with pytest.raises(RuntimeError, match="post accumulate grad hooks cannot be registered on non-leaf tensors"):
        (leaf(1.0) * 3).register_post_accumulate_grad_hook(print)
