"""Which elements a target reads: both maps, spelled out tap by tap."""

import numpy as np
import pytest

from pyconv.geometry import Conv, Window
from pyconv.kernels.conv.phases import phases, reach


def draw(seed):
    """One dimension of any stride, dilation and padding, and some of its targets."""
    rng = np.random.default_rng(seed)
    kernel, stride, dilation = (int(n) for n in rng.integers(1, 6, 3))
    window = Window((kernel,), (stride,), ((int(rng.integers(0, 7)), int(rng.integers(0, 7))),), (dilation,))
    size = (window.extent[0] + int(rng.integers(0, 12)),)
    return Conv(1, 1, 1, 1, size, window.output(size), window), rng


def pairs(found):
    """(target, tap, source) of all phases."""
    for phase in found:
        targets = range(1000)[phase.targets][: phase.count]
        taps = np.arange(100)[phase.taps][: phase.length]
        for i, target in enumerate(targets):
            for k, tap in enumerate(taps):
                yield target, int(tap), phase.first + i * phase.step + k * phase.stride


@pytest.mark.parametrize("name", ["forward", "input_grad"])
@pytest.mark.parametrize("seed", range(60))
def test_every_tap_of_every_target_once(name, seed):
    conv, rng = draw(seed)
    window = conv.window
    (kernel,), (stride,), (dilation,), ((padding, _),) = window.kernel, window.stride, window.dilation, window.padding
    total = (conv.output if name == "forward" else conv.input)[0]
    low = int(rng.integers(0, total))
    high = int(rng.integers(low + 1, total + 1))
    expected = set()
    for target in range(low, high):
        for tap in range(kernel):
            if name == "forward":
                expected.add((target - low, tap, target * stride + tap * dilation - padding))
            elif (target + padding - tap * dilation) % stride == 0:
                expected.add((target - low, tap, (target + padding - tap * dilation) // stride))
    found = phases(conv, 0, name, low, high)
    met = list(pairs(found))
    assert len(met) == len(set(met))
    assert set(met) == expected
    if expected:
        assert reach(found) == (min(e[2] for e in expected), max(e[2] for e in expected) + 1)


def test_nothing_is_read_where_no_tap_meets_a_target():
    conv = Conv.of((1, 1, 9), (1, 1, 1), None, stride=3)
    assert reach(phases(conv, 0, "input_grad", 1, 2)) == (0, 0)
