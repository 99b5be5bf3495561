"""What a program does under a library, in plain values, and whether two such outcomes are the same."""

import warnings

import numpy as np
import torch

import pyconv

ONCE = "Using backward() with create_graph=True"
"""The start of a warning of torch's, about a leak that Python's collector of cycles does not have."""
TOLERANCE = {"float64": 1e-9, "complex128": 1e-9, "float32": 3e-5, "complex64": 3e-5, "float16": 2e-2, "bfloat16": 2e-2}


def plain(value):
    """Tensors as (dtype, requires_grad, ndarray), containers as lists, what neither is as it is."""
    if isinstance(value, torch.Tensor):
        found = (value.clone() if value._is_zerotensor() else value).detach().resolve_conj().resolve_neg()
        array = (found.float() if found.dtype is torch.bfloat16 else found).numpy()
    elif isinstance(value, pyconv.Tensor):
        array = value._array.astype(np.float32) if value.dtype is pyconv.bfloat16 else value._array
    elif isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    elif isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    else:
        return value
    return str(value.dtype), value.requires_grad, np.array(array)


def outcome(program, library):
    """The plain result, or the exception's type and text; and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = plain(program(library))
        except Exception as error:
            result = f"{type(error).__name__}: {error}"
    texts = [str(warning.message).split(" (Triggered")[0] for warning in caught]
    return result, [text for text in texts if not text.startswith(ONCE)]


def assert_same(ours, theirs):
    """Values equal within rounding, all else exactly."""
    assert type(ours) is type(theirs), (ours, theirs)
    if isinstance(theirs, dict):
        assert list(ours) == list(theirs)
        ours, theirs = list(ours.values()), list(theirs.values())
    if isinstance(theirs, list):
        assert len(ours) == len(theirs), (ours, theirs)
        for a, b in zip(ours, theirs, strict=True):
            assert_same(a, b)
    elif isinstance(theirs, tuple):
        assert ours[:2] == theirs[:2], (ours, theirs)
        tolerance = TOLERANCE.get(theirs[0].removeprefix("torch."), 0)
        np.testing.assert_allclose(ours[2], theirs[2], tolerance, tolerance)
    else:
        assert ours == theirs


def compare(program):
    """Run a program under both libraries."""
    theirs, their_warnings = outcome(program, torch)
    ours, our_warnings = outcome(program, pyconv)
    assert_same(ours, theirs)
    assert our_warnings == their_warnings
