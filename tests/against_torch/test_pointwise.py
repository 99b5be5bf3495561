"""Elementwise functions beside torch's: what short expressions give or raise; gradients of two orders."""

import warnings

import numpy as np
import pytest
import torch

import pyconv

EXPRESSIONS = """
T.add(T.ones(2), T.ones(3))
T.add(T.ones(2), 'a')
T.add(T.ones(2), 1, alpha=1.5)
T.add(T.ones(2, dtype=T.int64), 1, alpha=1.5)
T.add(T.ones(2), 1, alpha=True)
T.sub(T.tensor([True]), 1)
T.tensor([True]) - T.tensor([True])
-T.tensor([True])
+T.tensor([True])
T.tensor([1, 2]) ** -1
T.tensor([1, 2]) ** T.tensor([-1, 2])
2 ** T.tensor([-1, 2])
T.tensor([True]) ** 2
T.tensor([True]) ** T.tensor([True])
T.tensor([1, 2]) // 0
T.tensor([1, 2]) % 0
T.fmod(T.tensor([1, 2]), 0)
T.div(T.tensor([1., 2.]), 0, rounding_mode='floor')
T.div(T.tensor([1, 2]), 0, rounding_mode='trunc')
T.div(T.tensor([1., 2.]), 2, rounding_mode='up')
T.div(T.tensor([7, -7]), 2, rounding_mode='trunc')
T.tensor([7., -7.]) // 2
T.tensor([7., -7.]) % 4
7 // T.tensor([2, -2])
7 % T.tensor([4, -4])
T.remainder(7, T.tensor([4, -4]))
T.clamp(T.ones(2))
T.clamp(T.ones(2), 0, T.ones(2))
T.clamp(T.ones(2, dtype=T.complex64), 0)
T.clamp(T.ones(2), T.zeros(3))
T.clamp(T.tensor([1, 5]), 1.5)
T.clamp(T.tensor([1., 5.]), min=3, max=2)
T.clamp(T.tensor([float('nan'), 5.]), min=3, max=2)
T.clamp(T.ones(2), min='a')
T.clamp_min(T.tensor([1, 5]), 2)
T.clamp_min(T.ones(2, dtype=T.complex64), 2)
T.maximum(T.ones(2), 1)
T.maximum(T.ones(2, dtype=T.complex64), T.ones(2))
T.bitwise_and(T.tensor([6]), 1.5)
T.bitwise_and(T.tensor([6]), T.tensor([3], dtype=T.int8))
T.tensor([True, False]) & True
T.tensor([6]) & True
~T.tensor([True])
~T.ones(2)
1 << T.tensor([1, 2])
T.tensor([1, -8]) >> 1
T.tensor([1, -8]) >> 70
T.tensor([1, -8]) << 70
T.tensor([True]) << 1
T.logical_and(T.tensor([0, 2]), T.tensor([1., 0.]))
T.logical_not(T.tensor([0, 2]))
T.isclose(T.ones(2), T.ones(2).double())
T.isclose(T.ones(2), T.ones(2), rtol=-1)
T.isclose(T.ones(2), T.ones(2), atol=-1)
T.isclose(T.tensor([1, 2]), T.tensor([1, 3]))
T.allclose(T.ones(2), T.ones(2).double())
T.allclose(T.tensor([float('nan')]), T.tensor([float('nan')]), equal_nan=True)
T.equal(T.ones(2), T.ones(2).double())
T.equal(T.ones(2), T.ones(3))
T.equal(T.ones(2), 1)
T.where(T.ones(2), 1, 2)
T.where(T.tensor([True, False]), 1, 2)
T.where(T.tensor([True, False]), 1.5, 2)
T.where(T.tensor([True, False]), T.ones(2, dtype=T.float16), 2.0)
T.where(T.tensor([True, False]), T.ones(3), 2.0)
T.where(T.tensor([[True, False], [True, True]]))
T.where(T.tensor([True, False]), T.ones(2), T.ones(2).double())
T.ones(2).where(T.tensor([True, False]), 0)
T.sign(T.ones(2, dtype=T.complex64))
T.sgn(T.tensor([3+4j, 0j]))
T.abs(T.tensor([True]))
T.ceil(T.ones(2, dtype=T.complex64))
T.ceil(T.tensor([True]))
T.round(T.tensor([1.25, 2.35]), decimals=1)
T.round(T.tensor([125, 235]), decimals=-1)
T.round(T.tensor([True]))
T.frac(T.tensor([1]))
T.frexp(T.tensor([1]))
T.frexp(T.tensor([8., 0., -3.]))
T.deg2rad(T.ones(2, dtype=T.complex64))
T.isposinf(T.ones(2, dtype=T.complex64))
T.signbit(T.ones(2, dtype=T.complex64))
T.heaviside(T.ones(2), T.tensor([1, 1]))
T.heaviside(T.tensor([-1., 0., 2.]), T.tensor([0.5]))
T.lerp(T.ones(2), T.ones(2).double(), 0.5)
T.lerp(T.ones(2), T.ones(2), T.ones(2).double())
T.lerp(T.tensor([1]), T.tensor([2]), 0.5)
T.lerp(T.ones(2), T.ones(3), 0.5)
T.addcmul(T.ones(2), T.ones(2), T.ones(3))
T.addcmul(T.ones(2), T.ones(2), T.ones(2), value=2)
T.addcmul(T.ones(2, dtype=T.int64), T.ones(2, dtype=T.int64), T.ones(2, dtype=T.int64), value=1.5)
T.addcmul(T.tensor([True]), T.tensor([True]), T.tensor([True]))
T.addcdiv(T.ones(2, dtype=T.int64), T.ones(2, dtype=T.int64), T.ones(2, dtype=T.int64))
T.addcdiv(T.ones(2), T.ones(2), T.ones(2), value='a')
T.polygamma(-1, T.ones(2))
T.polygamma(T.ones(2), 1)
T.polygamma(1, T.tensor([0., -1., 1.]))
T.mvlgamma(T.ones(2), 0)
T.mvlgamma(T.tensor([3., 4.]), 2)
T.mvlgamma(T.tensor([0.2]), 2)
T.mvlgamma(T.tensor([3, 4]), 2)
T.lgamma(T.tensor([0., -1., 1., 2., float('inf'), float('-inf'), float('nan'), -0.5]))
T.digamma(T.tensor([0., -0., -1., float('inf'), float('-inf'), float('nan')]))
T.erf(T.tensor([float('inf'), float('-inf'), float('nan'), -0.]))
T.erfc(T.tensor([float('inf'), float('-inf'), float('nan'), 30.]))
T.erfinv(T.tensor([1., -1., 2., float('nan'), 0.]))
T.special.erfcx(T.tensor([float('inf'), float('-inf'), float('nan'), 1e4, -30.]))
T.special.ndtri(T.tensor([0., 1., 2., float('nan'), 1e-30]))
T.special.log_ndtr(T.tensor([float('inf'), float('-inf'), float('nan'), -100.]))
T.special.entr(T.tensor([0., -1., float('nan'), float('inf')]))
T.special.zeta(T.tensor([1., 0.5, 2., 3.]), T.tensor([2., 2., -1., -0.5]))
T.special.zeta(2, T.tensor([1., 2.]))
T.special.xlog1py(T.tensor([0., 1.]), T.tensor([float('nan'), -1.]))
T.xlogy(T.tensor([0., 1., 0.]), T.tensor([float('nan'), 0., float('inf')]))
T.i0(T.tensor([float('inf'), float('nan'), -3.]))
T.special.i1e(T.tensor([float('inf'), float('nan'), -0.]))
T.igamma(T.tensor([0., 1., -1., float('inf'), 2.]), T.tensor([0., 0., 1., 1., float('inf')]))
T.igammac(T.tensor([0., 1., -1., float('inf'), 2.]), T.tensor([0., 0., 1., 1., float('inf')]))
T.logit(T.tensor([0., 1., 2., -1.]))
T.logit(T.tensor([0., 1., 2., -1.]), 1e-3)
T.logit(T.tensor([0.5]), eps=0.1)
T.logaddexp(T.tensor([float('-inf')]), T.tensor([float('-inf')]))
T.logaddexp(T.tensor([1]), T.tensor([2]))
T.nan_to_num(T.tensor([float('nan'), float('inf'), -float('inf')]))
T.nan_to_num(T.tensor([float('nan'), float('inf'), -float('inf')]).half(), 1, 2, 3)
T.nan_to_num(T.tensor([1]))
T.nextafter(T.ones(1), T.ones(1).double())
T.nextafter(T.tensor([1]), T.tensor([2]))
T.copysign(T.tensor([1, 2]), -1)
T.copysign(T.tensor([1., 2.]), T.tensor([-0., float('nan')]))
T.atan2(T.tensor([1, 2]), T.tensor([0, 0]))
T.hypot(T.tensor([1]), T.tensor([1]))
T.float_power(T.tensor([1, 2]), 0.5)
T.float_power(2, T.tensor([1, 2]))
T.float_power(2, 3)
T.ldexp(T.tensor([1, 2]), T.tensor([1, 2]))
T.gcd(T.tensor([4, 0]), T.tensor([6, 0]))
T.lcm(T.tensor([4., 6.]), T.tensor([6., 9.]))
T.rsub(T.ones(2), 3, alpha=2)
T.rsub(T.tensor([True]), 3)
T.eq(T.ones(2), T.ones(3))
T.lt(T.ones(2, dtype=T.complex64), 1)
T.ones(2) == 'a'
T.ones(2) < 'a'
T.ones(2) + 'a'
None // T.ones(2)
T.exp(1.0)
T.exp([1.0])
T.exp(T.ones(2), T.ones(2))
T.exp()
T.exp(T.ones(2), out=1)
T.absolute([1])
T.multiply(T.ones(2), 'a')
T.true_divide(T.ones(2), None)
T.special.expit([1])
T.special.gammaln(1)
T.special.entr([1])
T.mul(T.ones(2), None)
T.pow(2, 3)
T.pow(T.ones(2), None)
T.ones(2).mul('a')
T.ones(2).clamp()
T.ones(2).clamp('a')
T.ones(2).add_(T.ones(3))
T.ones(2, dtype=T.int64).add_(1.5)
T.ones(2, dtype=T.int64).div_(2)
T.ones(2, dtype=T.int64).exp_()
T.ones(2).eq_(1)
T.ones(2).logical_not_()
T.ones(2).sin_().cos_().mul_(2).pow_(2)
T.ones(2).clamp_(max=0.5)
T.ones(2).lerp_(T.zeros(2), 0.25)
T.ones(2).addcmul_(T.ones(2), T.ones(2), value=2)
T.ones(2).floor_divide_(0.3)
T.ones(2).polygamma_(1)
T.ones(2).polygamma(1)
T.ones(2).mvlgamma(1)
T.ones(2).nan_to_num_()
T.ones(2).frexp()
T.ones(2).isclose(T.ones(2))
T.ones(2).allclose(T.ones(2))
T.ones(2).equal(T.ones(2))
T.ones(2).greater_(0)
T.tensor([1, 2]).bitwise_and_(3)
T.tensor([1, 2]).bitwise_left_shift_(3)
T.tensor([1., 2.]).bitwise_and_(3)
T.ones(2).abs_().neg_().sign_().square_()
T.tensor([1., 2.]).true_divide_(2)
T.tensor([1., 2.]).div_(2, rounding_mode='floor')
T.tensor([1, 2]).div_(2, rounding_mode='floor')
T.tensor([1., 2.]).subtract_(2)
T.tensor([1., 2.]).sub_(2, alpha=3)
T.tensor([1., 2.]).xlogy_(2)
T.tensor([1., 2.]).atan2_(T.ones(2))
T.tensor([1., 2.]).hypot_(T.ones(2))
T.tensor([1., 2.]).copysign_(-1)
T.tensor([1., 2.]).fmod_(2).remainder_(2)
T.tensor([1+2j]).conj_physical_()
T.tensor([1+2j]).angle()
T.tensor([-1., 1., float('nan')]).angle()
T.tensor(2.0) * T.tensor([1], dtype=T.int32)
T.tensor([1.5]).half() * 0.1
T.tensor([1.5]).bfloat16() / 3
0.1 * T.tensor([1.5]).half()
T.tensor([100], dtype=T.uint8) + 200
T.tensor([100], dtype=T.uint8) * 3
T.tensor([100], dtype=T.int8) + 100.0
T.tensor([1], dtype=T.uint8) - 2
T.tensor([3], dtype=T.uint8) == -253
T.tensor([3]) == 3.5
T.tensor([1.0]) == T.tensor([1])
T.sinc(T.tensor([0., 0.5, 1.]))
T.sigmoid(T.tensor([-1000., 0., 1000.]))
T.exp2(T.tensor([1, 2]))
T.square(T.tensor([True]))
T.square(T.tensor([-3]))
T.rsqrt(T.tensor([4, 0]))
T.reciprocal(T.tensor([4, 0]))
T.sqrt(T.tensor([-1.]))
T.log(T.tensor([-1., 0.]))
T.positive(T.ones(1))
T.conj(T.ones(1))
T.fmax(T.tensor([float('nan'), 1.]), T.tensor([1., float('nan')]))
T.ones(2).bool() + T.ones(2).bool()
T.ones(2).bool() * 2
T.ones(2).bool() / 2
T.exp(T.ones(0))
T.exp(T.tensor(1.0))
T.add(T.ones(0, 2), T.ones(1, 2))
T.add(2, 3)
T.mul(2, 3.5)
T.div(1, 2)
""".strip().split("\n")


def outcome(expression, library):
    """What a result prints and its dtype, or the exception's type and text."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            result = eval(expression, {"T": library})
        except Exception as error:
            return type(error).__name__, str(error)
    return repr(result), str(getattr(result, "dtype", ""))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expressions(expression):
    assert outcome(expression, pyconv) == outcome(expression, torch)


UNARY = [
    "acos",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "cos",
    "cosh",
    "deg2rad",
    "digamma",
    "erf",
    "erfc",
    "erfinv",
    "exp",
    "exp2",
    "expm1",
    "frac",
    "i0",
    "lgamma",
    "log",
    "log10",
    "log1p",
    "log2",
    "logit",
    "neg",
    "rad2deg",
    "reciprocal",
    "rsqrt",
    "sigmoid",
    "sin",
    "sinc",
    "sinh",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "nan_to_num",
    "special.entr",
    "special.erfcx",
    "special.i0e",
    "special.i1",
    "special.i1e",
    "special.log_ndtr",
    "special.ndtri",
]
BINARY = [
    "add",
    "sub",
    "mul",
    "div",
    "atan2",
    "fmax",
    "fmin",
    "maximum",
    "minimum",
    "hypot",
    "logaddexp",
    "logaddexp2",
    "xlogy",
    "ldexp",
    "pow",
    "fmod",
    "remainder",
    "true_divide",
    "float_power",
    "special.xlog1py",
    "rsub",
]
OTHERS = """
T.acosh(a + 1)
T.polygamma(2, a)
T.mvlgamma(a + 1, 3)
T.lerp(a, b, c)
T.lerp(a, b, 0.3)
T.addcmul(a, b, c, value=0.7)
T.addcdiv(a, b, c, value=0.7)
T.clamp(a, b, c)
T.clamp(a, 0.3, 0.6)
T.clamp_min(a, b)
T.clamp_max(a, 0.5)
T.where(c > 0.5, a, b)
2**a
2 - a
2 / a
a % 0.3
a**2.5
T.frexp(a)[0]
T.add(a, b, alpha=3)
T.sub(a, b, alpha=3)
T.rsub(a, b, alpha=3)
T.special.zeta(2.0, b + a)
T.igamma(a.detach(), b)
T.igammac(a.detach(), b)
T.special.i1(a - 0.5)
""".strip().split("\n")
SMOOTH = [f"T.{name}(a)" for name in UNARY] + [f"T.{name}(a, b)" for name in BINARY] + OTHERS
COMPLEX = [
    "acos",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "cos",
    "cosh",
    "exp",
    "exp2",
    "expm1",
    "log",
    "log10",
    "log1p",
    "log2",
    "neg",
    "reciprocal",
    "rsqrt",
    "sgn",
    "abs",
    "angle",
    "sigmoid",
    "sin",
    "sinc",
    "sinh",
    "sqrt",
    "square",
    "tan",
    "tanh",
]


def derivatives(expression, library, kind):
    """The name of the node; the result, the gradients, and the gradients of the sum of their squares."""
    rng = np.random.default_rng(7)
    arrays = [rng.uniform(0.2, 0.9, shape).astype(kind) for shape in ((2, 3), (3,), (2, 1), (2, 3))]
    if kind == "complex128":
        arrays = [x + 0.3j * x for x in arrays]
    a, b, c, g = (library.tensor(x, requires_grad=True) for x in arrays)
    y = eval(expression, {"T": library, "a": a, "b": b, "c": c})
    g = g if y.dtype is g.dtype else library.tensor(arrays[3].real, requires_grad=True)
    first = library.autograd.grad(y, (a, b, c), g, create_graph=True, allow_unused=True)
    square = sum(x.abs().square().sum() for x in first if x is not None)
    second = library.autograd.grad(square, (a, b, c, g), allow_unused=True)
    return y.grad_fn.name(), [None if x is None else (x.detach() + 0).numpy() for x in (y, *first, *second)]


def assert_same_derivatives(expression, kind):
    name, arrays = derivatives(expression, torch, kind)
    our_name, ours = derivatives(expression, pyconv, kind)
    assert our_name == name
    for mine, theirs in zip(ours, arrays, strict=True):
        if mine is None or theirs is None:
            assert all(x is None or not x.any() for x in (mine, theirs))
        else:
            np.testing.assert_allclose(mine, theirs, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize("expression", SMOOTH)
def test_derivatives(expression):
    assert_same_derivatives(expression, "float64")


@pytest.mark.parametrize("name", COMPLEX)
def test_complex_derivatives(name):
    assert_same_derivatives(f"T.{name}(a)", "complex128")


ZEROS = """
T.relu(x)
T.relu_(x.clone())
T.nn.functional.relu6(x)
T.nn.functional.hardtanh(x, -0.0, 6.0)
T.nn.functional.elu(x)
T.selu(x)
T.celu(x, -0.5)
T.clamp(x, 0)
T.clamp(x, -6, -0.0)
T.clamp(x, -0.0, -0.0)
T.clamp(x, max=0)
T.clamp_min(x, -0.0)
x.clone().clamp_max_(0)
T.threshold(x, 0, -0.0)
T.nn.functional.leaky_relu(x, 0.0)
T.sign(x)
""".strip().split("\n")


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("expression", ZEROS)
def test_signs_of_zeros(expression, kind):
    values = [0.0, -0.0, float("nan"), 1.0, -1.0, -0.0, 0.0]
    for length in (1, 7, 67, 1003):  # shorter than a vector of torch's, and with a remainder
        texts = []
        for library in (torch, pyconv):
            x = library.tensor((values * length)[:length], dtype=getattr(library, kind))
            texts.append([str(value) for value in eval(expression, {"T": library, "x": x}).tolist()])
        assert texts[0] == texts[1]
