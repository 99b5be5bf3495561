"""The names by which torch knows what stands in another file here."""

import pytest

import pyconv
from pyconv import nn
from pyconv.naming import family


@pytest.mark.parametrize(
    ("ours", "torchs"),
    [
        ("pyconv.nn.modules.activation.rectifiers", "pyconv.nn.modules.activation"),
        ("pyconv.nn.modules.conv_transpose", "pyconv.nn.modules.conv"),
        ("pyconv.nn.modules.linear", "pyconv.nn.modules.linear"),
        ("pyconv.nn.modules", "pyconv.nn.modules"),
        ("pyconv.nn.functional.loss.binary", "pyconv.nn.functional.loss.binary"),
        ("mine.nn.modules.pooling.maximum", "mine.nn.modules.pooling.maximum"),
        ("", ""),
    ],
)
def test_a_family_is_one_module(ours, torchs):
    assert family(ours) == torchs


def test_errors_and_typename_tell_the_family():
    assert pyconv.typename(nn.MaxPool2d(2)) == "torch.nn.modules.pooling.MaxPool2d"
    assert pyconv.typename(nn.Embedding) == "torch.nn.modules.sparse.Embedding"
    layer = nn.Linear(1, 1)
    with pytest.raises(TypeError, match=r"^cannot assign 'pyconv.nn.modules.activation.ReLU' as parameter 'weight'"):
        layer.weight = nn.ReLU()
