"""The oracle against torch, live: whole numbers in every dtype, so that equality is exact."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from tests import oracle

GEOMETRIES = [
    # dims, x space, kernel, stride, padding, dilation, groups
    (1, (7,), (3,), (1,), (0,), (1,), 1),
    (1, (8,), (3,), (2,), (2,), (2,), 2),
    (2, (5, 6), (3, 2), (1, 1), (1, 0), (1, 1), 1),
    (2, (5, 6), (2, 3), (2, 3), (1, 2), (1, 2), 2),
    (2, (4, 4), (1, 1), (2, 1), (0, 0), (1, 1), 1),
    (3, (3, 4, 3), (2, 1, 2), (1, 2, 1), (1, 0, 1), (1, 1, 2), 2),
]
DTYPES = [np.float32, np.float64, np.complex128]


def filled(shape, dtype, seed):
    """Whole numbers in [-5, 5], with an imaginary part where the dtype has one."""
    generator = np.random.default_rng(seed)
    real, imaginary = generator.integers(-5, 6, (2, *shape))
    return (real + 1j * imaginary if np.issubdtype(dtype, np.complexfloating) else real).astype(dtype)


def tensors(*arrays):
    return [torch.from_numpy(array.copy()).requires_grad_() for array in arrays]


def options(stride, padding, dilation, groups):
    return {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_convolution_and_its_gradients(geometry, dtype):
    dims, space, kernel, *rest = geometry
    arguments = options(*rest)
    x = filled((2, 2 * arguments["groups"], *space), dtype, 0)
    w = filled((2 * arguments["groups"], 2, *kernel), dtype, 1)
    b = filled(w.shape[:1], dtype, 2)
    tx, tw, tb = tensors(x, w, b)
    ty = getattr(F, f"conv{dims}d")(tx, tw, tb, **arguments)
    gy = filled(tuple(ty.shape), dtype, 3)
    ty.backward(torch.from_numpy(gy))
    np.testing.assert_array_equal(oracle.convolve(x, w, b, **arguments), ty.detach().numpy())
    np.testing.assert_array_equal(oracle.input_gradient(gy, w, x.shape, **arguments), tx.grad.numpy())
    np.testing.assert_array_equal(oracle.weight_gradient(x, gy, w.shape, **arguments), tw.grad.numpy())
    np.testing.assert_array_equal(oracle.bias_gradient(gy), tb.grad.numpy())


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_transposed_convolution(geometry, dtype):
    dims, space, kernel, *rest = geometry
    arguments = options(*rest)
    extra = tuple(max(s, d) - 1 for s, d in zip(arguments["stride"], arguments["dilation"]))
    x = filled((2, 2 * arguments["groups"], *space), dtype, 0)
    w = filled((2 * arguments["groups"], 3, *kernel), dtype, 1)
    b = filled((3 * arguments["groups"],), dtype, 2)
    tx, tw, tb = (torch.from_numpy(array) for array in (x, w, b))
    ty = getattr(F, f"conv_transpose{dims}d")(tx, tw, tb, output_padding=extra, **arguments)
    np.testing.assert_array_equal(oracle.transpose(x, w, b, output_padding=extra, **arguments), ty.numpy())


@pytest.mark.parametrize("dims", [1, 2, 3])
@pytest.mark.parametrize("kernel", [2, 3, 4])
@pytest.mark.parametrize("dilation", [1, 2])
def test_same_puts_the_odd_zero_at_the_end(dims, kernel, dilation, recwarn):
    x, w = filled((1, 1, *[4] * dims), np.float64, 0), filled((1, 1, *[kernel] * dims), np.float64, 1)
    total = dilation * (kernel - 1)
    tx, tw, _ = tensors(x, w, w)
    ty = getattr(F, f"conv{dims}d")(tx, tw, padding="same", dilation=dilation)
    padding = [(total // 2, total - total // 2)] * dims
    np.testing.assert_array_equal(oracle.convolve(x, w, padding=padding, dilation=dilation), ty.detach().numpy())


def test_integers_wrap_where_the_oracle_grows():
    x = np.random.default_rng(0).integers(-(2**62), 2**62, (1, 2, 3, 3))
    w = np.random.default_rng(1).integers(-(2**62), 2**62, (2, 2, 2, 2))
    exact = oracle.convolve(x, w)
    wrapped = ((exact + 2**63) % 2**64 - 2**63).astype(np.int64)
    np.testing.assert_array_equal(wrapped, F.conv2d(torch.from_numpy(x), torch.from_numpy(w)).numpy())
    assert max(abs(value) for value in exact.ravel()) > 2**64


@pytest.mark.parametrize("geometry", [geometry for geometry in GEOMETRIES if geometry[0] == 2])
def test_unfold_and_fold(geometry):
    _, space, kernel, stride, padding, dilation, _ = geometry
    arguments = {"stride": stride, "padding": padding, "dilation": dilation}
    x = filled((2, 3, *space), np.float64, 0)
    columns = oracle.unfold(x, kernel, **arguments)
    np.testing.assert_array_equal(columns, F.unfold(torch.from_numpy(x), kernel, **arguments).numpy())
    folded = F.fold(torch.from_numpy(columns), space, kernel, **arguments).numpy()
    np.testing.assert_array_equal(oracle.fold(columns, space, kernel, **arguments), folded)
