"""conv_tbc: a conv1d with its dimensions in another order, derivatives, torch's texts."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import gradcheck, gradgradcheck
from pyconv.nn import functional as F

RANDOM = np.random.default_rng(0)


def operands(time=5, dtype=torch.float64):
    sizes = (time, 2, 3), (3, 3, 4), (4,)
    return [
        torch.tensor(RANDOM.normal(size=size) * 4).to(dtype).requires_grad_(dtype.is_floating_point) for size in sizes
    ]


@pytest.mark.parametrize("pad", [0, 1, 3])
def test_it_is_a_conv1d_with_time_first(pad):
    x, w, b = operands()
    expected = F.conv1d(x.permute(1, 2, 0), w.permute(2, 1, 0), b, padding=pad).permute(2, 0, 1)
    found = torch.conv_tbc(x, w, b, pad)
    assert torch.allclose(found, expected)
    assert found.is_contiguous()
    assert found.grad_fn.name() == "ConvTbcBackward0"


def test_derivatives():
    assert gradcheck(lambda *given: F.conv_tbc(*given, pad=1), operands())
    assert gradgradcheck(lambda *given: F.conv_tbc(*given, pad=-1), operands())


def test_a_negative_pad_leaves_out_both_ends():
    x, w, b = operands()
    assert torch.equal(F.conv_tbc(x, w, b, -1), F.conv_tbc(x[1:-1].contiguous(), w, b))


def test_integers_and_nothing():
    x, w, b = operands(dtype=torch.int64)
    assert torch.equal(F.conv_tbc(x, w, b), F.conv_tbc(x.double(), w.double(), b.double()).long())
    x, w, b = operands(time=2)
    assert F.conv_tbc(x, w, b).shape == (0, 2, 4)
    assert F.conv_tbc(x[:, :0], w, b, 1).shape == (2, 0, 4)


REFUSED = {
    "time alone": (lambda x, w, b: F.conv_tbc(x[0], w, b), "Input must have 3 dims: time, batch, in_channel"),
    "weight": (lambda x, w, b: F.conv_tbc(x, w[0], b), "Weight tensor must have 3 dims: kernel_width, in_channels"),
    "bias": (lambda x, w, b: F.conv_tbc(x, w, b[None]), "Bias must be 1-D"),
    "channels": (lambda x, w, b: F.conv_tbc(x[..., :2], w, b), r"Input dim 2 \(input channels\) is not == dim 1 in"),
    "bias channels": (lambda x, w, b: F.conv_tbc(x, w, b[:2]), "Bias size must equal dim 2 in the weight tensor"),
    "dtypes": (lambda x, w, b: F.conv_tbc(x.float(), w, b), "must have the same dtype, but got Float and Double"),
    "short": (lambda x, w, b: F.conv_tbc(x[:1], w, b), r"negative dimension -1: \[-1, 2, 4\]"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name):
    call, text = REFUSED[name]
    with pytest.raises(RuntimeError, match=text):
        call(*operands())


def test_the_gradients_of_convolutions_are_found_in_functional_too():
    assert F.grad is torch.nn.grad
