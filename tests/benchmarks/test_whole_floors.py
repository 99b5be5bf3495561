"""Which passes a network's convolutions make, and the products of them."""

from collections import Counter

import numpy as np

from benchmarks.layers import Layer
from benchmarks.runs import INFERENCE, TRAIN
from benchmarks.whole_floors import one_after_another, passes, sequences, ways


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
    assert [len(some) for some in ways(conv, "weight_grad", "high")] == [2, 2, 0]


def test_a_sequence_makes_all(monkeypatch):
    monkeypatch.setattr("benchmarks.timing.SETTLE", 0)
    made = []
    one_after_another([lambda: made.append(1), lambda: made.append(2)])()
    assert made == [1, 2]
    for run in sequences(TRAIN[1], "highest"):
        run()
