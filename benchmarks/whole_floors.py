"""What the convolutions of a whole network take at the least: the products of all of their passes, one after another.

May import: NumPy, `benchmarks`, `pyconv`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

import pyconv
from benchmarks import floors, networks
from benchmarks.runs import Whole
from benchmarks.timing import Run, interleaved
from pyconv.geometry import Conv

Pass = tuple[Conv, str]
FEWEST_ROUNDS = 3
"""Rounds after which the cheaper products of a pass are chosen."""


def passes(whole: Whole) -> Counter[Pass]:
    """The passes of a network's convolutions, with how often each runs; the images want no gradient.

    Example:
        >>> from benchmarks.runs import TRAIN
        >>> [(conv.out_channels, name) for conv, name in passes(TRAIN[1])]
        [(6, 'forward'), (6, 'weight_grad'), (16, 'forward'), (16, 'weight_grad'), (16, 'input_grad')]
    """
    found: list[Conv] = []

    def note(layer: Any, inputs: tuple[Any, ...], _: Any) -> None:
        options = (layer.stride, layer.padding, layer.dilation, layer.groups)
        found.append(Conv.of(inputs[0].shape, layer.weight.shape, None, *options))

    model = getattr(networks.load(whole.file, "pyconv"), whole.kind)().eval()
    for layer in model.modules():
        if isinstance(layer, pyconv.nn.Conv2d):
            layer.register_forward_hook(note)
    with pyconv.no_grad():
        model(pyconv.zeros(whole.batch, *whole.image))
    names = ("forward",) if whole.name == "inference" else ("forward", "weight_grad", "input_grad")
    counted = Counter((conv, name) for conv in found for name in names)
    del counted[found[0], "input_grad"]
    return counted


def products(conv: Conv, name: str, precision: str) -> tuple[list[Run], list[Run]]:
    """The ways through a pass's own product, and those through minimal filtering, of which there may be none."""
    tiles = [floors.minimal(conv, outputs, name) for outputs in floors.TILES[precision]]
    return [floors.product(conv, name), floors.in_pieces(conv, name)], [run for run in tiles if run is not None]


def sequences(whole: Whole, precision: str) -> tuple[Run, Run, Run]:
    """Calls that make all passes' own products, the cheaper ones, and the copies of what they read and write."""
    own: list[Run] = []
    cheaper: list[Run] = []
    copies: list[Run] = []
    for (conv, name), count in passes(whole).items():
        plain, tiles = products(conv, name, precision)
        seconds = [min(taken) for taken in interleaved([*plain, *tiles], FEWEST_ROUNDS)]
        own += [plain[int(np.argmin(seconds[: len(plain)]))]] * count
        cheaper += [[*plain, *tiles][int(np.argmin(seconds))]] * count
        copies += [floors.copy(conv)] * count
    return one_after_another(own), one_after_another(cheaper), one_after_another(copies)


def one_after_another(runs: Sequence[Run]) -> Run:
    """A call of all."""

    def run() -> None:
        for part in runs:
            part()

    return run
