"""Elementwise functions: NumPy's values, dtypes, `out`, aliases, methods, in-place methods, gradients of two orders."""

import math

import numpy as np
import pytest

import pyconv
from pyconv.autograd import gradcheck, gradgradcheck

X = np.array([[0.25, 0.5, 0.75], [0.125, 0.625, 0.9]])
Y = np.array([0.5, 2.0, 0.375])
NUMPY = {
    "abs": np.abs,
    "acos": np.arccos,
    "asin": np.arcsin,
    "asinh": np.arcsinh,
    "atan": np.arctan,
    "atanh": np.arctanh,
    "ceil": np.ceil,
    "cos": np.cos,
    "cosh": np.cosh,
    "deg2rad": np.deg2rad,
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "floor": np.floor,
    "frac": lambda x: x - np.trunc(x),
    "log": np.log,
    "log10": np.log10,
    "log1p": np.log1p,
    "log2": np.log2,
    "neg": np.negative,
    "rad2deg": np.rad2deg,
    "reciprocal": np.reciprocal,
    "round": np.rint,
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "sign": np.sign,
    "sin": np.sin,
    "sinc": np.sinc,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "square": np.square,
    "tan": np.tan,
    "tanh": np.tanh,
    "trunc": np.trunc,
}
PAIRS = {
    "add": np.add,
    "atan2": np.arctan2,
    "copysign": np.copysign,
    "div": np.divide,
    "floor_divide": np.floor_divide,
    "fmax": np.fmax,
    "fmin": np.fmin,
    "fmod": np.fmod,
    "hypot": np.hypot,
    "logaddexp": np.logaddexp,
    "logaddexp2": np.logaddexp2,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "mul": np.multiply,
    "nextafter": np.nextafter,
    "pow": np.power,
    "remainder": np.remainder,
    "sub": np.subtract,
    "xlogy": lambda a, b: a * np.log(b),
}
NEVER_IN_PLACE = ("fmax", "fmin", "logaddexp", "logaddexp2", "maximum", "minimum")
TRUTHS = {
    "eq": np.equal,
    "ge": np.greater_equal,
    "gt": np.greater,
    "le": np.less_equal,
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_xor": np.logical_xor,
    "lt": np.less,
    "ne": np.not_equal,
}
BITS = {"bitwise_and": np.bitwise_and, "bitwise_or": np.bitwise_or, "bitwise_xor": np.bitwise_xor}
BITS |= {"gcd": np.gcd, "lcm": np.lcm, "bitwise_left_shift": np.left_shift, "bitwise_right_shift": np.right_shift}
ALIASES = {
    "absolute": "abs",
    "arccos": "acos",
    "arctan2": "atan2",
    "clip": "clamp",
    "divide": "div",
    "fix": "trunc",
    "greater": "gt",
    "less_equal": "le",
    "multiply": "mul",
    "negative": "neg",
    "not_equal": "ne",
    "subtract": "sub",
}


@pytest.mark.parametrize("name", NUMPY)
def test_functions_of_one_tensor(name):
    function, expected = getattr(pyconv, name), NUMPY[name](X)
    np.testing.assert_allclose(function(X), expected, rtol=1e-15, atol=1e-16)
    x = pyconv.tensor(X)
    np.testing.assert_array_equal(function(x).numpy(), function(X))
    np.testing.assert_array_equal(getattr(x, name)().numpy(), function(X))
    out = pyconv.empty(0, dtype=pyconv.float64)
    assert function(x, out=out) is out
    np.testing.assert_array_equal(out.numpy(), function(X))
    changed = x.clone()
    assert getattr(changed, f"{name}_")() is changed
    assert changed._version == 1
    np.testing.assert_array_equal(changed.numpy(), function(X))


@pytest.mark.parametrize("name", NUMPY)
@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_narrow_floats_are_rounded_once(name, kind):
    found = getattr(pyconv, name)(X.astype(kind))
    assert found.dtype == kind
    exact = NUMPY[name](X.astype(kind).astype(np.float64))
    np.testing.assert_allclose(found, exact, rtol=1.01 * float(np.finfo(kind).eps), atol=1e-7)


@pytest.mark.parametrize("name", PAIRS)
def test_functions_of_two_tensors(name):
    function, expected = getattr(pyconv, name), PAIRS[name](X, Y)
    np.testing.assert_allclose(function(X, Y), expected, rtol=1e-15)
    x, y = pyconv.tensor(X), pyconv.tensor(Y)
    np.testing.assert_array_equal(getattr(x, name)(y).numpy(), function(X, Y))
    assert hasattr(x, f"{name}_") == (name not in NEVER_IN_PLACE)
    if name not in NEVER_IN_PLACE:
        np.testing.assert_array_equal(getattr(x.clone(), f"{name}_")(y).numpy(), function(X, Y))
    with pytest.raises(RuntimeError, match=r"^The size of tensor a \(3\) must match the size of tensor b \(2\)"):
        function(x, y[:2])


@pytest.mark.parametrize("name", TRUTHS)
def test_truths(name):
    a, b = np.array([0, 1, 2, 0]), np.array([0, 2, 1, 3])
    found = getattr(pyconv.tensor(a), name)(pyconv.tensor(b))
    assert found.dtype is pyconv.bool
    assert found.tolist() == TRUTHS[name](a, b).tolist()
    assert getattr(pyconv.tensor(a), f"{name}_")(pyconv.tensor(b)).tolist() == TRUTHS[name](a, b).astype(int).tolist()


@pytest.mark.parametrize("name", BITS)
def test_integers(name):
    a, b = np.array([6, -8, 12]), np.array([2, 3, 1])
    assert getattr(pyconv, name)(pyconv.tensor(a), pyconv.tensor(b)).tolist() == BITS[name](a, b).tolist()
    with pytest.raises(NotImplementedError, match="not implemented for 'Float'"):
        getattr(pyconv, name)(pyconv.ones(2), pyconv.ones(2))


@pytest.mark.parametrize("name", ALIASES)
def test_aliases_have_their_own_name(name):
    other = getattr(pyconv, name)
    arguments = {"clip": (0.3,)}.get(name, (Y,) if ALIASES[name] in {**PAIRS, **TRUTHS} else ())
    np.testing.assert_array_equal(other(X, *arguments), getattr(pyconv, ALIASES[name])(X, *arguments))
    with pytest.raises(TypeError, match=rf"^{name}\(\)"):
        other([1.0])


def test_operators():
    x = pyconv.tensor([7, -7])
    assert [(x // 2).tolist(), (x % 4).tolist(), (15 // x).tolist(), (-15 % x).tolist()] == [
        [3, -4],
        [3, 1],
        [2, -3],
        [6, -1],
    ]
    assert [(x & 3).tolist(), (1 | x).tolist(), (x ^ x).tolist(), (~x).tolist()] == [[3, 1], [7, -7], [0, 0], [-8, 6]]
    assert [(x << 1).tolist(), (x >> 1).tolist(), (1 << x[:1]).tolist()] == [[14, -14], [3, -4], [128]]
    assert [(2 - x).tolist(), (x - 2).tolist(), (-x).tolist(), abs(x).tolist(), (+x).tolist()] == [
        [-5, 9],
        [5, -9],
        [-7, 7],
        [7, 7],
        [7, -7],
    ]
    y = x.clone()
    y += 1
    y //= 2
    y %= 3
    y <<= 2
    y |= 1
    assert y.tolist() == [5, 1]
    assert y._version == 5
    with pytest.raises(TypeError, match="unsupported operand type"):
        x // None
    with pytest.raises(RuntimeError, match=r"^ZeroDivisionError$"):
        x // 0


SMOOTH = [
    *(name for name in NUMPY if name not in ("ceil", "floor", "round", "sign", "trunc")),
    *("digamma", "erf", "erfc", "erfinv", "i0", "lgamma", "logit", "special.entr", "special.erfcx", "special.i0e"),
    *("special.i1", "special.i1e", "special.log_ndtr", "special.ndtr", "special.ndtri"),
]


def found(name):
    owner = pyconv
    for part in name.split("."):
        owner = getattr(owner, part)
    return owner


@pytest.mark.parametrize("name", SMOOTH)
def test_derivatives(name):
    x = pyconv.tensor(X[0], requires_grad=True)
    assert gradcheck(found(name), (x,))
    assert gradgradcheck(found(name), (x,))


@pytest.mark.parametrize(
    "function",
    [
        *(getattr(pyconv, name) for name in ("atan2", "div", "hypot", "logaddexp", "logaddexp2", "pow", "xlogy")),
        *(getattr(pyconv, name) for name in ("maximum", "minimum", "fmax", "fmin", "ldexp")),
        lambda a, b: pyconv.lerp(a, b, a * b),
        lambda a, b: pyconv.addcmul(a, b, a, value=0.5),
        lambda a, b: pyconv.addcdiv(a, a, b, value=0.5),
        lambda a, b: pyconv.clamp(a, b - 0.3, b),
        lambda a, b: pyconv.where(a > b, a, b),
        lambda a, b: pyconv.sub(a, b, alpha=3),
        lambda a, b: pyconv.rsub(a, b, alpha=3),
        lambda a, b: pyconv.polygamma(2, a) + pyconv.mvlgamma(b + 1, 2),
    ],
)
def test_derivatives_of_two_operands(function):
    a, b = pyconv.tensor(X[0], requires_grad=True), pyconv.tensor(Y + 0.1, requires_grad=True)
    assert gradcheck(function, (a, b))
    assert gradgradcheck(function, (a, b))


def test_numbers_beside_half_precision_keep_their_bits():
    x = pyconv.tensor([1.5, 2.25, 3.125]).half()
    wide = x._array.astype(np.float32)
    np.testing.assert_array_equal((x * 0.1)._array, (wide * np.float32(0.1)).astype(np.float16))
    np.testing.assert_array_equal((x / 0.3)._array, (wide / np.float32(0.3)).astype(np.float16))
    np.testing.assert_array_equal((x + 0.1)._array, x._array + np.float16(0.1))
    y = x.clone().requires_grad_()
    (y * 0.1).sum().backward()
    assert y.grad.dtype is pyconv.float16


def test_choice():
    condition = pyconv.tensor([[True, False], [True, True]])
    assert [i.tolist() for i in pyconv.where(condition)] == [[0, 1, 1], [0, 0, 1]]
    assert pyconv.where(condition, 1, 2.5).tolist() == [[1.0, 2.5], [1.0, 1.0]]
    assert pyconv.ones(2).where(condition, 0).tolist() == [[1.0, 0.0], [1.0, 1.0]]
    with pytest.warns(UserWarning, match=r"^where received a uint8 condition tensor"):
        pyconv.where(condition.byte(), 1, 2)
    with pytest.raises(RuntimeError, match=r"^where expected condition to be a boolean tensor"):
        pyconv.where(pyconv.ones(2), 1, 2)


def test_numbers_alone_make_a_tensor():
    assert isinstance(pyconv.add(1, 2), pyconv.Tensor)
    assert pyconv.div(1, 2).item() == 0.5
    with pytest.raises(TypeError, match=r"^maximum\(\): argument 'input' \(position 1\) must be Tensor, not int"):
        pyconv.maximum(1, 2)


def test_closeness():
    a, b = pyconv.tensor([1.0, 2.0, math.nan, math.inf]), pyconv.tensor([1.0 + 1e-6, 2.1, math.nan, math.inf])
    assert pyconv.isclose(a, b).tolist() == [True, False, False, True]
    assert pyconv.isclose(a, b, equal_nan=True).tolist() == [True, False, True, True]
    assert not pyconv.allclose(a, b, equal_nan=True)
    assert pyconv.allclose(a, b, rtol=0.1, equal_nan=True)
    assert pyconv.equal(a[:2], a[:2].double())
    assert not pyconv.equal(a, a)


def test_results_with_names():
    mantissa, exponent = pyconv.frexp(pyconv.tensor([8.0, -0.375]))
    assert (mantissa.tolist(), exponent.tolist()) == ([0.5, -0.75], [4, -1])
    assert pyconv.frexp(pyconv.ones(1)).exponent.dtype is pyconv.int32


def test_empty_and_strided_operands():
    assert pyconv.erf(pyconv.ones(0, 3)).shape == (0, 3)
    x = pyconv.tensor(X).t()
    np.testing.assert_array_equal(pyconv.exp(x).numpy(), pyconv.exp(X.T))
    assert pyconv.lgamma(pyconv.tensor(3.0)).shape == ()


@pytest.mark.parametrize("name", ["bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift"])
def test_bits_have_their_sizes_looked_at_before_their_dtypes(name):
    with pytest.raises(RuntimeError, match=r"^The size of tensor a \(2\) must match the size of tensor b \(3\)"):
        getattr(pyconv, name)(pyconv.ones(2), pyconv.ones(3))
