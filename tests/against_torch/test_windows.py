"""Windows beside torch's: the values, the shapes and the errors."""

import numpy as np
import pytest
import torch

import pyconv

CALLS = {
    "bartlett_window": [(), (False,)],
    "blackman_window": [(), (False,)],
    "hamming_window": [(), (False,), (True, 0.3), (False, 0.3, 0.9)],
    "hann_window": [(), (False,)],
    "kaiser_window": [(), (False,), (True, 3.0)],
}
ROUNDOFF = {"float64": 2.0**-53, "float32": 2.0**-24, "float16": 2.0**-11, "bfloat16": 2.0**-8}


@pytest.mark.parametrize("dtype", ROUNDOFF)
@pytest.mark.parametrize("name", CALLS)
def test_values(name, dtype):
    for length in (0, 1, 2, 3, 8, 33):
        for more in CALLS[name]:
            theirs = getattr(torch, name)(length, *more, dtype=getattr(torch, dtype))
            ours = getattr(pyconv, name)(length, *more, dtype=getattr(pyconv, dtype))
            assert str(ours.dtype) == str(theirs.dtype)
            assert ours.shape == theirs.shape
            difference = np.abs(ours.double().numpy() - theirs.double().numpy())
            allowed = 8 if name == "kaiser_window" else 2
            assert difference.max(initial=0) <= allowed * ROUNDOFF[dtype], (length, more)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "call",
    [
        lambda library, make: make(-1),
        lambda library, make: make(4, dtype=library.int64),
        lambda library, make: make(4, dtype=library.bool),
        lambda library, make: make(4, dtype=library.complex64),
        lambda library, make: make(),
        lambda library, make: make(2.5),
        lambda library, make: make("4"),
        lambda library, make: make(4, out=library.ones(4)),
    ],
    ids=["negative", "integers", "bool", "complex", "nothing", "half a value", "text", "out"],
)
def test_errors(name, call):
    told = []
    for library in (torch, pyconv):
        with pytest.raises((RuntimeError, TypeError)) as raised:
            call(library, getattr(library, name))
        told.append((raised.type, str(raised.value)))
    assert told[1] == told[0]
