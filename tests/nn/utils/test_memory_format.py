"""There is one memory format: weights stay as they are."""

from pyconv import nn
from pyconv.nn import utils


def test_a_weight_keeps_its_values_and_its_memory():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Conv3d(1, 2, 3))
    before = list(model.parameters())
    assert utils.convert_conv2d_weight_memory_format(model, None) is model
    assert utils.convert_conv3d_weight_memory_format(model, None) is model
    assert all(a is b for a, b in zip(before, model.parameters(), strict=True))
