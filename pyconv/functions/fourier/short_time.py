"""torch.stft and torch.istft: spectra of windows along a signal, and the signal of them.

D. Griffin, J. Lim, "Signal Estimation from Modified Short-Time Fourier Transform", 1984. May import: NumPy,
`pyconv.geometry`, `pyconv.dtypes`, `pyconv.ops`, `pyconv.functions`, `pyconv.signatures`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyconv import dtypes
from pyconv.geometry.padding import check_mode, check_rule, pairs_of
from pyconv.kernels.pad import source
from pyconv.ops import fourier, strided
from pyconv.ops import pad as pads
from pyconv.ops.arithmetic import div, mul
from pyconv.ops.cast import array_of, cast
from pyconv.ops.elementwise import kind_of
from pyconv.ops.index import take
from pyconv.ops.shape import expand, reshape, squeeze_one, transpose, unsqueeze
from pyconv.signatures import function
from pyconv.warned import warn_once

__all__ = ["istft", "stft"]

_NO_WINDOW = (
    "A window was not provided. A rectangular window will be applied,which is known to cause spectral leakage. Other "
    "windows such as torch.hann_window or torch.hamming_window are recommended to reduce spectral leakage.To suppress "
    "this warning and use a rectangular window, explicitly set `window=torch.ones(n_fft, device=<device>)`."
)
_NO_INVERSE_WINDOW = (
    "A window was not provided. A rectangular window will be applied.Please provide the same window used by stft to "
    "make the inversion lossless.To suppress this warning and use a rectangular window, explicitly set "
    "`window=torch.ones(n_fft, device=<device>)`."
)
_PAIRS = (
    "stft with return_complex=False is deprecated. In a future pytorch release, stft will return complex tensors for "
    "all inputs, and return_complex=False will raise an error.\nNote: you can still call torch.view_as_real on the "
    "complex output to recover the old return format."
)
_CHOOSE = (
    "stft requires the return_complex parameter be given for real inputs, and will further require that "
    "return_complex=True in a future PyTorch release."
)
_SHORT = (
    "The length of signal is shorter than the length parameter. Result is being padded with zeros in the tail. Please "
    "check your center and hop_length settings."
)
_ONESIDED = "Cannot have onesided output if window or input is complex"


def _shown(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def _call(name: str, tensor: str, window: Any, **arguments: Any) -> str:
    """The call in the words of torch's errors."""
    if window is not None:
        window = f"{dtypes.tensor_type(kind_of(window))}{{{list(array_of(window).shape)}}}"
    parts = {**{k: v for k, v in arguments.items() if k in _FIRST}, "window": window, **arguments}
    return f"{name}({tensor}, {', '.join(f'{k}={_shown(v)}' for k, v in parts.items())})"


_FIRST = ("n_fft", "hop_length", "win_length")


def _is_complex(x: Any) -> bool:
    return x is not None and kind_of(x).is_complex


@function(
    "(Tensor input, int n_fft, int hop_length = None, int win_length = None, Tensor window = None, "
    'bool center = True, str pad_mode = "reflect", bool normalized = False, bool onesided = None, '
    "bool return_complex = None, bool align_to_window = None)"
)
def stft(
    input: Any,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Any:
    """The spectra of windows a step apart.

    Args:
        input: (L,) or (N, L), of floats or complex numbers.
        n_fft: the length of a transform.
        hop_length: the step, by default a quarter of it.
        win_length: the length of the window, by default that of a transform; a shorter one is put in the middle.
        window: (win_length,); ones by default.
        center: whether the t-th window has its middle at t · hop_length, for which `input` is padded.
        pad_mode: how, as in `nn.functional.pad`.
        normalized: whether to divide by √n_fft.
        onesided: whether to leave out what the conjugates tell; by default for real numbers.
        return_complex: whether to return complex numbers, not pairs of real ones, which real input has to say.
        align_to_window: whether the first window, not the first transform, begins at 0 where `center` is False.

    Returns:
        (frequencies, T) or (N, frequencies, T), of n_fft // 2 + 1 or n_fft frequencies.

    Raises:
        RuntimeError: lengths, shapes or dtypes do not fit.

    Example:
        >>> import pyconv as torch
        >>> torch.stft(torch.ones(8), 4, window=torch.ones(4), return_complex=True).shape
        torch.Size([3, 9])
    """
    if center:
        if align_to_window is not None:
            raise RuntimeError("stft align_to_window should only be set when center = false")
        input = _padded(input, n_fft // 2, pad_mode)
    hop_length = n_fft // 4 if hop_length is None else hop_length
    win_length = n_fft if win_length is None else win_length
    if window is None:
        warn_once(_NO_WINDOW)
    _check_forward(input, window, n_fft, hop_length, win_length, normalized, onesided, return_complex, align_to_window)
    is_complex = _is_complex(input) or _is_complex(window)
    if onesided and is_complex:
        raise RuntimeError(_ONESIDED)
    size = array_of(input).shape
    x = input if len(size) == 2 else unsqueeze(input, shape=(1, *size))
    rest = n_fft - win_length
    if align_to_window:
        x = pads.constant(x, padding=((rest // 2, rest - rest // 2),), value=0)
    frames = strided.unfold(x, dim=1, size=n_fft, step=hop_length)
    if window is not None or rest:
        frames = mul(frames, _whole(window, n_fft, win_length, array_of(input).dtype))
    scale = 1 / math.sqrt(n_fft) if normalized else 1.0
    if is_complex:
        found = fourier.transform(frames, axes=(2,), forward=True, scale=scale)
    else:
        found = fourier.from_real(frames, axes=(2,), half=onesided is not False, scale=scale)
    found = transpose(found, axes=(0, 2, 1))
    if len(size) == 1:
        found = squeeze_one(found, shape=array_of(found).shape[1:])
    if return_complex or (return_complex is None and is_complex):
        return found
    warn_once(_PAIRS)
    return strided.view_as_real(found)


def _padded(input: Any, amount: int, mode: str) -> Any:
    shape = array_of(input).shape
    whole = reshape(input, shape=(1,) * (3 - len(shape)) + tuple(shape))
    check_mode(mode)
    if mode == "constant":
        found = pads.constant(whole, padding=pairs_of((amount, amount)), value=0)
    else:
        check_rule(array_of(whole).shape, (amount, amount), mode)
        index = source(mode, shape[-1], amount, amount)
        found = pads.BY_RULE[mode, 1](whole, index=index, axis=array_of(whole).ndim - 1)
    return reshape(found, shape=array_of(found).shape[-len(shape) :]) if len(shape) < 3 else found


def _check_forward(
    x: Any, window: Any, n_fft: int, hop: int, win: int, normalized: bool, onesided: Any, pairs: Any, align: Any
) -> None:
    if pairs is None and not _is_complex(x) and not _is_complex(window):
        raise RuntimeError(_CHOOSE)
    shape, kind = array_of(x).shape, kind_of(x)
    lengths = {"n_fft": n_fft, "hop_length": hop, "win_length": win}
    others = {"normalized": normalized, "onesided": onesided, "return_complex": pairs, "align_to_window": align}
    call = _call("stft", f"{dtypes.tensor_type(kind)}{list(shape)}", window, **lengths, **others)
    wrong = None
    if dtypes.category(kind) < 2:
        wrong = "expected a tensor of floating point or complex values"
    elif len(shape) not in (1, 2):
        wrong = "expected a 1D or 2D tensor"
    elif not 0 < n_fft <= shape[-1]:
        wrong = f"expected 0 < n_fft < {shape[-1]}, but got n_fft={n_fft}"
    elif hop <= 0:
        wrong = f"expected hop_length > 0, but got hop_length={hop}"
    elif not 0 < win <= n_fft:
        wrong = f"expected 0 < win_length <= n_fft, but got win_length={win}"
    elif window is not None and array_of(window).shape != (win,):
        size = list(array_of(window).shape)
        wrong = f"expected a 1D window tensor of size equal to win_length={win}, but got window with size {size}"
    if wrong is not None:
        raise RuntimeError(f"{call} : {wrong}")
    if kind in (dtypes.float16, dtypes.bfloat16):
        raise RuntimeError(f"MKL FFT doesn't support tensors of type: {kind.scalar_name}")


def _whole(window: Any, n_fft: int, win_length: int, dtype: np.dtype[Any]) -> Any:
    """The window with zeros on both sides, of the length of a transform."""
    if window is None:
        window = np.ones(win_length, dtype)
    before = (n_fft - win_length) // 2
    if n_fft == win_length:
        return window
    return pads.constant(window, padding=((before, n_fft - win_length - before),), value=0)


@function(
    "(Tensor input, int n_fft, int hop_length = None, int win_length = None, Tensor window = None, "
    "bool center = True, bool normalized = False, bool onesided = None, int length = None, "
    "bool return_complex = False)"
)
def istft(
    input: Any,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Any = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Any:
    """The signal whose spectra are nearest to some: the inverse of `stft`.

    Args:
        input: (frequencies, T) or (N, frequencies, T), complex.
        n_fft: as given to `stft`.
        hop_length: likewise.
        win_length: likewise.
        window: likewise.
        center: likewise.
        normalized: likewise.
        onesided: likewise; by default known from the number of frequencies.
        length: how many numbers to return.
        return_complex: whether the signal is complex.

    Returns:
        (L,) or (N, L).

    Raises:
        RuntimeError: lengths or shapes do not fit, or the windows leave a gap.

    Example:
        >>> import pyconv as torch
        >>> window = torch.ones(4)
        >>> spectra = torch.stft(torch.tensor([1.0, 2, 3, 4]), 4, window=window, return_complex=True)
        >>> torch.istft(spectra, 4, window=window)
        tensor([1., 2., 3., 4.])
    """
    if window is None:
        warn_once(_NO_INVERSE_WINDOW)
    if not _is_complex(input):
        raise RuntimeError(
            "istft requires a complex-valued input tensor matching the output from stft with return_complex=True."
        )
    hop = n_fft // 4 if hop_length is None else hop_length
    win = n_fft if win_length is None else win_length
    others = {
        "center": center, "normalized": normalized, "onesided": onesided, "length": length,
        "return_complex": return_complex,
    }  # fmt: skip
    size = tuple(array_of(input).shape)
    tensor = f"CPU{kind_of(input).scalar_name}Type{list(size)}"
    call = _call("istft", tensor, window, n_fft=n_fft, hop_length=hop, win_length=win, **others)
    if len(size) < 2:
        whole = f"[{-len(size) - 1}, {len(size)}]"
        raise IndexError(f"Dimension out of range (expected to be in range of {whole}, but got -3)")
    half = size[-2] != n_fft if onesided is None else onesided
    _check_inverse(call, size, window, n_fft, hop, win, half)
    if half and return_complex:
        raise RuntimeError(_ONESIDED)
    if _is_complex(window) and not return_complex:
        raise RuntimeError("Complex windows are incompatible with return_complex=False")
    x = input if len(size) == 3 else unsqueeze(input, shape=(1, *size))
    x = transpose(x, axes=(0, 2, 1))
    factor = 1 / math.sqrt(n_fft) if normalized else 1 / n_fft
    if return_complex:
        frames = fourier.transform(x, axes=(2,), forward=False, scale=factor)
    else:
        x = x if half else take(x, index=(slice(None), slice(None), slice(n_fft // 2 + 1)))
        frames = fourier.to_real(x, axes=(2,), size=n_fft, scale=factor)
    found = _overlapped(call, frames, _whole(window, n_fft, win, array_of(frames).real.dtype), hop, center, length)
    return found if len(size) == 3 else squeeze_one(found, shape=array_of(found).shape[1:])


def _check_inverse(call: str, size: tuple[int, ...], window: Any, n_fft: int, hop: int, win: int, half: bool) -> None:
    wrong = None
    if not math.prod(size):
        wrong = "input tensor cannot be empty."
    elif len(size) not in (2, 3):
        wrong = f"expected a tensor with 3 or 4 dimensions, but got {len(size) + 1}"
    elif half and n_fft // 2 + 1 != size[-2]:
        wrong = (
            "expected the frequency dimension (3rd to the last) of the input tensor to match n_fft / 2 + 1 when "
            f"onesided=True, but got {size[-2]}"
        )
    elif not half and n_fft != size[-2]:
        wrong = (
            "expected the frequency dimension (3rd to the last) of the input tensor to match n_fft when "
            f"onesided=False, but got {size[-2]}"
        )
    elif not 0 < hop <= win:
        wrong = "expected 0 < hop_length <= win_length"
    elif not 0 < win <= n_fft:
        wrong = "expected 0 < win_length <= n_fft"
    elif window is not None and array_of(window).shape != (win,):
        wrong = "Invalid window shape. window has to be 1D and length of `win_length`"
    if wrong is not None:
        raise RuntimeError(f"{call} : {wrong}")


def _overlapped(call: str, frames: Any, window: Any, hop: int, center: bool, length: int | None) -> Any:
    """The windows' frames added up, over the sum of the squared windows."""
    batch, count, n_fft = array_of(frames).shape
    whole = n_fft + hop * (count - 1)
    where = {"dim": 1, "size": n_fft, "step": hop}
    y = strided.fold(mul(frames, reshape(window, shape=(1, 1, n_fft))), shape=(batch, whole), **where)
    squares = expand(reshape(mul(window, window), shape=(1, 1, n_fft)), shape=(1, count, n_fft))
    weight = strided.fold(squares, shape=(1, whole), **where)
    start = n_fft // 2 if center else 0
    stop = whole - (n_fft // 2 if center else 0) if length is None else start + length
    y, weight = (take(v, index=(slice(None), slice(start, max(start, min(stop, whole))))) for v in (y, weight))
    if not array_of(weight).size:
        raise RuntimeError(
            "min(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the "
            "'dim' argument."
        )
    if np.abs(array_of(weight)).min() < 1e-11:
        raise RuntimeError(f"{call} window overlap add min: 1\n[ CPUBoolType{{}} ]")
    found = div(y, cast(weight, array_of(y).dtype))
    if stop > whole:
        warn_once(_SHORT)
        found = pads.constant(found, padding=((0, stop - whole),), value=0)
    return found
