"""Drawn folds and unfolds are valid, and go to the edges."""

from random import Random

import pytest

from conformance.cases import FAMILIES
from conformance.fills import draw as fill

DRAWN = {op: [FAMILIES[op].draw(Random(n)) for n in range(400)] for op in ("fold", "unfold")}
EDGES = {
    "one window": lambda c: c.size == (1,) or (c.op == "unfold" and c.kernel == c.size),
    "stride": lambda c: max(c.axes(c.stride)) > 1,
    "padding": lambda c: max(c.axes(c.padding, 0)) > 0,
    "dilation": lambda c: max(c.axes(c.dilation)) > 1,
    "a pair": lambda c: isinstance(c.kernel, tuple),
    "an int": lambda c: isinstance(c.kernel, int),
    "unbatched": lambda c: c.batch is None,
    "empty batch": lambda c: c.batch == 0,
    "module": lambda c: c.module,
}


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("op", DRAWN)
def test_torch_accepts_every_drawn_case(torch, op):
    for case in DRAWN[op]:
        assert torch.run(case, fill(case))["output"].size > 0 or case.batch == 0


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("op", DRAWN)
def test_the_draw_reaches_the_edge(op, edge):
    assert any(EDGES[edge](case) for case in DRAWN[op])
