"""Types of tensors on a device that is not here."""

import pytest

import pyconv as torch


def test_no_tensor_is_of_them():
    assert not isinstance(torch.ones(1), torch.cuda.FloatTensor)
    assert torch.cuda.LongTensor.dtype is torch.int64


def test_none_is_made():
    with pytest.raises(TypeError, match=r"type torch.cuda.HalfTensor not available"):
        torch.cuda.HalfTensor(2)


def test_other_names_are_lacking():
    with pytest.raises(AttributeError, match="has no attribute 'FooTensor'"):
        _ = torch.cuda.FooTensor
