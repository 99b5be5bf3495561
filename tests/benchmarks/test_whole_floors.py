"""Which passes a network's convolutions make, and the products of them."""

from collections import Counter

import numpy as np

from benchmarks.layers import Layer
from benchmarks.runs import INFERENCE, TRAIN
from benchmarks.whole_floors import one_after_another, passed, passes, sequences, ways


def test_a_step_has_three_passes_but_for_the_images():
    names = Counter(name for _, name in passes(TRAIN[1]).elements())
    assert names == {"forward": 2, "weight_grad": 2, "input_grad": 1}


def test_inference_has_one_for_each_convolution():
    found = passes(INFERENCE[0])
    assert found.total() == 53
    assert {name for _, name in found} == {"forward"}
    assert sum(conv.multiplications for conv, _ in found.elements()) == 4_087_136_256


def test_larger_tiles_where_the_precision_allows_them():
    conv = Layer(4, (12, 12), 4, 3, padding=1).conv(1)
    product, columns, tiles = ways(conv, "forward", "high")
    assert [np.shape(run()) for run in product] == [(1, 4, 144), (4, 72)]
    assert [np.shape(run()) for run in columns] == [(4, 72), (1, 4, 144)]
    assert [np.shape(run()) for run in tiles[::2]] == [(4, 36), (4, 8), (4, 9)]
    assert [len(some) for some in ways(conv, "forward", "highest")] == [2, 2, 4]
    assert [len(some) for some in ways(conv, "weight_grad", "high")] == [2, 2, 2]
    assert [len(some) for some in ways(Layer(4, (12, 12), 4, 1).conv(1), "forward", "high")] == [2, 0, 0]


def test_a_sequence_makes_all(monkeypatch):
    monkeypatch.setattr("benchmarks.timing.SETTLE", 0)
    made = []
    one_after_another([lambda: made.append(1), lambda: made.append(2)])()
    assert made == [1, 2]
    for run in sequences(TRAIN[1], "highest"):
        run()


def test_a_step_copies_what_norms_relus_and_pools_read_and_write_and_its_parameters():
    *sizes, parameters, momentum = passed(TRAIN[1])
    assert parameters == momentum == 61_706
    sides = [(6 * 28**2, 6 * 14**2), (16 * 10**2, 16 * 5**2)]
    pools = [64 * (given + made) // 2 for given, made in sides]
    assert all(sizes.count(size) == 2 for size in pools)
    assert len(sizes) == 2 * (2 + 4)


def test_norms_are_three_copies_and_inference_has_none():
    numbers = Counter(passed(TRAIN[0]))
    stem = 8 * 64 * 32**2
    assert numbers[stem] == 3 + 2
    assert not passed(INFERENCE[0])
