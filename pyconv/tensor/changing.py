"""torch's functions that change their first argument: torch.sigmoid_, torch.clamp_ and their kin.

Each is the method of its name; the functions are made when they are first asked for. May import: `pyconv.signatures`,
`pyconv.tensor`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyconv.signatures.values import type_name
from pyconv.tensor.tensor import Tensor

NAMES = [
    "abs_",
    "acos_",
    "acosh_",
    "addmv_",
    "arccos_",
    "arccosh_",
    "arcsin_",
    "arcsinh_",
    "arctan_",
    "arctanh_",
    "as_strided_",
    "asin_",
    "asinh_",
    "atan_",
    "atanh_",
    "ceil_",
    "clamp_",
    "clamp_max_",
    "clamp_min_",
    "clip_",
    "conj_physical_",
    "cos_",
    "cosh_",
    "deg2rad_",
    "detach_",
    "erf_",
    "erfc_",
    "exp2_",
    "exp_",
    "expm1_",
    "fill_",
    "fix_",
    "floor_",
    "frac_",
    "gcd_",
    "i0_",
    "index_put_",
    "lcm_",
    "ldexp_",
    "log10_",
    "log1p_",
    "log2_",
    "log_",
    "logit_",
    "nan_to_num_",
    "neg_",
    "negative_",
    "rad2deg_",
    "reciprocal_",
    "resize_as_",
    "round_",
    "rsqrt_",
    "sigmoid_",
    "sin_",
    "sinc_",
    "sinh_",
    "sqrt_",
    "square_",
    "tan_",
    "tanh_",
    "trunc_",
    "xlogy_",
    "zero_",
]


def _changing(name: str) -> Callable[..., Tensor]:
    method = getattr(Tensor, name)

    def call(input: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        if not isinstance(input, Tensor):
            raise TypeError(f"{name}(): argument 'input' (position 1) must be Tensor, not {type_name(input)}")
        changed: Tensor = method(input, *args, **kwargs)
        return changed

    call.__name__ = call.__qualname__ = name
    call.__doc__ = f"`Tensor.{name}` as a function: it changes `input`, and returns it."
    return call


def __getattr__(name: str) -> Callable[..., Tensor]:
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    made = globals()[name] = _changing(name)
    return made
