"""Batch normalization fused into the layer before it: the same results."""

import numpy as np
import pytest

import pyconv
from pyconv import nn
from pyconv.nn import utils


def trained(layer, features):
    x = np.random.default_rng(0).normal(1, 2, (6, features, *(1,) * (layer.weight.dim() - 2)))
    norm = (nn.BatchNorm1d, nn.BatchNorm1d, nn.BatchNorm2d)[layer.weight.dim() - 2](features, dtype=pyconv.float64)
    norm(pyconv.tensor(x))
    return layer.eval(), norm.eval()


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kind", [nn.Conv2d, nn.ConvTranspose2d])
def test_a_fused_convolution_does_what_both_do(kind, bias):
    conv, norm = trained(kind(2, 4, 3, groups=2 if kind is nn.Conv2d else 1, bias=bias, dtype=pyconv.float64), 4)
    fused = utils.fuse_conv_bn_eval(conv, norm, transpose=kind is nn.ConvTranspose2d)
    x = pyconv.tensor(np.random.default_rng(1).normal(size=(2, 2, 5, 5)))
    np.testing.assert_allclose(fused(x).detach().numpy(), norm(conv(x)).detach().numpy(), rtol=1e-10, atol=1e-12)
    assert type(fused) is kind
    assert (conv.bias is None) is not bias


def test_a_fused_linear_layer_does_what_both_do():
    linear, norm = trained(nn.Linear(3, 2, dtype=pyconv.float64), 2)
    fused = utils.fuse_linear_bn_eval(linear, norm)
    x = pyconv.tensor(np.random.default_rng(1).normal(size=(5, 3)))
    np.testing.assert_allclose(fused(x).detach().numpy(), norm(linear(x)).detach().numpy(), rtol=1e-10, atol=1e-12)


def test_what_cannot_be_fused_is_refused():
    with pytest.raises(AssertionError, match="Fusion only for eval!"):
        utils.fuse_conv_bn_eval(nn.Conv2d(1, 1, 1), nn.BatchNorm2d(1))
    with pytest.raises(AssertionError, match=r"got linear.out_features=3 and bn.num_features=2"):
        utils.fuse_linear_bn_eval(nn.Linear(1, 3).eval(), nn.BatchNorm1d(2).eval())
    with pytest.raises(AssertionError, match=r"bn.running_mean and bn.running_var must not be None"):
        utils.fuse_conv_bn_eval(nn.Conv2d(1, 1, 1).eval(), nn.BatchNorm2d(1, track_running_stats=False).eval())
