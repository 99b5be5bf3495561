"""torch.fft: against NumPy's, in single precision, with derivatives and torch's errors."""

import numpy as np
import pytest

import pyconv as torch
from pyconv.autograd import gradcheck, gradgradcheck

RANDOM = np.random.default_rng(4)
ONE = ["fft", "ifft", "rfft", "irfft", "hfft", "ihfft"]
MANY = ["fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn"]


def operand(name, shape):
    values = RANDOM.normal(size=shape)
    if name.startswith(("rfft", "ihfft")):
        return values
    return values + 1j * RANDOM.normal(size=shape)


@pytest.mark.parametrize("norm", [None, "backward", "ortho", "forward"])
@pytest.mark.parametrize("n", [None, 3, 4, 7])
@pytest.mark.parametrize("name", ONE)
def test_one_dimension_is_numpys(name, n, norm):
    x = operand(name, (5, 2))
    found = getattr(torch.fft, name)(torch.tensor(x), n, 0, norm)
    np.testing.assert_allclose(found.numpy(), getattr(np.fft, name)(x, n, 0, norm), atol=1e-12)


@pytest.mark.parametrize("norm", [None, "ortho", "forward"])
@pytest.mark.parametrize("s", [None, (3, 4), (2, 7)])
@pytest.mark.parametrize("name", MANY)
def test_several_dimensions_are_numpys(name, s, norm):
    x = operand(name, (3, 5))
    found = getattr(torch.fft, name)(torch.tensor(x), s, (0, 1), norm)
    np.testing.assert_allclose(found.numpy(), getattr(np.fft, name)(x, s, (0, 1), norm), atol=1e-12)


def test_the_hermitian_ones_undo_each_other():
    x = torch.tensor(RANDOM.normal(size=(4, 6)))
    for name in ("hfft2", "hfftn"):
        half = getattr(torch.fft, f"i{name}")(x)
        np.testing.assert_allclose(getattr(torch.fft, name)(half, (4, 6)).numpy(), x.numpy(), atol=1e-12)


@pytest.mark.parametrize("name", [*ONE, "fft2", "rfft2", "irfft2", "hfft2", "ihfft2", "rfftn", "irfftn"])
@pytest.mark.parametrize("size", [None, 3, 6])
def test_first_and_second_derivatives(name, size):
    x = torch.tensor(operand(name, (2, 4)), requires_grad=True)
    size = size if name in ONE or size is None else (2, size)
    assert gradcheck(lambda a: getattr(torch.fft, name)(a, size, norm="ortho"), (x,))
    assert gradgradcheck(lambda a: getattr(torch.fft, name)(a, size, norm="ortho"), (x,))


def test_precision_stays_what_it_is():
    assert torch.fft.fft(torch.ones(4)).dtype is torch.complex64
    assert torch.fft.irfft(torch.ones(4)).dtype is torch.float32
    assert torch.fft.fft(torch.arange(4)).dtype is torch.complex64


def test_frequencies_and_shifts():
    assert torch.fft.fftfreq(5, 0.5).tolist() == pytest.approx([0.0, 0.4, 0.8, -0.8, -0.4])
    assert torch.fft.rfftfreq(4).tolist() == [0.0, 0.25, 0.5]
    x = torch.arange(6).reshape(2, 3)
    assert torch.equal(torch.fft.ifftshift(torch.fft.fftshift(x)), x)


ERRORS = [
    (lambda x: torch.fft.fft(x, 0), RuntimeError, "Invalid number of data points (0) specified"),
    (lambda x: torch.fft.fft(x, norm="x"), RuntimeError, 'Invalid normalization mode: "x"'),
    (lambda x: torch.fft.fft(x.half()), RuntimeError, "Unsupported dtype Half"),
    (lambda x: torch.fft.rfft(x + 0j), RuntimeError, "rfft expects a real input tensor, but got ComplexFloat"),
    (lambda x: torch.fft.fftn(x, dim=(0, 0)), RuntimeError, "FFT dims must be unique"),
    (lambda x: torch.fft.rfftn(x, dim=()), RuntimeError, "rfftn must transform at least one axis"),
    (
        lambda x: torch.fft.fftn(x, (2, 2, 2)),
        RuntimeError,
        "Got shape with 3 values but input tensor only has 2 dimensions.",
    ),
]


@pytest.mark.parametrize(("call", "error", "text"), ERRORS)
def test_errors_are_torchs(call, error, text):
    with pytest.raises(error) as raised:
        call(torch.ones(2, 3))
    assert str(raised.value) == text
