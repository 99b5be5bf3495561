"""torch.Size and torch.device."""

import pickle

import pytest

import pyconv


def test_size_is_a_tuple_that_prints_as_torchs():
    size = pyconv.Size((2, 3))
    assert repr(size) == "torch.Size([2, 3])"
    assert size == (2, 3)
    assert size.numel() == 6
    assert repr(size[1:]) == "torch.Size([3])"
    assert size[1] == 3
    assert repr(size.__add__((4,))) == "torch.Size([2, 3, 4])"


def test_device_is_the_cpu():
    assert repr(pyconv.device("cpu")) == "device(type='cpu')"
    assert str(pyconv.device("cpu", 0)) == str(pyconv.device("cpu:0")) == "cpu:0"
    assert pyconv.device("cpu") == pyconv.ones(1).device
    assert len({pyconv.device("cpu"), pyconv.device(pyconv.device("cpu"))}) == 1


@pytest.mark.parametrize(
    ("place", "error", "text"),
    [
        ("cuda", AssertionError, "Torch not compiled with CUDA enabled"),
        (pyconv.device("cuda", 1), AssertionError, "Torch not compiled with CUDA enabled"),
        ("mps", RuntimeError, "PyTorch is not linked with support for mps devices"),
        ("here", RuntimeError, "^Expected one of cpu, cuda, ipu, .* at start of device string: here$"),
        ("cuda:x", RuntimeError, "^Invalid device string: 'cuda:x'$"),
    ],
)
def test_nothing_can_be_anywhere_else(place, error, text):
    with pytest.raises(error, match=text):
        pyconv.ones(1, device=place)


def test_a_device_can_be_named_without_being_there():
    device = pyconv.device("cuda:1")
    assert (device.type, device.index, str(device)) == ("cuda", 1, "cuda:1")
    assert repr(device) == "device(type='cuda', index=1)"
    assert device == pyconv.device("cuda", 1) == pickle.loads(pickle.dumps(device)) != pyconv.device("cuda")
