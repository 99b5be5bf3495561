"""A walk of an optimizer under drawn gradients, for the formulas of its steps to be checked against."""

import numpy as np

import pyconv

START = np.array([1.0, -2.0, 0.5, 3.0])
GRADS = np.random.default_rng(7).standard_normal((12, 4))


def walk(name, **options):
    """Where an optimizer goes from START under GRADS: (steps, parameters)."""
    param = pyconv.nn.Parameter(pyconv.tensor(START))
    optimizer = getattr(pyconv.optim, name)([param], **options)
    path = []
    for grad in GRADS:
        param.grad = pyconv.tensor(grad)
        optimizer.step()
        path.append(param.detach().numpy().copy())
    return np.array(path)


def follow(step):
    """Where a formula goes: `step(x, g, t)` gives the next parameters."""
    x, path = START, []
    for t, grad in enumerate(GRADS, 1):
        x = step(x, grad, t)
        path.append(x)
    return np.array(path)


def check(path, step):
    """Both walks are the same."""
    np.testing.assert_allclose(path, follow(step), 1e-12, 1e-13)
