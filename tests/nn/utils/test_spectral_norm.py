"""The older spectral normalization: the singular value, evaluation, states, removal."""

import numpy as np
import pytest

import pyconv
from pyconv import nn
from pyconv.nn import utils


def largest_singular_value(weight, dim=0):
    matrix = np.moveaxis(weight.detach().numpy(), dim, 0)
    return np.linalg.svd(matrix.reshape(len(matrix), -1))[1][0]


@pytest.mark.parametrize(("kind", "dim"), [(nn.Conv1d, 0), (nn.ConvTranspose1d, 1)])
def test_the_largest_singular_value_becomes_one(kind, dim):
    layer, x = utils.spectral_norm(kind(2, 3, 2), n_power_iterations=50), pyconv.ones(1, 2, 3)
    layer(x)
    assert largest_singular_value(layer.weight, dim) == pytest.approx(1, abs=1e-3)
    u = layer.weight_u.clone()
    layer.eval()(x)
    assert layer.weight_u.tolist() == u.tolist()


def test_removal_leaves_the_normalized_weight_and_no_hook():
    layer = utils.spectral_norm(nn.Conv1d(2, 3, 2), n_power_iterations=50)
    layer(pyconv.ones(1, 2, 3))
    utils.remove_spectral_norm(layer)
    assert list(layer.state_dict()) == ["bias", "weight"]
    assert [layer._forward_pre_hooks, layer._state_dict_hooks, layer._load_state_dict_pre_hooks] == [{}, {}, {}]
    assert largest_singular_value(layer.weight) == pytest.approx(1, abs=1e-3)
    with pytest.raises(ValueError, match="spectral_norm of 'weight' not found in Conv1d"):
        utils.remove_spectral_norm(layer)


def test_a_state_without_v_is_completed():
    layer = utils.spectral_norm(nn.Linear(3, 4), n_power_iterations=50)
    layer(pyconv.ones(1, 3))
    old = layer.state_dict()
    old["weight"] = layer.weight.detach()
    v = old.pop("weight_v").clone()
    old._metadata = {}
    layer.load_state_dict(old)
    np.testing.assert_allclose(layer.weight_v.numpy(), v.numpy(), atol=1e-3)


def test_what_torch_refuses_is_refused():
    layer = utils.spectral_norm(nn.Linear(3, 4, bias=False))
    with pytest.raises(RuntimeError, match="Cannot register two spectral_norm hooks on the same parameter weight"):
        utils.spectral_norm(layer)
    with pytest.raises(ValueError, match="cannot be applied as parameter `bias` is None"):
        utils.spectral_norm(layer, "bias")
    with pytest.raises(ValueError, match="Expected n_power_iterations to be positive"):
        utils.spectral_norm(nn.Linear(3, 4), n_power_iterations=0)
