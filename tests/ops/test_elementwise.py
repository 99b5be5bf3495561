"""The order in memory of what elementwise functions give: that of their operand."""

import numpy as np
import pytest

import pyconv as torch

FUNCTIONS = [
    "exp",
    "log",
    "sigmoid",
    "tanh",
    "erf",
    "erfinv",
    "expm1",
    "log1p",
    "atan",
    "sinh",
    "sqrt",
    "neg",
]
ACTIVATIONS = ["gelu", "silu", "mish", "softplus", "elu", "selu", "celu", "hardswish"]
IMAGES = torch.full((2, 3, 4, 5), 0.5).contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
@pytest.mark.parametrize("name", FUNCTIONS + ACTIVATIONS)
def test_channels_last_stay_last(name, dtype):
    run = getattr(torch, name, None) or getattr(torch.nn.functional, name)
    found = run(IMAGES.to(dtype))
    assert found.stride() == IMAGES.stride()
    np.testing.assert_array_equal(found.numpy(), run(IMAGES.contiguous().to(dtype)).numpy())


@pytest.mark.parametrize("name", ["atan2", "pow", "hypot"])
@pytest.mark.parametrize("other", [IMAGES, torch.ones(3, 1, 1), torch.tensor(2.0)])
def test_operands_of_channels_last(name, other):
    assert getattr(torch, name)(IMAGES, other).stride() == IMAGES.stride()
    assert getattr(torch, name)(other, IMAGES).stride() == IMAGES.stride()


@pytest.mark.parametrize("name", ["exp", "sigmoid"])
def test_an_expanded_operand(name):
    assert getattr(torch, name)(torch.ones(5).expand(4, 5)).stride() == (5, 1)
