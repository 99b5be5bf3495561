"""The seeding of the suite: torch's numbers, and torch as before afterwards."""

import traceback
from contextlib import suppress

from conformance.opinfo.seeding import processor_alone


def test_the_numbers_are_those_of_torch_s_own_seed(torch):
    real = torch.library
    real.manual_seed(7)
    expected = real.randn(20)
    with processor_alone(real):
        real.manual_seed(7)
        drawn = real.randn(20)
    assert real.equal(drawn, expected)


def test_no_stack_is_written_down(torch, monkeypatch):
    def refused():
        raise AssertionError("the stack was asked for")

    with processor_alone(torch.library):
        monkeypatch.setattr(traceback, "format_stack", refused)
        torch.library.manual_seed(7)


def test_torch_is_as_it_was_afterwards(torch):
    before = torch.library.manual_seed
    with suppress(KeyError), processor_alone(torch.library):
        assert torch.library.manual_seed is not before
        raise KeyError
    assert torch.library.manual_seed is before
