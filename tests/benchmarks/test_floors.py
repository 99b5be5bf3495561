"""The products and columns of the floors are as large as a convolution's own."""

import numpy as np
import pytest

from benchmarks import floors
from benchmarks.layers import Layer

LAYERS = {
    "dense": (Layer(3, (9, 10), 8, 3, padding=1), (1, 8, 180), 27),
    "groups": (Layer(6, (8, 8), 4, 3, groups=2), (2, 2, 72), 27),
    "a row": (Layer(4, (6, 7), 5, (1, 3)), (1, 5, 60), 12),
    "strided": (Layer(3, (9, 9), 8, 3, stride=2), (1, 8, 32), 27),
    "depthwise": (Layer(4, (9, 9), 4, 3, groups=4), (4, 1, 98), 9),
}


@pytest.fixture
def done(monkeypatch):
    """What is multiplied and copied, in numbers of multiplications and of bytes, by what does it."""
    sizes = {"matmul": [], "copyto": []}

    def multiply(one, other, out):
        sizes["matmul"].append(out.size * one.shape[-1])
        return matmul(one, other, out=out)

    def copy(goal, source):
        sizes["copyto"].append(goal.nbytes)
        copyto(goal, source)

    matmul, copyto = np.matmul, np.copyto
    monkeypatch.setattr(floors.np, "matmul", multiply)
    monkeypatch.setattr(floors.np, "copyto", copy)
    return sizes


@pytest.mark.parametrize(("layer", "shape", "terms"), LAYERS.values(), ids=LAYERS)
def test_products_have_the_layers_sizes(layer, shape, terms, done):
    conv = layer.conv(2)
    np.testing.assert_array_equal(floors.product(conv)(), np.full(shape, terms))
    for run in (floors.in_pieces(conv), *floors.columns(conv)):
        done["matmul"].clear()
        run()
        assert sum(done["matmul"]) == conv.multiplications


@pytest.mark.parametrize("name", ["forward", "input_grad", "weight_grad"])
def test_columns_are_gathered_whole(name, done):
    conv = Layer(128, (64, 64), 96, 3, padding=1).conv(1)
    for run in floors.columns(conv, name):
        done["copyto"].clear()
        run()
        wanted = 4 * 9 * 64**2 * (96 if name == "input_grad" else 128)
        assert 0.95 * wanted < sum(done["copyto"]) <= wanted


def test_of_few_channels_the_columns_of_one_kernel_row_are_enough(done):
    floors.columns(Layer(16, (64, 64), 16, 3, padding=1).conv(1))[0]()
    assert 0.95 * 4 * 3 * 16 * 64**2 < sum(done["copyto"]) <= 4 * 3 * 16 * 64**2


@pytest.mark.parametrize(("channels", "side"), [(80, 224), (256, 14), (512, 7)])
def test_a_piece_that_ends_within_a_line_gathers_no_more_than_it_has(channels, side, done):
    floors.columns(Layer(channels, (side, side), 4, 3, padding=1).conv(1))[0]()
    wanted = 4 * 9 * channels * side**2
    assert 0.95 * wanted < sum(done["copyto"]) <= wanted


def test_columns_that_lie_in_the_image_are_not_gathered(done):
    assert floors.columns(Layer(8, (6, 6), 4, 1).conv(2)) == []
    floors.columns(Layer(8, (6, 6), 4, 1, 2).conv(2))[0]()
    assert sum(done["copyto"]) == 4 * 8 * 2 * 9


@pytest.mark.parametrize(("stride", "shape", "terms"), [(1, (1, 3, 242), 72), (2, (1, 27, 50), 8)])
def test_products_of_input_gradients(stride, shape, terms):
    conv = Layer(3, (11, 11), 8, 3, stride).conv(2)
    np.testing.assert_array_equal(floors.product(conv, "input_grad")(), np.full(shape, terms))


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
