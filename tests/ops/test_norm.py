"""Normalization as an op: first and second derivatives in every layout, node names, sums that are shared."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import grad, gradcheck, gradgradcheck
from pyconv.ops import norm

SHAPE = (3, 4, 2)
LAYOUTS = {
    "batch": norm.batch_layout(SHAPE),
    "fixed": norm.batch_layout(SHAPE, fixed=True),
    "group": norm.group_layout(SHAPE, 2),
    "layer": norm.layer_layout(SHAPE, 1),
    "layer of two": norm.layer_layout(SHAPE, 2),
}


def values(shape, seed):
    return np.random.default_rng(seed).normal(size=shape)


def leaf(shape, seed):
    return pyconv.tensor(values(shape, seed), requires_grad=True)


def normalized(layout, x, w=None, b=None):
    mean, variance = norm.statistics(x, layout)
    if layout.fixed:
        mean, variance = values(mean.shape, 7), values(mean.shape, 8) ** 2
    return norm.normalize(x, w, b, layout, mean, 1 / np.sqrt(variance + 0.1))


@pytest.mark.parametrize("given", ["xwb", "xw", "xb", "x"])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_both_derivatives_are_those_of_the_function(layout, given):
    shapes = {"x": SHAPE, "w": (int(np.prod(layout.params)),), "b": (int(np.prod(layout.params)),)}
    leaves = [leaf(shapes[name], i) for i, name in enumerate(given)]

    def program(*tensors):
        return normalized(layout, **dict(zip(given, tensors, strict=True)))

    assert gradcheck(program, leaves)
    assert gradgradcheck(program, leaves)


def test_arrays_give_an_array():
    x = values(SHAPE, 0)
    assert isinstance(normalized(LAYOUTS["batch"], x), np.ndarray)


@pytest.mark.parametrize(
    ("name", "layout"), [("Batch", LAYOUTS["batch"]), ("Group", LAYOUTS["group"]), ("Layer", LAYOUTS["layer"])]
)
def test_nodes_have_the_names_of_torch(name, layout):
    x = leaf(SHAPE, 0)
    y = normalized(layout, x)
    assert y.grad_fn.name() == f"Native{name}NormBackward0"
    (gradient,) = grad(y.square().sum(), [x], create_graph=True)
    assert gradient.grad_fn.name() == f"Native{name}NormBackwardBackward0"


def test_a_cotangent_that_was_changed_is_summed_anew():
    x, w = leaf(SHAPE, 0), leaf((4,), 1)
    y = normalized(LAYOUTS["batch"], x, w)
    g = pyconv.tensor(values(SHAPE, 2))
    grad(y, [x], g, retain_graph=True)
    (before,) = grad(y, [w], g, retain_graph=True)
    g.mul_(2)
    (after,) = grad(y, [w], g, retain_graph=True)
    np.testing.assert_allclose(after.numpy(), 2 * before.numpy())


def test_mixed_dtypes_give_each_gradient_its_own():
    x = pyconv.tensor(values(SHAPE, 0), dtype=pyconv.float16, requires_grad=True)
    w = pyconv.ones(4, requires_grad=True)
    y = normalized(LAYOUTS["batch"], x, w)
    gx, gw = grad(y.square().sum(), [x, w], create_graph=True)
    assert (y.dtype, gx.dtype, gw.dtype) == (pyconv.float16, pyconv.float16, pyconv.float32)
    second = grad(gx.float().square().sum() + gw.sum(), [x, w])
    assert [t.dtype for t in second] == [pyconv.float16, pyconv.float32]
