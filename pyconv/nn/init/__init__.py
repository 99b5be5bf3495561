"""Starting values for weights: torch.nn.init, the same numbers for the same seed.

May import: the standard library and the other files of `pyconv.nn.init`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from pyconv.nn.init import variance
from pyconv.nn.init.fill import constant_, normal_, ones_, uniform_, zeros_
from pyconv.nn.init.structured import dirac_, eye_, orthogonal_, sparse_
from pyconv.nn.init.truncated import trunc_normal_
from pyconv.nn.init.variance import (
    calculate_gain,
    kaiming_normal_,
    kaiming_uniform_,
    xavier_normal_,
    xavier_uniform_,
)

__all__ = [
    "calculate_gain",
    "constant",
    "constant_",
    "dirac",
    "dirac_",
    "eye",
    "eye_",
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "normal",
    "normal_",
    "ones_",
    "orthogonal",
    "orthogonal_",
    "sparse",
    "sparse_",
    "trunc_normal_",
    "uniform",
    "uniform_",
    "xavier_normal",
    "xavier_normal_",
    "xavier_uniform",
    "xavier_uniform_",
    "zeros_",
]

_R = TypeVar("_R")

_calculate_correct_fan = variance._calculate_correct_fan
_calculate_fan_in_and_fan_out = variance._calculate_fan_in_and_fan_out


def _deprecated(function: Callable[..., _R]) -> Callable[..., _R]:
    """The function under its old name, without the underscore, which warns."""
    new_name = function.__name__
    old_name = new_name.removesuffix("_")

    def alias(*args: Any, **kwargs: Any) -> _R:
        warnings.warn(
            f"`nn.init.{old_name}` is now deprecated in favor of `nn.init.{new_name}`.",
            FutureWarning,
            stacklevel=2,
        )
        return function(*args, **kwargs)

    alias.__name__ = alias.__qualname__ = old_name
    alias.__doc__ = f"Deprecated; use `{new_name}`."
    return alias


uniform = _deprecated(uniform_)
normal = _deprecated(normal_)
constant = _deprecated(constant_)
eye = _deprecated(eye_)
dirac = _deprecated(dirac_)
xavier_uniform = _deprecated(xavier_uniform_)
xavier_normal = _deprecated(xavier_normal_)
kaiming_uniform = _deprecated(kaiming_uniform_)
kaiming_normal = _deprecated(kaiming_normal_)
orthogonal = _deprecated(orthogonal_)
sparse = _deprecated(sparse_)
