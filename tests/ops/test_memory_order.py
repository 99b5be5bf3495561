"""Results that keep channels last, in the strides that torch 2.13 gives them (recorded with it)."""

import pytest

import pyconv as torch
import pyconv.nn.functional as F

X = torch.zeros(2, 6, 5, 4).contiguous(memory_format=torch.channels_last)
CONTIGUOUS = torch.zeros(2, 6, 5, 4)
V = torch.zeros(2, 6, 3, 5, 4).contiguous(memory_format=torch.channels_last_3d)

CALLS = [
    (lambda: F.conv2d(X, torch.zeros(8, 6, 3, 3)), (48, 1, 16, 8)),
    (lambda: F.conv2d(CONTIGUOUS, torch.zeros(8, 6, 3, 3)), (48, 6, 2, 1)),
    (lambda: F.conv2d(CONTIGUOUS, X[:, :, :3, :3]), (12, 1, 4, 2)),
    (lambda: F.conv2d(X, torch.zeros(1, 6, 3, 3)), (6, 1, 2, 1)),
    (lambda: F.conv_transpose2d(X, torch.zeros(6, 8, 2, 2), torch.zeros(8), stride=2), (640, 1, 64, 8)),
    (lambda: F.conv_transpose2d(X, torch.zeros(6, 4, 2, 2), groups=2), (240, 1, 40, 8)),
    (lambda: F.batch_norm(X, None, None, training=True), (120, 1, 24, 6)),
    (lambda: F.group_norm(X, 2), (120, 1, 24, 6)),
    (lambda: F.interpolate(X, scale_factor=2), (480, 1, 48, 6)),
    (lambda: F.gelu(X), (120, 1, 24, 6)),
    (lambda: F.pad(X, (1, 1, 1, 1)), (252, 1, 36, 6)),
    (lambda: X + CONTIGUOUS, (120, 1, 24, 6)),
    (lambda: CONTIGUOUS - X, (120, 20, 4, 1)),
    (lambda: X * CONTIGUOUS, (120, 1, 24, 6)),
    (lambda: F.conv3d(V, torch.zeros(8, 6, 1, 1, 1)), (480, 1, 160, 32, 8)),
    (lambda: F.conv3d(V.double(), torch.zeros(8, 6, 1, 1, 1).double()), (480, 60, 20, 4, 1)),
]


@pytest.mark.parametrize(("call", "strides"), CALLS)
def test_strides(call, strides):
    assert call().stride() == strides


def test_gradients_go_through_as_ever():
    torch.manual_seed(0)
    weight = torch.rand(4, 6, 3, 3, dtype=torch.float64, requires_grad=True)
    base = torch.rand(2, 6, 5, 4, dtype=torch.float64)
    found = []
    for x in (base.clone(), base.clone().contiguous(memory_format=torch.channels_last)):
        x.requires_grad_()
        y = F.gelu(F.conv2d(F.pad(x + 1, (1, 0)), weight)).square().sum()
        found.append(torch.autograd.grad(y, (x, weight)))
    for one, other in zip(*found, strict=True):
        assert torch.allclose(one, other, rtol=1e-12)
