"""What people get wrong: the same exception, text, warnings, or result as torch."""

import pytest
import torch

import pyconv
from tests.against_torch.mistakes import different, gradients, layers, modules, shapes, tensors, training
from tests.against_torch.mistakes.namespace import observe

AREAS = (tensors, shapes, layers, modules, gradients, training)


def _programs(text):
    return [program for program in text.strip().split("\n\n") if program]


def _mistakes(area):
    return [*area.LINES.strip().split("\n"), *_programs(getattr(area, "PROGRAMS", ""))]


MISTAKES = list(dict.fromkeys(text for area in AREAS for text in _mistakes(area)))
DIFFERENT = [text for lines in different.LINES.values() for text in lines.strip().split("\n")]
DIFFERENT += [text for programs in different.PROGRAMS.values() for text in _programs(programs)]


@pytest.fixture(autouse=True)
def _every_warning_each_time():
    """torch gives some warnings once a process; here each mistake is as if it were the first."""
    torch.set_warn_always(True)
    yield
    torch.set_warn_always(False)


@pytest.mark.parametrize("mistake", [text for text in MISTAKES if text not in set(DIFFERENT)])
def test_a_mistake_gets_what_torch_says(mistake):
    assert observe(pyconv, mistake) == observe(torch, mistake)


def test_the_list_of_differences_holds_no_other():
    assert [text for text in DIFFERENT if text not in MISTAKES] == []
    assert [text for text in DIFFERENT if observe(pyconv, text) == observe(torch, text)] == []
