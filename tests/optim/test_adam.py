"""Adam and AdamW: their steps are those of the formula."""

import numpy as np
import pytest

import pyconv
from tests.optim.walk import check, walk


def adam(lr, beta1, beta2, eps, *, decay=0.0, decoupled=False, amsgrad=False):
    """A step of the formula in the paper, with the means kept between calls."""
    m = v = largest = np.zeros(4)

    def step(x, g, t):
        nonlocal m, v, largest
        if decoupled:
            x = x * (1 - lr * decay)
        else:
            g = g + decay * x
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        largest = np.maximum(largest, v) if amsgrad else v
        return x - lr * (m / (1 - beta1**t)) / (np.sqrt(largest / (1 - beta2**t)) + eps)

    return step


@pytest.mark.parametrize("amsgrad", [False, True])
@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_adam_steps_by_the_formula(amsgrad, decay):
    path = walk("Adam", lr=0.05, betas=(0.8, 0.7), eps=1e-4, weight_decay=decay, amsgrad=amsgrad)
    check(path, adam(0.05, 0.8, 0.7, 1e-4, decay=decay, amsgrad=amsgrad))


def test_adamw_shrinks_apart_from_the_gradient():
    path = walk("AdamW", lr=0.05, weight_decay=0.1)
    check(path, adam(0.05, 0.9, 0.999, 1e-8, decay=0.1, decoupled=True))
    np.testing.assert_array_equal(path, walk("Adam", lr=0.05, weight_decay=0.1, decoupled_weight_decay=True))


def test_betas_may_be_tensors():
    betas = (pyconv.tensor(0.5), pyconv.tensor([0.25]))
    np.testing.assert_array_equal(walk("Adam", betas=betas), walk("Adam", betas=(0.5, 0.25)))


def test_complex_parameters_step_as_their_parts():
    values = np.array([1 + 2j, -1j])
    whole = pyconv.nn.Parameter(pyconv.tensor(values))
    parts = pyconv.nn.Parameter(pyconv.tensor(np.stack([values.real, values.imag], -1)))
    for param, grad in ((whole, values * 3), (parts, np.stack([values.real, values.imag], -1) * 3)):
        optimizer = pyconv.optim.Adam([param], lr=0.1, amsgrad=True)
        param.grad = pyconv.tensor(grad)
        optimizer.step()
    np.testing.assert_allclose(pyconv.view_as_real(whole.detach()).numpy(), parts.detach().numpy(), 1e-12)


def test_the_largest_mean_square_is_kept_only_where_it_counts():
    param = pyconv.nn.Parameter(pyconv.ones(1))
    param.grad = pyconv.ones(1)
    names = []
    for amsgrad in (False, True):
        optimizer = pyconv.optim.Adam([param], amsgrad=amsgrad)
        optimizer.step()
        names.append(list(optimizer.state[param]))
    assert names == [["step", "exp_avg", "exp_avg_sq"], ["step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"]]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"lr": -1}, "Invalid learning rate: -1"),
        ({"eps": -1}, "Invalid epsilon value: -1"),
        ({"betas": (1.0, 0.5)}, "Invalid beta parameter at index 0: 1.0"),
        ({"betas": (0.5, 1.0)}, "Invalid beta parameter at index 1: 1.0"),
        ({"betas": (0, 0.5)}, "betas must be either both floats or both Tensors"),
        ({"betas": (pyconv.tensor(0.5), pyconv.tensor([0.5, 0.25])[:1]), "foreach": True}, r"betas\[0\] as a Tensor"),
        ({"weight_decay": -1}, "Invalid weight_decay value: -1"),
        ({"lr": pyconv.tensor(0.1), "foreach": True}, "lr as a Tensor is not supported"),
    ],
)
def test_options_out_of_range_are_refused(options, text):
    with pytest.raises(ValueError, match=text):
        pyconv.optim.Adam([pyconv.ones(1)], **options)
