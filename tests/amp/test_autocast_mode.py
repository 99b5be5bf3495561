"""Regions whose functions choose their dtypes."""

import pytest

import pyconv as torch
from pyconv.nn import functional as F

X, IMAGE, KERNEL = torch.rand(2, 2), torch.rand(1, 1, 4, 4), torch.rand(1, 1, 2, 2)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_products_and_convolutions_are_lowered(dtype):
    with torch.autocast("cpu", dtype):
        found = [X @ X, torch.mm(X, X), F.linear(X, X), F.conv2d(IMAGE, KERNEL), torch.einsum("ij,jk", X, X)]
    assert [y.dtype for y in found] == [dtype] * 5


def test_losses_are_single_and_the_rest_is_as_given():
    low = X.bfloat16()
    with torch.autocast("cpu"):
        assert F.mse_loss(low, low).dtype is torch.float32
        assert F.cross_entropy(low, torch.tensor([0, 1])).dtype is torch.float32
        assert torch.prod(low).dtype is torch.float32
        assert F.softmax(low, -1).dtype is torch.bfloat16
        assert (X + X).dtype is torch.float32
        assert F.bilinear(X, X, torch.rand(2, 2, 2)).dtype is torch.float32
        assert (X.double() @ X.double()).dtype is torch.float64


def test_gradients_come_in_the_dtype_of_the_weights():
    w = torch.rand(2, 2, requires_grad=True)
    with torch.autocast("cpu"):
        y = X @ w
    y.sum().backward()
    assert w.grad.dtype is torch.float32
    torch_like = X.bfloat16().T.float() @ torch.ones(2, 2)
    assert (w.grad - torch_like).abs().max() < 1e-2


def test_regions_nest_and_end_with_an_exception():
    with torch.autocast("cpu"):
        with torch.autocast("cpu", enabled=False):
            assert (X @ X).dtype is torch.float32
        assert (X @ X).dtype is torch.bfloat16
        with torch.autocast("cpu", torch.float16):
            assert torch.get_autocast_dtype("cpu") is torch.float16
    with pytest.raises(ZeroDivisionError), torch.autocast("cpu"):
        raise ZeroDivisionError
    assert not torch.is_autocast_enabled("cpu")
    assert torch.get_autocast_dtype("cpu") is torch.bfloat16


def test_it_decorates():
    @torch.autocast("cpu")
    def product():
        return X @ X

    assert product().dtype is torch.bfloat16
    with pytest.raises(TypeError, match="requires a callable"):
        torch.autocast("cpu")(3)


def test_a_device_that_is_not_here_warns_and_changes_nothing():
    with pytest.warns(UserWarning, match="CUDA is not available"):
        region = torch.autocast("cuda")
    with region:
        assert (X @ X).dtype is torch.float32
    with pytest.warns(FutureWarning, match="deprecated"):
        torch.cuda.amp.autocast(enabled=False)
    with pytest.warns(UserWarning, match="target dtype is not supported"), torch.autocast("cpu", torch.float32):
        assert (X @ X).dtype is torch.float32


@pytest.mark.parametrize(("kind", "error"), [(1, ValueError), ("nowhere", RuntimeError), ("meta", RuntimeError)])
def test_kinds_that_are_refused(kind, error):
    with pytest.raises(error):
        torch.autocast(kind)


def test_functions_of_ones_own():
    class Square(torch.autograd.Function):
        @staticmethod
        @torch.amp.custom_fwd(device_type="cpu", cast_inputs=torch.float32)
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x @ x

        @staticmethod
        @torch.amp.custom_bwd(device_type="cpu")
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g @ x.T + x.T @ g

    x = X.clone().requires_grad_()
    with torch.autocast("cpu"):
        y = Square.apply(x)
    y.sum().backward()
    assert (y.dtype, x.grad.dtype) == (torch.float32, torch.float32)
