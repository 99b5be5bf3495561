"""Drawn pads are valid, defined, and go to the edges."""

from random import Random

import pytest

from conformance.cases import FAMILIES
from conformance.cases.pad import is_undefined
from conformance.fills import draw as fill
from conformance.tokens import parse

DRAWN = [case for case in (FAMILIES["pad"].draw(Random(n)) for n in range(700)) if not is_undefined(case)]
EDGES = {
    **{mode: lambda c, mode=mode: c.mode == mode for mode in (None, "constant", "reflect", "replicate", "circular")},
    "reflect as far as it goes": lambda c: c.mode == "reflect" and max(c.padding) == max(c.size) - 1 > 0,
    "a whole turn": lambda c: c.mode == "circular" and max(c.padding) == max(c.size),
    "crop": lambda c: min(c.padding) < 0,
    "crop and pad one axis": lambda c: any(a * b < 0 for a, b in zip(c.padding[::2], c.padding[1::2])),
    "channels too": lambda c: len(c.padding) // 2 > len(c.size),
    "value": lambda c: c.value not in (None, 0.0),
    "unbatched": lambda c: c.batch is None,
    "empty batch": lambda c: c.batch == 0,
    "lists": lambda c: c.lists,
}


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_torch_accepts_every_drawn_case(torch):
    for case in DRAWN:
        torch.run(case, fill(case))


@pytest.mark.parametrize("edge", EDGES)
def test_the_draw_reaches_the_edge(edge):
    assert any(EDGES[edge](case) for case in DRAWN)


@pytest.mark.parametrize(
    ("line", "undefined"),
    [
        ("pad c1 h4 p4,-1 circular", True),
        ("pad c1 h4 p3,-1 circular", False),
        ("pad c1 h4 p4,4 circular", False),
        ("pad c1 h2x3 p0,0,-3,1 reflect", True),
        ("pad c1 h2x3 p0,0,-3,1", False),
        ("conv1d c1 h4 p4 circular", False),
    ],
)
def test_what_torch_leaves_undefined(line, undefined):
    assert is_undefined(parse(line)) == undefined
