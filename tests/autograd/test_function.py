"""Functions with a backward of one's own."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import Function
from pyconv.autograd.function import once_differentiable


class Cube(Function):
    """x³ and 2x."""

    @staticmethod
    def forward(ctx, x, factor=1):
        """The results, of which the first is differentiated by hand."""
        ctx.save_for_backward(x)
        ctx.factor = factor
        return x**3 * factor, x * 2

    @staticmethod
    def backward(ctx, g, h):
        """Of both results."""
        (x,) = ctx.saved_tensors
        return 3 * x**2 * ctx.factor * g + 2 * h, None


def made(backward=None, forward=lambda ctx, x, *rest: x.clone()):
    """A function from a backward and a forward."""
    body = {"forward": staticmethod(forward)} | ({"backward": staticmethod(backward)} if backward else {})
    return type("Made", (Function,), body)


def leaf(*values):
    """A tensor that needs a gradient."""
    return pyconv.tensor(values, dtype=pyconv.float64, requires_grad=True)


def test_the_backward_is_called_with_all_cotangents():
    x = leaf(1.0, 2.0)
    a, b = Cube.apply(x, 5)
    (a + 10 * b).sum().backward()
    assert x.grad.tolist() == [15 + 20, 60 + 20]


def test_a_result_that_is_not_used_has_a_cotangent_of_zeros():
    x = leaf(2.0)
    Cube.apply(x, 1)[1].sum().backward()
    assert x.grad.tolist() == [2]


def test_zeros_are_not_made_where_they_are_not_wanted():
    seen = []

    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x.clone(), x.clone()

    def backward(ctx, *gs):
        seen.append([g is None for g in gs])
        return gs[1]

    made(backward, forward).apply(leaf(1.0))[1].backward(pyconv.tensor([1.0], dtype=pyconv.float64))
    assert seen == [[True, False]]


def test_derivatives_of_any_order():
    x = leaf(0.5, -1.5)
    assert pyconv.autograd.gradcheck(lambda x: Cube.apply(x)[0], x)
    assert pyconv.autograd.gradgradcheck(lambda x: Cube.apply(x)[0], x)
    (g,) = pyconv.autograd.grad(Cube.apply(x)[0].sum(), x, create_graph=True)
    (h,) = pyconv.autograd.grad(g.sum(), x, create_graph=True)
    (third,) = pyconv.autograd.grad(h.sum(), x)
    np.testing.assert_allclose([h.detach().numpy(), third.numpy()], [6 * x.detach().numpy(), [6, 6]])


def test_the_context_is_set_up_apart():
    class Product(Function):
        @staticmethod
        def forward(x, y):
            return x * y

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(*inputs, output)

        @staticmethod
        def backward(ctx, g):
            x, y, product = ctx.saved_tensors
            assert product.tolist() == [6]
            return g * y, g * x

    x, y = leaf(2.0), leaf(3.0)
    Product.apply(x, y).backward()
    assert (x.grad.item(), y.grad.item()) == (3, 2)


def test_needs_input_grad_says_which_inputs_need_one():
    seen = []

    def backward(ctx, g):
        seen.append(ctx.needs_input_grad)
        return g, None, None

    made(backward).apply(leaf(1.0), pyconv.ones(1), 3).sum().backward()
    assert seen == [(True, False, False)]


def test_without_gradients_nothing_is_recorded():
    with pyconv.no_grad():
        assert Cube.apply(leaf(1.0))[0].grad_fn is None
    assert Cube.apply(pyconv.ones(1))[0].grad_fn is None


def test_the_forward_is_not_recorded():
    seen = []

    def forward(ctx, x):
        seen.append((pyconv.is_grad_enabled(), (x * 2).requires_grad))
        return x * 2

    result = made(lambda ctx, g: g * 2, forward).apply(leaf(1.0))
    assert seen == [(False, False)]
    assert (result.grad_fn.name(), result.grad_fn.next_functions[0][0].name()) == (
        "MadeBackward",
        "torch::autograd::AccumulateGrad",
    )


def test_an_input_that_is_returned_comes_back_as_a_view():
    x = leaf(1.0)
    y = made(lambda ctx, g: g * 3, lambda ctx, x: x).apply(x)
    assert y is not x
    assert y._is_view()
    y.backward()
    assert x.grad.item() == 3


def test_a_result_without_derivative():
    def forward(ctx, x):
        index = (x > 0).long()
        ctx.mark_non_differentiable(index)
        return x * 2, index, "text"

    x = leaf(1.0)
    y, index, text = made(lambda ctx, g, *rest: g * 2, forward).apply(x)
    assert (y.requires_grad, index.requires_grad, text) == (True, False, "text")
    y.backward()
    assert x.grad.item() == 2


def test_an_input_changed_in_place_stays_the_same_object():
    def forward(ctx, x):
        ctx.mark_dirty(x)
        return x.mul_(2)

    double = made(lambda ctx, g: g * 2, forward)
    x = leaf(1.0)
    z = x * 1
    y = double.apply(z)
    assert y is z
    assert z._version == 2
    y.backward()
    assert x.grad.item() == 2
    with pytest.raises(RuntimeError, match="a leaf Variable that requires grad has been used in an in-place operation"):
        double.apply(leaf(1.0))


def test_saved_tensors_are_watched_and_freed():
    x = leaf(1.0)
    z = x * 1
    y = Cube.apply(z)[0]
    z.add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()
    y = Cube.apply(x)[0]
    y.backward()
    for again in (y.backward, lambda: y.grad_fn.saved_tensors):
        with pytest.raises(RuntimeError, match="Trying to backward through the graph a second time"):
            again()


def test_saved_tensors_have_an_older_name():
    node = Cube.apply(leaf(1.0))[0].grad_fn
    with pytest.warns(DeprecationWarning, match="^'saved_variables' is deprecated; use 'saved_tensors'$"):
        (kept,) = node.saved_variables
    assert kept is node.saved_tensors[0]


def test_a_backward_that_is_differentiated_once():
    x = leaf(2.0)
    y = made(once_differentiable(lambda ctx, g: g * 2)).apply(x)
    (g,) = pyconv.autograd.grad((y * y).sum(), x, create_graph=True)
    assert g.item() == 8
    with pytest.raises(RuntimeError, match="trying to differentiate twice a function that was marked with"):
        g.sum().backward()


@pytest.mark.parametrize(
    ("backward", "kind", "text"),
    [
        (lambda ctx, g: g, RuntimeError, r"returned an incorrect number of gradients \(expected 2, got 1\)"),
        (lambda ctx, g: (g, g, g), RuntimeError, r"returned an incorrect number of gradients \(expected 2, got 3\)"),
        (lambda ctx, g: (pyconv.ones(5), None), RuntimeError, r"got \[5\] but expected shape compatible with \[2\]"),
        (lambda ctx, g: (3, None), RuntimeError, r"expected Variable or None \(got int\)"),
        (None, NotImplementedError, "You must implement either the backward or vjp method"),
    ],
)
def test_wrong_backwards_are_refused(backward, kind, text):
    with pytest.raises(kind, match=text):
        made(backward).apply(leaf(1.0, 2.0), leaf(1.0)).sum().backward()


def test_wrong_forwards_are_refused():
    with pytest.raises(NotImplementedError, match="You must implement the forward function"):
        type("Empty", (Function,), {}).apply(leaf(1.0))

    def forward(ctx, x):
        ctx.save_for_backward(3)
        return x.clone()

    with pytest.raises(TypeError, match="save_for_backward can only save variables, but argument 0 is of type int"):
        made(lambda ctx, g: g, forward).apply(leaf(1.0))


def test_functions_are_not_made_objects():
    with pytest.warns(DeprecationWarning, match="should not be instantiated"):
        function = made(lambda ctx, g: g)()
    with pytest.raises(RuntimeError, match="Legacy autograd function with non-static forward"):
        function(leaf(1.0))


def test_vjp_is_another_name_of_backward():
    class Triple(Function):
        @staticmethod
        def forward(ctx, x):
            return x * 3

        @staticmethod
        def vjp(ctx, g):
            return g * 3

    x = leaf(1.0)
    Triple.apply(x).backward()
    assert x.grad.item() == 3


def test_a_gradient_of_an_input_that_broadcasts_is_summed():
    x = leaf(1.0)
    y = made(lambda ctx, g: pyconv.ones(4, 1, dtype=pyconv.float64)).apply(x)
    y.sum().backward()
    assert x.grad.tolist() == [4]


def test_defaults_of_forward_reach_setup_context():
    class Power(Function):
        @staticmethod
        def forward(x, exponent=3):
            return x**exponent

        @staticmethod
        def setup_context(ctx, inputs, output):
            x, ctx.exponent = inputs
            ctx.save_for_backward(x)

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g * ctx.exponent * x ** (ctx.exponent - 1), None

    x = pyconv.tensor(2.0, requires_grad=True)
    for arguments, slope in (((x,), 12.0), ((x, 2), 4.0)):
        (g,) = pyconv.autograd.grad(Power.apply(*arguments), x)
        assert g.item() == slope
    with pytest.raises(TypeError, match="missing a required argument: 'x'"):
        Power.apply()


class AddTo(Function):
    """x + y in place, with a gradient of y that can be told apart."""

    @staticmethod
    def forward(ctx, x, y):
        ctx.mark_dirty(x)
        return x.add_(y)

    @staticmethod
    def backward(ctx, g):
        return g, 2 * g


VIEWS = {
    "middle": (lambda x: x[1:3], [0.0, 2.0, 3.0, 3.0], [4.0, 6.0]),
    "view of a view": (lambda x: x[:2].view(2), [1.0, 2.0, 2.0, 3.0], [2.0, 4.0]),
    "end": (lambda x: x[2:], [0.0, 1.0, 3.0, 4.0], [6.0, 8.0]),
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_that_a_function_changes_changes_its_base(name):
    make, values, gradient = VIEWS[name]
    a, b = pyconv.arange(4.0).requires_grad_(), pyconv.ones(2, requires_grad=True)
    x = a.clone()
    view = make(x)
    result = AddTo.apply(view, b)
    assert result is view
    assert (x.tolist(), x._version) == (values, 2)
    assert (x.grad_fn.name(), result.grad_fn.name()) == ("torch::autograd::CopySlices", "AsStridedBackward0")
    weights = pyconv.arange(1.0, 5.0)
    (x * weights).sum().backward(retain_graph=True)
    assert (a.grad.tolist(), b.grad.tolist()) == (weights.tolist(), gradient)
    b.grad = None
    (result * weights[:2]).sum().backward()
    assert b.grad.tolist() == [2.0, 4.0]


def test_what_a_function_may_not_change():
    class Both(AddTo):
        @staticmethod
        def forward(ctx, x, y):
            ctx.mark_dirty(x)
            return x.add_(y), x + y

    class Keeping(AddTo):
        @staticmethod
        def forward(ctx, x, y):
            ctx.mark_dirty(x)
            return x.add_(y).clone()

    class Own(AddTo):
        @staticmethod
        def forward(ctx, x, y):
            made = x * 3
            ctx.mark_dirty(made)
            return made

    y = pyconv.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="your Function cannot return more than one Tensor"):
        Both.apply((y * 1)[:], y)
    with pytest.raises(RuntimeError, match="Some elements marked as dirty during the forward method were not returned"):
        Keeping.apply(y * 1, y)
    with pytest.warns(UserWarning, match=r"ctx.mark_dirty\(\) received a tensor that was not an input"):
        Own.apply(y * 1, y)
    with pytest.raises(RuntimeError, match="a view of a leaf Variable that requires grad is being used"):
        AddTo.apply(y[:], y * 1)
