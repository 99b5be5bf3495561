"""Dropout modules: their texts, what training and evaluation do, and their arguments."""

import pytest

import pyconv as torch
import pyconv.nn.functional as F
from pyconv import nn

SHAPES = {
    "Dropout": (4, 5),
    "Dropout1d": (2, 3, 4),
    "Dropout2d": (2, 3, 4, 2),
    "Dropout3d": (2, 3, 4, 2, 2),
    "AlphaDropout": (4, 5),
    "FeatureAlphaDropout": (2, 3, 4),
}
FUNCTIONS = {"AlphaDropout": "alpha_dropout", "FeatureAlphaDropout": "feature_alpha_dropout"}


@pytest.mark.parametrize("name", SHAPES)
def test_a_module_is_its_function(name):
    module, x = getattr(nn, name)(0.3), torch.randn(SHAPES[name])
    assert repr(module) == f"{name}(p=0.3, inplace=False)"
    assert not module.state_dict()
    torch.manual_seed(2)
    dropped = module(x)
    torch.manual_seed(2)
    assert torch.equal(dropped, getattr(F, FUNCTIONS.get(name, name.lower()))(x, 0.3, True))
    assert module.eval()(x) is x


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("p", [-1, 2])
def test_a_probability_is_one(name, p):
    with pytest.raises(ValueError, match=f"^dropout probability has to be between 0 and 1, but got {p}$"):
        getattr(nn, name)(p)


def test_in_place_overwrites_the_input():
    x = torch.ones(50)
    assert nn.Dropout(0.5, inplace=True)(x) is x
    assert 0 < (x == 0).sum().item() < 50
    y = torch.ones(50)
    nn.AlphaDropout(0.5, inplace=True)(y)
    assert torch.equal(y, torch.ones(50))
