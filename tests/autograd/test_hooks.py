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


def logged():
    """A leaf, a value made of it, what is made of that, and the log of every hook between them."""
    a = pyconv.tensor(1.0, requires_grad=True)
    b = a * 2
    log = []
    end = b.grad_fn.next_functions[0][0]
    end.register_prehook(lambda _: log.append("before the leaf"))
    end.register_hook(lambda given, got: log.append(("after the leaf", given, got[0].item())))
    b.grad_fn.register_prehook(lambda _: log.append("before"))
    b.grad_fn.register_hook(lambda given, _: log.append(("after", [g if g is None else g.item() for g in given])))
    a.register_hook(lambda g: log.append(("leaf", g.item())))
    a.register_post_accumulate_grad_hook(lambda _: log.append("grad"))
    return a, b, b * 3, log


THROUGH = ["before", ("after", [6.0, None]), ("leaf", 6.0)]
WHOLE = [*THROUGH, "before the leaf", "grad", ("after the leaf", (), 6.0)]
PASSES = {
    "all": (lambda a, b, c: c.backward(), WHOLE),
    "for the leaf": (lambda a, b, c: c.backward(inputs=(a,)), WHOLE),
    "for the middle": (lambda a, b, c: c.backward(inputs=(b,)), ["before", ("after", [None, None])]),
    "grad of the leaf": (lambda a, b, c: pyconv.autograd.grad(c, a), THROUGH),
    "grad of the middle": (lambda a, b, c: pyconv.autograd.grad(c, b), []),
    "the leaf itself": (
        lambda a, b, c: pyconv.autograd.backward(a),
        [("leaf", 1.0), "before the leaf", "grad", ("after the leaf", (), 1.0)],
    ),
}


@pytest.mark.parametrize("name", PASSES)
def test_which_hooks_a_pass_calls(name):
    a, b, c, log = logged()
    run, expected = PASSES[name]
    run(a, b, c)
    assert log == expected


def test_hooks_on_the_node_of_a_leaf_change_what_is_added():
    x = leaf(1.0)
    y = x * 2
    end = y.grad_fn.next_functions[0][0]
    handle = end.register_prehook(lambda g: (g[0] * 5,))
    y.sum().backward()
    assert x.grad.tolist() == [10.0]
    handle.remove()
    end.register_hook(lambda _, got: (got[0],))
    with pytest.raises(RuntimeError, match=r"has returned an incorrect number of values \(got 1, but expected 0\)"):
        (x * 2).sum().backward()


WRONG = {
    "another size": (lambda g: (pyconv.ones(3),), "has changed the size of value"),
    "another dtype": (lambda g: (g[0].double(),), "has changed the type of value"),
    "two": (lambda g: (g[0], g[0]), r"\(got 2, but expected 1\)"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_hook_before_a_node_must_not_return(name):
    hook, text = WRONG[name]
    y = leaf(1.0) * 2
    y.grad_fn.register_prehook(hook)
    with pytest.raises(RuntimeError, match=text):
        y.sum().backward()


def test_a_hook_after_the_gradient_returns_nothing():
    x = leaf(1.0)
    handle = x.register_post_accumulate_grad_hook(lambda t: t.grad)
    with pytest.raises(RuntimeError, match="Tensor post accumulate grad hooks should return None"):
        x.sum().backward()
    handle.remove()
    x.register_post_accumulate_grad_hook(lambda t: 1)
    with pytest.raises(TypeError, match="expected Variable, but hook returned 'int'"):
        x.sum().backward()


def test_a_hook_on_a_view_goes_with_the_value_that_it_had():
    base = leaf(1.0).clone()
    view, other = base[:], base[:]
    for one in (view, other):
        one.register_hook(lambda g: pytest.fail("the value is another by now"))
    view.mul_(2)
    seen = []
    other.register_hook(lambda g: seen.append(g.tolist()))
    (view + other).sum().backward()
    assert seen == [[1.0]]
