"""Parametrizations: names, chains, assignment, caching, removal, copies, refusals."""

import copy
import pickle

import numpy as np
import pytest

import pyconv
from pyconv import nn
from pyconv.nn.utils import parametrize as P


class Symmetric(nn.Module):
    def forward(self, x):
        return (x + x.t()) / 2

    def right_inverse(self, x):
        return x


class Split(nn.Module):
    def forward(self, a, b):
        return a + b

    def right_inverse(self, x):
        return x / 4, x * 3 / 4


class Flat(nn.Module):
    def forward(self, x):
        return x.reshape(-1)


class Double(nn.Module):
    def forward(self, x):
        return x.double()


def linear(*parametrizations):
    layer = nn.Linear(3, 3)
    for parametrization in parametrizations:
        P.register_parametrization(layer, "weight", parametrization())
    return layer


def test_the_module_gets_a_class_of_its_own_and_back():
    layer = linear(Symmetric)
    assert type(layer).__name__ == "ParametrizedLinear"
    assert P.type_before_parametrizations(layer) is nn.Linear
    assert list(layer.state_dict()) == ["bias", "parametrizations.weight.original"]
    assert P.is_parametrized(layer, "weight")
    assert not P.is_parametrized(layer, "bias")
    value = layer.weight.detach().clone()
    P.remove_parametrizations(layer, "weight")
    assert type(layer) is nn.Linear
    assert layer.weight.tolist() == value.tolist()
    assert isinstance(layer.weight, nn.Parameter)


def test_several_originals_are_parameters_that_learn():
    layer = linear(Split)
    layer(pyconv.ones(1, 3)).sum().backward()
    names = [name for name, parameter in layer.named_parameters() if parameter.grad is not None]
    assert names == ["bias", "parametrizations.weight.original0", "parametrizations.weight.original1"]
    with pytest.raises(ValueError, match="Cannot leave unparametrized"):
        P.remove_parametrizations(layer, "weight", leave_parametrized=False)


def test_a_value_can_be_assigned_where_there_is_an_inverse():
    layer = linear(Split, Symmetric)
    layer.weight = pyconv.ones(3, 3)
    assert layer.weight.tolist() == pyconv.ones(3, 3).tolist()
    assert layer.parametrizations.weight.original0[0, 0].item() == 0.25
    with pytest.raises(RuntimeError, match=r"parametrization Flat does not implement right_inverse."):
        P.register_parametrization(nn.Linear(3, 3), "weight", Flat(), unsafe=True).weight = pyconv.ones(3, 3)


def test_inside_cached_it_is_computed_once():
    layer = linear(Symmetric)
    with P.cached():
        assert layer.weight is layer.weight
    assert layer.weight is not layer.weight


def test_a_copy_has_parameters_of_its_own_and_pickling_is_refused():
    layer = linear(Split)
    copied = copy.deepcopy(layer)
    with pyconv.no_grad():
        copied.parametrizations.weight.original0.zero_()
    assert not np.array_equal(copied.weight.detach().numpy(), layer.weight.detach().numpy())
    with pytest.raises(RuntimeError, match=r"only supported through state_dict\(\)"):
        pickle.dumps(layer)


@pytest.mark.parametrize("first", [(), (Symmetric,)], ids=["alone", "after another"])
@pytest.mark.parametrize(("kind", "what"), [(Flat, "shape"), (Double, "dtype")])
def test_a_change_of_shape_or_dtype_is_refused(kind, what, first):
    with pytest.raises(ValueError, match=f"Registering a parametrization may not change the {what} of the tensor"):
        linear(*first, kind)


def test_what_is_not_there_is_refused():
    with pytest.raises(
        ValueError, match="does not have a parameter, a buffer, or a parametrized element with name 'w'"
    ):
        P.register_parametrization(nn.Linear(3, 3), "w", Symmetric())
    with pytest.raises(ValueError, match="does not have a parametrization on weight"):
        P.remove_parametrizations(nn.Linear(3, 3), "weight")
    with pytest.raises(ValueError, match=r"ParametrizationList requires one or more modules."):
        P.ParametrizationList([], pyconv.ones(2))
