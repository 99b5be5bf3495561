"""Random numbers: torch's CPU generator, and the functions that work on the default one.

Each process begins the default generator from a seed of its own, as torch does, and `manual_seed` makes a run
repeatable.

May import: NumPy, the standard library, `pyconv.dtypes` and the other files of `pyconv.random`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pyconv.random.generator import Generator

__all__ = [
    "Generator",
    "default_generator",
    "fork_rng",
    "get_rng_state",
    "initial_seed",
    "manual_seed",
    "seed",
    "set_rng_state",
]

default_generator = Generator()
default_generator.seed()


def manual_seed(seed: Any) -> Generator:
    """Start the default generator again from `seed`.

    Args:
        seed: an int, or anything that `int()` takes, from -2**63 to 2**64 - 1; a negative one counts as
            `seed + 2**64`.

    Returns:
        The default generator.

    Raises:
        ValueError: `seed` is out of range.

    Example:
        >>> manual_seed(0).rand(2)
        array([0.4962566, 0.7682218], dtype=float32)
    """
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Start the default generator again from a seed that the operating system chooses, and return that seed.

    Example:
        >>> seed() == initial_seed()
        True
    """
    return default_generator.seed()


def initial_seed() -> int:
    """The seed from which the default generator last started.

    Example:
        >>> generator = manual_seed(5)
        >>> initial_seed()
        5
    """
    return default_generator.initial_seed()


def get_rng_state() -> Any:
    """The state of the default generator: a uint8 tensor of shape (5056,), in torch's layout.

    Example:
        >>> get_rng_state().shape
        torch.Size([5056])
    """
    return default_generator.get_state()


def set_rng_state(new_state: Any) -> None:
    """Make the default generator continue from a state that `get_rng_state` returned.

    Args:
        new_state: a uint8 tensor of 5056 elements.

    Raises:
        TypeError: `new_state` is not a uint8 tensor.
        RuntimeError: it has another size, or is no state of this generator.

    Example:
        >>> state = get_rng_state()
        >>> first = default_generator.rand(2)
        >>> set_rng_state(state)
        >>> bool((default_generator.rand(2) == first).all())
        True
    """
    default_generator.set_state(new_state)


@contextmanager
def fork_rng(
    devices: Any = None,  # noqa: ARG001 (there is one device)
    enabled: bool = True,
    _caller: str = "fork_rng",
    _devices_kw: str = "devices",
    device_type: str = "cuda",  # noqa: ARG001
) -> Iterator[None]:
    """Restore the state of the default generator when the block ends.

    Args:
        devices: other devices, of which there are none.
        enabled: whether to do anything.
        _caller: as torch has it.
        _devices_kw: as torch has it.
        device_type: the kind of other devices, of which there are none.

    Example:
        >>> generator = manual_seed(0)
        >>> with fork_rng():
        ...     forked = generator.rand(1)
        >>> bool(generator.rand(1) == forked)
        True
    """
    if not enabled:
        yield
        return
    state = default_generator.engine.get_state()
    try:
        yield
    finally:
        default_generator.set_state(state)
