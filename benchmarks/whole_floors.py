"""What the convolutions of a whole network take at the least: all of their passes, one after another.

May import: NumPy, `benchmarks`, `pyconv`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyconv
from benchmarks import floors, networks
from benchmarks.filtering_floors import TILES, minimal
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


def ways(conv: Conv, name: str, precision: str) -> tuple[list[Run], list[Run], list[Run]]:
    """The ways through a pass's product, operands ready; those with its columns gathered; and by minimal filtering."""
    tiles = [run for outputs in TILES[precision] for run in minimal(conv, outputs, name)]
    return [floors.product(conv, name), floors.in_pieces(conv, name)], floors.columns(conv, name), tiles


def sequences(whole: Whole, precision: str) -> list[Run]:
    """Calls that make all passes' products; those with their columns; what is cheapest; and the copies."""
    made: list[list[Run]] = [[], [], [], []]
    for (conv, name), count in passes(whole).items():
        product, columns, tiles = ways(conv, name, precision)
        seconds = [min(taken) for taken in interleaved([*product, *columns, *tiles], FEWEST_ROUNDS)]
        timed = list(zip(seconds, [*product, *columns, *tiles], strict=True))
        first, second = len(product), len(product) + len(columns)
        for runs, some in zip(made, (timed[:first], timed[first:second], timed[first:]), strict=False):
            runs += [min(some, key=lambda pair: pair[0])[1]] * count
        made[-1] += [floors.copy(conv)] * count
    return [one_after_another(runs) for runs in made]


def one_after_another(runs: Sequence[Run]) -> Run:
    """A call of all."""

    def run() -> None:
        for part in runs:
            part()

    return run
