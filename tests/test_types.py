"""Names for annotations."""

import pyconv
from pyconv import types


def test_numbers_devices_and_sizes_have_names():
    assert isinstance(1.5, types.Number)
    assert isinstance("cpu", types.Device)
    assert isinstance(pyconv.device("cpu"), types.Device)
    assert isinstance(pyconv.ones(1).untyped_storage(), types.Storage)
    assert types._dtype is pyconv.dtype
    assert types._TensorOrTensors.__args__[0] is pyconv.Tensor
