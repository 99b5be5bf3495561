"""The products and the transforms of minimal filtering are as large as its own."""

import numpy as np
import pytest

from benchmarks import filtering_floors, floors
from benchmarks.filtering_floors import minimal
from benchmarks.layers import Layer

LAYERS = {
    "dense": (Layer(3, (9, 10), 8, 3, padding=1), 16 * 8 * 50 * 3),
    "groups": (Layer(6, (8, 8), 4, 3, groups=2), 32 * 2 * 18 * 3),
    "a row": (Layer(4, (6, 7), 5, (1, 3)), 4 * 5 * 36 * 4),
}


@pytest.fixture
def done(monkeypatch):
    """Multiplications of products of more than small matrices, elements that those make, and elements added."""
    sizes = {"multiplied": 0, "turned": 0, "added": 0}

    def multiply(one, other, out):
        small = one.flags.f_contiguous and not one.flags.c_contiguous
        sizes["turned" if small else "multiplied"] += out.size * (1 if small else one.shape[-1])
        return matmul(one, other, out=out)

    def add(one, other, out):
        sizes["added"] += out.size
        return plus(one, other, out=out)

    matmul, plus = np.matmul, np.add
    monkeypatch.setattr(floors.np, "matmul", multiply)
    monkeypatch.setattr(floors.np, "add", add)
    return sizes


@pytest.mark.parametrize(("layer", "expected"), LAYERS.values(), ids=LAYERS)
def test_products_have_the_layers_sizes(layer, expected, done):
    for run in minimal(layer.conv(2), 2):
        done["multiplied"] = 0
        run()
        assert done["multiplied"] == expected


def test_there_are_larger_tiles_and_input_gradients(done):
    conv = Layer(3, (11, 11), 8, 3).conv(2)
    for outputs, name in ((3, "forward"), (4, "input_grad")):
        minimal(conv, outputs, name)[0]()
    assert done["multiplied"] == 25 * 8 * 18 * 3 + 36 * 3 * 18 * 8


def test_weights_gradients_sum_over_tiles(done):
    for run in minimal(Layer(16, (64, 64), 8, 3, padding=1).conv(2), 4, "weight_grad"):
        done.update(multiplied=0, added=0, turned=0)
        run()
        assert done["multiplied"] == 36 * 8 * 2 * 16**2 * 16
        x, y, weights = 2 * 16 * 64**2, 2 * 8 * 64**2, 8 * 16 * (3 * 6 + 9)
        expected = (x + y) * (6 * 4 + 36) // 16 + weights
        assert 0.99 * expected < done["added"] + done["turned"] < 1.1 * expected


def test_sums_longer_than_the_accuracy_allows_are_added_up(done):
    counts = []
    for channels in (96, 192):
        done.update(multiplied=0, added=0)
        minimal(Layer(channels, (24, 24), 8, 3, padding=1).conv(2), 3)[0]()
        counts.append((done["multiplied"], done["added"]))
    (short, once), (long, twice) = counts
    products = 25 * 8 * 64 * 2
    assert long == 2 * short == products * 192
    transforms = 96 * ((5 + 25 / 3) / 3 * 24**2 * 2 + (15 + 25) * 8)
    assert twice - once == pytest.approx(products + transforms, rel=0.01)


@pytest.mark.parametrize("options", [{"kernel": 3, "stride": 2}, {"kernel": 3, "groups": 4}, {"kernel": 5}])
def test_elsewhere_there_is_none(options):
    assert minimal(Layer(4, (9, 9), 4, **options).conv(2), 2) == []


def test_each_element_of_a_transform_is_added_or_turned(done):
    added, turned = minimal(Layer(32, (64, 64), 16, 3, padding=1).conv(2), 2)
    inputs, results, weights = (2 + 4) * 2 * 64**2 * 32, (2 + 1) * 2 * 64**2 * 16, (4 * 3 + 16) * 32 * 16
    added()
    assert 0.99 * (inputs + results + weights) < done["added"] <= inputs + results + weights
    turned()
    assert inputs + results + weights <= done["turned"] < 1.1 * (inputs + results + weights)


def test_larger_tiles_make_fewer_elements(done):
    counts = []
    for outputs in filtering_floors.TILES["high"]:
        done["added"] = 0
        minimal(Layer(32, (72, 72), 32, 3, padding=1).conv(2), outputs)[0]()
        counts.append(done["added"])
    assert counts == sorted(counts, reverse=True)
