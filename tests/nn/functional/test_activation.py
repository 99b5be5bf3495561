"""Activations: values by their formulas, gradients, dtypes, in place, on ndarrays, errors."""

import math

import numpy as np
import pytest

import pyconv
import pyconv.nn.functional as F
from pyconv.autograd import gradcheck, gradgradcheck

X = np.array([[-4.0, -1.2, -0.3, 0.1], [0.4, 0.7, 3.1, 6.5]])
WEIGHT = np.array([0.25, -0.5, 2.0, 0.1])


def sigmoid(x):
    """1 / (1 + exp(-x))."""
    return 1 / (1 + np.exp(-x))


def shares(x, axis):
    """The softmax."""
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


erf = np.vectorize(math.erf)
ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805

FORMULAS = {
    "relu": (F.relu, lambda x: np.maximum(x, 0)),
    "relu6": (F.relu6, lambda x: np.clip(x, 0, 6)),
    "hardtanh": (lambda x: F.hardtanh(x, -0.5, 2.0), lambda x: np.clip(x, -0.5, 2)),
    "elu": (lambda x: F.elu(x, 0.5), lambda x: np.where(x > 0, x, 0.5 * np.expm1(x))),
    "selu": (F.selu, lambda x: SCALE * np.where(x > 0, x, ALPHA * np.expm1(x))),
    "celu": (lambda x: F.celu(x, 0.5), lambda x: np.where(x > 0, x, 0.5 * np.expm1(x / 0.5))),
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.2), lambda x: np.where(x > 0, x, 0.2 * x)),
    "rrelu": (F.rrelu, lambda x: np.where(x > 0, x, x * (1 / 8 + 1 / 3) / 2)),
    "threshold": (lambda x: F.threshold(x, 0.5, 9.0), lambda x: np.where(x > 0.5, x, 9)),
    "hardsigmoid": (F.hardsigmoid, lambda x: np.clip(x + 3, 0, 6) / 6),
    "hardswish": (F.hardswish, lambda x: x * np.clip(x + 3, 0, 6) / 6),
    "silu": (F.silu, lambda x: x * sigmoid(x)),
    "mish": (F.mish, lambda x: x * np.tanh(np.log1p(np.exp(x)))),
    "gelu": (F.gelu, lambda x: x * (1 + erf(x / math.sqrt(2))) / 2),
    "gelu_tanh": (
        lambda x: F.gelu(x, approximate="tanh"),
        lambda x: x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2,
    ),
    "softplus": (lambda x: F.softplus(x, 2.0, 8.0), lambda x: np.where(2 * x > 8, x, np.log1p(np.exp(2 * x)) / 2)),
    "logsigmoid": (F.logsigmoid, lambda x: np.log(sigmoid(x))),
    "hardshrink": (lambda x: F.hardshrink(x, 0.35), lambda x: np.where(np.abs(x) > 0.35, x, 0)),
    "softshrink": (lambda x: F.softshrink(x, 0.35), lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.35, 0)),
    "tanhshrink": (F.tanhshrink, lambda x: x - np.tanh(x)),
    "softsign": (F.softsign, lambda x: x / (1 + np.abs(x))),
    "sigmoid": (F.sigmoid, sigmoid),
    "tanh": (F.tanh, np.tanh),
    "glu": (F.glu, lambda x: x[:, :2] * sigmoid(x[:, 2:])),
    "glu_rows": (lambda x: F.glu(x, 0), lambda x: x[:1] * sigmoid(x[1:])),
    "softmax": (lambda x: F.softmax(x, 1), lambda x: shares(x, 1)),
    "softmin": (lambda x: F.softmin(x, 0), lambda x: shares(-x, 0)),
    "log_softmax": (lambda x: F.log_softmax(x, -1), lambda x: np.log(shares(x, 1))),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_values_are_those_of_the_formula(name):
    function, formula = FORMULAS[name]
    np.testing.assert_allclose(function(pyconv.tensor(X)).numpy(), formula(X), 1e-12, 1e-14)


@pytest.mark.parametrize("name", FORMULAS)
def test_ndarrays_give_ndarrays_with_the_same_values(name):
    function, _ = FORMULAS[name]
    found = function(X)
    assert isinstance(found, np.ndarray)
    np.testing.assert_array_equal(found, function(pyconv.tensor(X)).numpy())


@pytest.mark.parametrize("name", FORMULAS)
def test_gradients_are_those_of_the_values(name):
    function, _ = FORMULAS[name]
    x = pyconv.tensor(X, requires_grad=True)
    assert gradcheck(function, x)
    assert gradgradcheck(function, x)


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("kind", [pyconv.float32, pyconv.bfloat16, pyconv.float16])
def test_dtypes_stay_and_values_are_near(name, kind):
    function, formula = FORMULAS[name]
    x = pyconv.tensor(X).to(kind)
    found = function(x)
    assert found.dtype is kind
    wanted = formula(x.double().numpy())
    tolerance = 4 * pyconv.finfo(kind).eps
    np.testing.assert_allclose(found.double().numpy(), wanted, tolerance, tolerance)


@pytest.mark.parametrize("name", [name for name in FORMULAS if "glu" not in name])
@pytest.mark.parametrize("shape", [(0, 3), (2, 0)])
def test_empty_tensors(name, shape):
    assert FORMULAS[name][0](pyconv.zeros(shape)).shape == shape


@pytest.mark.parametrize("name", ["relu", "silu", "softplus", "gelu", "elu", "softmax"])
def test_a_tensor_that_is_not_contiguous(name):
    function, formula = FORMULAS[name]
    np.testing.assert_allclose(function(pyconv.tensor(X.T.copy()).t()).numpy(), formula(X), 1e-12)


IN_PLACE = [
    "relu",
    "relu6",
    "hardtanh",
    "elu",
    "selu",
    "celu",
    "leaky_relu",
    "hardsigmoid",
    "hardswish",
    "silu",
    "mish",
]


@pytest.mark.parametrize("name", [*IN_PLACE, "threshold", "rrelu"])
def test_in_place_is_the_same_tensor(name):
    arguments = (0.5, 9.0) if name == "threshold" else ()
    x = pyconv.tensor(X)
    wanted = getattr(F, name)(x, *arguments)
    found = getattr(F, name)(x, *arguments, inplace=True)
    assert found is x
    assert x._version > 0
    np.testing.assert_array_equal(x.numpy(), wanted.numpy())


@pytest.mark.parametrize("name", ["relu_", "hardtanh_", "elu_", "selu_", "celu_", "leaky_relu_", "rrelu_"])
def test_names_of_changes_in_place(name):
    x = pyconv.tensor(X)
    wanted = getattr(F, name[:-1])(x)
    assert getattr(F, name)(x) is x
    np.testing.assert_array_equal(x.numpy(), wanted.numpy())


def test_prelu_has_a_slope_for_each_channel():
    x, weight = pyconv.tensor(X, requires_grad=True), pyconv.tensor(WEIGHT, requires_grad=True)
    np.testing.assert_allclose(F.prelu(x, weight).detach().numpy(), np.where(X > 0, X, X * WEIGHT))
    assert gradcheck(F.prelu, (x, weight))
    assert gradgradcheck(F.prelu, (x, weight))
    with pytest.raises(RuntimeError, match="Mismatch of parameter numbers and input channel size"):
        F.prelu(x, weight[:2])


def test_rrelu_draws_a_slope_for_each_element_in_training():
    pyconv.manual_seed(0)
    x = pyconv.full((1000,), -1.0, requires_grad=True)
    y = F.rrelu(x, 0.25, 0.5, training=True)
    slopes = -y.detach().numpy()
    assert 0.25 <= slopes.min() < 0.26
    assert 0.49 < slopes.max() <= 0.5
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), slopes)


def test_extreme_values_stay_finite():
    x = pyconv.tensor([-1e4, 1e4], requires_grad=True)
    for function in (F.softplus, F.logsigmoid, F.silu, F.mish, F.gelu, F.elu, F.log_softmax, F.softsign, F.sigmoid):
        y = function(x, 0) if function is F.log_softmax else function(x)
        (grad,) = pyconv.autograd.grad(y.sum(), x)
        assert pyconv.isfinite(y).all(), function
        assert pyconv.isfinite(grad).all(), function


def test_a_dtype_is_taken_before_the_softmax():
    found = F.softmax(pyconv.tensor([1, 2]), 0, dtype=pyconv.float64)
    np.testing.assert_allclose(found.numpy(), shares(np.array([1.0, 2.0]), 0))
    assert F.log_softmax(pyconv.ones(2), 0, dtype=pyconv.float64).dtype is pyconv.float64
    assert F.softmin(pyconv.ones(2), 0, dtype=pyconv.float64).dtype is pyconv.float64


@pytest.mark.parametrize("name", ["softmax", "log_softmax", "softmin"])
def test_the_dimension_is_better_given(name):
    with pytest.warns(UserWarning, match=f"Implicit dimension choice for {name} has been deprecated"):
        found = getattr(F, name)(pyconv.tensor(X))
    np.testing.assert_array_equal(found.numpy(), getattr(F, name)(pyconv.tensor(X), 1).numpy())


@pytest.mark.parametrize(
    ("call", "kind", "text"),
    [
        (lambda x: F.celu(x, 0.0), RuntimeError, "ZeroDivisionError: alpha cannot be 0 for CELU"),
        (lambda x: F.glu(x[:, :3]), RuntimeError, "Halving dimension must be even, but dimension 1 is size 3"),
        (lambda x: F.glu(x[0, 0]), RuntimeError, "glu does not support scalars because halving size"),
        (lambda x: F.gelu(x, approximate="q"), RuntimeError, "approximate argument must be either none or tanh"),
        (lambda x: F.softshrink(x, -1), RuntimeError, r"lambda must be in range \[0, 1\.79769e\+308\]"),
        (lambda x: F.softshrink(x, math.inf), RuntimeError, r"for input dtype Double, but found inf"),
        (lambda x: F.softshrink(x.float(), 1e39), RuntimeError, r"\[0, 3\.40282e\+38\] .* Float, but found 1e\+39"),
        (lambda x: F.softshrink(x.half(), 70000.0), RuntimeError, r"\[0, 65504\] .* Half, but found 70000"),
        (lambda x: F.rrelu(x, 0.5, 0.3, True), RuntimeError, "Lower bound should be less than or equal to the upper"),
        (lambda x: F.hardtanh(x, 2, 1), ValueError, "min_val cannot be greater than max_val"),
        (lambda x: F.softmax(x, 5), IndexError, "Dimension out of range"),
        (lambda x: F.hardswish(x.long()), NotImplementedError, "not implemented for 'Long'"),
        (lambda x: F.gelu(), TypeError, "missing 1 required positional argument"),
        (lambda x: F.leaky_relu(x, None, True), TypeError, r"leaky_relu_\(\): argument .* \(position 2\)"),
        (lambda x: F.hardtanh_(x, -1.0, "x"), TypeError, r"hardtanh_\(\): argument 'max_val' \(position 3\)"),
        (lambda x: F.hardtanh(x.long(), float("nan")), RuntimeError, "cannot be converted to type int64_t"),
        (lambda x: F.elu_(x, out=x), TypeError, r"elu_\(\) got an unexpected keyword argument 'out'"),
        (lambda x: F.prelu(x, 0.5), TypeError, "argument 'weight' .* must be Tensor, not float"),
    ],
)
def test_errors_are_torchs(call, kind, text):
    with pytest.raises(kind, match=text):
        call(pyconv.tensor(X))


KEEPING_ZERO = {
    "relu": F.relu,
    "relu in place": lambda x: F.relu(x.clone(), inplace=True),
    "relu6": F.relu6,
    "relu6 in place": lambda x: F.relu6(x.clone(), inplace=True),
    "hardtanh": lambda x: F.hardtanh(x, 0, 1),
    "elu": lambda x: F.elu(x, -1.0),
    "selu": F.selu,
    "celu": F.celu,
    "clamp": lambda x: x.clamp(0, 6),
    "clamp from above": lambda x: x.clamp(max=0),
    "clamp_min": lambda x: pyconv.clamp_min(x, 0),
    "clamp_min in place": lambda x: x.clone().clamp_min_(0),
    "clamp_max": lambda x: pyconv.clamp_max(x, 0),
    "threshold": lambda x: F.threshold(x, -1, 0),
    "leaky_relu": F.leaky_relu,
}


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("length", [1, 7, 67, 5000])
@pytest.mark.parametrize("name", KEEPING_ZERO)
def test_the_sign_of_zero_stays(name, length, dtype):
    x = pyconv.tensor([0.0, -0.0] * length, dtype=getattr(pyconv, dtype))
    found = KEEPING_ZERO[name](x)
    assert not found.any()
    assert pyconv.signbit(found).tolist() == [False, True] * length


def test_the_sign_of_bfloat16s_zeros_is_zero():
    x = pyconv.tensor([0.0, -0.0], dtype=pyconv.bfloat16)
    assert not pyconv.signbit(pyconv.sign(x)).any()
    assert not pyconv.signbit(pyconv.sgn(x)).any()
