"""A failing call made small."""

import pytest

from conformance.adapters.base import Adapter
from conformance.call_simplifications import SIMPLIFICATIONS, complexity
from conformance.cases import draw
from conformance.checks import CHECKS
from conformance.operations import OPERATIONS
from conformance.runner import judge
from conformance.shrink import same_failure, shrink
from conformance.tokens import parse

LARGE = "max_pool2d input=2x3x8x9 kernel_size=(3,2) stride=2 padding=1 ceil_mode=True strided f16 real seed17"


@pytest.mark.parametrize(
    ("fails", "line"),
    [
        (lambda call: call.text("ceil_mode") == "True", "max_pool2d ceil_mode=True f32 ints seed0"),
        (lambda call: call.dtype == "f16", "max_pool2d f16 ints seed0"),
        (lambda call: call.layout == "strided", "max_pool2d strided f32 ints seed0"),
        (lambda call: len(call.shapes().get("input", ())) > 2, "max_pool2d input=1x1x1 f32 ints seed0"),
        (lambda call: 9 in call.shapes().get("input", ()), "max_pool2d input=9x f32 ints seed0"),
        (lambda call: isinstance(call.given().get("kernel_size"), tuple), "max_pool2d kernel_size=() f32 ints seed0"),
    ],
)
def test_what_does_not_matter_is_taken_away(fails, line):
    assert str(shrink(parse(LARGE), fails)) == line


def test_a_length_shrinks_wherever_it_occurs():
    call = parse("matmul input=4x6 other=6x3")
    fits = {"input": (1, 1), "other": (1, 1)}

    def fails(call):
        shapes = call.shapes()
        return (
            len(shapes) == 2
            and shapes["input"][-1:] == shapes["other"][:1]
            and all(len(s) == 2 for s in shapes.values())
        )

    assert shrink(call, fails).shapes() == fits


def test_every_step_has_a_line_and_nothing_is_simpler_than_itself():
    ops = list(OPERATIONS)
    for number in range(0, 4 * len(ops), 7):
        call = draw(3, number, ops)
        for simplification in SIMPLIFICATIONS:
            for simpler in simplification(call):
                assert parse(str(simpler)) == simpler
                assert simpler != call or complexity(simpler) == complexity(call)


class _Bent(Adapter):
    """torch, which forgets ceil_mode where the stride is 2."""

    name, orders, calls = "bent", 2, True

    def __init__(self, torch):
        self.torch = torch

    def run(self, case, operands):
        return self.torch.run(_without(case) if case.text("stride") == "2" else case, operands)


def _without(case):
    words = [word for word in str(case).split() if not word.startswith("ceil_mode")]
    return parse(" ".join(words))


def test_a_fault_shrinks_to_a_call_that_has_it(torch):
    bent, call = _Bent(torch), parse(LARGE)
    (difference, *_) = judge(call, torch, bent, tuple(CHECKS)).differences
    small = shrink(call, same_failure(call, torch, bent, difference))
    assert {"stride=2", "ceil_mode=True", "f32", "ints", "seed0"} <= set(str(small).split())
    assert complexity(small) < complexity(call)
    assert judge(small, torch, bent, ["shape"]).differences
