"""MegEngine's modules: arguments, state, printed text, training.

`megengine_block.json` holds three steps of training a block in MegEngine 1.13.0: its state before and after, the input,
the losses, and the output in evaluation mode then.
"""

import inspect
import json
from pathlib import Path

import numpy as np
import pytest

import pyconv
import pyconv.megengine as mge
import pyconv.megengine.module as M

BLOCK = json.loads((Path(__file__).parents[1] / "data" / "megengine_block.json").read_text(encoding="utf-8"))


class Block(M.Module):
    def __init__(self):
        super().__init__()
        self.conv = M.Conv2d(2, 4, 3, padding=1, groups=2)
        self.bn = M.BatchNorm2d(4)
        self.relu = M.ReLU()
        self.pool = M.MaxPool2d(2)

    def forward(self, x):
        return self.pool(self.relu(self.bn(self.conv(x))))


def test_a_block_trains_as_in_megengine():
    block, x = Block(), mge.tensor(BLOCK["x"])
    block.load_state_dict({name: np.array(value, np.float32) for name, value in BLOCK["state"].items()})
    manager, losses = mge.autodiff.GradManager().attach(block.parameters()), []
    for _ in range(3):
        with manager:
            loss = (block(x) ** 2).mean()
            manager.backward(loss)
        losses.append(loss.item())
        for parameter in block.parameters():
            parameter -= 0.1 * parameter.grad
            parameter.grad = None
    np.testing.assert_allclose(losses, BLOCK["losses"], rtol=1e-5)
    assert list(block.state_dict()) == list(BLOCK["after"])
    for name, value in block.state_dict().items():
        np.testing.assert_allclose(value, BLOCK["after"][name], rtol=1e-4, atol=1e-6)
    block.eval()
    np.testing.assert_allclose(block(x).numpy(), BLOCK["y"], rtol=1e-4, atol=1e-6)


def test_names_and_printed_text_of_a_block():
    block = Block()
    assert [name for name, _ in block.named_parameters()] == ["bn.bias", "bn.weight", "conv.bias", "conv.weight"]
    assert [name for name, _ in block.named_buffers()] == ["bn.running_mean", "bn.running_var"]
    assert next(name for name, _ in block.conv.named_parameters(prefix="a")) == "a.bias"
    assert {type(parameter) for parameter in block.parameters()} == {mge.Parameter}
    assert list(block.parameters(recursive=False)) == []
    assert repr(block) == (
        "Block(\n"
        "  (conv): Conv2d(2, 4, kernel_size=(3, 3), padding=(1, 1), groups=2)\n"
        "  (bn): BatchNorm2d(4, eps=1e-05, momentum=0.9, affine=True, track_running_stats=True)\n"
        "  (relu): ReLU()\n"
        "  (pool): MaxPool2d(kernel_size=2, stride=2, padding=0)\n"
        ")"
    )


def test_a_state_has_a_modules_own_tensors_before_those_below_it():
    net = M.Module(name="net")
    net.layers = M.Sequential(M.Conv2d(1, 1, 1), M.ReLU())
    net.w = mge.Parameter([1.0])
    net.a = M.Sequential(M.Conv2d(1, 2, 1, bias=False), M.ReLU())
    assert net.name == "net"
    assert list(net.state_dict()) == ["w", "a.0.weight", "layers.0.bias", "layers.0.weight"]
    assert [name for name, _ in net.named_parameters()] == ["a.0.weight", "layers.0.bias", "layers.0.weight", "w"]


def test_a_shared_parameter_comes_once():
    net = M.Module()
    net.b = net.a = mge.Parameter([1.0])
    assert [name for name, _ in net.named_parameters()] == ["a"]
    assert list(net.state_dict()) == ["a", "b"]


def test_a_state_is_a_snapshot_and_comes_back():
    conv = M.Conv2d(2, 4, 3, groups=2)
    state = conv.state_dict()
    assert {name: (type(v), v.shape) for name, v in state.items()} == {
        "bias": (np.ndarray, (1, 4, 1, 1)),
        "weight": (np.ndarray, (2, 2, 1, 3, 3)),
    }
    conv.weight *= 0
    assert state["weight"].any()
    conv.load_state_dict(state)
    assert np.array_equal(conv.weight.numpy(), state["weight"])
    conv.load_state_dict({"weight": np.full((2, 2, 1, 3, 3), 3, np.float16)}, strict=False)
    assert conv.weight.dtype == np.float16
    assert conv.weight.numpy().max() == 3


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"weight": np.zeros((4, 2, 3, 2))}, ValueError, r"param `weight` shape mismatch, should be \(4, 2, 3, 3\)"),
        ({"weight": np.zeros(72)}, ValueError, r"param `weight` shape mismatch, should be \(4, 2, 3, 3\)"),
        ({"bias": np.zeros(4)}, ValueError, r"param `bias` shape mismatch, should be \(1, 4, 1, 1\), get \(4,\)"),
        ({"bias": None}, KeyError, r"missing or unused: \['bias'\]"),
        ({"x": np.zeros(1)}, KeyError, r"missing or unused: \['x'\]"),
    ],
)
def test_a_state_that_does_not_fit(change, error, words):
    conv = M.Conv2d(2, 4, 3)
    state = {name: value for name, value in (conv.state_dict() | change).items() if value is not None}
    with pytest.raises(error, match=words):
        conv.load_state_dict(state)
    if error is KeyError:
        conv.load_state_dict(state, strict=False)


_SIZES = "in_channels, out_channels, kernel_size, stride=1, padding=0"
_REST = "dilation=1, groups=1, bias=True"
_MODES = "conv_mode='cross_correlation', compute_mode='default'"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("Conv1d", f"({_SIZES}, {_REST}, {_MODES}, padding_mode='zeros', **kwargs)"),
        ("Conv2d", f"({_SIZES}, {_REST}, {_MODES}, padding_mode='zeros', **kwargs)"),
        ("Conv3d", f"({_SIZES}, {_REST}, conv_mode='cross_correlation')"),
        ("ConvTranspose2d", f"({_SIZES}, output_padding=0, {_REST}, {_MODES}, **kwargs)"),
        ("ConvTranspose3d", f"({_SIZES}, output_padding=0, {_REST})"),
    ],
)
def test_signatures_are_megengines(name, arguments):
    assert str(inspect.signature(getattr(M, name))) == arguments


def test_the_rest_of_the_arguments_is_a_name():
    assert M.Conv2d(1, 1, 1, name="stem").name == "stem"
    for kind in (M.Conv3d, M.ConvTranspose3d):
        with pytest.raises(TypeError, match="unexpected keyword argument 'name'"):
            kind(1, 1, 1, name="stem")


@pytest.mark.parametrize(
    ("name", "fan"),
    [("Conv1d", 48), ("Conv2d", 48), ("Conv3d", 48), ("ConvTranspose2d", 96), ("ConvTranspose3d", 48)],
)
@pytest.mark.parametrize("groups", [1, 4])
def test_initial_values(name, fan, groups):
    """The channels are not divided by groups; those of ConvTranspose2d are the output's."""
    pyconv.manual_seed(0)
    layer, ndim = getattr(M, name)(48, 96, 3, groups=groups), int(name[-2])
    weight = layer.weight.numpy()
    assert weight.std() * np.sqrt(fan * 3**ndim) == pytest.approx(1, abs=0.05)
    assert abs(weight.mean()) < 0.1 * weight.std()
    assert layer.bias.shape == (1, 96, *(1,) * ndim)
    assert not layer.bias.numpy().any()


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"groups": 3}, ValueError, "in_channels must be divisible by groups"),
        ({"groups": 4}, ValueError, "out_channels must be divisible by groups"),
        ({"groups": 0}, ValueError, "groups must be a positive integer"),
        ({"stride": 0}, AssertionError, "stride is an int or a tuple of 2, each 1 or more; got 0"),
        ({"padding": "same"}, AssertionError, "padding is an int or a tuple of 2, each 0 or more; got 'same'"),
        ({"padding": (1, 1, 1)}, AssertionError, "got (1, 1, 1)"),
        ({"kernel_size": (3,)}, AssertionError, "kernel_size is an int or a tuple of 2"),
        ({"dilation": -1}, AssertionError, "dilation is an int or a tuple of 2, each 1 or more; got -1"),
        ({"padding_mode": "circular"}, AssertionError, "MegEngine has no padding_mode 'circular'"),
        ({"device": "cpu"}, TypeError, "unexpected keyword argument 'device'"),
    ],
)
def test_arguments_that_megengine_refuses(arguments, error, words):
    with pytest.raises(error) as raised:
        M.Conv2d(**{"in_channels": 4, "out_channels": 6, "kernel_size": 3} | arguments)
    assert words in str(raised.value)


def test_what_is_refused_when_it_is_called():
    x = mge.tensor(np.ones((1, 4, 5, 5)))
    for arguments in ({"conv_mode": "convolution"}, {"compute_mode": "float64"}):
        with pytest.raises(AssertionError, match="mode"):
            M.Conv2d(4, 6, 3, **arguments)(x)
    with pytest.raises(AssertionError, match="reflect takes less than the size"):
        M.Conv2d(4, 6, 3, padding=5, padding_mode="reflect")(x)
    with pytest.raises(RuntimeError, match="4 dimensions"):
        M.Conv2d(4, 6, 3)(x[0])
    for name in ("Conv3d", "ConvTranspose2d", "ConvTranspose3d"):
        with pytest.raises(TypeError, match="padding_mode"):
            getattr(M, name)(4, 6, 3, padding_mode="zeros")


def test_parameters_are_drawn_again_in_their_layout():
    conv = M.Conv2d(4, 6, 3, groups=2)
    before = conv.weight.numpy()
    conv.bias += 1
    conv.reset_parameters()
    assert conv.weight.shape == before.shape == (2, 3, 2, 3, 3)
    assert not np.array_equal(conv.weight.numpy(), before)
    assert not conv.bias.numpy().any()


def test_momentum_is_what_running_statistics_keep():
    x = np.random.default_rng(1).normal(1, 2, (3, 2, 2, 2)).astype(np.float32)
    norm = M.BatchNorm2d(2, momentum=0.75)
    norm(mge.tensor(x))
    np.testing.assert_allclose(norm.running_mean.numpy().ravel(), 0.25 * x.mean((0, 2, 3)), rtol=1e-5)
    unbiased = x.var((0, 2, 3), ddof=1)
    np.testing.assert_allclose(norm.running_var.numpy().ravel(), 0.75 + 0.25 * unbiased, rtol=1e-5)
    assert norm.weight.shape == norm.running_mean.shape == (1, 2, 1, 1)
    assert norm.state_dict()["weight"].shape == (2,)


def test_kinds_of_normalization():
    x = mge.tensor(np.random.default_rng(1).normal(1, 2, (3, 2, 2, 2)))
    untracked = M.BatchNorm2d(2, affine=False, track_running_stats=False)
    before = untracked(x).numpy()
    untracked.eval()
    assert np.array_equal(untracked(x).numpy(), before)
    assert (untracked.weight, untracked.running_mean, list(untracked.state_dict())) == (None, None, [])
    with pytest.raises(ValueError, match=r"expected 4D input \(got 3D input\)"):
        untracked(x[0])


def test_train_and_eval_reach_all():
    net = M.Sequential(Block(), M.ReLU())
    net.eval()
    assert not any(module.training for module in net.modules())
    net.train()
    assert all(module.training for module in net.modules())
    assert len(net) == 2
    assert isinstance(net[1], M.ReLU)


def test_it_is_the_module_of_the_other_face():
    assert issubclass(M.Module, pyconv.nn.Module)
    assert issubclass(M.Conv2d, pyconv.nn.Conv2d)
    seen = []
    conv = M.Conv2d(1, 1, 1)
    conv.register_forward_hook(lambda module, args, output: seen.append(output.shape))
    conv(mge.tensor(np.ones((1, 1, 2, 2))))
    assert seen == [(1, 1, 2, 2)]
