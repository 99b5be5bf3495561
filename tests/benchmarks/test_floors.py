"""The products of the floors are as large as a convolution's own."""

import numpy as np
import pytest

from benchmarks import floors
from benchmarks.layers import Layer, Task

LAYERS = {
    "dense": (Layer(3, (9, 10), 8, 3, padding=1), (1, 8, 180), 27, (16, 8, 50), 3),
    "groups": (Layer(6, (8, 8), 4, 3, groups=2), (2, 2, 72), 27, (32, 2, 18), 3),
    "a row": (Layer(4, (6, 7), 5, (1, 3)), (1, 5, 60), 12, (4, 5, 36), 4),
    "strided": (Layer(3, (9, 9), 8, 3, stride=2), (1, 8, 32), 27, None, None),
    "depthwise": (Layer(4, (9, 9), 4, 3, groups=4), (4, 1, 98), 9, None, None),
}


@pytest.mark.parametrize(("layer", "shape", "terms", "tiles", "channels"), LAYERS.values(), ids=LAYERS)
def test_products_have_the_layers_sizes(layer, shape, terms, tiles, channels):
    task = Task(layer, 2)
    np.testing.assert_array_equal(floors.product(task)(), np.full(shape, terms))
    minimal = floors.minimal(task)
    assert (minimal is None) == (tiles is None)
    if minimal is not None:
        np.testing.assert_array_equal(minimal(), np.full(tiles, channels))


def test_a_copy_is_half_of_both_arrays():
    assert floors.copy(Task(Layer(4, (5, 5), 8, 1), 3))().shape == (3 * (4 + 8) * 25 // 2,)
