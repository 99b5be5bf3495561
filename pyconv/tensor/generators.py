"""torch's generator and the functions on the default one, with states that are tensors.

May import: `pyconv.random`, `pyconv.tensor`.
"""

from pyconv.random import (
    Generator,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)
from pyconv.tensor.tensor import Tensor

__all__ = [
    "Generator",
    "default_generator",
    "get_rng_state",
    "initial_seed",
    "manual_seed",
    "seed",
    "set_rng_state",
]

Generator.wrap_state = staticmethod(Tensor._wrap)
