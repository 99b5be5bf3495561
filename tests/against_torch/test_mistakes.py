"""What people get wrong: the same exception, text, warnings, or result as torch."""

import pytest
import torch

import pyconv
from tests.against_torch.mistakes import gradients, layers, modules, shapes, tensors, training
from tests.against_torch.mistakes.namespace import observe

AREAS = (tensors, shapes, layers, modules, gradients, training)


def _mistakes(area):
    programs = [text.strip() for text in getattr(area, "PROGRAMS", "").split("\n\n")]
    return [text for text in (*area.LINES.split("\n"), *programs) if text]


MISTAKES = list(dict.fromkeys(text for area in AREAS for text in _mistakes(area)))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gets_what_torch_says(mistake):
    assert observe(pyconv, mistake) == observe(torch, mistake)
