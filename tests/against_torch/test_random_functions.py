"""Random functions beside torch's own: every recorded call again, with other seeds and beside the state after it."""

import numpy as np
import pytest
import torch

import pyconv
from tests.data.record_random_functions import calls

STEP = {"torch.float16": 2.0**-10, "torch.bfloat16": 2.0**-7, "torch.float32": 2.0**-21, "torch.float64": 2.0**-50}


@pytest.mark.parametrize("seed", [0, 11])
@pytest.mark.parametrize("call", list(calls()))
def test_the_same_numbers_and_the_same_state(call, seed):
    values, states = [], []
    for library in (torch, pyconv):
        library.manual_seed(seed)
        drawn = eval(call, {"torch": library})
        values.append(np.array(drawn.tolist(), np.float64))
        states.append(library.get_rng_state().numpy().tobytes())
    np.testing.assert_allclose(values[1], values[0], rtol=STEP.get(str(drawn.dtype), 0), atol=1e-30)
    assert states[0] == states[1]
