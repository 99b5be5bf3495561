"""The products of the floors are as large as a convolution's own."""

import numpy as np
import pytest

from benchmarks import floors
from benchmarks.layers import Layer

LAYERS = {
    "dense": (Layer(3, (9, 10), 8, 3, padding=1), (1, 8, 180), 27, 16 * 8 * 50 * 3),
    "groups": (Layer(6, (8, 8), 4, 3, groups=2), (2, 2, 72), 27, 32 * 2 * 18 * 3),
    "a row": (Layer(4, (6, 7), 5, (1, 3)), (1, 5, 60), 12, 4 * 5 * 36 * 4),
    "strided": (Layer(3, (9, 9), 8, 3, stride=2), (1, 8, 32), 27, None),
    "depthwise": (Layer(4, (9, 9), 4, 3, groups=4), (4, 1, 98), 9, None),
}


@pytest.fixture
def done(monkeypatch):
    """What is multiplied and added, in numbers of multiplications and of additions, by what does it."""
    sizes = {"matmul": [], "add": []}

    def note(name, size_of, do):
        def noted(one, other, out):
            sizes[name].append(size_of(one, out))
            return do(one, other, out=out)

        monkeypatch.setattr(floors.np, name, noted)

    note("matmul", lambda u, y: y.size * u.shape[-1], np.matmul)
    note("add", lambda _, y: y.size, np.add)
    return sizes


@pytest.mark.parametrize(("layer", "shape", "terms", "minimal"), LAYERS.values(), ids=LAYERS)
def test_products_have_the_layers_sizes(layer, shape, terms, minimal, done):
    conv = layer.conv(2)
    np.testing.assert_array_equal(floors.product(conv)(), np.full(shape, terms))
    done["matmul"].clear()
    floors.in_pieces(conv)()
    assert sum(done["matmul"]) == conv.multiplications
    done["matmul"].clear()
    filtering = floors.minimal(conv, 2)
    assert (filtering is None) == (minimal is None)
    if filtering is not None:
        filtering()
        assert sum(done["matmul"]) == minimal


@pytest.mark.parametrize(("stride", "shape", "terms"), [(1, (1, 3, 242), 72), (2, (1, 27, 50), 8)])
def test_products_of_input_gradients(stride, shape, terms):
    conv = Layer(3, (11, 11), 8, 3, stride).conv(2)
    np.testing.assert_array_equal(floors.product(conv, "input_grad")(), np.full(shape, terms))


def test_minimal_filtering_has_larger_tiles_and_input_gradients(done):
    conv = Layer(3, (11, 11), 8, 3).conv(2)
    for outputs, name in ((3, "forward"), (4, "input_grad")):
        floors.minimal(conv, outputs, name)()
    assert sum(done["matmul"]) == 25 * 8 * 18 * 3 + 36 * 3 * 18 * 8
    assert floors.minimal(conv, 2, "weight_grad") is None


def test_minimal_filtering_adds_what_it_transforms(done):
    floors.minimal(Layer(32, (64, 64), 16, 3, padding=1).conv(2), 2)()
    inputs, outputs = 16 * 2 * 32**2 * 32, 16 * 2 * 32**2 * 16
    assert sum(done["add"]) == inputs + outputs // 2
    assert max(done["add"]) <= floors.ADDED


def test_pieces_are_what_the_cache_holds(done):
    conv = Layer(64, (64, 64), 8, 3, padding=1).conv(1)
    floors.in_pieces(conv)()
    assert 0.98 * conv.multiplications < sum(done["matmul"]) <= conv.multiplications
    assert len(done["matmul"]) > 8
    assert max(done["matmul"]) <= 8 * floors.CACHED


def test_a_gradient_of_weights_sums_over_all_places():
    np.testing.assert_array_equal(
        floors.product(Layer(4, (6, 7), 6, 3, groups=2).conv(3), "weight_grad")(), np.full((2, 3, 18), 60)
    )


def test_a_copy_is_half_of_both_arrays():
    assert floors.copy(Layer(4, (5, 5), 8, 1).conv(3))().shape == (3 * (4 + 8) * 25 // 2,)
