"""Lazy convolutions. Numbers and texts are torch 2.13's.

The numbers come from `torch.manual_seed(0)`, one of the layers of RECORDED on ones of its size, and then
`layer.weight.flatten().tolist()` and `layer.bias.tolist()`.
"""

import copy

import numpy as np
import pytest

import pyconv
from pyconv import nn
from pyconv.nn.parameter import Parameter, is_lazy

NAMES = ("Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d")
RECORDED = [
    (
        lambda: nn.LazyConv2d(2, 1),
        (3, 2, 2),
        [
            -0.004322517663240433, 0.3097158372402191, -0.4751853346824646, -0.4248946011066437, -0.2223689705133438,
            0.15482072532176971,
        ],
        [-0.011439144611358643, 0.45777493715286255],
    ),
    (
        lambda: nn.LazyConvTranspose1d(2, 2),
        (1, 1, 2),
        [-0.003743410110473633, 0.26822179555892944, -0.4115225672721863, -0.3679695129394531],
        [-0.19257718324661255, 0.13407868146896362],
    ),
    (
        lambda: nn.LazyConv3d(4, 1, groups=2, bias=False),
        (1, 4, 2, 2, 2),
        [
            -0.005293981172144413, 0.37932288646698, -0.5819807648658752, -0.5203874707221985, -0.27234524488449097,
            0.1896158903837204, -0.014010033570230007, 0.5606575012207031,
        ],
        None,
    ),
]  # fmt: skip


def made(name, *args, **kwargs):
    return getattr(nn, f"Lazy{name}")(*args, **kwargs)


def ndim(name):
    return int(name[-2])


def image(name, channels=4, batched=True):
    return pyconv.ones((*(2,) * batched, channels, *(5,) * ndim(name)))


@pytest.mark.parametrize("batched", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_channels_come_from_the_first_input(name, batched):
    layer = made(name, 6, 3, groups=2)
    assert repr(layer).startswith(f"Lazy{name}(0, 6, kernel_size=(3,")
    assert is_lazy(layer.weight)
    assert is_lazy(layer.bias)
    x = image(name, batched=batched)
    output = layer(x)
    assert type(layer) is getattr(nn, name)
    assert repr(layer).startswith(f"{name}(4, 6, kernel_size=(3,")
    assert layer.in_channels == 4
    first, second = (4, 3) if "Transpose" in name else (6, 2)
    assert layer.weight.shape == (first, second, *(3,) * ndim(name))
    assert layer.bias.shape == (6,)
    assert type(layer.weight) is type(layer.bias) is Parameter
    assert output.tolist() == layer(x).tolist()
    assert output.shape[int(batched)] == 6


@pytest.mark.parametrize("name", NAMES)
def test_initial_values_are_those_of_the_eager_layer(name):
    pyconv.manual_seed(3)
    lazy = made(name, 2, 2)
    lazy(image(name, 3))
    pyconv.manual_seed(3)
    eager = getattr(nn, name)(3, 2, 2)
    assert repr(lazy) == repr(eager)
    assert lazy.weight.tolist() == eager.weight.tolist()
    assert lazy.bias.tolist() == eager.bias.tolist()


@pytest.mark.parametrize(("make", "size", "weight", "bias"), RECORDED, ids=["Conv2d", "ConvTranspose1d", "Conv3d"])
def test_initial_values_are_torch_s(make, size, weight, bias):
    pyconv.manual_seed(0)
    layer = make()
    layer(pyconv.ones(*size))
    assert layer.weight.flatten().tolist() == weight
    assert (layer.bias if bias is None else layer.bias.tolist()) == bias


def test_making_a_lazy_layer_draws_nothing():
    pyconv.manual_seed(0)
    expected = pyconv.rand(1).item()
    pyconv.manual_seed(0)
    nn.LazyConv2d(2, 3)
    assert pyconv.rand(1).item() == expected


def test_all_arguments_arrive():
    layer = nn.LazyConv2d(4, (1, 2), (2, 1), (1, 0), (1, 2), 2, False, "reflect", "cpu", pyconv.float64)
    layer(pyconv.ones(1, 2, 6, 6, dtype=pyconv.float64))
    expected = nn.Conv2d(2, 4, (1, 2), (2, 1), (1, 0), (1, 2), 2, False, "reflect", "cpu", pyconv.float64)
    assert repr(layer) == repr(expected)
    assert layer.bias is None
    assert layer.weight.dtype is pyconv.float64
    assert layer._reversed_padding_repeated_twice == expected._reversed_padding_repeated_twice


def test_all_arguments_of_a_transposed_layer_arrive():
    layer = nn.LazyConvTranspose2d(4, (1, 2), (2, 3), (0, 1), (1, 0), 2, False, 2, "zeros", "cpu", pyconv.float64)
    layer(pyconv.ones(1, 2, 3, 3, dtype=pyconv.float64))
    expected = nn.ConvTranspose2d(2, 4, (1, 2), (2, 3), (0, 1), (1, 0), 2, False, 2, "zeros", "cpu", pyconv.float64)
    assert repr(layer) == repr(expected)
    assert layer.weight.dtype is pyconv.float64


def test_an_output_size_reaches_the_first_call():
    layer = nn.LazyConvTranspose2d(2, 3, stride=2)
    assert layer(pyconv.ones(1, 4, 5, 5), output_size=[12, 12]).shape == (1, 2, 12, 12)


def test_ndarrays_initialise_too():
    layer = nn.LazyConv1d(2, 3)
    assert type(layer(np.ones((1, 3, 5), np.float32))) is np.ndarray
    assert layer.in_channels == 3


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("extra", [-1, 2])
def test_an_input_of_another_rank(name, extra):
    n = ndim(name)
    size = (2,) * (n + 1 + extra)
    with pytest.raises(RuntimeError) as raised:
        made(name, 2, 1)(pyconv.ones(size))
    assert str(raised.value) == (
        f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to Lazy{name}, but got input of size: "
        f"torch.Size({list(size)})"
    )


def test_channels_that_groups_do_not_divide():
    with pytest.raises(ValueError, match=r"^in_channels must be divisible by groups$"):
        nn.LazyConv1d(4, 1, groups=2)(pyconv.ones(1, 3, 5))


def test_loading_an_initialised_state():
    full, lazy = nn.LazyConv2d(2, 3), nn.LazyConv2d(2, 3)
    x = image("Conv2d")
    expected = full(x)
    lazy.load_state_dict(full.state_dict())
    assert not lazy.has_uninitialized_params()
    assert lazy(x).tolist() == expected.tolist()
    assert type(lazy) is nn.Conv2d
    nn.Conv2d(4, 2, 3).load_state_dict(full.state_dict())


def test_loading_a_part_leaves_the_rest_to_nobody():
    layer = nn.LazyConv2d(2, 3)
    layer.load_state_dict({"bias": pyconv.ones(2)}, strict=False)
    with pytest.raises(AssertionError, match=r"^self\.bias must be an UninitializedParameter$"):
        layer(image("Conv2d"))


def test_the_state_before_the_first_call():
    layer = nn.LazyConv2d(2, 3, bias=False)
    assert repr(dict(layer.state_dict())) == "{'weight': <UninitializedParameter>}"


def test_a_deep_copy_before_the_first_call():
    layer = nn.LazyConv2d(2, 3)
    copy.deepcopy(layer)(image("Conv2d"))
    assert layer.has_uninitialized_params()


def test_resetting_before_the_first_call_does_nothing():
    layer = nn.LazyConv2d(2, 3)
    layer.reset_parameters()
    assert layer.has_uninitialized_params()


def test_a_gradient_reaches_the_new_weight():
    layer = nn.LazyConv2d(1, 5, bias=False)
    layer(image("Conv2d", 1)).sum().backward()
    assert layer.weight.grad.tolist() == [[[[2.0] * 5] * 5]]
