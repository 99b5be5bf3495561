"""Modules of activations: what they call, their text, their parameters."""

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F
from pyconv import nn

X = np.array([[-4.0, -1.2, -0.3, 0.1], [0.4, 0.7, 3.1, 6.5]])

MODULES = [
    (lambda: nn.ReLU(), F.relu, "ReLU()"),
    (lambda: nn.ReLU(True), F.relu, "ReLU(inplace=True)"),
    (lambda: nn.ReLU6(), F.relu6, "ReLU6()"),
    (lambda: nn.Hardtanh(-2, 0.5), lambda x: F.hardtanh(x, -2, 0.5), "Hardtanh(min_val=-2, max_val=0.5)"),
    (lambda: nn.ELU(0.5), lambda x: F.elu(x, 0.5), "ELU(alpha=0.5)"),
    (lambda: nn.SELU(True), F.selu, "SELU(inplace=True)"),
    (lambda: nn.CELU(2.0), lambda x: F.celu(x, 2.0), "CELU(alpha=2.0)"),
    (lambda: nn.GLU(0), lambda x: F.glu(x, 0), "GLU(dim=0)"),
    (lambda: nn.GELU("tanh"), lambda x: F.gelu(x, approximate="tanh"), "GELU(approximate='tanh')"),
    (lambda: nn.Hardshrink(), F.hardshrink, "Hardshrink(0.5)"),
    (lambda: nn.LeakyReLU(0.2, True), lambda x: F.leaky_relu(x, 0.2), "LeakyReLU(negative_slope=0.2, inplace=True)"),
    (lambda: nn.LogSigmoid(), F.logsigmoid, "LogSigmoid()"),
    (lambda: nn.Softplus(2.0, 8.0), lambda x: F.softplus(x, 2.0, 8.0), "Softplus(beta=2.0, threshold=8.0)"),
    (lambda: nn.Softshrink(0.3), lambda x: F.softshrink(x, 0.3), "Softshrink(0.3)"),
    (lambda: nn.Softsign(), F.softsign, "Softsign()"),
    (lambda: nn.Tanhshrink(), F.tanhshrink, "Tanhshrink()"),
    (lambda: nn.Softmin(1), lambda x: F.softmin(x, 1), "Softmin(dim=1)"),
    (lambda: nn.Softmax(1), lambda x: F.softmax(x, 1), "Softmax(dim=1)"),
    (lambda: nn.LogSoftmax(0), lambda x: F.log_softmax(x, 0), "LogSoftmax(dim=0)"),
    (lambda: nn.Sigmoid(), pyconv.sigmoid, "Sigmoid()"),
    (lambda: nn.Tanh(), pyconv.tanh, "Tanh()"),
    (lambda: nn.SiLU(), F.silu, "SiLU()"),
    (lambda: nn.Mish(True), F.mish, "Mish(inplace=True)"),
    (lambda: nn.Hardswish(), F.hardswish, "Hardswish()"),
    (lambda: nn.Hardsigmoid(), F.hardsigmoid, "Hardsigmoid()"),
    (lambda: nn.Threshold(0.1, 20), lambda x: F.threshold(x, 0.1, 20), "Threshold(threshold=0.1, value=20)"),
    (lambda: nn.RReLU(0.1, 0.3).eval(), lambda x: F.rrelu(x, 0.1, 0.3), "RReLU(lower=0.1, upper=0.3)"),
    (lambda: nn.PReLU(), lambda x: F.prelu(x, pyconv.tensor([0.25], dtype=x.dtype)), "PReLU(num_parameters=1)"),
]


@pytest.mark.parametrize(("make", "function", "text"), MODULES, ids=[text for _, _, text in MODULES])
def test_a_module_is_its_function(make, function, text):
    module = make().double()
    assert repr(module) == text
    found = module(pyconv.tensor(X))
    np.testing.assert_array_equal(found.detach().numpy(), function(pyconv.tensor(X)).numpy())


@pytest.mark.parametrize(("make", "function", "text"), MODULES, ids=[text for _, _, text in MODULES])
def test_ndarrays_give_ndarrays(make, function, text):
    found = make().double()(X.copy())
    assert isinstance(found, np.ndarray)
    np.testing.assert_array_equal(found, function(pyconv.tensor(X)).numpy())


def test_softmax2d_is_over_channels():
    x = pyconv.randn(2, 3, 4, 5, generator=pyconv.Generator().manual_seed(0))
    np.testing.assert_array_equal(nn.Softmax2d()(x).numpy(), F.softmax(x, 1).numpy())
    np.testing.assert_array_equal(nn.Softmax2d()(x[0]).numpy(), F.softmax(x[0], 0).numpy())
    with pytest.raises(ValueError, match="Softmax2d: expected input to be 3D or 4D, got 2D instead"):
        nn.Softmax2d()(x[0, 0])


def test_prelu_learns_its_slopes():
    module = nn.PReLU(4, init=0.1)
    module(pyconv.tensor(X, dtype=pyconv.float32)).sum().backward()
    np.testing.assert_allclose(module.weight.grad.numpy(), np.minimum(X, 0).sum(0), 1e-6)
    assert list(module.state_dict()) == ["weight"]
    np.testing.assert_allclose(module.weight.detach().numpy(), 0.1, 1e-6)


def test_rrelu_is_random_in_training_only():
    module = nn.RReLU()
    x = pyconv.full((100,), -1.0)
    assert module(x).unique().numel() > 50
    assert module.eval()(x).unique().numel() == 1


def test_hardtanh_has_older_names():
    with pytest.warns(FutureWarning, match="keyword argument `min_value` is deprecated"):
        assert nn.Hardtanh(min_value=-3).min_val == -3
    with pytest.raises(AssertionError):
        nn.Hardtanh(2, 1)


def test_a_module_made_before_softmax_had_a_dimension():
    with pytest.warns(UserWarning, match="Implicit dimension choice for softmax"):
        nn.Softmax()(pyconv.tensor(X))
