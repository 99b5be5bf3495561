"""Functions of one's own, hooks, inference and anomalies beside torch: values, names, texts, order of calls."""

import pytest
import torch

import pyconv
from tests.against_torch.outcome import compare, outcome


def made(library, backward=None, forward=lambda ctx, x, *rest: x.clone(), **more):
    """A function from a backward and a forward."""
    body = {"forward": staticmethod(forward), **{name: staticmethod(value) for name, value in more.items()}}
    if backward is not None:
        body["backward"] = staticmethod(backward)
    return type("Made", (library.autograd.Function,), body)


def leaf(library, *values):
    """A tensor that needs a gradient."""
    return library.tensor(values or (1.0, 1.0), requires_grad=True)


def cube(library):
    """A function of two results."""

    def forward(ctx, x, k=2):
        ctx.save_for_backward(x)
        return x**3, x * k

    return made(library, lambda ctx, g, h: (3 * ctx.saved_tensors[0] ** 2 * g + 2 * h, None), forward)


def names(m):
    a, b = cube(m).apply(leaf(m), 2)
    node = a.grad_fn
    return node.name(), type(node).__name__, type(node).__module__, node is b.grad_fn, b.output_nr, repr(a)


def orders(m):
    x = leaf(m, 2.0, -1.0)
    a, b = cube(m).apply(x, 2)
    (g,) = m.autograd.grad((a * b).sum(), x, create_graph=True)
    (h,) = m.autograd.grad(g.sum(), x)
    return g, h


def twice(m):
    a, _ = cube(m).apply(leaf(m), 2)
    a.sum().backward()
    return a.sum().backward()


def freed(m):
    a, _ = cube(m).apply(leaf(m), 2)
    a.sum().backward()
    return a.grad_fn.saved_tensors


def changed(m):
    x = leaf(m) * 1
    a, _ = cube(m).apply(x, 2)
    x.add_(1)
    return a.sum().backward()


def too_few(m):
    return made(m, lambda ctx, g: g).apply(leaf(m), leaf(m)).sum().backward()


def too_many(m):
    return made(m, lambda ctx, g: (g, g, g)).apply(leaf(m), leaf(m)).sum().backward()


def wrong_shape(m):
    return made(m, lambda ctx, g: m.ones(5)).apply(leaf(m)).sum().backward()


def no_tensor(m):
    return made(m, lambda ctx, g: 3).apply(leaf(m)).sum().backward()


def other_dtype(m):
    x = leaf(m)
    made(m, lambda ctx, g: g.double()).apply(x).sum().backward()
    return x.grad


def no_backward(m):
    return made(m).apply(leaf(m)).sum().backward()


def no_forward(m):
    return type("Empty", (m.autograd.Function,), {}).apply(leaf(m))


def an_object(m):
    return made(m, lambda ctx, g: g)()(leaf(m))


def saves_a_number(m):
    def forward(ctx, x):
        ctx.save_for_backward(3)
        return x.clone()

    return made(m, lambda ctx, g: g, forward).apply(leaf(m))


def returns_its_input(m):
    x = leaf(m)
    y = made(m, lambda ctx, g: g * 2, lambda ctx, x: x).apply(x)
    y.sum().backward()
    return y, y is x, y._is_view(), x.grad


def dirty(m):
    def forward(ctx, x):
        ctx.mark_dirty(x)
        return x.mul_(2)

    double = made(m, lambda ctx, g: g * 2, forward)
    x = leaf(m)
    z = x * 1
    y = double.apply(z)
    y.sum().backward()
    return y is z, z._version, x.grad, double.apply(x)


def once(m):
    function = made(m, m.autograd.function.once_differentiable(lambda ctx, g: g * 2))
    x = leaf(m)
    y = function.apply(x)
    (g,) = m.autograd.grad((y * y).sum(), x, create_graph=True)
    return g.grad_fn.name(), m.autograd.grad(g.sum(), x, allow_unused=True)


def with_context(m):
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)
        ctx.k = 3
        ctx.set_materialize_grads(False)

    def backward(ctx, g, h):
        seen.append((g, h))
        return g * ctx.saved_tensors[1] * ctx.k, None

    seen = []
    x = leaf(m)
    a, b = made(m, backward, lambda x, y: (x * y, x + y), setup_context=setup_context).apply(x, m.ones(2) * 4)
    a.sum().backward()
    return x.grad, b, b.output_nr, seen


def no_derivative(m):
    def forward(ctx, x):
        index = (x > 0).long()
        ctx.mark_non_differentiable(index)
        return x * 2, index, "text"

    def backward(ctx, g, *rest):
        seen.append(rest)
        return g * 2

    seen = []
    x = leaf(m)
    a, index, text = made(m, backward, forward).apply(x)
    a.sum().backward()
    return a, index, text, x.grad, seen


def without_gradients(m):
    seen = []

    def forward(ctx, x):
        seen.append((ctx.needs_input_grad, m.is_grad_enabled()))
        return x * 2

    function = made(m, lambda ctx, g: g, forward)
    with m.no_grad():
        function.apply(leaf(m))
    return function.apply(m.ones(1)).grad_fn, seen


def tensor_hooks(m):
    x = leaf(m)
    handles = [x.register_hook(lambda g: g * 2), x.register_hook(lambda g: g + 1)]
    (x * 3).sum().backward()
    handles[0].remove()
    (x * 3).sum().backward()
    y = x * 3
    y.register_hook(lambda g: g * 5)
    seen = []
    y.grad_fn.register_hook(lambda gi, go: seen.append((gi, go)))
    y.grad_fn.register_prehook(lambda go: seen.append(go))
    y.sum().backward()
    return x.grad, seen


def hook_of_another_size(m):
    x = leaf(m)

    def bad(g):
        return m.ones(7)

    x.register_hook(bad)
    return (x * 3).sum().backward()


def hook_of_no_tensor(m):
    x = leaf(m)
    x.register_hook(lambda g: 3)
    return (x * 3).sum().backward()


def hook_without_gradient(m):
    return m.ones(2).register_hook(print)


def hook_after_accumulation(m):
    x, seen = leaf(m), []
    x.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.clone()))
    (x * 3).sum().backward()
    (x * 3).sum().backward()
    return seen


def hook_after_no_leaf(m):
    return (leaf(m) * 3).register_post_accumulate_grad_hook(print)


def inferred(m):
    with m.inference_mode():
        return m.ones(2)


def inference(m):
    with m.inference_mode():
        x = m.ones(2).add_(1)
        inside = m.is_inference_mode_enabled(), (x * 2).is_inference(), x.requires_grad
    y = leaf(m)
    (x.clone() * y).sum().backward()
    return x, inside, x.is_inference(), (x * 2).is_inference(), y.grad


def anomaly(m):
    with m.autograd.detect_anomaly():
        return m.sqrt(leaf(m) * 0 - 1).sum().backward()


def anomaly_of_names(m):
    with m.autograd.set_detect_anomaly(True):
        y = made(m, lambda ctx, g: g * float("nan")).apply(leaf(m))
        return y.sum().backward()


def module_hooks(m):
    nn, seen = m.nn, []
    m.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 2, 2), nn.Conv2d(2, 1, 1, bias=False))
    net[0].register_full_backward_hook(lambda module, gi, go: seen.append((repr(module), gi, go)))
    net[1].register_full_backward_hook(lambda module, gi, go: (gi[0] * 2,))
    net[1].register_full_backward_pre_hook(lambda module, go: seen.append(go))
    x = m.ones(1, 1, 2, 2, requires_grad=True)
    y = net(x)
    y.sum().backward()
    net(x.detach()).sum().backward()
    return y, y.grad_fn.name(), x.grad, seen


def module_hook_of_too_many(m):
    module = m.nn.Linear(1, 1)
    module.register_full_backward_hook(lambda module, gi, go: (gi[0], 3))
    return module(m.ones(1, 1, requires_grad=True)).sum().backward()


PROGRAMS = [names, orders, twice, freed, changed, too_few, too_many, wrong_shape, no_tensor, other_dtype, no_backward]
PROGRAMS += [no_forward, an_object, saves_a_number, returns_its_input, dirty, once, with_context, no_derivative]
PROGRAMS += [without_gradients, tensor_hooks, hook_of_another_size, hook_of_no_tensor, hook_without_gradient]
PROGRAMS += [hook_after_accumulation, hook_after_no_leaf, inference, module_hooks]
PROGRAMS += [module_hook_of_too_many]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_programs_end_as_torchs(program):
    compare(program)


@pytest.mark.parametrize(
    "use",
    [
        lambda m, x: x._version,
        lambda m, x: x.add_(1),
        lambda m, x: x.requires_grad_(),
        lambda m, x: x * leaf(m),
        lambda m, x: x * 2,
        lambda m, x: x.clone().is_inference(),
    ],
)
def test_inference_tensors_are_kept_out_of_graphs_as_torchs(use):
    compare(lambda m: use(m, inferred(m)))


@pytest.mark.parametrize("program", [anomaly, anomaly_of_names], ids=lambda program: program.__name__)
def test_anomalies_are_told_as_torchs(program):
    told = []
    for library in (pyconv, torch):
        result, texts = outcome(program, library)
        lines = [line for text in texts for line in text.splitlines()]
        here = [line.strip() for line in lines if line.startswith("    ") and "super()" not in line]
        told.append((result, [line for line in lines if not line.startswith(" ")], here[-1]))
    assert told[0] == told[1]
    assert "returned nan values in its 0th output" in told[0][0]
