"""The switches of torch.backends."""

import pytest

import pyconv as torch


def test_switches_hold_for_a_block():
    cudnn = torch.backends.cudnn
    with cudnn.flags(enabled=False, benchmark=True, deterministic=True):
        assert (cudnn.enabled, cudnn.benchmark, cudnn.deterministic) == (False, True, True)
    assert (cudnn.enabled, cudnn.benchmark, cudnn.deterministic) == (True, False, False)


def test_switches_are_put_back_after_an_error():
    mkldnn = torch.backends.mkldnn
    with pytest.raises(KeyError), mkldnn.flags(enabled=False):  # noqa: PT012
        assert not mkldnn.enabled
        raise KeyError
    assert mkldnn.enabled
