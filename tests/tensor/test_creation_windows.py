"""Windows beside NumPy's, periodic ones as longer ones without their end, and torch's errors."""

import numpy as np
import pytest

import pyconv as torch

NUMPY = {
    "bartlett_window": np.bartlett,
    "blackman_window": np.blackman,
    "hamming_window": np.hamming,
    "hann_window": np.hanning,
    "kaiser_window": lambda length: np.kaiser(length, 12.0),
}


@pytest.mark.parametrize("name", NUMPY)
@pytest.mark.parametrize("length", [2, 3, 4, 7, 50])
def test_a_window_is_numpys(name, length):
    window = getattr(torch, name)(length, False, dtype=torch.float64)
    np.testing.assert_allclose(window.numpy(), NUMPY[name](length), rtol=0, atol=1e-15)


@pytest.mark.parametrize("name", NUMPY)
def test_a_periodic_one_lacks_the_end_of_a_longer_one(name):
    make = getattr(torch, name)
    assert make(6).dtype == torch.float32
    assert make(6).equal(make(7, periodic=False)[:6])


@pytest.mark.parametrize("name", NUMPY)
@pytest.mark.parametrize("periodic", [True, False])
def test_the_shortest(name, periodic):
    assert [getattr(torch, name)(length, periodic).tolist() for length in (0, 1)] == [[], [1.0]]


def test_what_forms_some_of_them():
    np.testing.assert_allclose(torch.hamming_window(3, False, 0.25, 0.75).numpy(), [-0.5, 1.0, -0.5])
    assert torch.kaiser_window(4, True, 0.0).tolist() == [1.0, 1.0, 1.0, 1.0]
    np.testing.assert_allclose(torch.kaiser_window(9, False, 3.0).numpy(), np.kaiser(9, 3.0), rtol=1e-6)


@pytest.mark.parametrize("name", NUMPY)
def test_dtype_device_and_gradient(name):
    make = getattr(torch, name)
    window = make(5, dtype=torch.float64, requires_grad=True)
    assert (window.dtype, window.is_leaf, window.requires_grad) == (torch.float64, True, True)
    assert make(5, dtype=torch.bfloat16).dtype == torch.bfloat16
    assert (make(5, device="meta").shape, make(5, device="meta").is_meta) == ((5,), True)


@pytest.mark.parametrize("name", NUMPY)
def test_errors_are_torchs(name):
    make = getattr(torch, name)
    with pytest.raises(RuntimeError, match=f"{name} requires non-negative window_length, got window_length=-1"):
        make(-1)
    with pytest.raises(RuntimeError, match=rf"{name} expects floating .*: TensorOptions\(dtype=long int"):
        make(4, dtype=torch.int64)
