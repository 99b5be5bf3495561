"""Values and gradients rounded where torch rounds them, to the last bit.

data/last_bits.json has torch 2.13's of `X` and `G` in each dtype: the tolist() of the result, and of the gradient.
"""

import json
from pathlib import Path

import pytest

import pyconv
from pyconv.nn import functional as F

X = [0.3, -0.7, 1.1, 0.05, -1.9, 2.3, -0.01]
G = [1.3, -0.2, 0.9, 0.33, -1.7, 0.6, 2.1]
CALLS = {
    "tanh": pyconv.tanh,
    "sigmoid": pyconv.sigmoid,
    "tanhshrink": F.tanhshrink,
    "logit": lambda x: (x.abs() / 4 + 0.1).logit(),
    "logit_eps": lambda x: (x.abs() / 4).logit(0.1),
    "log_softmax": lambda x: x.log_softmax(0),
    "glu": lambda x: F.glu(x[:6]),
}
WANTED = json.loads((Path(__file__).parents[1] / "data" / "last_bits.json").read_text())


@pytest.mark.parametrize("call", WANTED)
def test_a_function_and_its_gradient(call):
    name, dtype = call.split()
    x = pyconv.tensor(X, dtype=getattr(pyconv, dtype), requires_grad=True)
    y = CALLS[name](x)
    (found,) = pyconv.autograd.grad(y, x, pyconv.tensor(G[: len(y)], dtype=x.dtype))
    value, gradient = WANTED[call]
    assert y.tolist() == value
    assert found.tolist()[: len(gradient)] == gradient


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
@pytest.mark.parametrize("dtype", [pyconv.float64, pyconv.complex128])
def test_derivatives_of_any_order(name, dtype):
    x = pyconv.tensor([0.3, -0.7], dtype=dtype)
    x = (x + 0.2j if dtype.is_complex else x).requires_grad_()
    assert pyconv.autograd.gradcheck(CALLS[name], x)
    assert pyconv.autograd.gradgradcheck(CALLS[name], x)
    y = CALLS[name](x)
    (first,) = pyconv.autograd.grad(y, x, pyconv.ones_like(y), create_graph=True)
    assert (y.grad_fn.name(), first.grad_fn.name()) == tuple(
        f"{name.title()}Backward{end}0" for end in ("", "Backward")
    )


def test_the_derivative_of_a_gate():
    x = pyconv.tensor([0.3, -0.7, 1.1, 0.4], dtype=pyconv.float64, requires_grad=True)
    assert pyconv.autograd.gradgradcheck(F.glu, x)
