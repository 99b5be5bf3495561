"""Layer, group, RMS and local response normalization modules: parameters, printed text, calls."""

import numpy as np
import pytest

import pyconv
from pyconv import nn
from pyconv.nn import functional as F

PRINTED = {
    "LayerNorm(3)": "LayerNorm((3,), eps=1e-05, elementwise_affine=True, bias=True)",
    "LayerNorm([2, 3], bias=False)": "LayerNorm((2, 3), eps=1e-05, elementwise_affine=True, bias=False)",
    "GroupNorm(2, 4, affine=False)": "GroupNorm(2, 4, eps=1e-05, affine=False, bias=False)",
    "RMSNorm(3, eps=0.1)": "RMSNorm((3,), eps=0.1, elementwise_affine=True)",
    "LocalResponseNorm(2)": "LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1.0)",
    "CrossMapLRN2d(2)": "CrossMapLRN2d(2, alpha=0.0001, beta=0.75, k=1)",
}
X = pyconv.tensor(np.random.default_rng(0).normal(size=(2, 4, 3)), dtype=pyconv.float32)


@pytest.mark.parametrize("call", PRINTED)
def test_the_printed_text_is_that_of_torch(call):
    assert repr(eval(f"nn.{call}")) == PRINTED[call]


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (nn.LayerNorm(3, eps=0.1), F.layer_norm(X, (3,), eps=0.1)),
        (nn.GroupNorm(2, 4, bias=False), F.group_norm(X, 2)),
        (nn.RMSNorm((4, 3)), F.rms_norm(X, (4, 3))),
        (nn.LocalResponseNorm(3, 0.5), F.local_response_norm(X, 3, 0.5)),
    ],
)
def test_a_fresh_layer_does_what_the_function_does(layer, expected):
    np.testing.assert_array_equal(layer(X).detach().numpy(), expected.numpy())


def test_the_parameters_are_ones_and_zeros_and_get_gradients():
    layer = nn.LayerNorm((4, 3))
    assert {k: v.unique().tolist() for k, v in layer.state_dict().items()} == {"weight": [1.0], "bias": [0.0]}
    layer(X).square().sum().backward()
    assert layer.weight.grad.shape == layer.bias.grad.shape == (4, 3)


def test_groups_must_divide_the_channels():
    with pytest.raises(ValueError, match=r"num_channels \(4\) must be divisible by num_groups \(3\)"):
        nn.GroupNorm(3, 4)


def test_the_old_response_norm_never_drops_the_first_channel():
    x = pyconv.tensor([2.0 ** (i / 2) for i in range(6)], dtype=pyconv.float64).view(1, 6, 1, 1)
    scale = (nn.CrossMapLRN2d(3, alpha=3, beta=-1.0, k=0)(x) / x).flatten()
    windows = [0b000011, 0b000111, 0b001111, 0b011101, 0b111001, 0b110001]
    np.testing.assert_allclose(scale.numpy(), windows)


def test_the_old_response_norm_has_one_derivative():
    x = X.view(1, 4, 2, 3).double().requires_grad_()
    layer = nn.CrossMapLRN2d(4, 0.1)
    y = layer(x)
    with pytest.raises(RuntimeError, match="don't support automatic differentiation"):
        pyconv.autograd.grad(y.sum(), [x], create_graph=True)
    with pytest.raises(ValueError, match=r"Expected input to be 4D, got 3D instead."):
        layer(X)
