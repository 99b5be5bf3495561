"""torch.autograd.Variable."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import Variable


def test_shares_the_data_and_has_no_history():
    source = torch.ones(2, requires_grad=True) * 2
    made = Variable(source)
    assert made.grad_fn is None
    assert not made.requires_grad
    made[0] = 5.0
    assert np.array_equal(source.detach().numpy(), [5.0, 2.0])


def test_wants_gradients_of_its_own():
    source = torch.ones(2)
    made = Variable(source, requires_grad=True)
    (made * 3).sum().backward()
    assert made.grad.tolist() == [3.0, 3.0]
    assert not source.requires_grad


def test_every_tensor_is_one():
    assert isinstance(torch.ones(1), Variable)
    assert not isinstance(1.0, Variable)
    assert Variable().shape == (0,)


@pytest.mark.parametrize(("data", "name"), [(1, "int"), ("a", "str"), ([1, 2], "list")])
def test_other_data_is_an_error(data, name):
    with pytest.raises(TypeError, match=f"^Variable data has to be a tensor, but got {name}$"):
        Variable(data)


def test_integers_have_no_gradient():
    with pytest.raises(RuntimeError, match="only Tensors of floating point"):
        Variable(torch.tensor([1, 2]), requires_grad=True)
