"""torch.Size and torch.device."""

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


@pytest.mark.parametrize("name", ["cuda", "cuda:0", "meta"])
def test_there_is_no_other(name):
    with pytest.raises(RuntimeError, match=f"there is no device '{name}'"):
        pyconv.device(name)
