"""Random grouped convolutions of MegEngine's face, live against torch, each in its own layout: values and gradients."""

import random

import numpy as np
import pytest
import torch

import pyconv.megengine as mge
import pyconv.megengine.functional as F
import pyconv.megengine.module as M

KINDS = ("Conv1d", "Conv2d", "Conv3d", "ConvTranspose2d", "ConvTranspose3d")


def draw(seed):
    """The kind, arguments and spatial sizes of a module that both have."""
    rng = random.Random(seed)
    kind = KINDS[seed % len(KINDS)]
    ndim, groups = int(kind[-2]), rng.randint(1, 4)

    def sizes(low, high):
        return tuple(rng.randint(low, high) for _ in range(ndim))

    kwargs = {
        "in_channels": groups * rng.randint(1, 3),
        "out_channels": groups * rng.randint(1, 3),
        "kernel_size": sizes(1, 3),
        "stride": sizes(1, 3),
        "padding": sizes(0, 2),
        "dilation": sizes(1, 2),
        "groups": groups,
        "bias": rng.random() < 0.7,
    }
    if kind in ("Conv1d", "Conv2d"):
        kwargs["padding_mode"] = rng.choice(["zeros", "reflect", "replicate"])
    if "Transpose" in kind:
        kwargs["output_padding"] = tuple(rng.randrange(step) for step in kwargs["stride"])
    return kind, kwargs, sizes(5, 7)


def values(seed, shape):
    return np.random.default_rng(seed).normal(size=shape)


def same(found, expected):
    expected = expected.detach().numpy().reshape(found.shape)
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("seed", range(200))
def test_a_module_in_both_layouts(seed):
    kind, kwargs, sizes = draw(seed)
    theirs = getattr(torch.nn, kind)(**kwargs, dtype=torch.float64)
    ours = getattr(M, kind)(**kwargs)
    ours.load_state_dict(mge.from_torch_layout(theirs.state_dict(), ours))
    assert ours.weight.ndim == theirs.weight.ndim + (kwargs["groups"] > 1)
    x = torch.tensor(values(seed, (2, kwargs["in_channels"], *sizes)), requires_grad=True)
    expected = theirs(x)
    inp = mge.tensor(x.detach().numpy(), "float64")
    with mge.autodiff.GradManager().attach([inp, *ours.parameters()]) as manager:
        found = ours(inp)
        same(found, expected)
        cotangent = values(seed + 1, found.shape)
        manager.backward(found, mge.tensor(cotangent, "float64"))
    expected.backward(torch.tensor(cotangent))
    same(inp.grad, x.grad)
    same(ours.weight.grad, theirs.weight.grad)
    assert ours.weight.grad.shape == ours.weight.shape
    if ours.bias is not None:
        same(ours.bias.grad, theirs.bias.grad)
        assert ours.bias.grad.shape == ours.bias.shape
    back = {name: value.numpy() for name, value in mge.to_torch_layout(ours.state_dict(), ours).items()}
    assert {name: value.shape for name, value in back.items()} == {n: v.shape for n, v in theirs.state_dict().items()}
    assert all(np.array_equal(back[name], value.numpy()) for name, value in theirs.state_dict().items())


@pytest.mark.parametrize("seed", range(0, 100, 5))
def test_torchs_layout_is_taken_by_torchs_function_alone(seed):
    kind, kwargs, sizes = draw(seed + 1)
    if kwargs["groups"] == 1:
        kwargs["groups"] = 2
        kwargs["in_channels"] *= 2
        kwargs["out_channels"] *= 2
    weight = getattr(torch.nn, kind)(**kwargs).weight.detach()
    x = values(seed, (1, kwargs["in_channels"], *sizes)).astype(np.float32)
    with pytest.raises(RuntimeError, match=r"takes a weight \("):
        F.conv2d(mge.tensor(x), mge.tensor(weight.numpy()), groups=kwargs["groups"])


def test_a_normalization_with_the_momentum_the_other_way_round():
    theirs, ours = torch.nn.BatchNorm2d(3, momentum=0.3), M.BatchNorm2d(3, momentum=0.7)
    x = values(0, (4, 3, 2, 2)).astype(np.float32)
    for _ in range(3):
        np.testing.assert_allclose(ours(mge.tensor(x)).numpy(), theirs(torch.tensor(x)).detach().numpy(), atol=1e-5)
    np.testing.assert_allclose(ours.running_mean.numpy().ravel(), theirs.running_mean.numpy(), rtol=1e-5)
    np.testing.assert_allclose(ours.running_var.numpy().ravel(), theirs.running_var.numpy(), rtol=1e-5)
