"""Real torch behind its adapter, made at collection: oneDNN's limit must stand before torch first convolves."""

import pytest

from conformance.adapters import TorchAdapter

TORCH = TorchAdapter()


@pytest.fixture(scope="session")
def torch():
    """The adapter of real torch."""
    return TORCH
