"""Random geometries and operands for the tests of the three maps."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from pyconv.geometry import Conv, Window
from pyconv.kernels import conv as maps
from pyconv.kernels import threads


@dataclass
class Draw:
    """A geometry, its operands, and the keyword arguments that say it to the oracle."""

    conv: Conv
    x: np.ndarray
    w: np.ndarray
    b: np.ndarray
    gy: np.ndarray
    options: dict[str, Any]


def geometry(rng, ndim):
    """A small convolution, often strided, dilated, grouped, and padded more on one side than on the other."""
    groups = int(rng.choice([1, 1, 2, 3]))
    c, o = groups * int(rng.integers(1, 4)), groups * int(rng.integers(1, 4))
    kernel, stride, dilation = (tuple(int(n) for n in rng.integers(1, high, ndim)) for high in (4, 4, 3))
    padding = tuple((int(low), int(high)) for low, high in rng.integers(0, 3, (ndim, 2)))
    if rng.random() < 0.3:
        stride = dilation = (1,) * ndim
    if rng.random() < 0.2:
        kernel, stride, padding = (1,) * ndim, (1,) * ndim, ((0, 0),) * ndim
    window = Window(kernel, stride, padding, dilation)
    size = tuple(
        max(1, extent - low - high) + int(rng.integers(0, 5))
        for extent, (low, high) in zip(window.extent, padding, strict=True)
    )
    return Conv(int(rng.integers(1, 4)), c, o, groups, size, window.output(size), window)


def whole(rng, shape, dtype, low=-3, high=4):
    """Whole numbers; the real and the imaginary part of a complex dtype."""
    values = rng.integers(low, high, shape)
    if np.dtype(dtype).kind == "c":
        values = values + 1j * rng.integers(low, high, shape)
    return values.astype(dtype)


def draw(seed, ndim, dtype, fill=whole):
    """A geometry with operands of one dtype."""
    rng = np.random.default_rng(seed)
    conv = geometry(rng, ndim)
    x, w, b, gy = (fill(rng, s, dtype) for s in (conv.x_shape, conv.w_shape, (conv.out_channels,), conv.y_shape))
    window = conv.window
    options = {"stride": window.stride, "padding": window.padding, "dilation": window.dilation, "groups": conv.groups}
    return Draw(conv, x, w, b, gy, options)


def of_channels(rng, channels, outputs, groups):
    """A convolution of one to three dimensions with these channels, often strided, dilated and widely padded."""
    ndim = int(rng.integers(1, 4))
    kernel = tuple(int(n) for n in rng.choice([1, 2, 3, 5], ndim))
    stride, dilation = (tuple(int(n) for n in rng.choice([1, 1, 2, 3], ndim)) for _ in range(2))
    padding = tuple((int(low), int(high)) for low, high in rng.integers(0, 5, (ndim, 2)))
    window = Window(kernel, stride, padding, dilation)
    size = tuple(
        max(2, extent - low - high) + int(rng.integers(0, 9))
        for extent, (low, high) in zip(window.extent, padding, strict=True)
    )
    return Conv(int(rng.integers(1, 6)), channels, outputs, groups, size, window.output(size), window)


def three_maps(name, conv, x, w, b, gy):
    """What the algorithm of that name makes of operands: the three maps."""
    with maps.use(name):
        return maps.forward(x, w, b, conv), maps.input_grad(gy, w, conv), maps.weight_grad(x, gy, conv)


def assert_not_finite_alike(name, conv, x, w, gy):
    """The algorithm of that name writes infinities and NaN where a direct sum does, into an image by both maps."""
    results = []
    for algorithm in ("direct", name):
        with maps.use(algorithm), np.errstate(invalid="ignore"):
            results.append((maps.forward(x, w, None, conv), maps.input_grad(gy, w, conv)))
    for expected, got in zip(*results, strict=True):
        np.testing.assert_array_equal(np.isfinite(got), np.isfinite(expected))
        np.testing.assert_array_equal(np.isnan(got), np.isnan(expected))


def assert_exact(algorithm, name, conv, dtype):
    """Of whole numbers an algorithm's map is what the direct sum's is."""
    rng = np.random.default_rng(0)
    shapes = {"forward": (conv.x_shape, conv.w_shape, conv.w_shape[:1]), "input_grad": (conv.y_shape, conv.w_shape)}
    shapes["weight_grad"] = (conv.x_shape, conv.y_shape)
    assert_as_direct(algorithm, name, [whole(rng, shape, dtype) for shape in shapes[name]], conv)


def assert_weight_meets_no_zeros(algorithm, conv, value):
    """A weight that is not finite takes part where it meets a gradient, and not where it would meet zeros around."""
    rng = np.random.default_rng(0)
    gy, w = whole(rng, conv.y_shape, np.float32, 1), whole(rng, conv.w_shape, np.float32)
    w[1, 2, 0, 0] = value
    assert_as_direct(algorithm, "input_grad", (gy, w), conv)


def assert_as_direct(algorithm, name, operands, conv):
    """An algorithm's map equals the direct sum's in every element."""
    found = []
    for each in (algorithm, "direct"):
        with maps.use(each), np.errstate(invalid="ignore"):
            found.append(getattr(maps, name)(*operands, conv))
    np.testing.assert_array_equal(*found)


def assert_under_bound(got, name, operands, conv, terms, wide=np.float64):
    """The result of a map is within (2 + 2√terms)·u·S of the exact sum in every element."""

    def run(convert):
        return getattr(maps, name)(*(None if a is None else convert(a) for a in operands), conv)

    with maps.use("direct"):
        exact, size = run(lambda a: a.astype(wide)), run(lambda a: np.abs(a).astype(wide))
    roundoff = np.finfo(got.dtype).eps / 2
    assert np.all(np.abs(got - exact) <= (2 + 2 * math.sqrt(terms)) * roundoff * size)


def assert_bits_alike(call):
    """A call gives arrays of the same bits on one, on two and on five threads."""
    before, found = threads.count(), set()
    try:
        for count in (1, 2, 5):
            threads.set_count(count)
            found.add(b"".join(array.tobytes() for array in call()))
    finally:
        threads.set_count(before)
    assert len(found) == 1
