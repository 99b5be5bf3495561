"""Which products are made in halves."""

import pytest

from pyconv.kernels.conv.column_products import _cut


@pytest.mark.parametrize(
    ("weights", "places", "cuts"), [(5184, 210, [112, 98]), (2304, 210, [210]), (9216, 784, [784])]
)
def test_products_a_little_too_large_are_made_in_halves(weights, places, cuts):
    assert [len(range(places)[cut]) for cut in _cut(weights, places)] == cuts
