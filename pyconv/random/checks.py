"""What torch refuses to draw, in its words.

May import: NumPy, the standard library and `pyconv.dtypes`.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from pyconv import dtypes

if TYPE_CHECKING:
    pass

Array = np.ndarray[Any, Any]

_LARGEST = {
    "float16": 65504.0,
    "bfloat16": float.fromhex("0x1.fep127"),
    "float32": float(np.finfo(np.float32).max),
    "float64": float(np.finfo(np.float64).max),
}
_SIGNIFICAND_BITS = {"float16": 11, "bfloat16": 8, "float32": 24, "float64": 53}
_WORDY = {"long": "long int", "short": "short int"}
_BERNOULLI_TYPES = {"bool", "uint8", "int8", "int16", "int32", "int64", *_LARGEST}


def check_device(device: str) -> None:
    """Refuse any device but the CPU."""
    kind = device.partition(":")[0]
    if kind != "cpu":
        raise RuntimeError(f"Cannot get {kind.upper()} generator without ATen_{kind} library.")


def check_seed(seed: Any) -> int:
    """The seed as torch stores it, from 0 to 2**64 - 1."""
    if isinstance(seed, np.integer):
        raise TypeError("an integer is required")
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise RuntimeError(f"manual_seed expected a long, but got {type(seed).__name__}")
    if not -(2**63) <= seed < 2**64:
        raise ValueError("Overflow when unpacking long long")
    return seed % 2**64


def check_state(state: Any, size: int) -> Array:
    """The array of a state; anything but a uint8 array or tensor of `size` elements is refused."""
    state = getattr(state, "_array", state)
    if not isinstance(state, np.ndarray):
        raise TypeError(f"expected a torch.ByteTensor, but got {type(state).__name__}")
    if state.dtype != np.uint8:
        raise TypeError("RNG state must be a torch.ByteTensor")
    if state.size != size:
        raise RuntimeError(
            f"Expected a CPUGeneratorImplState of size {size} but found the input RNG state size to be {state.size}"
        )
    return state


def check_uniform(dtype: np.dtype[Any], low: float, high: float) -> None:
    """Refuse a dtype that is no real float, and bounds or a range beyond it."""
    kind = dtypes.of(dtype)
    if kind.name not in _LARGEST:
        raise NotImplementedError(f"\"check_uniform_bounds\" not implemented for '{kind.scalar_name}'")
    largest = _LARGEST[kind.name]
    for name, bound in (("from", low), ("to", high)):
        if not -largest <= bound <= largest:
            raise RuntimeError(f"{name} is out of bounds for {kind.cpp_name}")
    if low > high:
        raise RuntimeError(f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}")
    if high - low > largest:
        raise RuntimeError(
            f"uniform_ expects to-from <= std::numeric_limits<{kind.scalar_name}>::max(), but found "
            f"to={high:g} and from={low:g} which result in to-from to exceed the limit"
        )


def check_normal(dtype: np.dtype[Any], size: int, std: float) -> None:
    """Refuse a negative or NaN `std` and, where there is something to draw, a dtype that is no float."""
    if not std >= 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
    kind = dtypes.of(dtype)
    if size and kind.name not in _LARGEST:
        raise NotImplementedError(f"\"normal_kernel_cpu\" not implemented for '{kind.scalar_name}'")


def check_positive(function: str, name: str, value: float) -> None:
    """Refuse a parameter that is not above zero."""
    if not value > 0:
        raise RuntimeError(f"{function} expects {name} > 0.0, but found {name}={value:g}")


def check_continuous(distribution: str, array: Array, name: str) -> None:
    """Refuse an array of no real float, by the name that torch gives its dtype there."""
    if dtypes.of(array).name not in _LARGEST:
        raise RuntimeError(
            f"{distribution} distribution is a continuous probability distribution. dtype must be a floating point "
            f"but you specified {_WORDY.get(name, name)}"
        )


def check_drawn(kernel: str, array: Array, *, integers: bool) -> None:
    """Refuse a dtype that the kernel of a distribution does not have."""
    kind = dtypes.of(array)
    if kind.name not in (_BERNOULLI_TYPES - {"bool"} if integers else _LARGEST):
        raise NotImplementedError(f"\"{kernel}\" not implemented for '{kind.scalar_name}'")


def largest_drawn(array: Array) -> int:
    """The largest number that `random_()` draws for a dtype."""
    kind = dtypes.of(array)
    if kind.name not in _BERNOULLI_TYPES:
        raise NotImplementedError(f"\"random_kernel_cpu\" not implemented for '{kind.scalar_name}'")
    if kind.is_floating_point:
        return 1 << _SIGNIFICAND_BITS[kind.name]
    return 1 if kind is dtypes.bool_ else int(np.iinfo(array.dtype).max)


def check_all_words(array: Array) -> None:
    """Refuse a dtype that `random_(-2**63, None)` does not draw."""
    kernel = "random_full_64_bits_range_kernel_cpu"
    kind = dtypes.of(array)
    if kind is dtypes.float16:
        raise NotImplementedError(f"\"{kernel}\" not implemented for 'Half'")
    if kind is not dtypes.int64 and kind.name not in _LARGEST:
        raise RuntimeError(f"{kernel} handles only int64, double, float and bfloat16")


def check_multinomial(weights: Array, count: int, replacement: bool) -> None:
    """Refuse weights of another shape or dtype, and a count that they do not give."""
    if weights.ndim not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    kind = dtypes.of(weights)
    if not kind.is_floating_point:
        raise RuntimeError(f"multinomial only supports floating-point dtypes for input, got: {kind.scalar_name}")
    if count <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    if not replacement and count > weights.shape[-1]:
        raise RuntimeError("cannot sample n_sample > prob_dist.size(-1) samples without replacement")
    if weights.shape[-1] > 1 << 24:
        raise RuntimeError("number of categories cannot exceed 2^24")


def check_distribution(weights: Array, one_by_one: bool) -> None:
    """Refuse weights that are negative or not finite, or are all zero in a row.

    Args:
        weights: at least one.
        one_by_one: whether the first that is wrong is told.
    """
    fine = np.isfinite(weights) & (weights >= 0)
    if not fine.all() and not one_by_one:
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if not fine.all():
        first = weights[~fine][0]
        what = "= infinity or NaN" if first > 0 else "< 0"
        raise RuntimeError(f"invalid multinomial distribution (encountering probability entry {what})")
    if not (weights > 0).any(axis=-1).all():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")


def check_bernoulli(array: Array, p: Array | float) -> None:
    """Refuse probabilities outside [0, 1] and dtypes that are not drawn."""
    number = not isinstance(p, np.ndarray)
    if number and not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
    if array.size == 0:
        return
    kind = dtypes.of(array)
    if kind.name not in _BERNOULLI_TYPES:
        operator = "bernoulli_scalar_cpu_" if number else "bernoulli_tensor_cpu_self_"
        raise NotImplementedError(f"\"{operator}\" not implemented for '{kind.scalar_name}'")
    if isinstance(p, np.ndarray):
        if dtypes.of(p).name not in _LARGEST:
            raise NotImplementedError(f"\"bernoulli_tensor_cpu_p_\" not implemented for '{dtypes.of(p).scalar_name}'")
        if not ((p >= 0) & (p <= 1)).all():
            raise RuntimeError(
                "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error message be "
                "improved?  If so, please report an enhancement request to PyTorch.)"
            )


def check_integer_range(dtype: np.dtype[Any], low: int, high: int) -> tuple[int, int]:
    """The bounds within which `dtype` holds every integer drawn; an error if there is none in [low, high)."""
    if not all(-(2**63) <= bound < 2**63 for bound in (low, high)):
        raise ValueError("Overflow when unpacking long long")
    if low >= high:
        raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
    kind = dtypes.of(dtype)
    if kind.is_complex or (kind.is_floating_point and kind.name not in _LARGEST):
        raise RuntimeError("check_random_bounds handles only integral, floating-point and boolean types")
    if kind.is_floating_point:
        low, high = _representable(dtype, kind.name, low, high)
    least, most = _integer_limits(dtype, kind)
    for name, bound in (("from", low), ("to - 1", high - 1)):
        if not least <= bound <= most:
            raise RuntimeError(f"{name} is out of bounds for {kind.cpp_name}")
    if kind.is_floating_point:
        _warn_of_gaps(kind, low, high)
    return low, high


def _integer_limits(dtype: np.dtype[Any], kind: dtypes.dtype) -> tuple[float, float]:
    if kind.is_floating_point:
        return -_LARGEST[kind.name], _LARGEST[kind.name]
    if kind is dtypes.bool_:
        return 0, 1
    return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)


def _representable(dtype: np.dtype[Any], name: str, low: int, high: int) -> tuple[int, int]:
    """Move the bounds inward to integers that a float dtype rounds to numbers in [low, high)."""
    bits = _SIGNIFICAND_BITS[name]
    above, below = _rounded(dtype, low + 1), _rounded(dtype, high - 1)
    if above < low:
        low = above + (1 << (abs(low + 1).bit_length() - bits))
    if below >= high:
        high = below - (1 << (abs(high - 1).bit_length() - bits))
    if low >= high:
        raise RuntimeError(
            "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, "
            f"but got from={low} >= to={high}"
        )
    return low, high


def _rounded(dtype: np.dtype[Any], value: int) -> int:
    """`value` rounded to a float dtype and back to 64 bits; what does not fit is -2**63, as on x86-64."""
    with np.errstate(over="ignore"):
        rounded = float(np.array(value).astype(dtype))
    return int(rounded) if -(2.0**63) <= rounded < 2.0**63 else -(2**63)


def _warn_of_gaps(kind: dtypes.dtype, low: int, high: int) -> None:
    bits = _SIGNIFICAND_BITS[kind.name]
    for name, bound in (("from", low), ("to - 1", high - 1)):
        if abs(bound) > 1 << bits:
            warnings.warn(
                f"{name} is out of bounds [-(2^{bits}), 2^{bits}]. Due to precision limitations "
                f"{kind.cpp_name} can support discrete uniform distribution only within this range. This "
                "warning will become an error in version 1.7 release, please fix the code in advance",
                UserWarning,
                stacklevel=4,
            )
