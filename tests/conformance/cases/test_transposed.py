"""Drawn transposed convolutions are valid, and go to every edge of the argument space."""

from random import Random

import pytest

from conformance.case import is_integer
from conformance.cases import FAMILIES
from conformance.fills import draw as fill

OPS = ("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
DRAWN = {op: [FAMILIES[op].draw(Random(f"{op}{n}")) for n in range(700)] for op in OPS}
EDGES = {
    "output padding": lambda c: max(c.axes(c.output_padding, 0)) > 0,
    "output padding below the dilation only": lambda c: any(
        s <= extra < d for s, extra, d in zip(c.axes(c.stride), c.axes(c.output_padding, 0), c.axes(c.dilation))
    ),
    "output size": lambda c: c.output_size is not None,
    "output size with batch and channels": lambda c: len(c.output_size or ()) > len(c.size),
    "stride larger than the kernel": lambda c: any(s > k for s, k in zip(c.axes(c.stride), c.axes(c.kernel))),
    "dilation": lambda c: max(c.axes(c.dilation)) > 1,
    "groups": lambda c: (c.groups or 1) > 1,
    "depthwise with a multiplier": lambda c: c.groups == c.channels and c.out_channels > c.channels > 1,
    "empty batch": lambda c: c.batch == 0,
    "unbatched": lambda c: c.batch is None,
    "module": lambda c: c.module,
    "integers": lambda c: is_integer(c.dtype),
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("op", OPS)
def test_torch_accepts_every_drawn_case(torch, op):
    for case in DRAWN[op][:150]:
        assert torch.run(case, fill(case))["output"].size > 0 or case.batch == 0


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("op", OPS)
def test_the_draw_reaches_the_edge(op, edge):
    assert any(EDGES[edge](case) for case in DRAWN[op])
