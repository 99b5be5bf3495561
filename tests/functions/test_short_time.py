"""Spectra of windows along a signal, and back."""

import numpy as np
import pytest

import pyconv

WINDOW = pyconv.tensor([0.0, 0.25, 0.75, 1.0, 0.75, 0.25], dtype=pyconv.float64)
SIGNAL = pyconv.tensor(np.sin(np.arange(24.0) ** 2).reshape(2, 12))


def test_each_column_is_the_transform_of_a_window():
    found = pyconv.stft(SIGNAL, 6, 2, window=WINDOW, center=False, return_complex=True)
    frames = np.stack([SIGNAL.numpy()[:, i : i + 6] * WINDOW.numpy() for i in range(0, 7, 2)], axis=1)
    np.testing.assert_allclose(found.numpy(), np.fft.rfft(frames).transpose(0, 2, 1), atol=1e-12)
    whole = SIGNAL.stft(6, 2, window=WINDOW, center=False, onesided=False, normalized=True, return_complex=True)
    np.testing.assert_allclose(whole.numpy(), np.fft.fft(frames, norm="ortho").transpose(0, 2, 1), atol=1e-12)


@pytest.mark.parametrize("options", [{}, {"normalized": True}, {"onesided": False}, {"win_length": 5}])
def test_the_inverse(options):
    window = WINDOW[: options.get("win_length", 6)]
    spectra = pyconv.stft(SIGNAL, 6, 2, window=window, return_complex=True, **options)
    back = pyconv.istft(spectra, 6, 2, window=window, length=12, **options)
    np.testing.assert_allclose(back.numpy(), SIGNAL.numpy(), atol=1e-12)


def test_derivatives():
    x = SIGNAL[0].clone().requires_grad_()
    window = WINDOW.clone().requires_grad_()
    assert pyconv.autograd.gradcheck(lambda x, w: x.stft(6, 2, window=w, return_complex=True), (x, window))
    spectra = x.stft(6, 2, window=window, return_complex=True).detach().requires_grad_()
    assert pyconv.autograd.gradcheck(lambda s, w: s.istft(6, 2, window=w), (spectra, window))


def test_what_is_refused():
    x = SIGNAL.float()
    with pytest.raises(RuntimeError, match=r"^stft requires the return_complex parameter be given for real inputs"):
        x.stft(6, window=pyconv.ones(6))
    text = (
        r"^stft\(torch.FloatTensor\[2, 12\], n_fft=6, hop_length=0, win_length=6, window=torch.FloatTensor\{\[6\]\}, "
        r"normalized=0, onesided=None, return_complex=1, align_to_window=None\) : expected hop_length > 0, but got "
    )
    with pytest.raises(RuntimeError, match=text):
        x.stft(6, 0, window=pyconv.ones(6), center=False, return_complex=True)
    with pytest.raises(RuntimeError, match=r"window overlap add min: 1"):
        pyconv.istft(pyconv.zeros(4, 3, dtype=pyconv.complex64), 6, window=pyconv.zeros(6))
    with pytest.raises(RuntimeError, match=r"^istft requires a complex-valued input tensor"):
        pyconv.istft(x, 6, window=pyconv.ones(6))
