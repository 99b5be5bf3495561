"""Which strides count as channels last, and arrays put in that order."""

import numpy as np
import pytest

from pyconv.kernels.memory_order import channels_last, ordered_as, suggests_channels_last

# shape and strides in elements, and whether torch 2.13's convolution of `torch.empty_strided(shape, strides)` with
# `torch.zeros(4, shape[1], *(1,) * (len(shape) - 2))` has its channels last
STRIDES = [
    ((2, 3, 4, 5), (60, 20, 5, 1), False),
    ((2, 3, 4, 5), (60, 1, 15, 3), True),
    ((2, 3, 4, 5), (120, 1, 30, 6), True),
    ((2, 3, 4, 5), (60, 1, 3, 12), False),
    ((2, 3, 1, 1), (3, 1, 3, 3), True),
    ((2, 3, 1, 1), (3, 1, 1, 1), False),
    ((1, 3, 4, 5), (0, 1, 15, 3), False),
    ((2, 1, 4, 5), (20, 20, 5, 1), False),
    ((2, 1, 4, 5), (20, 1, 5, 1), True),
    ((2, 1, 1, 1), (1, 1, 1, 1), False),
    ((2, 3, 4, 5), (3, 1, 0, 0), False),
    ((2, 3, 4, 5), (20, 0, 5, 1), False),
    ((0, 3, 4, 5), (60, 1, 15, 3), False),
    ((2, 3, 2, 4, 5), (120, 1, 60, 15, 3), True),
    ((2, 3, 2, 4, 5), (120, 40, 20, 5, 1), False),
    ((3, 4, 5), (1, 15, 3), False),
]


@pytest.mark.parametrize(("shape", "strides", "expected"), STRIDES, ids=str)
def test_strides_alone_decide(shape, strides, expected):
    memory = np.zeros(1000, np.float32)
    x = np.lib.stride_tricks.as_strided(memory, shape, [4 * step for step in strides])
    assert suggests_channels_last(x) is expected


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (2, 3, 1, 1), (1, 1, 2, 2), (2, 3, 2, 4, 5)])
def test_channels_come_last(shape):
    x = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
    found = channels_last(x)
    np.testing.assert_array_equal(found, x)
    steps = [stride // 8 for stride in found.strides]
    assert steps[1] == 1
    assert steps[-1] == shape[1]
    assert suggests_channels_last(found)
    assert np.shares_memory(channels_last(found), found)


def test_an_order_is_taken_over_only_if_channels_come_last():
    x = np.zeros((2, 3, 4, 5))
    assert ordered_as(x, x) is x
    assert ordered_as(x, x.transpose(0, 3, 2, 1).copy().transpose(0, 3, 2, 1)) is x
    assert ordered_as(x, np.zeros((2, 4, 5, 3)).transpose(0, 3, 1, 2)).strides == (480, 8, 120, 24)
