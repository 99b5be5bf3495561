"""Convolution modules: arguments, attributes, printed text, initial weights, calls.

The initial weights were recorded from torch 2.13.0 by `torch.manual_seed(7)`, the module, and `.tolist()`.
"""

import copy
import pickle

import numpy as np
import pytest

import pyconv
from pyconv import nn
from tests.oracle import convolve, transpose

FORWARD = ("Conv1d", "Conv2d", "Conv3d")
TRANSPOSED = ("ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d")


def ndim_of(name):
    return int(name[-2])


def whole_numbers(shape, seed=0):
    return np.random.default_rng(seed).integers(-4, 5, shape).astype(np.float64)


def layer_of(name, *args, **kwargs):
    """A float64 layer with whole weights, whose results are exact."""
    layer = getattr(nn, name)(*args, dtype=pyconv.float64, **kwargs)
    for i, value in enumerate(layer.parameters()):
        value.data = pyconv.from_numpy(whole_numbers(tuple(value.shape), i))
    return layer


def bias_of(layer):
    return None if layer.bias is None else layer.bias.detach().numpy()


@pytest.mark.parametrize("name", FORWARD)
@pytest.mark.parametrize("bias", [True, False])
def test_a_convolution_is_the_oracles(name, bias):
    n = ndim_of(name)
    layer = layer_of(name, 4, 6, 3, stride=2, padding=1, dilation=2, groups=2, bias=bias)
    x = whole_numbers((2, 4) + (6,) * n)
    expected = convolve(
        x, layer.weight.detach().numpy(), bias_of(layer), stride=(2,) * n, padding=((1, 1),) * n, dilation=(2,) * n,
        groups=2,
    )  # fmt: skip
    np.testing.assert_array_equal(layer(pyconv.from_numpy(x)).detach().numpy(), expected)


@pytest.mark.parametrize("name", TRANSPOSED)
@pytest.mark.parametrize("bias", [True, False])
def test_a_transposed_convolution_is_the_oracles(name, bias):
    n = ndim_of(name)
    layer = layer_of(name, 4, 6, 3, stride=2, padding=1, output_padding=1, groups=2, bias=bias)
    x = whole_numbers((2, 4) + (3,) * n)
    expected = transpose(
        x, layer.weight.detach().numpy(), bias_of(layer), stride=(2,) * n, padding=((1, 1),) * n,
        output_padding=(1,) * n, dilation=(1,) * n, groups=2,
    )  # fmt: skip
    np.testing.assert_array_equal(layer(pyconv.from_numpy(x)).detach().numpy(), expected)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize("padding", [1, "same", "valid"])
def test_padding_modes_pad_first(mode, padding):
    layer = layer_of("Conv2d", 2, 3, 3, padding=padding, padding_mode=mode)
    x = pyconv.from_numpy(whole_numbers((1, 2, 5, 6)))
    amounts = (0,) * 4 if padding == "valid" else (1,) * 4
    padded = nn.functional.pad(x, amounts, mode=mode)
    expected = nn.functional.conv2d(padded, layer.weight, layer.bias)
    assert pyconv.equal(layer(x), expected)
    assert list(layer._reversed_padding_repeated_twice) == list(amounts)


def test_repr_names_an_output_padding_that_is_not_zero():
    layer = nn.ConvTranspose1d(1, 1, 3, stride=(2, 2), output_padding=())
    assert repr(layer) == "ConvTranspose1d(1, 1, kernel_size=(3,), stride=(2, 2))"


def test_attributes_are_torchs():
    layer = nn.Conv2d(4, 8, 3, padding="same", groups=2)
    assert (layer.kernel_size, layer.stride, layer.dilation) == ((3, 3), (1, 1), (1, 1))
    assert (layer.padding, layer.output_padding, layer.transposed) == ("same", (0, 0), False)
    assert (layer.in_channels, layer.out_channels, layer.groups, layer.padding_mode) == (4, 8, 2, "zeros")
    assert layer._reversed_padding_repeated_twice == [1, 1, 1, 1]
    assert nn.Conv2d(4, 8, 3, padding=(1, 2))._reversed_padding_repeated_twice == (2, 2, 1, 1)
    assert nn.ConvTranspose2d(4, 8, 3, groups=2).weight.shape == (4, 4, 3, 3)
    assert nn.Conv2d(1, 1, 3, padding="same", dilation=(1, 2))._reversed_padding_repeated_twice == [2, 2, 1, 1]
    with pytest.warns(UserWarning, match="zero-element"):
        assert nn.Conv1d(1, 1, 0, padding="same")._reversed_padding_repeated_twice == [-1, 0]
    assert nn.Conv2d(1, 1, 2, padding="same")._reversed_padding_repeated_twice == [0, 1, 0, 1]


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (nn.Conv1d(1, 2, 3, padding="valid"), "Conv1d(1, 2, kernel_size=(3,), stride=(1,), padding=valid)"),
        (
            nn.Conv2d(4, 8, 3, 2, 1, 2, 2, False, "reflect"),
            "Conv2d(4, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), dilation=(2, 2), groups=2, bias=False, "
            "padding_mode=reflect)",
        ),
        (
            nn.ConvTranspose2d(4, 4, 3, output_padding=1, stride=2),
            "ConvTranspose2d(4, 4, kernel_size=(3, 3), stride=(2, 2), output_padding=(1, 1))",
        ),
    ],
)
def test_printed_text(layer, text):
    assert repr(layer) == text


def test_initial_weights_are_torchs():
    pyconv.manual_seed(7)
    layer = nn.Conv2d(1, 2, (1, 2))
    weight = [[[[0.04938792809844017, -0.4259566068649292]]], [[[0.22515933215618134, 0.2218763530254364]]]]
    assert layer.weight.tolist() == weight
    assert layer.bias.tolist() == [-0.37793222069740295, -0.10597917437553406]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"groups": 0}, "groups must be a positive integer"),
        ({"in_channels": 3, "groups": 2}, "in_channels must be divisible by groups"),
        ({"out_channels": 3, "groups": 2}, "out_channels must be divisible by groups"),
        ({"padding": "same", "stride": 2}, "padding='same' is not supported for strided convolutions"),
    ],
)
def test_refused_arguments(arguments, text):
    with pytest.raises(ValueError) as raised:
        nn.Conv2d(**{"in_channels": 4, "out_channels": 4, "kernel_size": 3, **arguments})
    assert str(raised.value) == text


@pytest.mark.parametrize("make", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_copies_compute_the_same_and_share_nothing(make):
    layer = layer_of("Conv2d", 2, 3, 3)
    other = make(layer)
    x = pyconv.from_numpy(whole_numbers((1, 2, 5, 5)))
    assert pyconv.equal(layer(x), other(x))
    with pyconv.no_grad():
        other.weight.zero_()
    assert not pyconv.equal(layer(x), other(x))
    assert repr(other) == repr(layer)


@pytest.mark.parametrize("size", [[12, 12], [1, 2, 12, 12]])
def test_output_size(size):
    layer = nn.ConvTranspose2d(4, 2, 3, stride=2)
    assert layer(pyconv.zeros(1, 4, 5, 5), output_size=size).shape == (1, 2, 12, 12)
    assert layer(pyconv.zeros(4, 5, 5), output_size=[11, 12]).shape == (2, 11, 12)


def test_output_size_out_of_range():
    layer = nn.ConvTranspose2d(4, 2, 3, stride=2)
    with pytest.raises(ValueError) as raised:
        layer(pyconv.zeros(1, 4, 5, 5), output_size=[13, 12])
    assert str(raised.value) == (
        "requested an output size of [13, 12], but valid sizes range from [11, 11] to [12, 12] "
        "(for an input of torch.Size([5, 5]))"
    )


def test_double_and_half():
    layer = nn.Conv2d(2, 3, 3).double()
    assert layer(pyconv.zeros(1, 2, 4, 4, dtype=pyconv.float64)).dtype is pyconv.float64
    assert layer.half()(pyconv.zeros(1, 2, 4, 4, dtype=pyconv.float16)).dtype is pyconv.float16
