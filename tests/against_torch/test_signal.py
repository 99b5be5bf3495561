"""Windows of torch.signal beside torch's: values but for roundings, signatures, and what their graphs give."""

import inspect

import numpy as np
import pytest
import torch

import pyconv

NAMES = sorted(torch.signal.windows.__all__)


def made(name, library, *args, **kwargs):
    if name == "general_cosine":
        kwargs.setdefault("a", [0.46, 0.23, 0.31])
    return getattr(library.signal.windows, name)(*args, **kwargs)


def test_names():
    assert sorted(pyconv.signal.windows.__all__) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_keywords_and_their_values(name):
    ours, theirs = (inspect.signature(getattr(library.signal.windows, name)) for library in (pyconv, torch))
    kept = [[(p.name, p.kind, str(p.default)) for p in each.parameters.values()] for each in (ours, theirs)]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("length", [0, 1, 2, 7, 64])
@pytest.mark.parametrize("name", NAMES)
def test_values(name, length):
    for sym in (True, False):
        for kind, apart in (("float32", 2e-6), ("float64", 4e-15)):
            ours, theirs = (
                made(name, library, length, sym=sym, dtype=getattr(library, kind)) for library in (pyconv, torch)
            )
            assert str(ours.dtype) == str(theirs.dtype)
            assert ours.shape == theirs.shape
            np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=0, atol=apart)


@pytest.mark.parametrize("name", NAMES)
def test_graphs(name):
    nodes = []
    for library in (pyconv, torch):
        for length in (1, 3):
            window = made(name, library, length, requires_grad=True)
            nodes.append((window.requires_grad, window.grad_fn and window.grad_fn.name()))
    assert nodes[:2] == nodes[2:]
