"""Windows of torch.signal: their formulas, ends, periods and refusals."""

import math

import numpy as np
import pytest

import pyconv
from pyconv.signal import windows

CURVES = {
    "bartlett": lambda n, last: 1 - np.abs(2 * n / last - 1),
    "blackman": lambda n, last: 0.42 - 0.5 * np.cos(2 * np.pi * n / last) + 0.08 * np.cos(4 * np.pi * n / last),
    "cosine": lambda n, last: np.sin(np.pi * (n + 0.5) / (last + 1)),
    "exponential": lambda n, last: np.exp(-np.abs(n - last / 2)),
    "gaussian": lambda n, last: np.exp(-((n - last / 2) ** 2) / 2),
    "general_hamming": lambda n, last: 0.54 - 0.46 * np.cos(2 * np.pi * n / last),
    "hamming": lambda n, last: 0.54 - 0.46 * np.cos(2 * np.pi * n / last),
    "hann": lambda n, last: np.sin(np.pi * n / last) ** 2,
    "nuttall": lambda n, last: (
        0.3635819
        - 0.4891775 * np.cos(2 * np.pi * n / last)
        + 0.1365995 * np.cos(4 * np.pi * n / last)
        - 0.0106411 * np.cos(6 * np.pi * n / last)
    ),
}


@pytest.mark.parametrize("length", [2, 5, 8])
@pytest.mark.parametrize("name", CURVES)
def test_values(name, length):
    window = getattr(windows, name)
    n = np.arange(length)
    for sym, last in ((True, length - 1), (False, length)):
        expected = CURVES[name](n, last)
        np.testing.assert_allclose(window(length, sym=sym, dtype=pyconv.float64).numpy(), expected, atol=1e-12)
        np.testing.assert_allclose(window(length, sym=sym).numpy(), expected, atol=1e-6)


def test_kaisers_window():
    n = np.arange(5)
    found = windows.kaiser(5, beta=3.0, dtype=pyconv.float64).numpy()
    np.testing.assert_allclose(found, np.i0(3 * np.sqrt(1 - (n / 2 - 1) ** 2)) / np.i0(3), rtol=1e-12)
    assert windows.kaiser(4, beta=0.0).tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("name", [*CURVES, "kaiser"])
def test_short_ones_dtypes_and_refusals_of_all(name):
    window = getattr(windows, name)
    assert window(0).shape == (0,)
    assert window(1).tolist() == window(1, sym=False).tolist() == [1]
    assert window(3).dtype is pyconv.float32
    assert window(3, requires_grad=True).requires_grad
    for wrong, text in (
        ({"M": -1}, "requires non-negative window length, got M=-1"),
        ({"M": 3, "dtype": pyconv.float16}, "expects float32 or float64 dtypes, got: torch.float16"),
        ({"M": 3, "layout": None}, "is implemented for strided tensors only, got: None"),
    ):
        with pytest.raises(ValueError, match=text):
            window(**wrong)


def test_shapes_of_their_own():
    found = windows.exponential(3, center=0, tau=2, sym=False)
    assert found.tolist() == pytest.approx([1, math.exp(-0.5), math.exp(-1)])
    assert windows.gaussian(3, std=0.5).tolist() == pytest.approx([math.exp(-2), 1, math.exp(-2)])
    assert windows.general_cosine(3, a=[1, 0.5]).tolist() == pytest.approx([0.5, 1.5, 0.5])
    assert windows.general_hamming(3, alpha=0.7).tolist() == pytest.approx([0.4, 1, 0.4])


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: windows.exponential(3, tau=0), ValueError, "Tau must be positive, got: 0 instead."),
        (lambda: windows.exponential(3, center=1), ValueError, "Center must be None for symmetric windows"),
        (lambda: windows.gaussian(3, std=-1), ValueError, "Standard deviation must be positive, got: -1 instead."),
        (lambda: windows.kaiser(3, beta=-1), ValueError, "beta must be non-negative, got: -1 instead."),
        (lambda: windows.general_cosine(3, a=1), TypeError, "Coefficients must be a list/tuple"),
        (lambda: windows.general_cosine(3, a=[]), ValueError, "Coefficients cannot be empty"),
    ],
)
def test_refusals(call, error, text):
    with pytest.raises(error, match=text):
        call()
