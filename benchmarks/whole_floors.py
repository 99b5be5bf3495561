"""What a whole network takes at the least: all passes of its convolutions, one after another, and copies.

May import: NumPy, `benchmarks`, `pyconv`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyconv
from benchmarks import floors, networks
from benchmarks.filtering_floors import minimal, tiles_of
from benchmarks.runs import Whole
from benchmarks.timing import Run, interleaved
from pyconv.geometry import Conv, Size

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
    for layer, given, _ in _calls(whole):
        if isinstance(layer, pyconv.nn.Conv2d):
            options = (layer.stride, layer.padding, layer.dilation, layer.groups)
            found.append(Conv.of(given, layer.weight.shape, None, *options))
    names = ("forward",) if whole.name == "inference" else ("forward", "weight_grad", "input_grad")
    counted = Counter((conv, name) for conv in found for name in names)
    del counted[found[0], "input_grad"]
    return counted


def passed(whole: Whole) -> list[int]:
    """Elements copied, a number for each copy, in place of what a step does besides its convolutions; none otherwise.

    A copy reads and writes. A norm reads its input twice and writes once, and so does its gradient: three copies. A
    ReLU and a pool have one forward and one back, SGD has two of all parameters, one for the momentum. Sums of
    residuals, linear layers and the loss are left out, and so is all that inference does with a result while the cache
    holds it.

    Example:
        >>> from benchmarks.runs import INFERENCE, TRAIN
        >>> sum(passed(TRAIN[0])) > sum(passed(TRAIN[1])) > sum(passed(INFERENCE[0]))
        True
    """
    if whole.name == "inference":
        return []
    sizes: list[int] = []
    for layer, given, made in _calls(whole):
        if isinstance(layer, pyconv.nn.BatchNorm2d):
            sizes += [math.prod(made)] * 3
        elif isinstance(layer, pyconv.nn.ReLU | pyconv.nn.MaxPool2d):
            sizes += [(math.prod(given) + math.prod(made)) // 2] * 2
    return [*sizes, *[sum(parameter.numel() for parameter in _model(whole).parameters())] * 2]


def _model(whole: Whole) -> Any:
    """The network."""
    return getattr(networks.load(whole.file, "pyconv"), whole.kind)().eval()


def _calls(whole: Whole) -> list[tuple[Any, Size, Size]]:
    """The layers in the order in which a batch passes them, with the shapes of what they read and write."""
    found: list[tuple[Any, Size, Size]] = []

    def note(layer: Any, inputs: tuple[Any, ...], output: Any) -> None:
        found.append((layer, tuple(inputs[0].shape), tuple(output.shape)))

    model = _model(whole)
    for layer in model.modules():
        layer.register_forward_hook(note)
    with pyconv.no_grad():
        model(pyconv.zeros(whole.batch, *whole.image))
    return found


def ways(conv: Conv, name: str, precision: str) -> tuple[list[Run], list[Run], list[Run]]:
    """The ways through a pass's product, operands ready; those with its columns gathered; and by minimal filtering."""
    tiles = [run for outputs in tiles_of(name, precision) for run in minimal(conv, outputs, name)]
    return [floors.product(conv, name), floors.in_pieces(conv, name)], floors.columns(conv, name), tiles


def sequences(whole: Whole, precision: str) -> list[Run]:
    """Calls that make all passes' products; those with their columns; what is cheapest; and the copies."""
    made: list[list[Run]] = [[], [], [], [floors.copied(size) for size in passed(whole)]]
    for (conv, name), count in passes(whole).items():
        product, columns, tiles = ways(conv, name, precision)
        seconds = [min(taken) for taken in interleaved([*product, *columns, *tiles], FEWEST_ROUNDS)]
        timed = list(zip(seconds, [*product, *columns, *tiles], strict=True))
        first, second = len(product), len(product) + len(columns)
        gathered = timed[first:second] or timed[:first]
        for runs, some in zip(made, (timed[:first], gathered, gathered + timed[second:]), strict=False):
            runs += [min(some, key=lambda pair: pair[0])[1]] * count
        made[-1] += [floors.copy(conv)] * count
    return [one_after_another(runs) for runs in made]


def one_after_another(runs: Sequence[Run]) -> Run:
    """A call of all."""

    def run() -> None:
        for part in runs:
            part()

    return run
