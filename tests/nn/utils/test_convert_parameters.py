"""Parameters as one vector, and back."""

import pytest

import pyconv
from pyconv import nn
from pyconv.nn import utils


def test_a_vector_goes_there_and_back_with_its_gradient():
    layer = nn.Conv1d(2, 3, 1)
    vector = utils.parameters_to_vector(layer.parameters())
    vector.sum().backward()
    assert layer.weight.grad.tolist() == pyconv.ones(3, 2, 1).tolist()
    utils.vector_to_parameters(pyconv.arange(9.0), layer.parameters())
    assert layer.weight.flatten().tolist() == [0, 1, 2, 3, 4, 5]
    assert layer.bias.tolist() == [6, 7, 8]


def test_only_a_tensor_can_be_taken_apart():
    with pytest.raises(TypeError, match=r"expected torch.Tensor, but got: list"):
        utils.vector_to_parameters([1.0], [])
