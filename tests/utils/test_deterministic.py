"""torch.utils.deterministic: whether new memory is filled."""

import pytest

import pyconv
from pyconv.utils import deterministic


def test_new_memory_is_filled_unless_that_is_set():
    assert deterministic.fill_uninitialized_memory
    pyconv.use_deterministic_algorithms(True)
    try:
        assert pyconv.empty(2).isnan().all()
        deterministic.fill_uninitialized_memory = False
        assert pyconv.utils.deterministic.fill_uninitialized_memory is False
        x = pyconv.ones(2)
        assert pyconv.empty(2, out=x).tolist() == [1.0, 1.0]
    finally:
        deterministic.fill_uninitialized_memory = True
        pyconv.use_deterministic_algorithms(False)


def test_the_setting_is_a_bool():
    with pytest.raises(RuntimeError, match="expected a bool, but got int"):
        deterministic.fill_uninitialized_memory = 3
