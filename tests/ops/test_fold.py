"""unfold and fold: each the gradient of the other, twice."""

import numpy as np

import pyconv
from pyconv.autograd import grad
from pyconv.geometry import Window
from pyconv.ops import fold as ops

WINDOW = Window((2, 3), (2, 1), ((1, 1), (0, 0)), (1, 2))
SIZE = (5, 8)


def whole(shape, seed):
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(float)


def test_gradients_are_the_transposes():
    x = pyconv.from_numpy(whole((2, 3, *SIZE), 0)).requires_grad_()
    columns = ops.unfold(x, window=WINDOW)
    g = pyconv.from_numpy(whole(tuple(columns.shape), 1)).requires_grad_()
    (gx,) = grad(columns, x, g, create_graph=True)
    assert gx.shape == x.shape
    assert np.vdot(g.detach().numpy(), columns.detach().numpy()) == np.vdot(gx.detach().numpy(), x.detach().numpy())
    t = pyconv.from_numpy(whole(tuple(x.shape), 2))
    (gg,) = grad(gx, g, t)
    np.testing.assert_array_equal(gg.numpy(), ops.unfold(t.numpy(), window=WINDOW))


def test_fold_of_a_tensor_is_differentiable():
    columns = ops.unfold(whole((2, 3, *SIZE), 0), window=WINDOW)
    c = pyconv.from_numpy(columns).requires_grad_()
    image = ops.fold(c, window=WINDOW, size=SIZE)
    g = whole(tuple(image.shape), 1)
    (gc,) = grad(image, c, pyconv.from_numpy(g))
    np.testing.assert_array_equal(gc.numpy(), ops.unfold(g, window=WINDOW))
