"""The trilinear form: three maps that are one another's derivatives, to any order."""

import numpy as np
import pytest

import pyconv
from pyconv.autograd import grad
from pyconv.geometry import Conv
from pyconv.ops import conv as ops
from tests.kernels.conv.draws import draw
from tests.oracle import transpose


def inner(a, b):
    return np.vdot(a, b)


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
@pytest.mark.parametrize("ndim", [1, 2, 3])
@pytest.mark.parametrize("seed", range(8))
def test_one_trilinear_form(seed, ndim, dtype):
    d = draw(seed, ndim, dtype)
    y = ops.conv(d.x, d.w, None, geometry=d.conv)
    gx = ops.conv_input_grad(d.gy, d.w.conj(), geometry=d.conv)
    gw = ops.conv_weight_grad(d.x.conj(), d.gy, geometry=d.conv)
    assert type(y) is type(gx) is type(gw) is np.ndarray
    assert inner(d.gy, y) == inner(gx, d.x)
    assert inner(d.gy, y) == inner(gw, d.w)


def tensors(*arrays):
    return [pyconv.from_numpy(a).requires_grad_() for a in arrays]


def directional(function, arrays, direction, step):
    """The derivative along a direction by a central difference, exact for a quadratic."""
    ahead, behind = ([a + s * step * t for a, t in zip(arrays, direction, strict=True)] for s in (1, -1))
    return (function(*ahead) - function(*behind)) / (2 * step)


@pytest.mark.parametrize("ndim", [1, 2, 3])
@pytest.mark.parametrize("name", ["conv", "conv_transpose"])
@pytest.mark.parametrize("seed", range(4))
def test_second_derivatives(name, ndim, seed):
    """For whole numbers the maps are exact, and so is the central difference of a cubic polynomial's gradient."""
    d = draw(seed, ndim, "float64")
    first = d.x if name == "conv" else d.gy
    size = d.conv.out_channels if name == "conv" else d.conv.in_channels
    bias = np.arange(float(size)) - 1
    op = getattr(ops, name)
    rng = np.random.default_rng(seed)

    def gradients(x, w, b):
        a = tensors(x, w, b)
        y = op(*a, geometry=d.conv)
        cotangent = pyconv.from_numpy(np.random.default_rng(1).integers(-2, 3, tuple(y.shape)).astype(float))
        return a, grad(y, a, cotangent, create_graph=True)

    probes = [rng.integers(-2, 3, v.shape).astype(float) for v in (first, d.w, bias)]
    leaves, found = gradients(first, d.w, bias)
    total = sum((g * pyconv.from_numpy(p)).sum() for g, p in zip(found, probes, strict=True))
    second = grad(total, leaves, allow_unused=True, materialize_grads=True)
    direction = [rng.integers(-2, 3, v.shape).astype(float) for v in (first, d.w, bias)]

    def scalar(x, w, b):
        return sum(inner(p, g.detach().numpy()) for p, g in zip(probes, gradients(x, w, b)[1], strict=True))

    expected = directional(scalar, (first, d.w, bias), direction, 1.0)
    assert sum(inner(t, s.numpy()) for t, s in zip(direction, second, strict=True)) == expected


def test_bias_gradient_is_the_sum_over_all_but_channels():
    x, w, b = tensors(np.ones((2, 1, 4, 4)), np.ones((3, 1, 2, 2)), np.zeros(3))
    y = ops.conv(x, w, b, geometry=Conv.of(x.shape, w.shape, b.shape))
    g = np.arange(float(y.numel())).reshape(y.shape)
    (gb,) = grad(y, b, pyconv.from_numpy(g))
    np.testing.assert_array_equal(gb.numpy(), g.sum((0, 2, 3)))


def test_only_what_a_gradient_needs_is_kept():
    """torch's rule: the input is kept for the weight's gradient, the weight for the input's."""
    x, w = tensors(np.ones((1, 1, 4)), np.ones((1, 1, 2)))
    y = ops.conv(x, w.detach(), None, geometry=Conv.of(x.shape, w.shape))
    with pyconv.no_grad():
        x += 1
    y.sum().backward()
    y = ops.conv(x, w, None, geometry=Conv.of(x.shape, w.shape))
    with pyconv.no_grad():
        x += 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.sum().backward()


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_transposed_output_padding_beyond_the_stride(dtype):
    rng = np.random.default_rng(0)
    x, w = (rng.integers(-3, 4, shape).astype(dtype) for shape in ((2, 4, 5), (4, 3, 2)))
    conv = Conv.of_transpose(x.shape, w.shape, None, 1, 1, 2, 3)
    expected = transpose(x, w, None, stride=(1,), padding=((1, 1),), output_padding=(2,), dilation=(3,), groups=1)
    np.testing.assert_array_equal(ops.conv_transpose(x, w, None, geometry=conv), expected)


def test_no_input_channels():
    x, w, b = tensors(np.ones((1, 0, 5, 5)), np.ones((4, 0, 3, 3)), np.ones(4))
    y = ops.conv(x, w, b, geometry=Conv.of(x.shape, w.shape, b.shape))
    assert y.shape == (1, 0, 3, 3)
    gx, gw, gb = grad(y, [x, w, b], pyconv.ones_like(y))
    assert (gx.shape, gw.shape) == (x.shape, w.shape)
    np.testing.assert_array_equal(gb.numpy(), np.zeros(4))


BILINEAR = {
    "conv": (lambda d, a, b: ops.conv(a, b, None, geometry=d.conv), "x", "w"),
    "conv_input_grad": (lambda d, a, b: ops.conv_input_grad(a, b, geometry=d.conv), "gy", "w"),
    "conv_weight_grad": (lambda d, a, b: ops.conv_weight_grad(a, b, geometry=d.conv), "x", "gy"),
    "conv_transpose": (lambda d, a, b: ops.conv_transpose(a, b, None, geometry=d.conv), "gy", "w"),
}


@pytest.mark.parametrize("name", BILINEAR)
@pytest.mark.parametrize("seed", range(4))
def test_complex_gradients_are_adjoints(name, seed):
    """torch's convention: Re⟨g, B(t, b)⟩ = Re⟨gradient with respect to a, t⟩ for every direction t, and so for b."""
    op, first, second = BILINEAR[name]
    d, other = (
        draw(seed, 2, "complex128"),
        draw(seed, 2, "complex128", lambda rng, s, kind: rng.integers(-3, 4, s) * (2 - 1j)),
    )
    a, b = tensors(getattr(d, first), getattr(d, second))
    y = op(d, a, b)
    g = np.random.default_rng(3).integers(-3, 4, tuple(y.shape)) * (1 + 2j)
    ga, gb = grad(y, [a, b], pyconv.from_numpy(g))
    ta, tb = getattr(other, first), getattr(other, second)
    assert inner(g, op(d, ta, b.detach().numpy())).real == inner(ga.numpy(), ta).real
    assert inner(g, op(d, a.detach().numpy(), tb)).real == inner(gb.numpy(), tb).real


def test_a_transposed_float16_sum_is_rounded_once():
    step = 2.0**-10
    x, w = np.array([[[1.0], [step / 4]]], np.float16), np.ones((2, 1, 1), np.float16)
    b = np.array([step / 2], np.float16)
    y = ops.conv_transpose(x, w, b, geometry=Conv.of_transpose(x.shape, w.shape, b.shape))
    assert y.dtype == np.float16
    assert y.item() == 1 + step
