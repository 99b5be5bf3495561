"""Convolutions of every kind against what torch 2.13.0 computed for them, to the last bit.

`tests/data/configurations.npz` holds torch's results; `python -m tests.data.record_configurations` writes it.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import pyconv
from tests.configurations import run, table

CONFIGURATIONS = {configuration.name: configuration for configuration in table()}


@cache
def recording():
    """The arrays and the torch dtypes, by `name/quantity`."""
    with np.load(Path(__file__).parent / "data" / "configurations.npz") as file:
        arrays = dict(file)
    return arrays, json.loads(arrays.pop("dtypes").item())


def recorded(name):
    """(dtype, elements) of what torch computed: y, and gx, gw, gb where there are gradients."""
    arrays, dtypes = recording()
    return {key.split("/")[1]: (dtypes[key], arrays[key]) for key in arrays if key.split("/")[0] == name}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_result_and_gradients_are_torchs(name):
    found, expected = run(pyconv, CONFIGURATIONS[name]), recorded(name)
    assert found.keys() == expected.keys()
    for quantity, (dtype, array) in expected.items():
        found_dtype, found_array = found[quantity]
        assert found_dtype == dtype, quantity
        assert (found_array.dtype, found_array.shape) == (array.dtype, array.shape), quantity
        np.testing.assert_array_equal(found_array, array, err_msg=quantity)


def test_the_recording_is_of_this_table():
    arrays, _ = recording()
    assert {key.split("/")[0] for key in arrays} == set(CONFIGURATIONS)
    assert len(CONFIGURATIONS) == len(table()) > 38


@pytest.mark.parametrize("name", [name for name, c in CONFIGURATIONS.items() if 0 not in c.x])
def test_the_recording_is_not_mostly_zeros(name):
    # A stride, or a crop, leaves most of x unread; its gradient there is zero.
    least = {"y": 0.6, "gx": 0.05, "gw": 0.6, "gb": 0.3}
    for quantity, (_, array) in recorded(name).items():
        assert np.count_nonzero(array) > least[quantity] * array.size, quantity
