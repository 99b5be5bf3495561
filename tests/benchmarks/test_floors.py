"""The products of the floors are as large as a convolution's own."""

import numpy as np
import pytest

from benchmarks import floors
from benchmarks.layers import Layer

LAYERS = {
    "dense": (Layer(3, (9, 10), 8, 3, padding=1), (1, 8, 180), 27, (16, 8, 50), 3),
    "groups": (Layer(6, (8, 8), 4, 3, groups=2), (2, 2, 72), 27, (32, 2, 18), 3),
    "a row": (Layer(4, (6, 7), 5, (1, 3)), (1, 5, 60), 12, (4, 5, 36), 4),
    "strided": (Layer(3, (9, 9), 8, 3, stride=2), (1, 8, 32), 27, None, None),
    "depthwise": (Layer(4, (9, 9), 4, 3, groups=4), (4, 1, 98), 9, None, None),
}


@pytest.mark.parametrize(("layer", "shape", "terms", "tiles", "channels"), LAYERS.values(), ids=LAYERS)
def test_products_have_the_layers_sizes(layer, shape, terms, tiles, channels):
    conv = layer.conv(2)
    np.testing.assert_array_equal(floors.product(conv)(), np.full(shape, terms))
    minimal = floors.minimal(conv, 2)
    assert (minimal is None) == (tiles is None)
    if minimal is not None:
        np.testing.assert_array_equal(minimal(), np.full(tiles, channels))


@pytest.mark.parametrize(("stride", "shape", "terms"), [(1, (1, 3, 242), 72), (2, (1, 27, 50), 8)])
def test_products_of_input_gradients(stride, shape, terms):
    conv = Layer(3, (11, 11), 8, 3, stride).conv(2)
    np.testing.assert_array_equal(floors.product(conv, "input_grad")(), np.full(shape, terms))


def test_minimal_filtering_has_larger_tiles_and_input_gradients():
    conv = Layer(3, (11, 11), 8, 3).conv(2)
    np.testing.assert_array_equal(floors.minimal(conv, 3)(), np.full((25, 8, 18), 3))
    np.testing.assert_array_equal(floors.minimal(conv, 4, "input_grad")(), np.full((36, 3, 18), 8))
    assert floors.minimal(conv, 2, "weight_grad") is None


def test_a_gradient_of_weights_sums_over_all_places():
    np.testing.assert_array_equal(
        floors.product(Layer(4, (6, 7), 6, 3, groups=2).conv(3), "weight_grad")(), np.full((2, 3, 18), 60)
    )


def test_a_copy_is_half_of_both_arrays():
    assert floors.copy(Layer(4, (5, 5), 8, 1).conv(3))().shape == (3 * (4 + 8) * 25 // 2,)
