"""Modules made without drawing."""

import pytest

import pyconv
from pyconv import nn
from pyconv.nn import utils


def test_the_generator_is_left_as_it_is():
    pyconv.manual_seed(0)
    expected = pyconv.rand(3).tolist()
    pyconv.manual_seed(0)
    layer = utils.skip_init(nn.Conv1d, 2, 3, 4, bias=False)
    assert layer.weight.shape == (3, 2, 4)
    assert pyconv.rand(3).tolist() == expected


def test_only_modules_with_a_device_can_skip():
    with pytest.raises(RuntimeError, match="Expected a Module; got <class 'int'>"):
        utils.skip_init(int)
    with pytest.raises(RuntimeError, match="Module must support a 'device' arg to skip initialization"):
        utils.skip_init(nn.Fold, (2, 2), 1)
