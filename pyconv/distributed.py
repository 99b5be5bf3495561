"""torch.distributed in a single process.

May import: the standard library.
"""

from __future__ import annotations

from enum import Enum
from typing import NoReturn

__all__ = [
    "ReduceOp",
    "get_rank",
    "get_world_size",
    "is_available",
    "is_initialized",
    "is_torchelastic_launched",
]


class ReduceOp(Enum):
    """What a reduction over processes would do; programs have it as a default argument.

    Example:
        >>> ReduceOp.SUM.value
        0
    """

    SUM = 0
    AVG = 1
    PRODUCT = 2
    MIN = 3
    MAX = 4
    BAND = 5
    BOR = 6
    BXOR = 7
    PREMUL_SUM = 8


def get_rank(group: object = None) -> NoReturn:  # noqa: ARG001
    """Raise ValueError, as torch does as long as no process group was made."""
    raise ValueError(_NO_GROUP)


def get_world_size(group: object = None) -> NoReturn:  # noqa: ARG001
    """Raise ValueError, likewise."""
    raise ValueError(_NO_GROUP)


_NO_GROUP = "Default process group has not been initialized, please make sure to call init_process_group."


def is_available() -> bool:
    """False: processes do not talk to each other here.

    Example:
        >>> is_available()
        False
    """
    return False


def is_initialized() -> bool:
    """False."""
    return False


def is_torchelastic_launched() -> bool:
    """False."""
    return False
