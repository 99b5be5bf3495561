"""Drawn convolutions are valid, and go to every edge of the argument space."""

from random import Random

import pytest

from conformance.case import is_integer
from conformance.cases import FAMILIES
from conformance.fills import draw as fill

DRAWN = {op: [FAMILIES[op].draw(Random(f"{op}{n}")) for n in range(700)] for op in ("conv1d", "conv2d", "conv3d")}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("op", DRAWN)
def test_torch_accepts_every_drawn_case(torch, op):
    for case in DRAWN[op][:150]:
        torch.run(case, fill(case))


def _axes(case):
    """The padded size, the kernel's extent, the kernel, stride and padding along each axis."""
    padding = (0,) * len(case.size) if isinstance(case.padding, str) else case.axes(case.padding, 0)
    extents = [d * (k - 1) + 1 for k, d in zip(case.axes(case.kernel), case.axes(case.dilation))]
    padded = [length + 2 * p for length, p in zip(case.size, padding)]
    return list(zip(padded, extents, case.axes(case.kernel), case.axes(case.stride), padding))


EDGES = {
    "kernel as large as the padded input": lambda c: any(e == p for p, e, *_ in _axes(c)) and max(c.size) > 1,
    "stride larger than the kernel": lambda c: any(s > k for _, _, k, s, _ in _axes(c)),
    "padding as large as the kernel": lambda c: any(p >= k for _, _, k, _, p in _axes(c)),
    "one pixel comes out": lambda c: all((p - e) // s == 0 for p, e, _, s, _ in _axes(c)) and max(c.size) > 1,
    "a rest is left over": lambda c: any((p - e) % s for p, e, _, s, _ in _axes(c)),
    "empty batch": lambda c: c.batch == 0,
    "unbatched": lambda c: c.batch is None,
    "no input channels": lambda c: c.channels == 0,
    "groups": lambda c: (c.groups or 1) > 1,
    "depthwise with a multiplier": lambda c: c.groups == c.channels and c.out_channels > c.channels > 1,
    "bias": lambda c: c.bias,
    "no bias": lambda c: not c.bias,
    "same": lambda c: c.padding == "same",
    "same with an even kernel": lambda c: c.padding == "same" and any(k % 2 == 0 for k in c.axes(c.kernel)),
    "same, dilated": lambda c: c.padding == "same" and max(c.axes(c.dilation)) > 1,
    "same and a mode": lambda c: c.padding == "same" and c.mode == "reflect",
    "valid": lambda c: c.padding == "valid",
    "int argument": lambda c: isinstance(c.stride, int),
    "tuple argument": lambda c: isinstance(c.stride, tuple),
    "tuple of one": lambda c: isinstance(c.stride, tuple) and len(c.stride) == 1,
    "argument left out": lambda c: c.stride is None,
    "lists": lambda c: c.lists,
    "module": lambda c: c.module,
    **{mode: lambda c, mode=mode: c.mode == mode for mode in ("zeros", "reflect", "replicate", "circular")},
}


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("op", DRAWN)
def test_the_draw_reaches_the_edge(op, edge):
    assert any(EDGES[edge](case) for case in DRAWN[op])


@pytest.mark.parametrize("op", DRAWN)
def test_the_draw_takes_every_dtype_and_fill(op):
    assert len({case.dtype for case in DRAWN[op]}) == 11
    assert {case.fill for case in DRAWN[op]} == {"ints", "real"}
    assert all(case.fill == "ints" for case in DRAWN[op] if is_integer(case.dtype))
