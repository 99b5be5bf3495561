"""A case before the checks: when the library is asked, what of its memory is kept, and which answers are trusted."""

import numpy as np
import pytest

from conformance.adapters import Adapter
from conformance.checks.reference import Live
from conformance.checks.trial import Trial
from conformance.tokens import parse

LINE = "conv1d n1 c2 o2 h5 k3 bias strided f32 ints seed1"


class Counting(Adapter):
    """torch that counts its calls."""

    name = "counting"
    calls = 0

    def __init__(self, torch):
        self.torch = torch

    def run(self, case, operands):
        self.calls += 1
        return self.torch.run(case, operands)


def test_the_library_is_asked_once_and_again_when_it_is_asked_for(torch):
    library = Counting(torch)
    trial = Trial(Live(parse(LINE), torch), library)
    assert trial.got is trial.got
    assert (len(trial.pairs), trial.answered, library.calls) == (4, True, 1)
    assert trial.again() is not trial.got
    assert library.calls == 2


def test_the_memory_between_the_elements_and_of_the_cotangent_is_kept(torch):
    trial = Trial(Live(parse(LINE), torch), torch)
    assert {name: len(memory) for name, memory in trial.before.items()} == {
        "input": 2 * 10 * 4,
        "weight": 2 * 12 * 4,
        "bias": 2 * 4,
        "cotangent": 2 * 6 * 4,
    }


def test_a_library_without_gradients_is_given_no_cotangent_and_compared_in_its_output(torch):
    library = Counting(torch)
    library.orders = 0
    trial = Trial(Live(parse(LINE), torch), library)
    assert list(trial.expected) == [pair.where for pair in trial.pairs] == ["output"]
    assert "cotangent" not in trial.before


def test_where_one_raises_there_are_no_pairs(torch):
    trial = Trial(Live(parse("conv1d n1 c1 o1 h2 k3"), torch), torch)
    assert (trial.pairs, trial.answered, trial.mistrusted) == ([], False, False)


@pytest.mark.parametrize(
    ("line", "mistrusted"),
    [
        (LINE, False),
        ("conv1d n1 c1 o1 h9 k1 p20 f32 ints", True),
        ("conv1d n0 c1 o1 h9 k1 f32 ints", True),
        ("conv1d n1 c1 o1 h9 k1 s5 f32 ints", True),
        ("pad c1 h3 p0,9 f32 ints", True),
        ("pad c1 h3 p0,9 v1.0 f32 ints", False),
    ],
)
def test_maps_that_are_empty_or_mostly_zeros_are_mistrusted(torch, line, mistrusted):
    assert Trial(Live(parse(line), torch), torch).mistrusted == mistrusted


def test_where_torch_is_wrong_about_integers_what_is_right_is_expected(torch):
    class Off(Counting):
        def run(self, case, operands):
            maps = super().run(case, operands)
            return maps | {"output": maps["output"] + (case.dtype == "f32")}

    wrong = Off(torch)
    right, also_wrong = Trial(Live(parse(LINE), wrong), torch), Trial(Live(parse(LINE), wrong), Counting(torch))
    output = right.pairs[0]
    assert np.array_equal(output.exact, output.got)
    assert output.worst.count == 0
    assert also_wrong.pairs[0].worst.torch_ratio == np.inf
    assert [pair.exact for pair in right.pairs[1:]] == [None] * 3
