"""torch's old constructors: torch.FloatTensor and its kin, and Tensor.new."""

import numpy as np
import pytest

import pyconv as torch

INTS = torch.tensor([1, 2], dtype=torch.int32)


@pytest.mark.parametrize(
    ("args", "shape"),
    [((), (0,)), ((2, 3), (2, 3)), ((torch.Size([2, 3]),), (2, 3)), ((0,), (0,)), (([[1], [2]],), (2, 1))],
)
def test_sizes_and_data(args, shape):
    for x in (INTS.new(*args), torch.IntTensor(*args)):
        assert x.dtype is torch.int32
        assert tuple(x.shape) == shape


def test_size_by_name():
    assert INTS.new(size=(2, 3), device="cpu").shape == (2, 3)


def test_data_is_copied_and_cast():
    values = np.array([1.5, 2.5])
    x = INTS.new(values)
    values[0] = 9
    assert x.tolist() == [1, 2]


def test_a_tensor_or_a_storage_shares_its_memory():
    x = torch.ones(2, requires_grad=True)
    y = x.new(x)
    assert y.data_ptr() == x.data_ptr()
    assert not y.requires_grad
    z = INTS.new(INTS.untyped_storage())
    assert z.tolist() == [1, 2]
    assert z.data_ptr() == INTS.data_ptr()


# recorded from torch 2.13.0: `torch.tensor([1, 2], dtype=torch.int32).new(...)`
REFUSALS = [
    ((torch.ones(2),), {}, TypeError, r"expected TensorOptions\(dtype=int, device=cpu, .*\(got .*dtype=float, device"),
    ((2.0,), {}, TypeError, r"new\(\): data must be a sequence \(got float\)"),
    ((None,), {}, TypeError, r"new\(\): data must be a sequence \(got NoneType\)"),
    ((True,), {}, TypeError, r"new\(\): data must be a sequence \(got bool\)"),
    (("a",), {}, TypeError, r"new\(\): invalid data type 'str'"),
    ((-1,), {}, RuntimeError, r"Trying to create tensor with negative dimension -1: \[-1\]"),
    ((2,), {"device": "cuda"}, RuntimeError, "legacy constructor expects device type: cpu but device type: cuda was"),
]


@pytest.mark.parametrize(("args", "options", "kind", "text"), REFUSALS)
def test_refusals(args, options, kind, text):
    with pytest.raises(kind, match=f"^{text}"):
        INTS.new(*args, **options)


@pytest.mark.parametrize("device", [None, "cpu"])
@pytest.mark.parametrize("make", [torch.Tensor, torch.IntTensor, INTS.new])
def test_a_tensor_takes_no_device(make, device):
    with pytest.raises(RuntimeError, match=r"^Legacy tensor (new|constructor) of the form .* is not supported\.  Use"):
        make(INTS, device=device)


@pytest.mark.parametrize("make", [torch.Tensor, torch.IntTensor, INTS.new])
def test_data_takes_a_device(make):
    assert make([1, 2], device="cpu").tolist() == [1, 2]
