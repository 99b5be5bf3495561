"""Padding with a constant and by a rule: values and gradients."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import grad
from pyconv.kernels.pad import source
from pyconv.ops import pad as ops


def whole(shape, seed=0):
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(float)


@pytest.mark.parametrize("value", [0, 7])
@pytest.mark.parametrize("padding", [((1, 2), (3, 0)), ((-1, 2), (0, -2)), ((0, 0), (0, 0))])
def test_constant(padding, value):
    x = pyconv.from_numpy(whole((2, 4, 5))).requires_grad_()
    y = ops.constant(x, padding=padding, value=value)
    added = np.pad(x.detach().numpy(), [(0, 0), *((max(a, 0), max(b, 0)) for a, b in padding)], constant_values=value)
    crop = tuple(slice(max(-a, 0), n - max(-b, 0)) for n, (a, b) in zip(added.shape[1:], padding, strict=True))
    np.testing.assert_array_equal(y.detach().numpy(), added[(slice(None), *crop)])
    g = pyconv.from_numpy(whole(tuple(y.shape), 1)).requires_grad_()
    (gx,) = grad(y, x, g, create_graph=True)
    inside = ops.constant(x.detach().numpy(), padding=padding, value=0)
    assert np.vdot(g.detach().numpy(), inside) == np.vdot(gx.detach().numpy(), x.detach().numpy())
    t = whole((2, 4, 5), 2)
    (gg,) = grad(gx, g, pyconv.from_numpy(t))
    np.testing.assert_array_equal(gg.numpy(), ops.constant(t, padding=padding, value=0))


def test_constant_of_nothing_is_a_copy():
    x = whole((2, 3))
    y = ops.constant(x, padding=((0, 0),), value=0)
    np.testing.assert_array_equal(x, y)
    assert not np.shares_memory(x, y)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize("amounts", [(2, 3), (3, -1), (-2, 1)])
def test_by_rule(mode, amounts):
    index = source(mode, 4, *amounts)
    x = pyconv.from_numpy(whole((2, 4, 3))).requires_grad_()
    y = ops.BY_RULE[mode, 1](x, index=index, axis=1)
    g = pyconv.from_numpy(whole(tuple(y.shape), 1)).requires_grad_()
    (gx,) = grad(y, x, g, create_graph=True)
    assert np.vdot(g.detach().numpy(), y.detach().numpy()) == np.vdot(gx.detach().numpy(), x.detach().numpy())
    t = whole((2, 4, 3), 2)
    (gg,) = grad(gx, g, pyconv.from_numpy(t))
    np.testing.assert_array_equal(gg.numpy(), t[:, index])
