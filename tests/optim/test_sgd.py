"""SGD: its steps are those of the formula."""

import numpy as np
import pytest

import pyconv
from tests.optim.walk import GRADS, START, check, walk


def test_without_momentum_a_step_is_the_gradient():
    np.testing.assert_allclose(walk("SGD", lr=0.1), START - 0.1 * np.cumsum(GRADS, 0), 1e-12)


def test_maximize_goes_the_other_way():
    np.testing.assert_allclose(walk("SGD", lr=0.1, maximize=True), START + 0.1 * np.cumsum(GRADS, 0), 1e-12)


@pytest.mark.parametrize("dampening", [0, 0.3])
def test_momentum_sums_fading_gradients(dampening):
    def step(x, g, t):
        weights = np.where(np.arange(t) == 0, 1, 1 - dampening) * 0.9 ** np.arange(t)[::-1]
        return x - 0.1 * weights @ GRADS[:t]

    check(walk("SGD", lr=0.1, momentum=0.9, dampening=dampening), step)


def test_nesterov_looks_ahead():
    buffer = np.zeros(4)

    def step(x, g, t):
        nonlocal buffer
        buffer = 0.9 * buffer + g
        return x - 0.1 * (g + 0.9 * buffer)

    check(walk("SGD", lr=0.1, momentum=0.9, nesterov=True), step)


def test_weight_decay_is_the_gradient_of_half_the_square():
    check(walk("SGD", lr=0.1, weight_decay=0.5), lambda x, g, t: x - 0.1 * (g + 0.5 * x))


def test_the_first_momentum_is_a_copy_of_the_gradient():
    param = pyconv.nn.Parameter(pyconv.ones(2))
    optimizer = pyconv.optim.SGD([param], lr=0.1, momentum=0.9)
    param.grad = pyconv.ones(2)
    optimizer.step()
    assert optimizer.state[param]["momentum_buffer"] is not param.grad
    param.grad.fill_(5)
    assert optimizer.state[param]["momentum_buffer"].tolist() == [1, 1]


@pytest.mark.parametrize("options", [{}, {"momentum": 0.5, "dampening": 0.1}])
def test_nesterov_needs_momentum_without_dampening(options):
    with pytest.raises(ValueError, match="Nesterov momentum requires a momentum and zero dampening"):
        pyconv.optim.SGD([pyconv.ones(1)], nesterov=True, **options)


def test_a_learning_rate_may_be_a_tensor():
    np.testing.assert_allclose(walk("SGD", lr=pyconv.tensor([0.5])), walk("SGD", lr=0.5), 1e-12)
