"""torch.accelerator on a machine without one."""

import pytest

import pyconv as torch

A = torch.accelerator


def test_there_is_none():
    assert (A.is_available(), A.device_count(), A.current_accelerator()) == (False, 0, None)


@pytest.mark.parametrize(
    "call", [A.current_device_index, A.synchronize, A.empty_cache, A.memory_stats, A.current_stream]
)
def test_what_needs_one_is_refused(call):
    with pytest.raises(RuntimeError, match="Cannot access accelerator device when none is available"):
        call()


def test_a_device_that_is_no_accelerator():
    with pytest.raises(RuntimeError, match="Accelerator expected"):
        A.set_device_index("cpu")
    with pytest.raises(RuntimeError, match="none is available"):
        A.set_device_index(0)


def test_old_names_warn():
    with pytest.warns(FutureWarning, match="set_device_index"), pytest.raises(RuntimeError):
        A.set_device_idx(0)


def test_a_region():
    with A.device_index(None):
        pass
    with pytest.raises(RuntimeError), A.device_index(0):
        pass
