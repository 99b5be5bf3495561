"""Modules called with other parameters."""

import pytest

import pyconv
from pyconv import nn
from pyconv.nn.utils.stateless import call_with, functional_call


def tied():
    layer = nn.Linear(2, 2, bias=False)
    return nn.Sequential(layer, layer)


def test_the_module_has_its_own_again():
    layer = nn.BatchNorm1d(2).eval()
    mean = pyconv.tensor([1.0, 2.0])
    y = call_with(layer, {"running_mean": mean, "weight": pyconv.zeros(2)}, pyconv.ones(1, 2))
    assert y.tolist() == [[0, 0]]
    assert layer.running_mean.tolist() == [0, 0]
    assert layer.weight.tolist() == [1, 1]


def test_gradients_go_to_what_was_given():
    weight = pyconv.ones(2, 2, requires_grad=True)
    layer = nn.Linear(2, 2, bias=False)
    call_with(layer, {"weight": weight}, (pyconv.ones(1, 2),)).sum().backward()
    assert weight.grad.tolist() == [[1, 1], [1, 1]]
    assert layer.weight.grad is None


def test_tied_names_are_given_one_tensor():
    identity, double = pyconv.tensor([[1.0, 0.0], [0.0, 1.0]]), pyconv.tensor([[2.0, 0.0], [0.0, 2.0]])
    x = pyconv.ones(1, 2)
    assert call_with(tied(), {"1.weight": double}, x).tolist() == [[4, 4]]
    with pytest.raises(ValueError, match=r"got multiple values for keys \['0.weight', '1.weight'\], which are tied"):
        call_with(tied(), {"0.weight": identity, "1.weight": double}, x)


def test_strict_names_must_match_and_the_older_name_is_deprecated():
    with pytest.raises(RuntimeError, match=r"Unexpected key.s.: 'w'.\n\tMissing key.s.: 'bias', 'weight'."):
        call_with(nn.Linear(2, 2), {"w": pyconv.ones(1)}, pyconv.ones(1, 2), strict=True)
    with pytest.warns(FutureWarning, match="`torch.nn.utils.stateless.functional_call` is deprecated"):
        functional_call(nn.Linear(2, 2), {}, pyconv.ones(1, 2))
