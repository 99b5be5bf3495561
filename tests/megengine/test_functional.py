"""MegEngine's functions: what they take, and what they refuse in which words."""

import inspect

import numpy as np
import pytest

import pyconv.megengine.functional as F
from pyconv.megengine import tensor
from tests.oracle import convolve

RNG = np.random.default_rng(0)
CONV = "(inp, weight, bias=None, stride=1, padding=0, dilation=1, groups=1, conv_mode='cross_correlation'"
TRANSPOSE = "(inp, weight, bias=None, stride=1, padding=0, output_padding=0, dilation=1, groups=1"


def values(*shape, dtype="float32"):
    return tensor(RNG.integers(-4, 5, shape), dtype)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("conv1d", f"{CONV}, compute_mode='default')"),
        ("conv2d", f"{CONV}, compute_mode='default')"),
        ("conv3d", f"{CONV})"),
        ("conv_transpose2d", f"{TRANSPOSE}, conv_mode='cross_correlation', compute_mode='default')"),
        ("conv_transpose3d", f"{TRANSPOSE})"),
    ],
)
def test_signatures_are_megengines(name, arguments):
    function = getattr(F, name)
    assert str(inspect.signature(function)) == arguments
    assert function.__name__ == name
    assert name in function.__doc__


def test_arguments_are_those_of_the_signature():
    x, w = values(1, 2, 3, 3), values(1, 2, 2, 2)
    assert np.array_equal(F.nn.conv2d(weight=w, inp=x).numpy(), F.conv2d(x, w, None, 1, 0, 1, 1).numpy())
    assert list(inspect.signature(F.pad).parameters) == ["src", "pad_width", "mode", "constant_value"]
    with pytest.raises(TypeError, match="missing a required argument: 'inp'"):
        F.conv2d(input=x, weight=w)
    with pytest.raises(TypeError, match="unexpected keyword argument 'compute_mode'"):
        F.conv3d(x, w, compute_mode="default")


@pytest.mark.parametrize(
    ("name", "ndim", "groups"), [("conv1d", 1, 3), ("conv2d", 2, 1), ("conv2d", 2, 2), ("conv3d", 3, 2)]
)
def test_each_group_sees_its_channels(name, ndim, groups):
    x, w = values(2, 2 * groups, *(5,) * ndim), values(groups, 3, 2, *(3,) * ndim)
    b = values(1, 3 * groups, *(1,) * ndim)
    weight = w if groups > 1 else w.reshape(w.shape[1:])
    flat = w.numpy().reshape(3 * groups, 2, *(3,) * ndim)
    expected = convolve(x.numpy(), flat, b.numpy().reshape(-1), padding=(1,) * ndim, groups=groups)
    assert np.array_equal(getattr(F, name)(x, weight, b, padding=1, groups=groups).numpy(), expected)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: F.conv2d(values(1, 4, 5, 5), values(6, 2, 3, 3), groups=2),
            r"\(2, O/G, C/G, kH, kW\).*\(6, 2, 3, 3\)",
        ),
        (lambda: F.conv2d(values(1, 4, 5, 5), values(1, 6, 4, 3, 3)), r"groups=1 takes a weight \(O, C, kH, kW\)"),
        (lambda: F.conv2d(values(1, 4, 5, 5), values(4, 3, 1, 3, 3), groups=2), r"\(2, O/G, C/G, kH, kW\)"),
        (lambda: F.conv2d(values(1, 4, 5, 5), values(3, 2, 2, 3, 3), groups=2), r"groups=2 takes .* \(3, 2, 2, 3, 3\)"),
        (lambda: F.conv2d(values(1, 3, 5, 5), values(6, 4, 3, 3)), "with C=3 here"),
        (lambda: F.conv3d(values(1, 4, 5, 5, 5), values(6, 2, 3, 3, 3), groups=2), r"\(2, O/G, C/G, kD, kH, kW\)"),
        (lambda: F.conv1d(values(1, 4, 5), values(6, 2, 3), groups=2), r"\(2, O/G, C/G, kW\)"),
        (lambda: F.conv_transpose2d(values(1, 4, 5, 5), values(4, 3, 3, 3), groups=2), r"\(2, C/G, O/G, kH, kW\)"),
        (lambda: F.conv_transpose2d(values(1, 4, 5, 5), values(1, 4, 3, 3, 3)), r"weight \(C, O, kH, kW\)"),
        (lambda: F.conv2d(values(1, 4, 5, 5), values(6, 4, 3, 3), values(6)), r"bias \(1, 6, 1, 1\).*got \(6,\)"),
        (lambda: F.conv2d(values(1, 4, 5, 5), values(6, 4, 3, 3), values(3)), r"bias \(1, 6, 1, 1\)"),
        (lambda: F.conv2d(values(4, 5, 5), values(6, 4, 3, 3)), r"4 dimensions, \(N, C, ...\); got \(4, 5, 5\)"),
        (lambda: F.conv2d(values(1, 4, 5, 5), values(6, 4, 7, 7)), "Kernel size can't be greater"),
    ],
)
def test_another_layout_is_refused_with_the_right_one(call, words):
    with pytest.raises(RuntimeError, match=words):
        call()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"stride": 0}, "stride is an int or a tuple of 2, each 1 or more; got 0"),
        ({"dilation": (1, 0)}, "dilation is an int or a tuple of 2, each 1 or more"),
        ({"padding": -1}, "padding is an int or a tuple of 2, each 0 or more; got -1"),
        ({"padding": "same"}, "padding is an int or a tuple of 2, .* got 'same'"),
        ({"padding": (1, 1, 1)}, r"padding is an int or a tuple of 2, .* got \(1, 1, 1\)"),
        ({"conv_mode": "convolution"}, "'cross_correlation'"),
        ({"compute_mode": "float64"}, "'default' or 'float32'"),
    ],
)
def test_other_sizes_and_modes_are_refused(arguments, words):
    with pytest.raises(AssertionError, match=words):
        F.conv2d(values(1, 4, 5, 5), values(6, 4, 3, 3), **arguments)


def test_output_padding_makes_the_output_longer_below_the_stride():
    x, w = values(1, 4, 3, 3), values(2, 2, 3, 3, 3)
    plain = F.conv_transpose2d(x, w, stride=2, groups=2).numpy()
    longer = F.conv_transpose2d(x, w, stride=2, output_padding=(0, 1), groups=2).numpy()
    assert longer.shape == (1, 6, 7, 8)
    assert np.array_equal(longer[..., :7], plain)
    with pytest.raises(AssertionError, match=r"output_padding \(2, 2\) is not less than stride"):
        F.conv_transpose2d(x, w, stride=2, output_padding=2, groups=2)


@pytest.mark.parametrize("mode", ["default", "float32", "FLOAT32"])
def test_float16_is_summed_in_float32(mode):
    x, w = np.full((1, 4096, 1, 1), 1, np.float16), np.full((1, 4096, 1, 1), 1.0009765625, np.float16)
    found = F.conv2d(tensor(x), tensor(w), compute_mode=mode)
    assert found.dtype == np.float16
    assert found.numpy().item() == 4100  # summed in float16, the ones past 2048 would be lost


def test_two_dtypes_are_promoted():
    x, w = values(1, 1, 3, 3, dtype="float16"), values(1, 1, 2, 2)
    assert F.conv2d(x, w).dtype == np.float32
    assert F.conv2d(values(1, 1, 3, 3, dtype="int32"), w).dtype == np.float32


@pytest.mark.parametrize(("mode", "numpys"), [("reflect", "reflect"), ("replicate", "edge"), ("EDGE", "edge")])
def test_pad_by_a_rule_is_numpys_in_any_number_of_dimensions(mode, numpys):
    x, widths = values(2, 3, 4, 5), ((1, 0), (2, 1), (0, 3), (1, 1))
    assert np.array_equal(F.nn.pad(x, widths, mode).numpy(), np.pad(x.numpy(), widths, numpys))


def test_pad_with_a_constant():
    x = values(2, 3)
    found = F.pad(src=x, pad_width=[[1, 1]], mode="constant", constant_value=9)
    assert np.array_equal(found.numpy(), np.pad(x.numpy(), ((1, 1), (0, 0)), constant_values=9))


@pytest.mark.parametrize(
    ("widths", "mode"),
    [(((3, 0),), "reflect"), (((1, 1),), "circular"), (((-1, 1),), "constant"), (((1, 1), (1, 1)), "constant")],
)
def test_pad_refuses(widths, mode):
    with pytest.raises(AssertionError):
        F.pad(values(3), widths, mode)


def test_ndarrays_in_give_ndarrays_out():
    assert type(F.conv2d(np.ones((1, 1, 2, 2)), np.ones((1, 1, 2, 2)))) is np.ndarray


def test_relu_and_max_pool():
    x = tensor(np.arange(-8, 8).reshape(1, 1, 4, 4), "float32")
    assert F.max_pool2d(F.relu(x), 2).numpy().tolist() == [[[[0, 0], [5, 7]]]]
