"""The older weight normalization: parameters, hook, removal."""

import numpy as np
import pytest

import pyconv
from pyconv import nn
from pyconv.nn import utils

pytestmark = pytest.mark.filterwarnings("ignore:`torch.nn.utils.weight_norm` is deprecated:FutureWarning")


@pytest.mark.parametrize(("dim", "shape"), [(0, (3, 1, 1)), (1, (1, 2, 1)), (None, ())])
def test_a_fresh_weight_is_what_it_was(dim, shape):
    layer = nn.Conv1d(2, 3, 4)
    before = layer.weight.detach().clone()
    utils.weight_norm(layer, dim=dim)
    assert layer.weight_g.shape == shape
    np.testing.assert_allclose(layer.weight.detach().numpy(), before.numpy(), rtol=1e-5)
    with pyconv.no_grad():
        layer.weight_g.mul_(2)
    layer(pyconv.ones(1, 2, 4)).sum().backward()
    np.testing.assert_allclose(layer.weight.detach().numpy(), 2 * before.numpy(), rtol=1e-5)
    assert layer.weight_v.grad is not None
    utils.remove_weight_norm(layer)
    assert list(layer.state_dict()) == ["bias", "weight"]
    np.testing.assert_allclose(layer.weight.detach().numpy(), 2 * before.numpy(), rtol=1e-5)


def test_it_is_deprecated_and_refuses_what_torch_refuses():
    with pytest.warns(FutureWarning, match="`torch.nn.utils.weight_norm` is deprecated in favor of"):
        layer = utils.weight_norm(nn.Conv1d(2, 3, 1))
    with pytest.raises(RuntimeError, match="Cannot register two weight_norm hooks on the same parameter weight"):
        utils.weight_norm(layer)
    with pytest.raises(ValueError, match="can't have uninitialized parameters"):
        utils.weight_norm(nn.LazyConv1d(3, 1))
    with pytest.raises(ValueError, match="weight_norm of 'bias' not found in Conv1d"):
        utils.remove_weight_norm(layer, "bias")
