"""Results that keep channels last, in the strides that torch 2.13 gives them (recorded with it)."""

import numpy as np
import pytest

import pyconv as torch
import pyconv.nn.functional as F

X = torch.zeros(2, 6, 5, 4).contiguous(memory_format=torch.channels_last)
CONTIGUOUS = torch.zeros(2, 6, 5, 4)
V = torch.zeros(2, 6, 3, 5, 4).contiguous(memory_format=torch.channels_last_3d)
CROSSED = torch.zeros(1, 3, 2, 1).permute(0, 2, 1, 3)
PIXELS = torch.zeros(4, 1, 1, 5).permute(0, 3, 1, 2)


def _gradient(x):
    """The gradient of a leaf that lies as a tensor does."""
    leaf = x.clone().requires_grad_()
    leaf.sum().backward()
    return leaf.grad


CALLS = [
    (lambda: F.conv2d(X, torch.zeros(8, 6, 3, 3)), (48, 1, 16, 8)),
    (lambda: F.conv2d(CONTIGUOUS, torch.zeros(8, 6, 3, 3)), (48, 6, 2, 1)),
    (lambda: F.conv2d(CONTIGUOUS, X[:, :, :3, :3]), (12, 1, 4, 2)),
    (lambda: F.conv2d(X, torch.zeros(1, 6, 3, 3)), (6, 1, 2, 1)),
    (lambda: F.conv_transpose2d(X, torch.zeros(6, 8, 2, 2), torch.zeros(8), stride=2), (640, 1, 64, 8)),
    (lambda: F.conv_transpose2d(X, torch.zeros(6, 4, 2, 2), groups=2), (240, 1, 40, 8)),
    (lambda: F.batch_norm(X, None, None, training=True), (120, 1, 24, 6)),
    (lambda: F.group_norm(X, 2), (120, 1, 24, 6)),
    (lambda: F.batch_norm(CROSSED, None, None, training=True), (6, 1, 2, 2)),
    (lambda: F.batch_norm(PIXELS, None, None, training=True), (5, 1, 1, 1)),
    (lambda: F.instance_norm(CROSSED), (6, 3, 1, 1)),
    (lambda: F.layer_norm(X, (4,)), (120, 20, 4, 1)),
    (lambda: F.layer_norm(V, (4,)), (360, 60, 20, 4, 1)),
    (lambda: F.pixel_shuffle(torch.cat([X, X], 1)[:, :4], 2), (80, 1, 8, 1)),
    (lambda: F.pixel_shuffle(torch.cat([X, X], 1), 2), (240, 1, 24, 3)),
    (lambda: F.pixel_unshuffle(X[:, :, :4].clone(), 2), (96, 1, 48, 24)),
    (lambda: F.channel_shuffle(X, 3), (120, 1, 24, 6)),
    (lambda: PIXELS.clone(), (5, 1, 5, 5)),
    (lambda: torch.zeros_like(PIXELS), (5, 1, 5, 5)),
    (lambda: _gradient(PIXELS), (5, 1, 5, 5)),
    (lambda: F.interpolate(X, scale_factor=2), (480, 1, 48, 6)),
    (lambda: F.gelu(X), (120, 1, 24, 6)),
    (lambda: X.pow(1), (120, 1, 24, 6)),
    (lambda: F.pad(X, (1, 1, 1, 1)), (252, 1, 36, 6)),
    (lambda: F.pad(X, (1, 1, 1, 1), "reflect"), (252, 1, 36, 6)),
    (lambda: F.pad(V, (1, 1, 1, 1, 1, 1), "replicate"), (1260, 1, 252, 36, 6)),
    (lambda: F.pad(X, (1, 1, 1, 1), "circular"), (252, 42, 6, 1)),
    (lambda: X + CONTIGUOUS, (120, 1, 24, 6)),
    (lambda: CONTIGUOUS - X, (120, 20, 4, 1)),
    (lambda: X * CONTIGUOUS, (120, 1, 24, 6)),
    (lambda: F.conv3d(V, torch.zeros(8, 6, 1, 1, 1)), (480, 1, 160, 32, 8)),
    (lambda: F.conv3d(V.double(), torch.zeros(8, 6, 1, 1, 1).double()), (480, 60, 20, 4, 1)),
]


@pytest.mark.parametrize(("call", "strides"), CALLS)
def test_strides(call, strides):
    assert call().stride() == strides


def _pulled(function, *operands):
    """The strides of the gradients of operands."""
    leaves = [x.clone().requires_grad_() for x in operands]
    y = function(*leaves)
    return [g.stride() for g in torch.autograd.grad(y, leaves, torch.ones_like(y))]


GRADIENTS = [
    (lambda: _pulled(F.conv2d, X, torch.zeros(8, 6, 3, 3)), [(120, 1, 24, 6), (54, 1, 18, 6)]),
    (lambda: _pulled(F.conv2d, CONTIGUOUS, torch.zeros(8, 6, 3, 3)), [(120, 20, 4, 1), (54, 9, 3, 1)]),
    (lambda: _pulled(F.conv_transpose2d, X, torch.zeros(6, 8, 2, 2)), [(120, 1, 24, 6), (32, 1, 16, 8)]),
    (lambda: _pulled(F.linear, torch.zeros(5, 4), torch.zeros(3, 4), torch.zeros(3)), [(4, 1), (4, 1), (1,)]),
    (lambda: _pulled(torch.mm, torch.zeros(5, 4), torch.zeros(4, 3)), [(4, 1), (3, 1)]),
    (lambda: _pulled(torch.mm, torch.zeros(5, 4), torch.zeros(3, 4).t()), [(4, 1), (1, 4)]),
    (lambda: _pulled(F.conv3d, V, torch.zeros(8, 6, 1, 1, 1)), [(360, 1, 120, 24, 6), (6, 1, 6, 6, 6)]),
    (lambda: _pulled(lambda x: F.batch_norm(x, None, None, training=True), X), [(120, 1, 24, 6)]),
    (lambda: _pulled(lambda x: F.group_norm(x, 2), X), [(120, 1, 24, 6)]),
    (lambda: _pulled(lambda x: F.pad(x, (1, 1, 1, 1), "reflect"), X), [(120, 1, 24, 6)]),
]


@pytest.mark.parametrize(("call", "strides"), GRADIENTS)
def test_strides_of_gradients(call, strides):
    assert call() == strides


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


LAID_ANEW = {
    "softmax": lambda x: x.softmax(1),
    "log_softmax": lambda x: x.log_softmax(1),
    "cumsum": lambda x: x.cumsum(1),
    "cumprod": lambda x: x.cumprod(1),
    "cummax": lambda x: x.cummax(1)[0],
    "logcumsumexp": lambda x: x.logcumsumexp(1),
    "masked_fill": lambda x: x.masked_fill(x > 0, 1.0),
    "tril": lambda x: x.tril(),
    "repeat": lambda x: x.repeat(1, 1, 1, 1),
    "index_select": lambda x: x.index_select(1, torch.tensor([0])),
    "sum": lambda x: x.sum(1),
    "mean": lambda x: x.mean(-1),
    "amax": lambda x: x.amax(1),
    "std": lambda x: x.std(1),
    "norm": lambda x: x.norm(dim=1),
    "prod": lambda x: x.prod(1),
    "logsumexp": lambda x: x.logsumexp(1),
}


@pytest.mark.parametrize("name", LAID_ANEW)
def test_results_that_are_contiguous_whatever_their_operands(name):
    base = torch.arange(96.0).reshape(2, 3, 4, 4) / 96
    call = LAID_ANEW[name]
    for x in (base, base.contiguous(memory_format=torch.channels_last), base.transpose(1, 3)):
        found = call(x)
        assert found.is_contiguous()
        np.testing.assert_allclose(found._array, call(x.contiguous())._array, rtol=1e-6)


KEPT = {
    "sort": lambda x: x.sort(1)[0],
    "argsort": lambda x: x.argsort(1),
    "index_fill": lambda x: x.index_fill(1, torch.tensor([0]), 1.0),
    "put": lambda x: x.put(torch.tensor([0]), torch.tensor([1.0])),
    "index_put": lambda x: x.index_put((torch.tensor([0]),), torch.tensor(1.0)),
    "double": lambda x: x.double(),
}


@pytest.mark.parametrize("name", KEPT)
def test_results_that_lie_as_their_operand(name):
    base = torch.arange(96.0).reshape(2, 3, 4, 4)
    call = KEPT[name]
    for x in (base, base.contiguous(memory_format=torch.channels_last), base.transpose(1, 3)):
        found = call(x)
        assert found.stride() == x.stride()
        assert found.equal(call(x.contiguous()))


def test_what_is_joined_is_contiguous_or_has_its_channels_last():
    x = torch.arange(96.0).reshape(2, 3, 4, 4)
    last = x.contiguous(memory_format=torch.channels_last)
    assert torch.cat([last, last], 1).stride() == (96, 1, 24, 6)
    assert torch.cat([last, x], 1).is_contiguous()
    assert torch.cat([x.transpose(1, 3)] * 2, 1).is_contiguous()
    assert torch.cat([x[0].permute(2, 0, 1)] * 2).is_contiguous()
    assert torch.stack([last, last], 1).stride() == (96, 3, 1, 24, 6)
    assert torch.stack([last, x], -1).is_contiguous()
    assert torch.roll(last, 1, 1).stride() == last.stride()
    assert torch.roll(x.transpose(1, 3), 1, 1).is_contiguous()
    assert torch.stack([last, last], 1)[:, 1].equal(x)


def test_what_was_expanded_is_cast_into_contiguous_memory():
    assert torch.ones(2, 1, 3).expand(2, 4, 3).double().is_contiguous()
