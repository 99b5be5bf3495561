"""Python's types of numbers where a dtype is wanted."""

import pytest

import pyconv as torch

TYPES = {float: torch.float64, int: torch.int64, bool: torch.bool, complex: torch.complex128}


@pytest.mark.parametrize("kind", TYPES)
def test_tensors_are_made_of_them(kind):
    for made in (
        torch.zeros(2, dtype=kind),
        torch.tensor([1], dtype=kind),
        torch.ones(2).to(kind),
        torch.ones(2).to(dtype=kind),
        torch.ones(2).new_zeros(2, dtype=kind),
    ):
        assert made.dtype is TYPES[kind]


@pytest.mark.parametrize("make", [torch.rand, torch.randn])
def test_random_tensors_are_made_of_float(make):
    assert make(2, dtype=float).dtype is torch.float64


def test_modules_are_changed_to_float():
    assert torch.nn.Linear(1, 1).to(float).weight.dtype is torch.float64
