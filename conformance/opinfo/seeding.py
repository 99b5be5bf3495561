"""Torch's generator seeded without the notes that `torch.manual_seed` leaves for accelerators.

May import: the standard library; torch is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def processor_alone(torch: Any) -> Iterator[None]:
    """A context in which `torch.manual_seed` seeds the processor's generator and nothing else.

    For each of three kinds of accelerators torch's own writes down the stack of its caller, as text, until one is
    used. The suite seeds before every call: that was three quarters of linspace's time, half of add's and gather's, a
    sixth of conv2d's.

    Args:
        torch: the library.

    Example:
        >>> import torch
        >>> with processor_alone(torch):
        ...     generator = torch.manual_seed(3)
        >>> generator is torch.default_generator, torch.initial_seed()
        (True, 3)
    """
    before = torch.manual_seed
    torch.manual_seed = torch.default_generator.manual_seed
    try:
        yield
    finally:
        torch.manual_seed = before
